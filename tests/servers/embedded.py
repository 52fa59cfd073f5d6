"""pymap, an IMAP server in memory, in a thread of the test process: the same interface as Dovecot, and nothing to install."""

import asyncio
import threading
from argparse import Namespace
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from typing import Any

from pymap.backend.dict import Config, DictBackend, Login
from pymap.imap import IMAPService
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

from servers.imap import ImapServer
from servers.starting import HOST, free_port

_ARGUMENTS = {"debug": False, "cert": None, "key": None, "tls": False, "proxy_protocol": None, "inherited_sockets": None}
_DICT = {"passlib_cfg": None, "demo_data": False, "demo_user": "nobody", "demo_password": "none"}


class _Plain(Cleartext):
    """As pysasl's own, which fails over a password beyond ASCII and drops the connection."""

    def verify(self, secret: str, hash: str) -> bool:
        return secret == hash


class _Config(Config):
    hidden: frozenset[bytes] = frozenset()

    @property
    def login_capability(self) -> Sequence[bytes]:
        return [capability for capability in super().login_capability if capability not in self.hidden]


class Pymap(ImapServer):
    """A running pymap. Its folders are parted by "/"; it forgets everything when it ends."""

    def __init__(self, port: int, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(port)
        self._loop = loop
        arguments = Namespace(host=HOST, port=port, **_ARGUMENTS, **_DICT)
        self._config = _Config.from_args(arguments, hash_context=_Plain(), invalid_user_sleep=0)
        self._login = Login(self._config)

    async def serve(self, stack: AsyncExitStack) -> None:
        """Listens until the stack is closed."""
        self._config.apply_context()
        await IMAPService(DictBackend(self._login, self._config), self._config).start(stack)

    def user(self) -> str:
        """A member of staff with an empty mailbox, never given before."""
        name = super().user()
        self._loop.call_soon_threadsafe(self._admit, name)
        return name

    def hide(self, *capabilities: str) -> None:
        """Stops offering these capabilities for the rest of the test, as simpler servers do."""
        self._config.hidden = frozenset(name.encode() for name in capabilities)

    def empty(self) -> None:
        """Forgets every mailbox; only the Centre's is there at the start."""
        self._config.hidden = frozenset()
        self._await(self._forget())

    def _admit(self, name: str) -> None:
        self._login.users_dict[name] = UserMetadata(self._config, name, password=self.password)

    async def _forget(self) -> None:
        self._config.set_cache.clear()
        self._login.users_dict.clear()
        self._admit(self.centre)

    def _await(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(5)


@contextmanager
def started() -> Iterator[Pymap]:
    """A pymap that runs until the block ends."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="pymap")
    thread.start()
    stack = AsyncExitStack()
    server = Pymap(free_port(), loop)
    try:
        server._await(server.serve(stack))
        yield server
    finally:
        server._await(_leave(stack))
        server._await(loop.shutdown_default_executor())  # in its own thread: this one may have a browser's loop
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _leave(stack: AsyncExitStack) -> None:
    await stack.aclose()
    rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
