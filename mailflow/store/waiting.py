"""What waits for a person, as the desk's first page lists it. Names and subjects only where nobody's trust is at stake."""

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, case, exists, false, func, or_, select

from mailflow.domain import DANGER, CaseState, Kind, MessageState, OutgoingState, Purpose, Role, TrainingState, reference
from mailflow.domain.plain import Json
from mailflow.store.bounces import IN_DOUBT, UNDELIVERED
from mailflow.store.listing import requester_shown, subject_shown
from mailflow.store.seeing import readable
from mailflow.store.tables import cases, cursors, events, messages, outgoings, trainings

MOST_LINES = 50  # of one list: nobody settles more in a day


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A held message. Its subject and sender are None where not everybody may read it: they are shown once it is opened."""

    message: int
    case_id: int | None
    kind: Kind | None
    confidence: float | None
    sensitive: bool
    arrived: datetime
    cause: str  # the name of the reason
    why: str
    subject: str | None = field(repr=False)
    sender: str | None = field(repr=False)

    @property
    def reference(self) -> str | None:
        """EDI-0042."""
        return None if self.case_id is None else reference(self.case_id)


@dataclass(frozen=True, slots=True)
class UndatedLine:
    """A training request that says all that is needed, and has no date yet."""

    case_id: int
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
class FailedLine:
    """A message that could not be read."""

    message: int
    arrived: datetime
    why: str


@dataclass(frozen=True, slots=True)
class UndeliveredLine:
    """A mail of ours that was refused for good, or came back; or that is in doubt."""

    case_id: int | None
    purpose: Purpose
    state: OutgoingState
    created_at: datetime
    why: str | None = field(repr=False)

    @property
    def reference(self) -> str | None:
        """EDI-0042."""
        return None if self.case_id is None else reference(self.case_id)


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A reply that waits for a person's approval. `kind` is its case's."""

    mail: int
    case_id: int | None
    kind: Kind | None
    sensitive: bool
    template: str | None
    created_at: datetime
    subject: str | None = field(repr=False)
    sender: str | None = field(repr=False)

    @property
    def reference(self) -> str | None:
        """EDI-0042."""
        return None if self.case_id is None else reference(self.case_id)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of each there are, whatever the lists leave out."""

    held: int
    failed: int
    undelivered: int
    in_doubt: int
    open: int  # cases whose turn is ours
    overdue: int  # those of them whose day has passed
    drafts: int  # replies that wait for a person's approval
    undated: int  # training requests without a date


_held = messages.c.state == MessageState.HELD
_failed = messages.c.state == MessageState.FAILED
_draft = outgoings.c.state == OutgoingState.DRAFT
_OURS = select(outgoings.c.case_id, outgoings.c.purpose, outgoings.c.state, outgoings.c.created_at, outgoings.c.failure).order_by(
    outgoings.c.id
)
gravest_first = (messages.c.hold["name"].as_string() == DANGER).desc(), messages.c.sensitive.desc(), messages.c.id
_for_all = readable(Role.READER)


def _woken(today: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """A case is put off until a day, from which on it waits again."""
    return cases.c.snoozed_until.is_(None), cases.c.snoozed_until <= today


def _awake(case_id: ColumnElement[int | None], today: date) -> ColumnElement[bool]:
    """The case is looked up for each row: there are few of these, and many cases."""
    of_it = cases.alias()
    return ~exists().where(of_it.c.id == case_id, of_it.c.snoozed_until > today)


def _undated(today: date) -> tuple[ColumnElement[bool], ...]:
    return trainings.c.state == TrainingState.NEW, cases.c.state == CaseState.OPEN, or_(*_woken(today))


def held(db: Connection, today: date, limit: int = MOST_LINES) -> list[HeldLine]:
    """Messages that a person must decide: danger to life first, then what is sensitive, then the longest waiting.

    Without those of cases that are put off until a later day than `today`; so it is with all that follow.
    """
    rows = db.execute(
        select(
            messages.c.id,
            messages.c.case_id,
            messages.c.kind,
            messages.c.confidence,
            messages.c.sensitive,
            messages.c.arrived,
            messages.c.hold,
            case((_for_all, messages.c.subject)),
            case((_for_all, func.coalesce(func.nullif(messages.c.sender_name, ""), messages.c.sender))),
        )
        .join_from(messages, cases, cases.c.id == messages.c.case_id, isouter=True)
        .where(_held, _awake(messages.c.case_id, today))
        .order_by(*gravest_first)
        .limit(limit)
    )
    return [HeldLine(*row[:6], cause, why, *row[-2:]) for row in rows for cause, why in (_why(row.hold),)]


def _why(hold: Json | None) -> tuple[str, str]:
    return (hold["name"], hold["text"]) if hold else ("", "")


def causes(db: Connection, today: date) -> dict[str, int]:
    """How many messages each cause holds, by the name of the reason."""
    name = messages.c.hold["name"].as_string()
    waits = _held, messages.c.hold.is_not(None), _awake(messages.c.case_id, today)
    rows = db.execute(select(name.label("cause"), func.count().label("number")).where(*waits).group_by(name))
    return {row.cause: row.number for row in rows}


def undated(db: Connection, today: date, limit: int = MOST_LINES) -> list[UndatedLine]:
    """Training requests that wait for a date from us, the most urgent first."""
    of_case = cases.c.id, cases.c.sensitive, cases.c.opened_at, cases.c.due, subject_shown, requester_shown
    found = select(*of_case).join_from(trainings, cases, cases.c.id == trainings.c.case_id).where(*_undated(today))
    return [UndatedLine(*row) for row in db.execute(found.order_by(cases.c.due, cases.c.id).limit(limit))]


def failed(db: Connection, limit: int = MOST_LINES) -> list[FailedLine]:
    """Messages that could not be read, oldest first."""
    columns = messages.c.id, messages.c.arrived, func.coalesce(messages.c.failure, "")
    return [FailedLine(*row) for row in db.execute(select(*columns).where(_failed).order_by(messages.c.id).limit(limit))]


def undelivered(db: Connection, limit: int = MOST_LINES) -> list[UndeliveredLine]:
    """Mails of ours that did not arrive, oldest first."""
    return [UndeliveredLine(*row) for row in db.execute(_OURS.where(UNDELIVERED).limit(limit))]


def in_doubt(db: Connection, limit: int = MOST_LINES) -> list[UndeliveredLine]:
    """Mails of ours that may have arrived or not, oldest first."""
    return [UndeliveredLine(*row) for row in db.execute(_OURS.where(IN_DOUBT).limit(limit))]


def drafts(db: Connection, today: date, limit: int = MOST_LINES) -> list[DraftLine]:
    """Replies that wait for a person's approval, the longest waiting first."""
    case_of = cases.c.kind, func.coalesce(cases.c.sensitive, false())
    mail = outgoings.c.template, outgoings.c.created_at
    rows = db.execute(
        select(outgoings.c.id, outgoings.c.case_id, *case_of, *mail, subject_shown, requester_shown)
        .join_from(outgoings, cases, cases.c.id == outgoings.c.case_id, isouter=True)
        .where(_draft, _awake(outgoings.c.case_id, today))
        .order_by(outgoings.c.id)
        .limit(limit)
    )
    return [DraftLine(*row) for row in rows]


def counts(db: Connection, today: date) -> Counts:
    """How many of each wait."""
    is_open = cases.c.state == CaseState.OPEN
    queries = (
        select(func.count()).select_from(messages).where(_held, _awake(messages.c.case_id, today)),
        select(func.count()).select_from(messages).where(_failed),
        select(func.count()).select_from(outgoings).where(UNDELIVERED),
        select(func.count()).select_from(outgoings).where(IN_DOUBT),
        select(func.count()).select_from(cases).where(is_open),
        select(func.count()).select_from(cases).where(is_open, cases.c.due < today, or_(*_woken(today))),
        select(func.count()).select_from(outgoings).where(_draft, _awake(outgoings.c.case_id, today)),
        select(func.count()).join_from(trainings, cases, cases.c.id == trainings.c.case_id).where(*_undated(today)),
    )
    return Counts(*(db.execute(query).scalar_one() for query in queries))


def last_poll(db: Connection) -> datetime | None:
    """When a folder was last looked at with success; None where none ever was."""
    polled: datetime | None = db.execute(select(func.max(cursors.c.polled_at))).scalar_one()
    return polled


def last_done(db: Connection, who: str, case_id: int) -> str | None:
    """What a person last did with a case, besides reading it: the word of the audit log."""
    rows = select(events.c.what).where(events.c.who == who, events.c.case_id == case_id, events.c.what.not_like("read%"))
    return db.execute(rows.order_by(events.c.id.desc()).limit(1)).scalar_one_or_none()
