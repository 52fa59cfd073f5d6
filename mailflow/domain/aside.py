"""Work that is done aside, so that a server which has gone silent holds up nobody but itself."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

Made = TypeVar("Made")


def in_thread(work: Callable[[], Made], name: str) -> Future[Made]:
    """Does it in a thread that nobody waits for at the end, as Python waits for those of its own pools."""
    future: Future[Made] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=run, name=name, daemon=True).start()
    return future
