"""Whom a case may be answered: the people who wrote on it. And what else of ours is under way there."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from mailflow.domain import Address, MessageState, Ourselves, OutgoingState, Purpose
from mailflow.store.tables import messages, outgoings

_BY_PEOPLE = (MessageState.FILED, MessageState.HELD)
_WAITS = (OutgoingState.DRAFT, OutgoingState.QUEUED, OutgoingState.DEFERRED, OutgoingState.SENDING)
NOT_SENT = (OutgoingState.DRAFT, OutgoingState.CANCELLED, OutgoingState.REHEARSED)


@dataclass(frozen=True, slots=True)
class Correspondent:
    """Somebody who wrote on a case. `messages`: the numbers of what they wrote there, the newest first."""

    address: str = field(repr=False)
    name: str = field(repr=False)
    messages: tuple[int, ...]

    @property
    def message(self) -> int:
        """The number of their newest message there."""
        return self.messages[0]


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A mail of ours on a case that has not left."""

    id: int
    purpose: Purpose
    state: OutgoingState
    created_at: datetime


def correspondents(db: Connection, case_id: int, ourselves: Ourselves) -> tuple[Correspondent, ...]:
    """Who wrote on a case, whoever wrote last first; machines and ourselves are nobody to be answered."""
    wrote = select(messages.c.sender, messages.c.sender_name, messages.c.id).where(messages.c.case_id == case_id)
    by_people = messages.c.state.in_(_BY_PEOPLE), messages.c.sender.is_not(None)
    found: dict[str, list[Any]] = {}
    for row in db.execute(wrote.where(*by_people).order_by(messages.c.id.desc())):
        if not ourselves.includes(Address("", row.sender)):
            found.setdefault(row.sender, []).append(row)
    return tuple(
        Correspondent(address, rows[0].sender_name or "", tuple(row.id for row in rows)) for address, rows in found.items()
    )


def under_way(db: Connection, case_id: int | None, but: int | None = None) -> tuple[UnderWay, ...]:
    """Our replies and answers on a case that wait, or are about to leave, the oldest first; without mail number `but`."""
    mail = outgoings.c
    waits = mail.case_id == case_id, mail.state.in_(_WAITS), mail.purpose.in_((Purpose.ACKNOWLEDGEMENT, Purpose.ANSWER))
    rows = db.execute(select(mail.id, mail.purpose, mail.state, mail.created_at).where(*waits).order_by(mail.id))
    return tuple(UnderWay(*row) for row in rows if row.id != but)


def count_answers(db: Connection, case_id: int | None) -> int:
    """How many answers people have sent on a case: whoever sends one says how many they know of."""
    mail = outgoings.c
    sent = mail.case_id == case_id, mail.purpose == Purpose.ANSWER, mail.state.not_in(NOT_SENT)
    return len(db.execute(select(mail.id).where(*sent)).all())


def told(db: Connection, case_id: int) -> str:
    """All that automatic replies on a case have said, or are to say, as one line: where lines break is no matter."""
    mail = outgoings.c
    left = mail.case_id == case_id, mail.purpose == Purpose.ACKNOWLEDGEMENT, mail.state.not_in(NOT_SENT)
    return "  ".join(" ".join(text.split()) for text in db.execute(select(mail.text).where(*left)).scalars())
