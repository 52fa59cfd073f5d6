"""A changed file against the messages of late: each is decided twice, by the rules in use and by the changed ones."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic
from typing import Self

from mailflow.apart import Apart
from mailflow.classify.judgement import Judge, Judgement, Trust
from mailflow.classify.verdict import Classifier
from mailflow.deciding import House
from mailflow.domain import Email, History
from mailflow.errors import PermanentError, UserError
from mailflow.store import recent
from mailflow.store.database import Store
from mailflow.store.kept import kept_message
from mailflow.trying.mail import MESSAGE_SECONDS, history
from mailflow.trying.outcome import Comparison, Outcome

MOST_MESSAGES = 500
MOST_SECONDS = 180.0  # by the clock: what was tried until then is told

Progress = Callable[[Comparison], bool]


def compare(store: Store, before: House, after: House, goes_on: Progress) -> Comparison:
    """Decides the messages of late twice, the newest first, each as of the moment when it arrived. Takes 30 ms a message.

    The houses differ by their rules. `goes_on` is told how it stands before each message; where it says no, the trial ends with
    what it has. Raises UserError where the later rules take too long over a message, MailflowError where the machine refuses
    something.
    """
    judge = _Once(before.classifier.judge)
    both = Both(*(replace(house, classifier=Classifier(house.rules, judge)) for house in (before, after)))
    ends = monotonic() + MOST_SECONDS
    with store.reading() as db:
        numbers = recent.decided(db, MOST_MESSAGES)
    found = Comparison(wanted=len(numbers))
    with closing(Apart(MESSAGE_SECONDS, gentle=True)) as apart:
        apart.of(both)
        for number in numbers:
            if not goes_on(found) or monotonic() > ends:
                break
            _try(store, apart, both, number, found)
    return found


def _try(store: Store, apart: Apart, both: "Both", number: int, found: Comparison) -> None:
    with store.reading() as db:
        message = kept_message(db, number)
    try:
        email = replace(apart.read(message.raw), whole=message.whole)
    except PermanentError:
        found.unread += 1
        return
    past = history(store, email, message.arrived)
    try:
        before, after = apart.ask("decide_twice", email, past, message.arrived)
    except PermanentError:
        raise UserError(_too_slow(number, both)) from None
    found.add(number, before, after, message.kind if message.by_person else None)


def _too_slow(number: int, both: "Both") -> str:
    """Which rules to look at: those whose patterns are not in use yet."""
    known = {pattern for rule in both.before.rules.rules for pattern in rule.patterns}
    new = [f"“{rule.name}”" for rule in both.after.rules.rules if set(rule.patterns) - known]
    where = f"the patterns of {', '.join(new)}" if new else "its patterns"
    return (
        f"With this file, message {number} takes more than {MESSAGE_SECONDS:g} seconds, and the trial was ended. "
        f"Look at {where}: a repetition within a repetition, such as (a+)+, may never come to an end."
    )


@dataclass(frozen=True, slots=True)
class Both:
    """One house under the rules in use and under changed ones, as it is sent to the process apart."""

    before: House
    after: House

    def read(self, raw: bytes) -> Email:
        """Bytes to Email: no rule changes that."""
        return self.before.read(raw)

    def decide_twice(self, email: Email, past: History, arrived: datetime) -> tuple[Outcome, Outcome]:
        """What a message comes to under either."""
        before, after = (house.decide(email, past, arrived, arrived) for house in (self.before, self.after))
        return Outcome.of(before), Outcome.of(after)

    def without_templates(self) -> Self:
        """As it is sent."""
        return replace(self, before=self.before.without_templates(), after=self.after.without_templates())


class _Once:
    """Judges that are asked once about a message, however many files of rules it is decided by: no rule changes what they say."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._last: tuple[tuple[str, str], Judgement] | None = None

    @property
    def trust(self) -> Trust:
        """How far they are trusted."""
        return self._judge.trust

    def judge(self, subject: str, text: str) -> Judgement:
        """What they make of a message."""
        if self._last is None or self._last[0] != (subject, text):
            self._last = (subject, text), self._judge.judge(subject, text)
        return self._last[1]
