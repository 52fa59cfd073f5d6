"""Everything that was received as one list, with what became of it: the last to reach us first, narrowed down and searched."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, func, select

from mailflow.domain import AutomaticSort, Kind, MessageState, OutgoingState, Purpose, Reason, Role, reference
from mailflow.domain.plain import reason_from_json
from mailflow.store.searching import Piece, Wanted, excerpts, narrowed, number_of
from mailflow.store.seeing import readable
from mailflow.store.tables import cases, messages, outgoings

PAGE = 50  # messages
_ANY = Wanted()
_GONE = (OutgoingState.QUEUED, OutgoingState.SENDING, OutgoingState.SENT, OutgoingState.DEFERRED, OutgoingState.IN_DOUBT)
_answered = exists().where(
    outgoings.c.answers == messages.c.id,
    outgoings.c.purpose.in_((Purpose.ACKNOWLEDGEMENT, Purpose.ANSWER)),
    outgoings.c.state.in_(_GONE),
)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which messages a list is of; None is any. They arrived from `since` on, before `until` (aware)."""

    wanted: Wanted = _ANY
    state: MessageState | None = None
    kind: Kind | None = None
    automatic: AutomaticSort | None = None
    sensitive: bool | None = None
    answered: bool | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class MailLine:
    """A message in a list. Who wrote it and about what is None for whoever may not read it."""

    id: int
    arrived: datetime
    state: MessageState
    kind: Kind | None
    automatic: AutomaticSort | None
    sensitive: bool
    hold: Reason | None
    silence: Reason | None
    failure: str | None
    case_id: int | None
    answered: bool
    readable: bool
    subject: str | None = field(repr=False)
    sender: str | None = field(repr=False)
    excerpt: tuple[Piece, ...] = field(default=(), repr=False)  # the words around what was searched for

    @property
    def reference(self) -> str | None:
        """EDI-0042, of its case."""
        return None if self.case_id is None else reference(self.case_id)


@dataclass(frozen=True, slots=True)
class MailPage:
    """Some messages of a list, and whether more come after the last of them."""

    lines: tuple[MailLine, ...]
    has_more: bool


def mail_list(db: Connection, narrowing: Narrowing, role: Role, before: int | None = None, most: int = PAGE) -> MailPage:
    """The messages that reached us before the one with the number `before`, as somebody with a role may see them.

    A search only finds what they may read: what they may not must not be told by the words that it is found by.
    """
    number = number_of(narrowing.wanted, db)
    query = narrowed(select(messages.c.id).where(*_conditions(narrowing)), narrowing.wanted, db)
    if narrowing.wanted.terms and not role.includes(Role.REVIEWER):
        query = query.join(cases, cases.c.id == messages.c.case_id, isouter=True).where(readable(role))
    if before is not None:
        query = query.where(number < before)
    ids: list[int] = list(db.execute(query.order_by(number.desc()).limit(most + 1)).scalars())
    return MailPage(tuple(_lines(db, ids[:most], narrowing.wanted, role)), len(ids) > most)


def _conditions(narrowing: Narrowing) -> list[ColumnElement[bool]]:
    equal = {name: getattr(narrowing, name) for name in ("state", "kind", "automatic", "sensitive")}
    conditions: list[ColumnElement[bool]] = [messages.c[name] == value for name, value in equal.items() if value is not None]
    if narrowing.answered is not None:
        conditions.append(_answered if narrowing.answered else ~_answered)
    if narrowing.since is not None:
        conditions.append(messages.c.arrived >= narrowing.since)
    if narrowing.until is not None:
        conditions.append(messages.c.arrived < narrowing.until)
    return conditions


def _lines(db: Connection, ids: list[int], wanted: Wanted, role: Role) -> list[MailLine]:
    of = messages.c
    told = of.id, of.arrived, of.state, of.kind, of.automatic, of.sensitive, of.hold, of.silence, of.failure, of.case_id
    person = func.coalesce(func.nullif(of.sender_name, ""), of.sender).label("person")
    rows = db.execute(
        select(*told, of.subject, person, _answered.label("answered"), readable(role).label("readable"))
        .join_from(messages, cases, cases.c.id == of.case_id, isouter=True)
        .where(of.id.in_(ids))
        .order_by(of.id.desc())
    ).all()
    found = excerpts(db, [row.id for row in rows if row.readable], wanted)
    return [_line(row, found.get(row.id, ())) for row in rows]


def _line(row: Any, excerpt: tuple[Piece, ...]) -> MailLine:
    return MailLine(
        id=row.id,
        arrived=row.arrived,
        state=row.state,
        kind=row.kind,
        automatic=row.automatic,
        sensitive=row.sensitive,
        hold=reason_from_json(row.hold) if row.hold else None,
        silence=reason_from_json(row.silence) if row.silence else None,
        failure=row.failure,
        case_id=row.case_id,
        answered=row.answered,
        readable=bool(row.readable),
        subject=row.subject if row.readable else None,
        sender=row.person if row.readable else None,
        excerpt=excerpt,
    )
