"""What the mail server takes from us, asked of it up to the recipient: nothing is sent by asking."""

from mailflow.errors import TemporaryError
from mailflow.outbox.answers import Answer
from mailflow.outbox.signin import ways
from mailflow.outbox.smtp import DroppedError, Relay


class RelaySurvey:
    """Looks around over a connection that is open."""

    def __init__(self, relay: Relay) -> None:
        """Asks nothing yet."""
        self._relay = relay

    @property
    def tls(self) -> str | None:
        """The version of TLS that protects the connection, or None."""
        session = self._relay.session
        version = getattr(session and session.sock, "version", None)
        return version() if version else None

    @property
    def ways(self) -> frozenset[str]:
        """The ways to sign in that the server offers, in capitals."""
        session = self._relay.session
        return ways(session) if session else frozenset()

    @property
    def largest(self) -> int | None:
        """How many bytes a mail may have (RFC 1870); None where the server does not tell."""
        session = self._relay.session
        said = session.esmtp_features.get("size", "") if session else ""
        return int(said) if said.isdecimal() and int(said) else None

    def ask_to_send(self, sender: str) -> Answer:
        """The answer to a mail from `sender` to himself, which is then taken back (RSET). Raises TemporaryError.

        The recipient is named, too: many servers say of a sender only then that he is not ours.
        """
        relay = self._relay
        try:
            answer = relay.ask(relay.mail_command(sender, [sender], b""))
            if answer.accepts:
                answer = relay.ask(f"RCPT TO:<{sender}>")
            relay.reset()
        except DroppedError:
            raise TemporaryError("The mail server closed the connection when it heard our address.") from None
        return answer
