"""An IMAP server (pymap) and an SMTP server (aiosmtpd) in one thread: mail to the Centre lands in its mailbox."""

import asyncio
import socket
import threading
from argparse import Namespace
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session
from pymap.backend.dict import Config, DictBackend, Identity, Login
from pymap.imap import IMAPService
from pymap.parsing.message import AppendMessage
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

from mailflow.demo import contributor

HOST = "127.0.0.1"
_ARGUMENTS = {"debug": False, "cert": None, "key": None, "tls": False, "proxy_protocol": None, "inherited_sockets": None}
_NO_SAMPLE = {"passlib_cfg": None, "demo_data": False, "demo_user": "nobody", "demo_password": "none"}


def choose_port(wished: int) -> int:
    """`wished` where nobody listens on it, else a free one."""
    for port in (wished, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port")


class MailServers:
    """Both servers of the demo. `sent` is the folder that every mail to anybody but the Centre is written to, as .eml."""

    def __init__(self, address: str, password: str, sent: Path, imap_port: int, smtp_port: int) -> None:
        """Nothing listens before `running`."""
        self.address = address
        self.imap_port = imap_port
        self.smtp_port = smtp_port
        self.sent = sent
        self.count = 0
        arguments = Namespace(host=HOST, port=imap_port, **_ARGUMENTS, **_NO_SAMPLE)
        self._config = Config.from_args(arguments, hash_context=Cleartext(), invalid_user_sleep=0)
        self._login = Login(self._config)
        self._login.users_dict[address] = UserMetadata(self._config, address, password=password)
        self._loop = asyncio.new_event_loop()
        self._answers: set[asyncio.Task[None]] = set()  # the loop itself keeps no task alive

    @contextmanager
    def running(self) -> Iterator["MailServers"]:
        """Listens until the block ends."""
        self.sent.mkdir(parents=True, exist_ok=True)
        thread = threading.Thread(target=self._loop.run_forever, name="demo mail servers", daemon=True)
        thread.start()
        stack = AsyncExitStack()
        try:
            asyncio.run_coroutine_threadsafe(self._serve(stack), self._loop).result(10)
            yield self
        finally:
            asyncio.run_coroutine_threadsafe(self._leave(stack), self._loop).result(10)
            asyncio.run_coroutine_threadsafe(self._loop.shutdown_default_executor(), self._loop).result(10)
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join()
            self._loop.close()

    def deliver(self, raw: bytes, arrived: datetime) -> None:
        """Puts a message into the Centre's mailbox, from any thread."""
        asyncio.run_coroutine_threadsafe(self._append(raw, arrived), self._loop).result(10)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Called by aiosmtpd with a mail that came in."""
        raw = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        recipients = {recipient.lower() for recipient in envelope.rcpt_tos}
        if self.address in recipients:
            await self._append(raw, datetime.now(UTC))
        if others := sorted(recipients - {self.address}):
            self.count += 1
            name = "".join(c if c.isalnum() or c in "@.-+_" else "_" for c in others[0])
            (self.sent / f"{self.count:04d}-{name[:80]}.eml").write_bytes(raw)
            self._loop.call_later(contributor.SECONDS, self._let_answer, raw)
        return "250 OK"

    def _let_answer(self, raw: bytes) -> None:
        now = datetime.now(UTC)
        if said := contributor.answer(raw, now):
            self._answers.add(answering := self._loop.create_task(self._append(said, now)))
            answering.add_done_callback(self._answers.discard)

    async def _append(self, raw: bytes, arrived: datetime) -> None:
        identity = Identity(self.address, self._login, None, frozenset())
        async with identity.new_session() as session:
            await session.append_messages("INBOX", [AppendMessage(raw, arrived)])

    async def _serve(self, stack: AsyncExitStack) -> None:
        self._config.apply_context()
        await IMAPService(DictBackend(self._login, self._config), self._config).start(stack)
        smtp = await self._loop.create_server(lambda: SMTP(self, hostname=HOST, enable_SMTPUTF8=True), HOST, self.smtp_port)
        stack.callback(smtp.close)

    async def _leave(self, stack: AsyncExitStack) -> None:
        await stack.aclose()
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
