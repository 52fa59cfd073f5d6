"""The cases as lists: the open ones by urgency, those that are late. Names and subjects only where nobody's trust is at stake."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, case, func, null, or_, select, tuple_

from mailflow.domain import CaseState, Kind, reference
from mailflow.store.tables import cases

PAGE = 50  # cases
_NEVER = date(9999, 12, 31)  # for a case without a day: after all that have one
_private = or_(cases.c.sensitive, cases.c.kind == Kind.STORY)
_due = func.coalesce(cases.c.due, _NEVER)

subject_shown = case((_private, null()), else_=cases.c.subject)
requester_shown = case((_private, null()), else_=func.coalesce(func.nullif(cases.c.requester_name, ""), cases.c.requester))


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list. Subject and requester are None where it is sensitive or a story: they may be read once it is opened."""

    case_id: int
    kind: Kind
    state: CaseState
    sensitive: bool
    opened_at: datetime
    due: date | None
    subject: str | None = field(repr=False)
    requester: str | None = field(repr=False)

    @property
    def reference(self) -> str:
        """EDI-0042."""
        return reference(self.case_id)


@dataclass(frozen=True, slots=True)
class CasePage:
    """Some cases of a list, and whether more come after the last of them."""

    lines: tuple[CaseLine, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class After:
    """The last case of the page before: its number, and its day where the list goes by days."""

    case_id: int
    due: date | None = None


def listed(db: Connection, state: CaseState, kind: Kind | None = None, after: After | None = None, most: int = PAGE) -> CasePage:
    """The cases in a state, of one kind or of all: the most urgent first; closed ones have no urgency, so the newest first."""
    query = _lines().where(cases.c.state == state)
    if kind is not None:
        query = query.where(cases.c.kind == kind)
    if state is CaseState.CLOSED:
        query = query.order_by(cases.c.id.desc())
        passed = None if after is None else cases.c.id < after.case_id
    else:
        query = query.order_by(_due, cases.c.id)
        passed = None if after is None else tuple_(_due, cases.c.id) > tuple_(after.due or _NEVER, after.case_id)
    if passed is not None:
        query = query.where(passed)
    found = _read(db, query.limit(most + 1))
    return CasePage(tuple(found[:most]), len(found) > most)


def count_by_state(db: Connection, kind: Kind | None = None) -> dict[CaseState, int]:
    """How many cases there are in each state, of one kind or of all."""
    query = select(cases.c.state, func.count().label("number")).group_by(cases.c.state)
    if kind is not None:
        query = query.where(cases.c.kind == kind)
    return dict.fromkeys(CaseState, 0) | {row.state: row.number for row in db.execute(query)}


def overdue(db: Connection, today: date, most: int) -> list[CaseLine]:
    """Open cases whose day has passed, the longest overdue first."""
    late = cases.c.state == CaseState.OPEN, cases.c.due < today
    return _read(db, _lines().where(*late).order_by(cases.c.due, cases.c.id).limit(most))


def _lines() -> Select[Any]:
    of_case = cases.c.id, cases.c.kind, cases.c.state, cases.c.sensitive, cases.c.opened_at, cases.c.due
    return select(*of_case, subject_shown, requester_shown)


def _read(db: Connection, query: Select[Any]) -> list[CaseLine]:
    return [CaseLine(*row) for row in db.execute(query)]
