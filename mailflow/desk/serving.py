"""The desk on the network: one thread, which can be stopped."""

import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI

from mailflow.errors import UserError

_START_SECONDS = 10
_STOP_SECONDS = 3


@dataclass(frozen=True, slots=True)
class DeskServer:
    """A running desk. `port` is the real one, also where 0 was asked for."""

    host: str
    port: int
    server: uvicorn.Server
    thread: threading.Thread

    @property
    def url(self) -> str:
        """Where a browser on this machine finds it."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, f"[{self.host}]" if ":" in self.host else self.host)  # noqa: S104
        return f"http://{host}:{self.port}"

    def begin_stopping(self) -> None:
        """Takes no more requests."""
        self.server.should_exit = True

    def stop(self, seconds: float = _STOP_SECONDS) -> None:
        """Lets requests in hand finish, for so many seconds, and closes the port."""
        self.begin_stopping()
        self.thread.join(seconds)


def serve(app: FastAPI, host: str, port: int, proxies: Sequence[str] = ()) -> DeskServer:
    """Listens and returns once the desk answers. Raises UserError where host and port cannot be had.

    What X-Forwarded-For and -Proto say is believed from `proxies` (addresses and networks) and from nobody else.
    """
    listener = _listen(host, port)
    config = uvicorn.Config(
        app,
        lifespan="off",
        ws="none",
        log_config=None,
        log_level="warning",
        access_log=False,  # its lines would hold people's addresses
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    running = threading.Event()
    thread = threading.Thread(target=_run, args=(server, listener), name="desk", daemon=True)
    thread.start()
    for _ in range(_START_SECONDS * 100):
        if server.started or not thread.is_alive():
            break
        running.wait(0.01)
    return DeskServer(host, listener.getsockname()[1], server, thread)


def _run(server: uvicorn.Server, listener: socket.socket) -> None:
    with listener:
        server.run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except socket.gaierror:
        raise UserError(f"MAILFLOW_DESK_HOST: {host} is no address of this machine; write one such as 127.0.0.1.") from None
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise UserError(
            f"MAILFLOW_DESK_PORT: the desk cannot listen on {host}, port {port} ({error.strerror}); "
            "write another port, or 0 for a free one."
        ) from None
    return listener
