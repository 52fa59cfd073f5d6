"""The pure rooms in a process apart: a message that hangs them, crashes them or eats memory costs this process, not the daemon.

Its limits are the kernel's, so that they hold inside a regular expression or a C library too: a timer of CPU time, which ends
the process, and a limit of memory, which Python meets as MemoryError. It speaks pickles over a socket with nobody but us.
"""

import os
import resource
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from datetime import datetime
from errno import ETIMEDOUT
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol, Self

import structlog

from mailflow.deciding import whose_fault
from mailflow.domain import Email, History, Plan
from mailflow.errors import PermanentError, TemporaryError

MOST_MEMORY = 2**30  # bytes on top of what it has when it starts: the biggest message that is fetched needs a third of it
START_SECONDS = 30
MOST_SECONDS = 50  # by the clock, for one message: a loaded machine gives a process little time, and leases run out after 90
GOODBYE_SECONDS = 1
_GIVES_WAY = 15  # of 19: as nice as a process can be
_CRASHES = frozenset({signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE, signal.SIGABRT, signal.SIGSYS})

log = structlog.get_logger("mailflow.apart")


class Movable(Protocol):
    """Rooms that can be sent to another process: a House, or whatever else answers by methods of its own."""

    def without_templates(self) -> Self:
        """As it is sent: composing is not done there."""


class Apart:
    """Reads and decides (Rooms) in a process of its own. Used by one thread at a time."""

    def __init__(self, seconds: float, *, gentle: bool = False) -> None:
        """Starts nothing yet. `seconds` of CPU time that reading or deciding one message may take.

        `gentle`: the process gives way to all others, for what nobody waits for.
        """
        self._seconds = seconds
        self._gentle = gentle
        self._house: Movable | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Connection[Any, Any] | None = None

    def of(self, house: Movable) -> "Apart":
        """The rooms as this house has them, ready; with another house than before, in a new process. Raises TemporaryError."""
        if house is not self._house:
            self.close()
            self._house = house
        self._begin()
        return self

    def read(self, raw: bytes) -> Email:
        """Bytes to Email. Raises PermanentError for the mail's fault, TemporaryError for ours."""
        email: Email = self.ask("read", raw)
        return email

    def decide(self, email: Email, history: History, arrived: datetime, now: datetime) -> Plan:
        """What is to be done about a message. Raises PermanentError for the mail's fault, TemporaryError for ours."""
        plan: Plan = self.ask("decide", email, history, arrived, now)
        return plan

    def ask(self, room: str, *values: object) -> Any:
        """What the method of this name gives for these values there. Raises as `read` does.

        A message is blamed for what it does with its time, and for a crash that happens twice. Whatever else ends the process is
        ours: somebody killed it, or the system took its memory.
        """
        for last in (False, True):
            self._begin()
            try:
                return self._answer(room, values)
            except (EOFError, OSError):
                number = self._ended()
                log.warning("the process that reads has ended", signal=number)
                if number == signal.SIGPROF:
                    raise PermanentError(f"Reading it took more than {self._seconds:g} s of computing.") from None
                if last and number in _CRASHES:
                    raise PermanentError(f"Reading it crashed the process that reads, twice (signal {number}).") from None
        raise TemporaryError("The process that reads was ended.")

    def close(self) -> None:
        """Ends the process: its line is closed, and it needs no more."""
        line, process, self._line, self._process = self._line, self._process, None, None
        if line is not None:
            line.close()
        if process is not None:
            process.kill()
            process.wait()

    def _begin(self) -> None:
        if self._line is not None:
            return
        assert self._house is not None, "of() says for which house"
        try:
            ours, theirs = socket.socketpair()
            with ours, theirs:
                self._process = subprocess.Popen(  # noqa: S603 - ourselves
                    [sys.executable, "-P", "-m", "mailflow.apart", str(theirs.fileno())],
                    stdin=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,  # Ctrl-C is for the daemon
                )
                self._line = Connection(ours.detach())
            self._line.send((self._house.without_templates(), self._seconds, self._gentle))
            if not self._line.poll(START_SECONDS):
                raise TimeoutError(ETIMEDOUT, "it does not answer")
            self._line.recv()
        except (EOFError, OSError) as error:
            self.close()
            why = getattr(error, "strerror", None) or "it ends at once"
            raise TemporaryError(f"The process that reads cannot be started ({why}).") from None

    def _answer(self, room: str, values: tuple[object, ...]) -> Any:
        assert self._line is not None
        self._line.send((room, values))
        if not self._line.poll(MOST_SECONDS):
            self.close()
            raise TemporaryError("The process that reads got no time to do so.")
        answer = self._line.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _ended(self) -> int:
        """The number of the signal that ended it; 0 or less where it ended by itself."""
        assert self._process is not None
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(GOODBYE_SECONDS)
        ended = self._process.returncode or 0
        self.close()
        return -ended


def work(line: "Connection[Any, Any]") -> None:
    """The other side: answers until the daemon hangs up, however the daemon ended."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)  # a supervisor tells every process; the daemon ends this one when it has finished
    with suppress(EOFError, OSError):
        house, seconds, gentle = line.recv()
        if gentle:
            os.nice(_GIVES_WAY)
        _limit_memory()
        line.send("ready")
        while True:
            room, values = line.recv()
            # CPU time, not the clock's: a message is not to blame for a machine that is busy or asleep.
            signal.setitimer(signal.ITIMER_PROF, seconds)
            answer = _answered(house, room, values)
            signal.setitimer(signal.ITIMER_PROF, 0)
            line.send(answer)


def _answered(house: Movable, room: str, values: tuple[Any, ...]) -> object:
    try:
        answer: object = getattr(house, room)(*values)
    except Exception as error:  # one mail costs one row, never the loop
        return whose_fault(error)
    return answer


def _limit_memory() -> None:
    """Where there is no /proc there is no limit."""
    with suppress(OSError, ValueError):
        sizes = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
        used = int(sizes["VmData"].split()[0]) * 1024
        resource.setrlimit(resource.RLIMIT_DATA, (used + MOST_MEMORY, used + MOST_MEMORY))
        # Where memory runs out all the same, the kernel takes this process before any other.
        Path("/proc/self/oom_score_adj").write_text("1000")


if __name__ == "__main__":
    work(Connection(int(sys.argv[1])))
