"""How much came, week by week: the cases that were opened, by kind."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, case, func, select

from mailflow.domain import Kind
from mailflow.domain.calendar import midnight
from mailflow.store.tables import cases

WEEKS = 12


@dataclass(frozen=True, slots=True)
class Week:
    """The week that begins on a Monday, and how many cases of each kind were opened in it."""

    begins: date
    opened: dict[Kind, int]

    @property
    def all(self) -> int:
        """Of whatever kind."""
        return sum(self.opened.values())


def by_week(db: Connection, today: date, zone: ZoneInfo, weeks: int = WEEKS) -> list[Week]:
    """The last weeks, this one included, the oldest first; weeks begin on Monday in `zone`."""
    this_monday = today - timedelta(days=today.weekday())
    mondays = [this_monday - timedelta(weeks=back) for back in range(weeks - 1, -1, -1)]
    bounds = [midnight(day, zone) for day in (*mondays, this_monday + timedelta(weeks=1))]
    opened = cases.c.opened_at
    within = [and_(opened >= begins, opened < ends) for begins, ends in pairwise(bounds)]
    number = case(*((condition, place) for place, condition in enumerate(within)))
    query = select(number.label("week"), cases.c.kind, func.count().label("number"))
    rows = db.execute(query.where(opened >= bounds[0], opened < bounds[-1]).group_by("week", cases.c.kind)).all()
    found: list[dict[Kind, int]] = [{} for _ in mondays]
    for row in rows:
        found[row.week][row.kind] = row.number
    return [Week(begins, opened_then) for begins, opened_then in zip(mondays, found, strict=True)]
