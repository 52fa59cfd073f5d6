"""What the learnt judges make of one message, and how far each of them, and the team's rules, are trusted."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from mailflow.domain import Kind, Reason


def to_chances(scores: Mapping[Kind, float]) -> dict[Kind, float]:
    """Scores of any height as logarithms of chances that add up to one."""
    most = max(scores.values())
    total = most + math.log(sum(math.exp(score - most) for score in scores.values()))
    return {kind: score - total for kind, score in scores.items()}


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one judge says: `evidence` is the natural logarithm of each kind's chance, `alarm` the log-odds of sensitive."""

    evidence: Mapping[Kind, float]
    alarm: float


@dataclass(frozen=True, slots=True)
class ByWords(Opinion):
    """The opinion of the model that counts words, and the words that moved it most."""

    telling: Mapping[Kind, tuple[str, ...]]  # those that spoke most for each of the likeliest kinds
    alarming: tuple[str, ...]  # those that spoke most for sensitive
    moved: Mapping[Kind, int] = field(default_factory=dict)  # mails with the telling words that people have moved to a kind


@dataclass(frozen=True, slots=True)
class Judgement:
    """The opinions on one message: by its words, and by its sense as a whole."""

    words: ByWords
    sense: Opinion


@dataclass(frozen=True, slots=True)
class Trust:
    """How far the judges and the rules are trusted: learnt from messages that none of them had seen.

    Evidence is added up as log-odds, so that a confidence of 0.8 is right in eight of ten unseen messages.
    """

    words_count: float = 0.5
    sense_count: float = 0.5
    rules_count: float = 0.5
    kinds_add: Mapping[Kind, float] = field(default_factory=dict)
    words_alarm: float = 0.5
    sense_alarm: float = 0.5
    alarm_by_kind: Mapping[Kind, float] = field(default_factory=dict)  # added to the alarm, by the share of each kind
    alarm_from: float = 0.0  # log-odds from which a message is called sensitive

    def weigh(self, judgement: Judgement, reasons: Sequence[Reason], possible: Sequence[Kind] = tuple(Kind)) -> dict[Kind, float]:
        """The share of each kind, by both opinions and the weights of the rules that fit. Those of the `possible` add up to 1."""
        points = {kind: self.for_kind(kind, judgement) + self.kinds_add.get(kind, 0.0) for kind in Kind}
        for reason in reasons:
            if reason.kind and reason.weight:
                points[reason.kind] += self.rules_count * reason.weight
        most = max(points[kind] for kind in possible)
        counted = {kind: math.exp(points[kind] - most) if kind in possible else 0.0 for kind in Kind}
        total = sum(counted.values())
        return {kind: value / total for kind, value in counted.items()}

    def for_kind(self, kind: Kind, judgement: Judgement) -> float:
        """What the two opinions add to a kind, in log-odds."""
        return self.words_count * judgement.words.evidence[kind] + self.sense_count * judgement.sense.evidence[kind]

    def raise_alarm(self, judgement: Judgement, shares: Mapping[Kind, float]) -> float:
        """The log-odds that a message is sensitive, its kind considered: most of what is surely a story is over."""
        alarm = self.words_alarm * judgement.words.alarm + self.sense_alarm * judgement.sense.alarm
        return alarm + sum(shares[kind] * adds for kind, adds in self.alarm_by_kind.items())


class Judge(Protocol):
    """Whoever judges messages: the shipped judges, or some that have learnt from other mail."""

    @property
    def trust(self) -> Trust:
        """How far each of them is trusted."""
        ...

    def judge(self, subject: str, text: str) -> Judgement:
        """What they make of a message."""
        ...
