"""A worker repeats one step of the daemon, and nothing that goes wrong in the step ends it."""

import random
import threading
import time
from collections.abc import Callable

import structlog

from mailflow.domain.backoff import pause
from mailflow.errors import MailflowError, UserError

log = structlog.get_logger("mailflow.daemon")

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0
REFUSED_PAUSE = 60.0  # after a refused password: servers shut out who tries too often
GLANCE_SECONDS = 0.5


class Worker(threading.Thread):
    """Repeats a step while it says there was work, then sleeps until woken. An error makes it pause, never end."""

    def __init__(self, name: str, step: Callable[[], bool], stop: threading.Event) -> None:
        """`step` does one thing and says whether there was work."""
        super().__init__(name=name, daemon=True)
        self._step = step
        self._stopping = stop
        self._woken = threading.Event()
        self._hurried = threading.Event()

    def wake(self) -> None:
        """There may be work."""
        self._woken.set()

    def hurry(self) -> None:
        """There may be work, and whatever went wrong before seems to be over: a pause ends at once."""
        self._hurried.set()
        self._woken.set()

    def run(self) -> None:
        """Until the daemon stops."""
        failures = 0
        while not self._stopping.is_set():
            self._woken.wait()
            self._woken.clear()
            self._hurried.clear()
            try:
                while not self._stopping.is_set() and self._step():
                    pass
                failures = 0
            except Exception as error:  # the step's boundary: nothing may switch a worker off
                failures += 1
                seconds = pause_after(error, failures)
                said = str(error) if isinstance(error, MailflowError) else type(error).__name__
                log.warning("trouble", worker=self.name, error=said, again_in=round(seconds, 1))
                self._rest(seconds)
                self._woken.set()

    def _rest(self, seconds: float) -> None:
        ends = time.monotonic() + seconds
        while not self._stopping.is_set() and (left := ends - time.monotonic()) > 0:
            if self._hurried.wait(min(left, GLANCE_SECONDS)):
                return


def pause_after(error: Exception, failures: int) -> float:
    """Seconds to wait after failure number `failures`, with jitter: longer each time, and long at once where we are refused."""
    chance = random.random()  # noqa: S311
    if isinstance(error, UserError):
        return pause(failures, REFUSED_PAUSE, LONGEST_PAUSE, (1 + chance) / 2)
    return pause(failures, FIRST_PAUSE, LONGEST_PAUSE, chance)
