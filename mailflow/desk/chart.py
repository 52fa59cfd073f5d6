"""The chart of what came: a bar a week, a stretch of it a kind. Numbers become places here, so that the page only draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mailflow.domain import Kind
from mailflow.store.weekly import Week

KINDS = (Kind.TRAINING, Kind.QUERY, Kind.STORY, Kind.OTHER)
STEP, WIDTH, HEIGHT = 48, 34, 120  # from bar to bar, of a bar, and of the highest, in the drawing's own units


@dataclass(frozen=True, slots=True)
class Stretch:
    """The part of a bar that is one kind's: its upper edge and its height."""

    kind: Kind
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A week: its left edge, its stretches from the foot upwards, and how many cases it stands for."""

    begins: date
    left: int
    number: int
    stretches: tuple[Stretch, ...]

    @property
    def top(self) -> float:
        """The upper edge of the whole bar."""
        return min((one.top for one in self.stretches), default=HEIGHT)

    @property
    def middle(self) -> int:
        """Where its labels stand."""
        return self.left + WIDTH // 2


def bars(weeks: Sequence[Week]) -> list[Bar]:
    """The bars; the week in which most came reaches the full height."""
    most = max((week.all for week in weeks), default=0) or 1
    return [_bar(place, week, HEIGHT / most) for place, week in enumerate(weeks)]


def _bar(place: int, week: Week, each: float) -> Bar:
    stretches = []
    top = float(HEIGHT)
    for kind in KINDS:
        if number := week.opened.get(kind, 0):
            top -= number * each
            stretches.append(Stretch(kind, round(top, 1), round(number * each, 1)))
    return Bar(week.begins, place * STEP, sum(week.opened.get(kind, 0) for kind in KINDS), tuple(stretches))
