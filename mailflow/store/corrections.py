"""A person said what a message is: the rows that follow, in the open transaction. Nothing here decides, and nothing leaves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Select, delete, func, insert, literal, or_, select, update

from mailflow.domain import CaseState, Kind, MessageState, OutgoingState, Purpose, StoryState, TrainingState, Verdict, reference
from mailflow.errors import UserError
from mailflow.store.filing import record
from mailflow.store.holding import hold_message
from mailflow.store.kept import KeptMessage, find_opener, kept_message
from mailflow.store.queueing import FREED
from mailflow.store.tables import cases, corrections, events, linked_cases, messages, outgoings, stories, trainings

SPLIT_OFF = "split off"  # how the audit log calls it
REPLY = outgoings.c.purpose == Purpose.ACKNOWLEDGEMENT
_BEGUN = (outgoings.c.state == OutgoingState.SENDING) & outgoings.c.begun_at.is_not(None)
# Nobody can have got it; what a sender has only claimed, it finds cancelled when it would begin.
UNSENT = (
    outgoings.c.state.in_((OutgoingState.DRAFT, OutgoingState.QUEUED, OutgoingState.DEFERRED, OutgoingState.SENDING)) & ~_BEGUN
)
COUNT_FOR_NOTHING = (OutgoingState.CANCELLED, OutgoingState.REHEARSED)
_ABOUT_ONE_MESSAGE = (Purpose.ACKNOWLEDGEMENT, Purpose.ANSWER, Purpose.ALERT)
UNDECIDED = (StoryState.RECEIVED, StoryState.IN_REVIEW)
WORKED_ON = (TrainingState.SCHEDULED, TrainingState.DELIVERED, TrainingState.CANCELLED)


@dataclass(frozen=True, slots=True)
class LastSaid:
    """Who corrected a message last, and what it was before."""

    who: str
    at: datetime
    was: Kind
    was_sensitive: bool


def opener(db: Connection, case_id: int) -> int:
    """The number of the message that opened a case. Raises UserError where there is no such case, or no message on it."""
    first = find_opener(db, case_id)
    if first is None:
        there = db.execute(select(cases.c.id).where(cases.c.id == case_id)).one_or_none()
        raise UserError(f"There is no message on {reference(case_id)}." if there else f"There is no case {reference(case_id)}.")
    return first


def bearing(db: Connection, message_id: str) -> int:
    """The number of the message with this Message-ID. Raises UserError where there is none, or more than one."""
    found = list(db.execute(select(messages.c.id).where(messages.c.message_id == message_id).order_by(messages.c.id)).scalars())
    if not found:
        raise UserError("No message has this Message-ID; copy it whole, with < and >, from the message's headers.")
    if len(found) > 1:
        raise UserError(f"{len(found)} messages have this Message-ID: name one of {', '.join(f'message {n}' for n in found)}.")
    return int(found[0])


def open_message(db: Connection, number: int) -> KeptMessage:
    """A decided message; neither it nor its case changes until the transaction ends. Raises UserError where none is there."""
    hold_message(db, number)
    kept = kept_message(db, number)
    if kept.state is MessageState.FAILED:
        raise UserError(f"Message {number} could not be read: have it read again first (`mailflow retry message {number}`).")
    if kept.kind is None or kept.state is MessageState.RECEIVED:
        raise UserError(f"Message {number} is not decided yet; wait a moment, then correct it.")
    return kept


def last_said(db: Connection, number: int) -> LastSaid | None:
    """The last correction of a message."""
    of = corrections.c
    row = db.execute(
        select(of.who, of.at, of.was, of.was_sensitive).where(of.message == number).order_by(of.id.desc()).limit(1)
    ).one_or_none()
    return LastSaid(*row) if row else None


def newest_case(db: Connection) -> int:
    """The highest number of a case; 0 where there is none."""
    return db.execute(select(func.max(cases.c.id))).scalar_one() or 0


def state_of(db: Connection, case_id: int) -> CaseState:
    """Whose turn it is on a case now."""
    state: CaseState = db.execute(select(cases.c.state).where(cases.c.id == case_id)).scalar_one()
    return state


def check_work(db: Connection, case_id: int) -> None:
    """Raises UserError where somebody has worked on the story or the session of a case: it cannot become something else then."""
    name = reference(case_id)
    session = db.execute(select(trainings.c.state).where(trainings.c.case_id == case_id)).scalar_one_or_none()
    if session in WORKED_ON:
        raise UserError(f"The session of {name} is {session} already: it stays a training request.")
    story = db.execute(select(stories.c.state, stories.c.shown).where(stories.c.case_id == case_id)).one_or_none()
    state, shown = (story.state, story.shown) if story else (None, None)
    if state in UNDECIDED and shown is not None:
        raise UserError(f"A reviewer has written what {name} is to show: it stays a story; decline it if it is not to be shown.")
    if state is StoryState.WITHDRAWN:
        raise UserError(f"{name} was taken back by its contributor: it stays a story, and is not shown.")
    if state is StoryState.PUBLISHED:
        raise UserError(f"{name} is published: take it down before you correct it.")
    if state is not None and state not in UNDECIDED:
        raise UserError(f"{name} is {state}: put it back into review (`mailflow review hold {name}`) before you correct it.")


def take_back(db: Connection, message: int, of_case: int | None, who: str, now: datetime, *, free: bool) -> tuple[int, ...]:
    """Cancels the replies to a message, or on a whole case, that have not left, and gives their numbers.

    What was made in rehearsal stands for nothing either. Where their occasions are `free` again, others may be made for them;
    what was no reply, an alert that was rehearsed, always leaves its occasion free.
    """
    rehearsed = (outgoings.c.answers == message) & (outgoings.c.state == OutgoingState.REHEARSED)
    chosen = or_(_replies(message, of_case) & UNSENT, rehearsed)
    mail = select(outgoings.c.id, outgoings.c.case_id, outgoings.c.purpose)
    found = db.execute(mail.where(chosen).order_by(outgoings.c.id).with_for_update()).all()
    for row in found:
        decided = {"decided_by": who, "decided_at": now, "reason": "The message that it answers was corrected."}
        is_free = free or row.purpose is not Purpose.ACKNOWLEDGEMENT
        freed = {"once": literal(f"{FREED}{row.id}, ") + outgoings.c.once} if is_free else {}
        values = {"state": OutgoingState.CANCELLED, "claimed_by": None, "claimed_until": None, **decided, **freed}
        db.execute(update(outgoings).where(outgoings.c.id == row.id).values(values))
        record(db, now, who, "mail cancelled", case_id=row.case_id, detail=f"mail {row.id}")
    return tuple(row.id for row in found)


def in_flight(db: Connection, message: int, of_case: int | None) -> tuple[int, ...]:
    """The replies to a message, or on a whole case, that are being sent: whether they arrive is not ours to say any more."""
    flying = select(outgoings.c.id).where(_replies(message, of_case), _BEGUN)
    return tuple(db.execute(flying.order_by(outgoings.c.id)).scalars())


def _replies(message: int, of_case: int | None) -> ColumnElement[bool]:
    return or_(outgoings.c.answers == message, outgoings.c.case_id == of_case) & REPLY


def no_longer_answered(db: Connection, case_id: int, message: int) -> list[KeptMessage]:
    """The messages of a case whose replies a correction of this message took back; none where another one is sensitive."""
    on_case = messages.c.case_id == case_id, messages.c.id != message
    if db.execute(select(messages.c.id).where(*on_case, messages.c.sensitive).limit(1)).first():
        return []
    freed = outgoings.c.state == OutgoingState.CANCELLED, outgoings.c.once.startswith(FREED)
    taken = select(outgoings.c.answers).where(outgoings.c.case_id == case_id, REPLY, *freed)
    # What was itself corrected since has its own reply, or its own silence.
    still = messages.c.state == MessageState.FILED, messages.c.silence.is_(None), messages.c.id.in_(taken)
    found = db.execute(select(messages.c.id).where(*on_case, *still).order_by(messages.c.id))
    return [kept_message(db, number) for number in found.scalars().all()]


def way_back(db: Connection, case_id: int, message: int) -> int | None:
    """The case in whose conversation this one began, where there is nothing on this one but a message that may go back there.

    What a person has split off stays where they put it.
    """
    others = select(messages.c.id).where(messages.c.case_id == case_id, messages.c.id != message)
    standing = select(outgoings.c.id).where(outgoings.c.case_id == case_id, outgoings.c.state.not_in(COUNT_FOR_NOTHING))
    began_in = select(linked_cases.c.began_in).where(linked_cases.c.case_id == case_id)
    split = select(events.c.id).where(events.c.case_id == case_id, events.c.what == SPLIT_OFF)
    alone = ~others.exists(), ~standing.exists(), ~split.exists()
    first: int | None = db.execute(began_in.where(*alone)).scalar_one_or_none()
    return first


def has_mail(db: Connection, once: str) -> bool:
    """Whether there is a mail for an occasion, whatever became of it."""
    return db.execute(select(outgoings.c.id).where(outgoings.c.once == once)).one_or_none() is not None


def was_sent(db: Connection, case_id: int, template: str) -> bool:
    """Whether a mail made by a template goes or went out on a case."""
    sent = outgoings.c.case_id == case_id, outgoings.c.template == template
    gone = outgoings.c.state.not_in(COUNT_FOR_NOTHING)
    return db.execute(select(outgoings.c.id).where(*sent, gone).limit(1)).one_or_none() is not None


def turn_case(db: Connection, case_id: int, kind: Kind, due: date | None) -> None:
    """The case is something else."""
    db.execute(update(cases).where(cases.c.id == case_id).values(kind=kind, due=due))


def close(db: Connection, case_id: int, now: datetime) -> None:
    """The case needs nobody."""
    values = {"state": CaseState.CLOSED, "closed_at": func.coalesce(cases.c.closed_at, now)}
    db.execute(update(cases).where(cases.c.id == case_id).values(values))


def forget_understood(db: Connection, case_id: int) -> None:
    """Forgets the training details or the reading of the story that a case has."""
    for table in (trainings, stories):
        db.execute(delete(table).where(table.c.case_id == case_id))


def note_sensitive(db: Connection, *ids: int | None) -> None:
    """A case is sensitive where one of its messages is."""
    one = select(messages.c.id).where(messages.c.case_id == cases.c.id, messages.c.sensitive).exists()
    db.execute(update(cases).where(cases.c.id.in_([case_id for case_id in ids if case_id is not None])).values(sensitive=one))


def has_others(db: Connection, case_id: int, message: int) -> bool:
    """Whether people have written on a case besides the message that opened it."""
    return db.execute(_others(case_id, message).limit(1)).first() is not None


def other_messages(db: Connection, case_id: int, message: int) -> Iterator[KeptMessage]:
    """What people have written on a case besides the message that opened it, oldest first, one at a time."""
    for number in db.execute(_others(case_id, message)).scalars().all():
        yield kept_message(db, number)


def _others(case_id: int, message: int) -> Select[int]:
    by_people = messages.c.state.in_((MessageState.FILED, MessageState.HELD))
    others = messages.c.case_id == case_id, messages.c.id != message
    return select(messages.c.id).where(*others, by_people).order_by(messages.c.id)


def follow(db: Connection, message: int, case_id: int) -> None:
    """What answers a message, and what was said of it, goes with it to another case.

    What is only in its thread stays: the invitation to a session is that of the case, as is what a contributor was asked.
    """
    answers = outgoings.c.answers == message, outgoings.c.purpose.in_(_ABOUT_ONE_MESSAGE)
    db.execute(update(outgoings).where(*answers).values(case_id=case_id))
    db.execute(update(corrections).where(corrections.c.message == message).values(case_id=case_id))


def write_down(db: Connection, message: KeptMessage, case_id: int | None, now_is: Verdict, who: str, now: datetime) -> None:
    """Keeps the correction, to be learnt from, and the audit event."""
    values = {
        "message": message.id,
        "case_id": case_id,
        "was": message.kind,
        "was_sensitive": message.sensitive,
        "kind": now_is.kind,
        "sensitive": now_is.sensitive,
        "who": who,
        "at": now,
    }
    db.execute(insert(corrections).values(values))
    said = f"{_named(message.kind, message.sensitive)} to {_named(now_is.kind, now_is.sensitive)}"
    record(db, now, who, "corrected", case_id=case_id, message=message.id, detail=said)


def _named(kind: Kind | None, sensitive: bool) -> str:
    return f"{kind}, sensitive" if sensitive else f"{kind}"
