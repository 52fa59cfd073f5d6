"""A kept connection to the server that takes our mail; with signin.py the only user of smtplib.

What matters here is how far a mail got: up to the final dot of its content nothing has happened, and trying again is safe;
after it, only the server's answer tells, and without one the mail is in doubt (RFC 5321, 4.2.5 and 6.1).
"""

import re
import smtplib
import socket
import time
from collections.abc import Sequence
from contextlib import suppress

from mailflow.domain.failpoints import Failpoint, reached
from mailflow.errors import InDoubtError, PermanentError, TemporaryError, UserError
from mailflow.outbox.answers import Answer
from mailflow.outbox.signin import ANSWER_SECONDS, sign_in
from mailflow.settings import Settings

FINAL_SECONDS = 600  # RFC 5321, 4.5.3.2.6: to give up earlier makes doubles
GOODBYE_SECONDS = 1
REST_SECONDS = 60  # servers and firewalls drop what is idle for a few minutes

_ADDRESS = re.compile(r"[^\x00-\x20\x7f<>]+@[^\x00-\x20\x7f<>]+")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


class AwayError(TemporaryError):
    """No mail can be sent over this connection now, whichever it is: nothing is the mail's fault."""


class BusyError(AwayError):
    """Over this mail the server closed the connection (421) or denied us our address: both are left alone for a while.

    The mail waits its own time: where it is the mail that the server cannot bear, it must not hold up the others. A mail
    that waited while MAILFLOW_ADDRESS was changed bears the old one for good.
    """


class DroppedError(Exception):
    """The connection broke while we waited for an answer."""


class Relay:
    """One connection, opened when needed and kept; used by one thread at a time, but for `abort`."""

    def __init__(self, settings: Settings) -> None:
        """Connects to nothing yet."""
        self._settings = settings
        self._session: smtplib.SMTP | None = None
        self._used = 0.0
        self._aborted = False

    @property
    def is_open(self) -> bool:
        """Whether there is a connection, as far as we know."""
        return self._session is not None

    @property
    def session(self) -> smtplib.SMTP | None:
        """The connection, signed in, to be asked what it is like."""
        return self._session

    def open(self) -> None:
        """Connects and signs in, where that is not done. Raises UserError for a wrong setting, TemporaryError otherwise."""
        if self._aborted:
            raise TemporaryError("mailflow is being stopped.")
        if self._session is None:
            self._session = sign_in(self._settings)
            self._used = time.monotonic()

    def send(self, sender: str, recipients: Sequence[str], raw: bytes, blind_copy: str | None = None) -> dict[str, Answer]:
        """Sends a mail, and returns the recipients that were refused where others were not.

        `sender` is the envelope's. `blind_copy` is one more recipient, whose refusal does not matter.
        Raises TemporaryError or PermanentError where nobody has got it, AwayError where the connection is to blame,
        InDoubtError where it may have been taken. No error names an address.
        """
        try:
            self._start(sender, recipients, raw)
            refused = self._name_recipients(recipients)
            if blind_copy:
                self.ask(f"RCPT TO:<{blind_copy}>")
            self._hand_over(raw)
        except DroppedError:
            raise TemporaryError("The connection broke before the whole mail was sent.") from None
        self._used = time.monotonic()
        return refused

    def rest(self) -> None:
        """Closes a connection that has been idle for a while, politely."""
        if time.monotonic() - self._used > REST_SECONDS:
            self.close()

    def close(self) -> None:
        """Says goodbye, where there is somebody to say it to."""
        if self._session is not None:
            with suppress(smtplib.SMTPException, OSError):
                if self._session.sock:
                    self._session.sock.settimeout(GOODBYE_SECONDS)
                self._session.quit()
        self.drop()

    def abort(self) -> None:
        """Cuts the connection for good, under a `send` of another thread, which then fails."""
        self._aborted = True
        session = self._session
        if session is not None and session.sock is not None:
            # Not the TLS layer's own shutdown, which would wait for the other side.
            with suppress(OSError):
                socket.socket.shutdown(session.sock, socket.SHUT_RDWR)

    def _start(self, sender: str, recipients: Sequence[str], raw: bytes) -> None:
        """Up to the server's yes to MAIL. A kept connection may have died while it was idle: then a new one is made, once."""
        answer = None
        if self._session is not None:
            with suppress(DroppedError):
                answer = self.ask(self.mail_command(sender, recipients, raw))
        if answer is None or answer.code == 421:
            try:
                self.open()
                answer = self.ask(self.mail_command(sender, recipients, raw))
            except (UserError, TemporaryError) as error:
                raise AwayError(str(error)) from None
            except DroppedError:
                raise AwayError("The mail server closes every connection before a mail can be sent.") from None
        if not answer.accepts:
            raise self._sender_refused(answer)

    def mail_command(self, sender: str, recipients: Sequence[str], raw: bytes) -> str:
        """MAIL with what the server must know beforehand (RFC 1870, 6152, 6531), or PermanentError where it cannot take it."""
        assert self._session is not None
        session, addresses = self._session, (sender, *recipients)
        if not all(map(_ADDRESS.fullmatch, addresses)):
            raise PermanentError("An address is not one that mail can be sent to.")
        words = [f"MAIL FROM:<{sender}>"]
        if session.has_extn("size"):
            most = session.esmtp_features["size"]
            if most.isdecimal() and 0 < int(most) < len(raw):
                raise PermanentError(f"The mail has {len(raw)} bytes, and the mail server takes {most} at most.")
            words.append(f"SIZE={len(raw)}")
        if not raw.isascii():
            if not session.has_extn("8bitmime"):
                raise PermanentError("The mail has 8-bit text, which the mail server does not take.")
            words.append("BODY=8BITMIME")
        if not all(map(str.isascii, addresses)):
            if not session.has_extn("smtputf8"):
                raise PermanentError("An address has letters beyond ASCII, which the mail server does not take.")
            session.command_encoding = "utf-8"
            words.append("SMTPUTF8")
        return " ".join(words)

    def _sender_refused(self, answer: Answer) -> TemporaryError | PermanentError:
        """What a server refuses before it knows the recipient it refuses to every mail, unless it is about the size."""
        if answer.code in {452, 552} or (answer.status or "").endswith(".3.4"):
            return answer.refusal("the mail")
        self.close()
        return AwayError(_denial(answer) if answer.is_final else f"The mail server takes no mail now: {answer}.")

    def _name_recipients(self, recipients: Sequence[str]) -> dict[str, Answer]:
        answers = {recipient: self.ask(f"RCPT TO:<{recipient}>") for recipient in recipients}
        refused = {recipient: answer for recipient, answer in answers.items() if not answer.accepts}
        if len(refused) == len(answers):
            self.reset()
            raise _recipient_refused(min(refused.values(), key=lambda answer: answer.refuses_recipient))
        return refused

    def _hand_over(self, raw: bytes) -> None:
        answer = self.ask("DATA")
        if answer.code != 354 or self._session is None or self._session.sock is None:
            self.reset()
            raise _refused(answer, "the mail")
        session, sock = self._session, self._session.sock
        try:
            # All in one: where it fails, the last part was not handed over, and with it not the final dot.
            session.send(dotted(raw))
        except (smtplib.SMTPException, OSError):
            self.drop()
            raise DroppedError from None
        reached(Failpoint.HANDED_OVER)
        try:
            sock.settimeout(FINAL_SECONDS)
            answer = Answer.read(*session.getreply())
            sock.settimeout(ANSWER_SECONDS)
        except (smtplib.SMTPException, OSError):
            answer = Answer(-1)
        if not answer.accepts and not answer.is_refusal:
            self.drop()
            raise InDoubtError("The connection broke after the whole mail was sent, before the mail server answered.")
        self._heed(answer)
        if not answer.accepts:
            raise _refused(answer, "the mail")
        reached(Failpoint.ACCEPTED)

    def ask(self, command: str) -> Answer:
        """The answer to one command, as far as the connection holds. Raises DroppedError where it does not."""
        if self._session is None:
            raise DroppedError
        try:
            answer = Answer.read(*self._session.docmd(command))
        except (smtplib.SMTPException, OSError):
            self.drop()
            raise DroppedError from None
        self._heed(answer)
        return answer

    def _heed(self, answer: Answer) -> None:
        """421 says that the server closes the connection (RFC 5321, 3.8); without a code we no longer know what it says."""
        if answer.code in {421, -1}:
            self.drop()

    def reset(self) -> None:
        """Takes back the mail that was begun."""
        with suppress(DroppedError):
            self.ask("RSET")

    def drop(self) -> None:
        """Gives up the connection without a word."""
        if self._session is not None:
            self._session.close()
            self._session = None


def _denial(answer: Answer) -> str:
    return (
        f"The mail server takes no mail from MAILFLOW_ADDRESS ({answer}); "
        "sign in with a MAILFLOW_SMTP_USER that may send from it."
    )


def _refused(answer: Answer, what: str) -> TemporaryError | PermanentError:
    """What a refusal means that came after the yes to MAIL."""
    if answer.denies_sender:
        return BusyError(_denial(answer))
    refusal = answer.refusal(what)
    return BusyError(str(refusal)) if answer.code == 421 else refusal


def _recipient_refused(answer: Answer) -> TemporaryError | PermanentError:
    refusal = _refused(answer, "the recipient")
    return refusal if answer.refuses_recipient or isinstance(refusal, TemporaryError) else TemporaryError(str(refusal))


def dotted(raw: bytes) -> bytes:
    """A mail's content as it goes over the line: CRLF only, leading dots doubled, the final dot (RFC 5321, 4.5.2)."""
    text = _LEADING_DOT.sub(b"..", _LINE_END.sub(b"\r\n", raw))
    return text + (b".\r\n" if text.endswith(b"\r\n") else b"\r\n.\r\n")
