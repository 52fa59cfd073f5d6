"""How a daemon hears that it is to stop."""

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from mailflow.domain.aside import in_thread


@contextmanager
def signals_setting(stop: threading.Event) -> Iterator[None]:
    """SIGTERM and SIGINT set `stop`, from a thread that waits for them. To be called in the main thread.

    A handler runs in the main thread only, and only once that wakes: one that is asleep, or in the middle of `stop` itself, may
    hear a signal late or never. What arrives is written to a socket at once, whatever any thread is doing.
    """
    heard, told = socket.socketpair()
    told.setblocking(False)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    before = signal.set_wakeup_fd(told.fileno())
    in_thread(lambda: _obey(heard, stop), "signals")
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        told.close()


def _obey(heard: socket.socket, stop: threading.Event) -> None:
    with heard:
        if heard.recv(1):
            stop.set()
