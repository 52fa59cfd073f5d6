"""A changed file of rules before it is saved: in memory, one for each person who writes one, with the trial of it.

A restart forgets them. One trial runs at a time, in a thread of its own.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from mailflow.errors import ConflictError, MailflowError
from mailflow.trying.compare import Progress
from mailflow.trying.outcome import Comparison

log = structlog.get_logger("mailflow.desk")

Work = Callable[[Progress], Comparison]


@dataclass(frozen=True, slots=True)
class Glance:
    """A trial as it stood at one moment: a page that looked twice could tell two of them."""

    runs: bool
    found: Comparison
    problem: str | None


@dataclass(slots=True)
class Trial:
    """A changed file against the messages of late: how far it is, what it found, or why it was given up."""

    by: str
    found: Comparison = field(default_factory=Comparison)
    problem: str | None = None
    stopped: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def runs(self) -> bool:
        """Whether it goes on."""
        return not self.ended.is_set()

    def glance(self) -> Glance:
        """How it stands. Whether it runs is asked first: what has ended is whole."""
        runs = self.runs
        return Glance(runs, self.found, self.problem)

    def goes_on(self, found: Comparison) -> bool:
        """Takes note of how it stands, and says whether it is still wanted."""
        self.found = found
        return not self.stopped.is_set()


@dataclass(slots=True)
class Sketch:
    """A changed file as somebody has written it."""

    text: str = field(repr=False)
    seen: str  # the fingerprint of the file that they began from
    checked: bool = False  # it has no mistakes
    trial: Trial | None = None


class Sketches:
    """What everybody has before them. Safe to share between threads."""

    def __init__(self) -> None:
        """Nobody has written anything yet."""
        self._by_person: dict[str, Sketch] = {}
        self._running: Trial | None = None
        self._lock = threading.Lock()

    def of(self, person: str) -> Sketch | None:
        """What somebody has written."""
        return self._by_person.get(person)

    def keep(self, person: str, text: str, seen: str) -> Sketch:
        """Keeps what somebody has written; what was found about these very words stays."""
        with self._lock:
            known = self._by_person.get(person)
            if known and (known.text, known.seen) == (text, seen):
                return known
            self._stop(person)
            sketch = self._by_person[person] = Sketch(text, seen)
            return sketch

    def drop(self, person: str) -> None:
        """Forgets what somebody has written, and ends its trial."""
        with self._lock:
            self._stop(person)
            self._by_person.pop(person, None)

    def start(self, person: str, sketch: Sketch, work: Work) -> None:
        """Begins the trial of a sketch. Raises ConflictError while somebody else's runs."""
        with self._lock:
            before = self._running
            if before and before.runs and before.by != person:
                raise ConflictError(
                    f"{before.by} is trying a file just now ({before.found.done} of {before.found.wanted} messages). "
                    "Wait until that has ended, then try yours."
                )
            self._stop(person)
            self._running = sketch.trial = trial = Trial(person)
        threading.Thread(target=_run, args=(trial, before, work), name="trial", daemon=True).start()

    def _stop(self, person: str) -> None:
        if self._running and self._running.by == person:
            self._running.stopped.set()


def _run(trial: Trial, before: Trial | None, work: Work) -> None:
    """One trial, from beginning to end: whatever goes wrong is told on its page."""
    if before:
        before.ended.wait()
    try:
        trial.found = work(trial.goes_on)
    except MailflowError as error:
        trial.problem = str(error)
    except Exception as error:  # the thread's boundary; the words of the error may be a message's
        log.error("trial failed", error=type(error).__name__)  # noqa: TRY400
        trial.problem = "That went wrong, and it is our fault; it is in the log."
    finally:
        trial.ended.set()
