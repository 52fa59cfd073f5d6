"""What the mail server takes from us, asked of it up to the recipient: nothing is sent by asking."""

from mailflow.errors import TemporaryError
from mailflow.outbox.answers import Answer
from mailflow.outbox.signin import ways
from mailflow.outbox.smtp import Relay, _DroppedError


class RelaySurvey(Relay):
    """An opened connection that only looks around."""

    @property
    def tls(self) -> str | None:
        """The version of TLS that protects the connection, or None."""
        version = getattr(self._session and self._session.sock, "version", None)
        return version() if version else None

    @property
    def ways(self) -> frozenset[str]:
        """The ways to sign in that the server offers, in capitals."""
        return ways(self._session) if self._session else frozenset()

    @property
    def largest(self) -> int | None:
        """How many bytes a mail may have (RFC 1870); None where the server does not tell."""
        said = self._session.esmtp_features.get("size", "") if self._session else ""
        return int(said) if said.isdecimal() and int(said) else None

    def ask_to_send(self, sender: str) -> Answer:
        """The answer to a mail from `sender` to himself, which is then taken back (RSET). Raises TemporaryError.

        The recipient is named, too: many servers say of a sender only then that he is not ours.
        """
        try:
            answer = self._ask(self._mail_command(sender, [sender], b""))
            if answer.accepts:
                answer = self._ask(f"RCPT TO:<{sender}>")
            self._reset()
        except _DroppedError:
            raise TemporaryError("The mail server closed the connection when it heard our address.") from None
        return answer
