"""The cases as lists: the open ones by urgency, those that are late. Names and subjects only where nobody's trust is at stake."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, exists, func, null, or_, select, tuple_

from mailflow.domain import CaseState, Kind, MessageState, OutgoingState, Role, needed_to_read, reference
from mailflow.store.tables import cases, merged, messages, outgoings

PAGE = 50  # cases
UNCLOSED = (CaseState.OPEN, CaseState.WAITING)
_NEVER = date(9999, 12, 31)  # for a case without a day: after all that have one
_private = or_(cases.c.sensitive, cases.c.kind == Kind.STORY)
_calm = case((cases.c.sensitive, 0), else_=1)
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
    assigned: str | None
    snoozed_until: date | None
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
    """The last case of the page before: its number; and its day and whether it is sensitive, where the list goes by these."""

    case_id: int
    due: date | None = None
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases a list is of: in a state, of one kind or of all, of one person or of all; those put off, or the others."""

    state: CaseState = CaseState.OPEN
    kind: Kind | None = None
    assigned: str | None = None
    snoozed: bool = False


def listed(db: Connection, wanted: Wanted, today: date, after: After | None = None, most: int = PAGE) -> CasePage:
    """The cases that are wanted: sensitive ones first, then by their day; closed ones have no urgency, so the newest first."""
    query = _lines().where(cases.c.state == wanted.state, *_narrowed(wanted, today))
    if wanted.state is CaseState.CLOSED:
        query = query.order_by(cases.c.id.desc())
        passed = None if after is None else cases.c.id < after.case_id
    else:
        query = query.order_by(_calm, _due, cases.c.id)
        last = None if after is None else tuple_(int(not after.sensitive), after.due or _NEVER, after.case_id)
        passed = None if last is None else tuple_(_calm, _due, cases.c.id) > last
    if passed is not None:
        query = query.where(passed)
    found = _read(db, query.limit(most + 1))
    return CasePage(tuple(found[:most]), len(found) > most)


def count_unclosed(db: Connection, wanted: Wanted, today: date) -> dict[CaseState, int]:
    """How many cases there are in each state but closed, narrowed down otherwise as wanted."""
    unclosed = cases.c.state.in_(UNCLOSED), *_narrowed(wanted, today)
    query = select(cases.c.state, func.count().label("number")).where(*unclosed).group_by(cases.c.state)
    return dict.fromkeys(UNCLOSED, 0) | {row.state: row.number for row in db.execute(query)}


def overdue(db: Connection, today: date, most: int) -> list[CaseLine]:
    """Open cases whose day has passed and that nobody has put off, the longest overdue first."""
    late = cases.c.state == CaseState.OPEN, cases.c.due < today, is_awake(today)
    return _read(db, _lines().where(*late).order_by(cases.c.due, cases.c.id).limit(most))


def to_answer(db: Connection, today: date, most: int) -> list[CaseLine]:
    """Open questions and other concerns whose day has not passed, the most urgent first: what no other list of the day has."""
    held = exists().where(messages.c.case_id == cases.c.id, messages.c.state == MessageState.HELD)
    drafted = exists().where(outgoings.c.case_id == cases.c.id, outgoings.c.state == OutgoingState.DRAFT)
    is_open = cases.c.state == CaseState.OPEN, cases.c.kind.in_((Kind.QUERY, Kind.OTHER)), is_awake(today)
    in_time = or_(cases.c.due.is_(None), cases.c.due >= today)
    return _read(db, _lines().where(*is_open, in_time, ~held, ~drafted).order_by(_due, cases.c.id).limit(most))


def of_same_requester(db: Connection, case_id: int, role: Role, most: int = 10) -> list[CaseLine]:
    """Other cases of the requester of a case that this role may read and that were not merged, the newest first."""
    requester = select(cases.c.requester).where(cases.c.id == case_id).scalar_subquery()
    theirs = cases.c.requester == requester, cases.c.id != case_id
    apart = ~select(merged.c.case_id).where(merged.c.case_id == cases.c.id).exists()
    found = _read(db, _lines().where(*theirs, apart).order_by(cases.c.id.desc()).limit(most))
    return [line for line in found if role.includes(needed_to_read(line.kind, line.sensitive))]


def is_awake(today: date) -> ColumnElement[bool]:
    """That nobody has put the case off beyond today."""
    return or_(cases.c.snoozed_until.is_(None), cases.c.snoozed_until <= today)


def _narrowed(wanted: Wanted, today: date) -> Iterator[ColumnElement[bool]]:
    yield cases.c.snoozed_until > today if wanted.snoozed else is_awake(today)
    if wanted.kind is not None:
        yield cases.c.kind == wanted.kind
    if wanted.assigned is not None:
        yield cases.c.assigned == wanted.assigned


def _lines() -> Select[Any]:
    of_case = cases.c.id, cases.c.kind, cases.c.state, cases.c.sensitive, cases.c.opened_at, cases.c.due
    return select(*of_case, cases.c.assigned, cases.c.snoozed_until, subject_shown, requester_shown)


def _read(db: Connection, query: Select[Any]) -> list[CaseLine]:
    return [CaseLine(*row) for row in db.execute(query)]
