"""What a person does with a case besides answering: settle it, give it to somebody, put it off, write a note for the team."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from mailflow.domain import CaseState, Kind, MessageState, OutgoingState, Role, highest, reference
from mailflow.errors import UserError
from mailflow.store import resolving
from mailflow.store.bounces import IN_DOUBT, UNDELIVERED, blocked, unblock
from mailflow.store.filing import record
from mailflow.store.kept import needed, newest_message
from mailflow.store.people import everybody
from mailflow.store.tables import cases, merged, messages, notes, outgoings

LONGEST_NOTE = 5000
_TWICE = timedelta(minutes=1)  # in which the same note by the same person is one form that was sent again
LONGEST_SNOOZE = timedelta(days=366)
CAME_BACK = (OutgoingState.FAILED, OutgoingState.BOUNCED)


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody of the team wrote on a case, for the team."""

    who: str
    at: datetime
    words: str = field(repr=False)


def stands(state: CaseState, assigned: str | None, snoozed_until: date | None) -> str:
    """How a case stands, as a form carries it: who decides on that says what they have before them."""
    return f"{state} {assigned or ''} {snoozed_until or ''}"


def lock_case(db: Connection, case_id: int) -> Any:
    """The row of a case, kept from changing until the transaction ends. Raises UserError where it is none, or was merged."""
    row = db.execute(select(cases).where(cases.c.id == case_id).with_for_update()).one_or_none()
    if row is None:
        raise UserError(f"There is no case {reference(case_id)}.")
    into = db.execute(select(merged.c.into).where(merged.c.case_id == case_id)).scalar_one_or_none()
    if into is not None:
        raise UserError(f"{reference(case_id)} was merged into {reference(into)}: go on there.")
    return row


def check_seen(db: Connection, case_id: int, seen: int) -> None:
    """Raises UserError where a message has come on a case since the newest that somebody has read."""
    if newest_message(db, case_id) > seen:
        raise UserError(f"A new message has come on {reference(case_id)} since you opened it: read it first.")


def deal_with(db: Connection, case_id: int, by: str, seen: int, now: datetime) -> None:
    """A person has dealt with a case: it is closed, and what was held on it no longer waits.

    `seen` is the newest message they have read. Raises UserError where another one has come since, or there is no such case.
    """
    state = lock_case(db, case_id).state
    check_seen(db, case_id, seen)
    held = messages.c.case_id == case_id, messages.c.state == MessageState.HELD
    settled = db.execute(update(messages).where(*held).values(state=MessageState.FILED)).rowcount
    closes = state is not CaseState.CLOSED or is_unsettled(db, case_id)
    if closes:
        closed = {"state": CaseState.CLOSED, "closed_at": now, "snoozed_until": None}
        db.execute(update(cases).where(cases.c.id == case_id).values(closed))
    if settled or closes:
        record(db, now, by, "dealt with", case_id=case_id)


def reopen(db: Connection, case_id: int, by: str, stood: str, now: datetime) -> None:
    """A closed case is ours again. Raises UserError where it is no longer as `stood` says, or is a story."""
    row = _as_it_stood(db, case_id, stood)
    if row.kind is Kind.STORY:
        raise UserError(f"{reference(case_id)} is a story: put it back into review instead.")
    if row.state is not CaseState.CLOSED:
        raise UserError(f"{reference(case_id)} is not closed.")
    db.execute(update(cases).where(cases.c.id == case_id).values(state=CaseState.OPEN, closed_at=None))
    record(db, now, by, "reopened", case_id=case_id)


def snooze(db: Connection, case_id: int, until: date | None, by: str, stood: str, today: date, now: datetime) -> None:
    """Takes a case out of Today and the lists until a day, or puts it back there (None).

    A new message ends it. Raises UserError where it is no longer as `stood` says, is closed, or the day is not to come.
    """
    row = _as_it_stood(db, case_id, stood)
    if row.state is CaseState.CLOSED:
        raise UserError(f"{reference(case_id)} is closed: it is in no list as it is.")
    if until is not None and not today < until <= today + LONGEST_SNOOZE:
        raise UserError("Choose a day after today, and within a year.")
    db.execute(update(cases).where(cases.c.id == case_id).values(snoozed_until=until))
    record(db, now, by, "snoozed" if until else "snooze ended", case_id=case_id, detail=f"until {until}" if until else None)


def assignable(db: Connection, needs: Role) -> list[str]:
    """The names of those who may work on a case that asks this role of its readers."""
    return [person.name for person in everybody(db) if person.role.includes(highest(Role.ADVISER, needs))]


def assign(db: Connection, case_id: int, to: str | None, by: str, stood: str, now: datetime) -> None:
    """Gives a case to somebody of the team, or to nobody. Raises UserError where it is no longer as `stood` says."""
    row = _as_it_stood(db, case_id, stood)
    if to is not None and to not in assignable(db, needed(db, case_id)):
        raise UserError("Choose somebody of the team who may work on this case.")
    if to != row.assigned:
        db.execute(update(cases).where(cases.c.id == case_id).values(assigned=to))
        record(db, now, by, "assigned" if to else "assigned to nobody", case_id=case_id, detail=f"to {to}" if to else None)


def write_note(db: Connection, case_id: int, words: str, by: str, now: datetime) -> None:
    """Keeps a note for the team; what is sent again within a minute is kept once.

    Raises UserError where it is empty or longer than LONGEST_NOTE characters.
    """
    lock_case(db, case_id)
    words = words.replace("\0", "").replace("\r\n", "\n").strip()  # PostgreSQL keeps no NUL in a text
    if not words:
        raise UserError("Write the note first: it is empty.")
    if len(words) > LONGEST_NOTE:
        raise UserError(f"The note is longer than {LONGEST_NOTE:,} characters: write a shorter one, or two.")
    same = notes.c.case_id == case_id, notes.c.who == by, notes.c.words == words, notes.c.at > now - _TWICE
    if db.execute(select(notes.c.id).where(*same).limit(1)).first():
        return
    db.execute(insert(notes).values(case_id=case_id, who=by, at=now, words=words))
    record(db, now, by, "note written", case_id=case_id)


def notes_of(db: Connection, case_id: int) -> tuple[Note, ...]:
    """The notes on a case, oldest first."""
    rows = db.execute(select(notes.c.who, notes.c.at, notes.c.words).where(notes.c.case_id == case_id).order_by(notes.c.id))
    return tuple(Note(*row) for row in rows)


def came_back(db: Connection, case_id: int) -> str:
    """A name for all that came back on a case, as a form carries it: who decides on that says what they have before them."""
    shut = sorted(blocked(db, addresses_of(db, case_id)))
    return hashlib.sha256(f"{_back(db, case_id)} {shut}".encode()).hexdigest()[:16]


def send_again(db: Connection, case_id: int, by: str, back: str, now: datetime) -> list[int]:
    """Sends the mails of a case again that were refused or came back, to the same addresses.

    Raises UserError where none was, or what came back is no longer what `back` names.
    """
    lock_case(db, case_id)
    if chosen := _back(db, case_id):
        _check_back(db, case_id, back)
    again = resolving.retry(db, chosen, by, now)
    if not again:
        raise UserError(f"Nothing of {reference(case_id)} has come back, or somebody has sent it again meanwhile.")
    return again


def let_be_written_to(db: Connection, case_id: int, by: str, back: str, now: datetime) -> None:
    """Mail may go to the addresses of a case again, though it came back from there; what came back is not sent again.

    Raises UserError where what came back is no longer what `back` names.
    """
    lock_case(db, case_id)
    _check_back(db, case_id, back)
    unblock(db, addresses_of(db, case_id), by, now, case_id=case_id)


def _back(db: Connection, case_id: int) -> list[int]:
    chosen = select(outgoings.c.id).where(outgoings.c.case_id == case_id, outgoings.c.state.in_(CAME_BACK))
    return list(db.execute(chosen.order_by(outgoings.c.id)).scalars())


def _check_back(db: Connection, case_id: int, back: str) -> None:
    if came_back(db, case_id) != back:
        raise UserError(f"What came back on {reference(case_id)} has changed since you opened it: look again, then decide.")


def addresses_of(db: Connection, case_id: int) -> set[str]:
    """The addresses that its messages came from, and that its mails went to."""
    of_case = messages.c.case_id == case_id, messages.c.sender.is_not(None)
    senders = set(db.execute(select(messages.c.sender).where(*of_case)).scalars())
    mails = db.execute(select(outgoings.c.recipients).where(outgoings.c.case_id == case_id)).scalars()
    return senders.union(*mails)


def is_unsettled(db: Connection, case_id: int) -> bool:
    """Whether a mail of ours on a case did not arrive, or may not have, and nobody has dealt with that."""
    found = select(outgoings.c.id).where(outgoings.c.case_id == case_id, or_(UNDELIVERED, IN_DOUBT))
    return db.execute(found.limit(1)).one_or_none() is not None


def _as_it_stood(db: Connection, case_id: int, stood: str) -> Any:
    row = lock_case(db, case_id)
    if stands(row.state, row.assigned, row.snoozed_until) != stood:
        raise UserError(f"Somebody has changed {reference(case_id)} since you opened it: look again, then decide.")
    return row
