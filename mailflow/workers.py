"""A worker repeats one step of the daemon, and nothing that goes wrong in the step ends it."""

import random
import threading
from collections.abc import Callable

import structlog

from mailflow.domain.backoff import pause
from mailflow.errors import MailflowError

log = structlog.get_logger("mailflow.daemon")

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0


class Worker(threading.Thread):
    """Repeats a step while it says there was work, then sleeps until woken. An error makes it pause, never end."""

    def __init__(self, name: str, step: Callable[[], bool], stop: threading.Event) -> None:
        """`step` does one thing and says whether there was work."""
        super().__init__(name=name, daemon=True)
        self._step = step
        self._stopping = stop
        self._woken = threading.Event()

    def wake(self) -> None:
        """There may be work."""
        self._woken.set()

    def run(self) -> None:
        """Until the daemon stops."""
        failures = 0
        while not self._stopping.is_set():
            self._woken.wait()
            self._woken.clear()
            try:
                while not self._stopping.is_set() and self._step():
                    pass
                failures = 0
            except Exception as error:  # the step's boundary: nothing may switch a worker off
                failures += 1
                seconds = pause(failures, FIRST_PAUSE, LONGEST_PAUSE, random.random())  # noqa: S311
                said = str(error) if isinstance(error, MailflowError) else type(error).__name__
                log.warning("trouble", worker=self.name, error=said, again_in=round(seconds, 1))
                self._stopping.wait(seconds)
                self._woken.set()
