"""Training requests as a board and a calendar: what is open and what was lately done, without the words of any message."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select

from mailflow.domain import CaseState, Kind, Role, TrainingDetails, TrainingState, needed_to_read, reference
from mailflow.domain.training import Understood, understood_from_json
from mailflow.store.tables import cases, training_sessions, trainings
from mailflow.store.trainingfiles import LOOKED_FOR

MOST_CARDS = 30  # in a column
MOST_IN_A_MONTH = 300
LATELY = timedelta(weeks=4)  # how long what is done stays on the board
_A_YEAR = timedelta(days=366)  # how long a session waits on the board to be marked as delivered
_NEVER = date(9999, 12, 31)
_session = training_sessions.c
_NOT_CLOSED = cases.c.state.in_((CaseState.OPEN, CaseState.WAITING))


@dataclass(frozen=True, slots=True)
class Card:
    """A training request on the board. Without `understood` and requester: whoever looks may not read its case."""

    case_id: int
    state: TrainingState
    case_state: CaseState
    sensitive: bool
    opened_at: datetime
    due: date | None
    starts: datetime | None
    ends: datetime | None
    is_invited: bool
    place: str | None = field(repr=False)
    requester: str | None = field(repr=False)
    understood: Understood | None = field(repr=False)

    @property
    def reference(self) -> str:
        """EDI-0042."""
        return reference(self.case_id)

    @property
    def details(self) -> TrainingDetails | None:
        """What is asked for, where it may be read."""
        return self.understood.details if self.understood else None


@dataclass(frozen=True, slots=True)
class Column:
    """Some requests of the same state, and whether there are more."""

    cards: Sequence[Card]
    has_more: bool


def board(db: Connection, role: Role, now: datetime) -> dict[TrainingState, Column]:
    """The open requests by where they stand, the most urgent first; and what was delivered or called off of late."""
    return {
        **{state: _column(db, _looked_for(state), role) for state in LOOKED_FOR},
        TrainingState.SCHEDULED: _column(db, _scheduled(now), role),
        TrainingState.DELIVERED: _column(db, _delivered(now), role),
        TrainingState.CANCELLED: _column(db, _called_off(now), role),
    }


def sessions_between(db: Connection, first: datetime, last: datetime, role: Role) -> list[Card]:
    """The sessions that begin from `first` to before `last`, in order."""
    query = _agreed().where(_session.starts >= first, _session.starts < last).order_by(_session.starts, _session.case_id)
    return _read(db, query.limit(MOST_IN_A_MONTH), role)


def _looked_for(state: TrainingState) -> Select[Any]:
    urgent = func.coalesce(cases.c.due, _NEVER), cases.c.id
    open_ones = _cards().join(training_sessions, _session.case_id == cases.c.id, isouter=True)
    return open_ones.where(cases.c.kind == Kind.TRAINING, _NOT_CLOSED, trainings.c.state == state).order_by(*urgent)


def _scheduled(now: datetime) -> Select[Any]:
    waiting = _session.starts >= now - _A_YEAR, trainings.c.state == TrainingState.SCHEDULED
    return _agreed().where(*waiting).order_by(_session.starts, _session.case_id)


def _delivered(now: datetime) -> Select[Any]:
    lately = _session.starts >= now - LATELY, _session.starts <= now, trainings.c.state == TrainingState.DELIVERED
    return _agreed().where(*lately).order_by(_session.starts.desc(), _session.case_id)


def _called_off(now: datetime) -> Select[Any]:
    """By us of late, or by the requester where nobody has closed the case yet."""
    of_late = select(_session.case_id).where(_session.starts >= now - LATELY, _session.cancelled_at.is_not(None))
    unread = select(cases.c.id).where(cases.c.kind == Kind.TRAINING, _NOT_CLOSED)
    chosen = or_(trainings.c.case_id.in_(of_late), trainings.c.case_id.in_(unread))
    query = _cards().join(training_sessions, _session.case_id == cases.c.id, isouter=True)
    return query.where(trainings.c.state == TrainingState.CANCELLED, chosen).order_by(cases.c.id.desc())


_COLUMNS = (
    *(trainings.c.case_id, trainings.c.state, trainings.c.details),
    *(cases.c.state.label("case_state"), cases.c.kind, cases.c.sensitive, cases.c.opened_at, cases.c.due),
    *(cases.c.requester, cases.c.requester_name),
    *(_session.starts, _session.ends, _session.place, _session.invited_at, _session.cancelled_at),
)


def _cards() -> Select[Any]:
    return select(*_COLUMNS).join_from(cases, trainings, trainings.c.case_id == cases.c.id)


def _agreed() -> Select[Any]:
    """Those with a session that was not called off, by way of the sessions: their index goes by time."""
    joined = select(*_COLUMNS).join_from(training_sessions, trainings, trainings.c.case_id == _session.case_id)
    return joined.join(cases, cases.c.id == _session.case_id).where(_session.cancelled_at.is_(None))


def _column(db: Connection, query: Select[Any], role: Role) -> Column:
    found = _read(db, query.limit(MOST_CARDS + 1), role)
    return Column(found[:MOST_CARDS], len(found) > MOST_CARDS)


def _read(db: Connection, query: Select[Any], role: Role) -> list[Card]:
    return [_card(row, role.includes(needed_to_read(row.kind, row.sensitive))) for row in db.execute(query)]


def _card(row: Any, may_read: bool) -> Card:
    agreed = row.cancelled_at is None
    return Card(
        case_id=row.case_id,
        state=row.state,
        case_state=row.case_state,
        sensitive=row.sensitive,
        opened_at=row.opened_at,
        due=row.due,
        starts=row.starts if agreed else None,
        ends=row.ends if agreed else None,
        is_invited=row.invited_at is not None,
        place=row.place if may_read and agreed else None,
        requester=(row.requester_name or row.requester) if may_read else None,
        understood=understood_from_json(row.details) if may_read else None,
    )
