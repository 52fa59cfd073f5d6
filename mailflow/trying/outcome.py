"""What messages come to under one file of rules and under another, as values to be counted and shown."""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Self

from mailflow.domain import Kind, MessageState, Plan


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a message comes to under one file of rules."""

    kind: Kind
    confidence: float
    sensitive: bool
    held: bool
    template: str | None  # of the reply that it gets by itself

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """The outcome of a plan."""
        held = plan.state is MessageState.HELD
        return cls(plan.verdict.kind, plan.verdict.confidence, plan.verdict.sensitive, held, plan.template)

    def differs(self, other: "Outcome") -> bool:
        """Whether anybody would notice: how sure we are does not show by itself."""
        return replace(self, confidence=0) != replace(other, confidence=0)


@dataclass(frozen=True, slots=True)
class Change:
    """A message that comes to something else under the changed file. `said`: what a person has said that it is."""

    message: int
    before: Outcome
    after: Outcome
    said: Kind | None


@dataclass(slots=True)
class Totals:
    """What the messages tried come to under one file of rules, in messages."""

    kinds: Counter[Kind] = field(default_factory=Counter)
    answered: Counter[Kind] = field(default_factory=Counter)  # by themselves
    held: int = 0
    sensitive: int = 0
    right: int = 0  # of those of which a person has said what they are

    def add(self, outcome: Outcome, said: Kind | None) -> None:
        """Counts one message."""
        self.kinds[outcome.kind] += 1
        self.answered[outcome.kind] += outcome.template is not None
        self.held += outcome.held
        self.sensitive += outcome.sensitive
        self.right += outcome.kind is said


@dataclass(slots=True)
class Comparison:
    """The mail of late under the rules in use and under a changed file. `wanted`: how many messages there were to try."""

    wanted: int = 0
    tried: int = 0
    unread: int = 0  # could not be read
    settled: int = 0  # of those tried, what people have said what they are
    before: Totals = field(default_factory=Totals)
    after: Totals = field(default_factory=Totals)
    changes: list[Change] = field(default_factory=list)

    def add(self, message: int, before: Outcome, after: Outcome, said: Kind | None) -> None:
        """Takes up one message."""
        self.tried += 1
        self.settled += said is not None
        self.before.add(before, said)
        self.after.add(after, said)
        if before.differs(after):
            self.changes.append(Change(message, before, after, said))

    @property
    def done(self) -> int:
        """Messages that are over and done with."""
        return self.tried + self.unread
