"""What is done without a person: how much of the mail, how rightly, and what another confidence in rules.toml would change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mailflow.deciding import House, settle
from mailflow.domain import History
from mailflow.evaluation.judging import Judged
from mailflow.evaluation.shares import share
from mailflow.rules import ReplyPolicy

_CONFIDENCES = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.925, 0.95, 0.975, 0.99)


@dataclass(frozen=True, slots=True)
class Settled:
    """How many messages are settled (answered, filed or ignored) without a person, how many answered, and how many rightly."""

    messages: int
    settled: int
    settled_rightly: int
    answered: int
    answered_rightly: int

    @classmethod
    def of(cls, judged: Sequence[Judged]) -> "Settled":
        """Counts. Rightly: the kind is right, and the message is not sensitive by its label."""
        settled = [one for one in judged if one.settled]
        answered = [one for one in judged if one.answered]
        return cls(
            len(judged),
            len(settled),
            sum(one.rightly for one in settled),
            len(answered),
            sum(one.rightly for one in answered),
        )

    @property
    def coverage(self) -> float | None:
        """Of all messages, how many need no person to be answered, filed or ignored."""
        return share(self.settled, self.messages)

    @property
    def settled_precision(self) -> float | None:
        """Of those, how many rightly."""
        return share(self.settled_rightly, self.settled)

    @property
    def answered_share(self) -> float | None:
        """Of all messages, how many are answered by themselves."""
        return share(self.answered, self.messages)

    @property
    def reply_precision(self) -> float | None:
        """Of those, how many rightly: the automatic-reply precision."""
        return share(self.answered_rightly, self.answered)


@dataclass(frozen=True, slots=True)
class AnsweringScores:
    """As rules.toml has it now, and with one `confidence` for all kinds that are answered."""

    now: Settled
    curve: tuple[tuple[float, Settled], ...]


def score_answering(judged: Sequence[Judged], house: House, now: datetime) -> AnsweringScores:
    """Counts, and plans anew for each confidence; nothing is read or classified again."""
    curve = []
    for confidence in _CONFIDENCES:
        stricter = _with_confidence(house, confidence)
        curve.append((confidence, Settled.of([_plan_anew(one, stricter, now) for one in judged])))
    return AnsweringScores(Settled.of(judged), tuple(curve))


def _with_confidence(house: House, confidence: float) -> House:
    kinds = {
        kind: rules.model_copy(update={"confidence": confidence}) if rules.reply is ReplyPolicy.ACKNOWLEDGE else rules
        for kind, rules in house.rules.kinds.items()
    }
    return replace(house, rules=house.rules.model_copy(update={"kinds": kinds}))


def _plan_anew(one: Judged, house: House, now: datetime) -> Judged:
    if one.plan is None:
        return one
    email, verdict, understanding = one.plan.email, one.plan.verdict, one.plan.understanding
    return replace(one, plan=settle(email, verdict, understanding, house, History(), now, now))
