"""The kinds: which is taken for which, and how often each is right."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mailflow.domain import Kind
from mailflow.evaluation.judging import Judged
from mailflow.evaluation.shares import f1, mean, share


@dataclass(frozen=True, slots=True)
class KindFigures:
    """How many messages are of a kind by their labels, how many were taken for it, and how many of those rightly."""

    labelled: int
    judged: int
    right: int

    @property
    def precision(self) -> float | None:
        """Of those taken for it, how many are."""
        return share(self.right, self.judged)

    @property
    def recall(self) -> float | None:
        """Of those that are, how many were taken for it."""
        return share(self.right, self.labelled)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both; None for a kind that neither labels nor mailflow name."""
        return f1(self.right, self.judged, self.labelled)


@dataclass(frozen=True, slots=True)
class KindScores:
    """`confusion` counts (labelled kind, judged kind). `also_named`: messages with a second kind, by label or by mailflow."""

    confusion: Mapping[tuple[Kind, Kind], int]
    people_ignored: tuple[str, ...]  # names of messages that a person wrote and nobody will see
    also_right: int
    also_named: int

    @property
    def by_kind(self) -> dict[Kind, KindFigures]:
        """The figures of each kind."""
        return {
            kind: KindFigures(
                sum(self.confusion.get((kind, judged), 0) for judged in Kind),
                sum(self.confusion.get((labelled, kind), 0) for labelled in Kind),
                self.confusion.get((kind, kind), 0),
            )
            for kind in Kind
        }

    @property
    def macro_f1(self) -> float | None:
        """The mean of the F1 of the kinds that labels name: each counts the same, however rare."""
        return mean([figures.f1 for figures in self.by_kind.values() if figures.labelled])

    @property
    def accuracy(self) -> float | None:
        """Of all messages, how many were taken for what they are."""
        return share(sum(self.confusion.get((kind, kind), 0) for kind in Kind), sum(self.confusion.values()))

    @property
    def people_kept(self) -> float | None:
        """Of what people wrote, how much somebody gets to see: what is not ignored as a machine's."""
        people = sum(figures.labelled for kind, figures in self.by_kind.items() if kind is not Kind.AUTOMATIC)
        return share(people - len(self.people_ignored), people)

    @property
    def also(self) -> float | None:
        """Of the messages for which a second kind is named, by label or by mailflow, those for which both name the same."""
        return share(self.also_right, self.also_named)


def score_kinds(judged: Sequence[Judged]) -> KindScores:
    """Counts kinds."""
    named = [one for one in judged if one.also or one.label.also]
    return KindScores(
        confusion=Counter((one.label.kind, one.kind) for one in judged),
        people_ignored=tuple(one.name for one in judged if one.ignored and one.label.kind is not Kind.AUTOMATIC),
        also_right=sum(one.also is one.label.also for one in named),
        also_named=len(named),
    )
