"""An SMTP server that keeps what it gets, and refuses what a test tells it to refuse."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from servers.starting import HOST, eventually, free_port


@dataclass(frozen=True)
class Received:
    """A mail as it came: envelope and bytes."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes = field(repr=False)

    @property
    def mail(self) -> EmailMessage:
        """The mail, parsed."""
        parsed = message_from_bytes(self.raw, policy=default)
        assert isinstance(parsed, EmailMessage)
        return parsed


class SmtpSink:
    """A running SMTP server. `received` holds its mails; `refusals` maps a recipient to the answer he gets at RCPT."""

    host = HOST

    def __init__(self, port: int) -> None:
        self.port = port
        self.received: list[Received] = []
        self.refusals: dict[str, str] = {}
        self.data_answer = "250 OK"

    def empty(self) -> None:
        """Forgets every mail, and refuses nothing."""
        self.received.clear()
        self.refusals.clear()
        self.data_answer = "250 OK"

    def await_mail(self, count: int = 1, seconds: float = 5) -> list[Received]:
        """Waits until at least `count` mails have come, and returns them all."""
        return eventually(lambda: self.received[:] if len(self.received) >= count else [], f"{count} mails", seconds)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Called by aiosmtpd."""
        if refusal := self.refusals.get(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Called by aiosmtpd."""
        if self.data_answer.startswith("2"):
            raw = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
            self.received.append(Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw))
        return self.data_answer


@contextmanager
def started() -> Iterator[SmtpSink]:
    """A sink that runs until the block ends."""
    sink = SmtpSink(free_port())
    controller = Controller(sink, hostname=HOST, port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
