"""An SMTP server in a process of its own, that remembers the Message-ID of every mail it was given and nothing else."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from servers.starting import HOST, free_port

_MESSAGE_ID = re.compile(rb"^Message-ID: (<[^>]+>)", re.MULTILINE)


class CountingSink:
    """The running server as its owner sees it."""

    def __init__(self, port: int, pipe: Connection) -> None:
        self.port = port
        self._pipe = pipe

    def take(self) -> list[str]:
        """The Message-IDs of the mails that came since it was last asked."""
        self._pipe.send(None)
        ids: list[str] = self._pipe.recv()
        return ids


class _Counting:
    def __init__(self) -> None:
        self.ids: list[str] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        found = _MESSAGE_ID.search(bytes(envelope.content or b""))
        self.ids.append(found[1].decode() if found else "")
        return "250 OK"


def _serve(port: int, pipe: Connection) -> None:
    counting = _Counting()
    controller = Controller(counting, hostname=HOST, port=port)
    controller.start()
    pipe.send("ready")
    try:
        while True:
            pipe.recv()
            pipe.send(counting.ids)
            counting.ids = []
    except EOFError:
        controller.stop()


@contextmanager
def started() -> Iterator[CountingSink]:
    """A sink that runs until the block ends."""
    here, there = get_context("spawn").Pipe()
    port = free_port()
    process = get_context("spawn").Process(target=_serve, args=(port, there), daemon=True)
    process.start()
    there.close()
    here.recv()
    try:
        yield CountingSink(port, here)
    finally:
        here.close()
        process.join(5)
        process.kill()
