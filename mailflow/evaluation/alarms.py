"""The alarms: whether sensitive mail reaches a person at once, and how often the alarm is false."""

from collections.abc import Sequence
from dataclasses import dataclass

from mailflow.evaluation.judging import Judged
from mailflow.evaluation.shares import share


@dataclass(frozen=True, slots=True)
class AlarmScores:
    """`missed` and `answered` name sensitive messages without an alarm, and those answered by themselves in spite of all."""

    sensitive: int
    ordinary: int
    false_alarms: int
    missed: tuple[str, ...]
    answered: tuple[str, ...]

    @property
    def recall(self) -> float | None:
        """Of the sensitive messages, how many raise the alarm."""
        return share(self.sensitive - len(self.missed), self.sensitive)

    @property
    def false_alarm_rate(self) -> float | None:
        """Of all other messages, how many raise it, too."""
        return share(self.false_alarms, self.ordinary)

    @property
    def precision(self) -> float | None:
        """Of the alarms, how many are true."""
        true = self.sensitive - len(self.missed)
        return share(true, true + self.false_alarms)


def score_alarms(judged: Sequence[Judged]) -> AlarmScores:
    """Counts alarms."""
    sensitive = [one for one in judged if one.label.sensitive]
    ordinary = [one for one in judged if not one.label.sensitive]
    return AlarmScores(
        sensitive=len(sensitive),
        ordinary=len(ordinary),
        false_alarms=sum(one.sensitive for one in ordinary),
        missed=tuple(one.name for one in sensitive if not one.sensitive),
        answered=tuple(one.name for one in sensitive if one.answered),
    )
