"""A wire between a client and a server that a test can cut."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from servers.starting import HOST


class Relay:
    """Passes bytes on to another loopback port. `cut` ends every connection, as a firewall or a restart does."""

    host = HOST

    def __init__(self, target: int) -> None:
        """`target`: the server's port."""
        self._target = target
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]
        self.accepted = 0
        self._ends: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def cut(self) -> None:
        """Breaks whatever is connected now; new connections are taken."""
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def accept(self) -> None:
        """Takes connections until the listener is closed."""
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection((HOST, self._target))
                self.accepted += 1
                self._ends += [near, far]
                self._start(near, far)
                self._start(far, near)

    def close(self) -> None:
        """Ends everything."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        for thread in self._threads:
            thread.join(5)
        for end in self._ends:
            end.close()

    def _start(self, source: socket.socket, sink: socket.socket) -> None:
        thread = threading.Thread(target=_pump, args=(source, sink))
        thread.start()
        self._threads.append(thread)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while passed := source.recv(65536):
            sink.sendall(passed)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def relaying(target: int) -> Iterator[Relay]:
    """A relay to `target` until the block ends."""
    relay = Relay(target)
    thread = threading.Thread(target=relay.accept)
    thread.start()
    try:
        yield relay
    finally:
        relay.close()
        thread.join(5)
