"""A message gets a case of its own: it is understood anew by its own verdict, and the case remembers where it began.

Nothing is sent: whoever splits a message off answers it. What follows it stays where it is.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from mailflow.deciding import House, conclude, whose_fault
from mailflow.domain import Email, History, Kind, MessageState, Mode, Plan, Verdict, reference
from mailflow.errors import UserError
from mailflow.store import casework, corrections, drafting, filing, placing, recalling
from mailflow.store.kept import KeptMessage, find_opener


@dataclass(frozen=True, slots=True)
class Split:
    """What splitting came to: the message, the case it was on, and the one it is on now."""

    message: int
    was_on: int
    case_id: int
    plan: Plan = field(repr=False)
    moves: bool = False  # in the mailbox, into the plan's folder


def split(db: Connection, house: House, number: int, by: str, seen: int, now: datetime) -> Split:
    """Puts a message on a case of its own in the open transaction; `seen` is the newest message there that somebody has read.

    Raises UserError where it cannot be split off, MailflowError where it cannot be read; the caller then rolls back.
    """
    message = corrections.open_message(db, number)
    case_id = _check(db, message, seen)
    plan = _plan(db, house, message, case_id, now)
    opened = filing.open_cases(db, [plan], now)[0].case_id
    filing.refile(db, filing.Decided(number, plan, opened), now)
    corrections.follow(db, number, opened)
    corrections.note_sensitive(db, case_id, opened)
    filing.record(db, now, by, corrections.SPLIT_OFF, case_id=case_id, message=number, detail=f"into {reference(opened)}")
    filing.record(db, now, by, corrections.SPLIT_OFF, case_id=opened, message=number, detail=f"from {reference(case_id)}")
    moves = house.mode is not Mode.REHEARSAL and placing.move(db, number, plan.folder)
    return Split(number, case_id, opened, plan, moves)


def _check(db: Connection, message: KeptMessage, seen: int) -> int:
    """The case that it is on. Raises UserError where it must stay there."""
    if message.case_id is None:
        raise UserError(f"Message {message.id} is on no case.")
    casework.lock_case(db, message.case_id)
    casework.check_seen(db, message.case_id, seen)
    drafting.check_none_waits(db, message.id)
    if find_opener(db, message.case_id) == message.id:
        raise UserError(f"{reference(message.case_id)} began with message {message.id}: split off what came later instead.")
    if message.state is MessageState.IGNORED:
        raise UserError(f"Message {message.id} was written by a machine: it needs no case of its own.")
    return message.case_id


def _plan(db: Connection, house: House, message: KeptMessage, case_id: int, now: datetime) -> Plan:
    """What it comes to by itself, but for mail: its conversation was answered before, or a person answers now."""
    verdict = Verdict(message.kind or Kind.OTHER, message.confidence or 0.0, message.sensitive, message.reasons)
    email = _read(house, message)
    past: History = recalling.recall(db, [email], now).of(email)
    alone = replace(past, case=None, another=None, about=None, acknowledged=True)
    plan = conclude(email, verdict, house, alone, message.arrived, now)
    folder = placing.folder_for(db, message.id, plan.folder, house.inbox)
    first = recalling.known_case(db, case_id).conversation
    return replace(plan, template=None, alert=False, folder=folder, began_in=first)


def _read(house: House, message: KeptMessage) -> Email:
    try:
        return replace(house.read(message.raw), whole=message.whole)
    except Exception as error:  # as the daemon would write it down
        raise whose_fault(error) from None
