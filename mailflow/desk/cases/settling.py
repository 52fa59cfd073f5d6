"""What a person does with a case besides answering and correcting: deal with it, give it away, put it off, write a note."""

from collections.abc import Callable
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from mailflow.desk.access import AdvisersForm, admit
from mailflow.desk.cases.casework import case_page
from mailflow.desk.fields import Seen
from mailflow.desk.room import Room, TheRoom
from mailflow.domain import case_id_of
from mailflow.domain import reference as name_of
from mailflow.errors import UserError
from mailflow.store import casework, kept
from mailflow.store.sessions import Session

router = APIRouter()

Stood = Annotated[str, Form(max_length=200)]
Told = Annotated[str, Form(max_length=64)]


@router.post("/cases/{reference}/dealt-with")
def deal_with(room: TheRoom, session: AdvisersForm, reference: str, seen: Seen) -> Response:
    """Closes the case; where a message came meanwhile, shows it instead and says so."""
    case_id = case_id_of(reference)
    done = _settle(room, session, case_id, lambda db: casework.deal_with(db, case_id, session.person, seen, room.clock()))
    return done or RedirectResponse(f"/?done={name_of(case_id)}", 303)


@router.post("/cases/{reference}/reopen")
def reopen(room: TheRoom, session: AdvisersForm, reference: str, stood: Stood = "") -> Response:
    """A closed case is ours again."""
    case_id = case_id_of(reference)
    done = _settle(room, session, case_id, lambda db: casework.reopen(db, case_id, session.person, stood, room.clock()))
    return done or _back(case_id)


@router.post("/cases/{reference}/assign")
def assign(
    room: TheRoom, session: AdvisersForm, reference: str, to: Annotated[str, Form(max_length=64)] = "", stood: Stood = ""
) -> Response:
    """Gives the case to somebody of the team, or to nobody."""
    case_id = case_id_of(reference)
    done = _settle(
        room, session, case_id, lambda db: casework.assign(db, case_id, to or None, session.person, stood, room.clock())
    )
    return done or _back(case_id)


@router.post("/cases/{reference}/snooze")
def snooze(
    room: TheRoom, session: AdvisersForm, reference: str, until: Annotated[str, Form()] = "", stood: Stood = ""
) -> Response:
    """Out of Today and the lists until a day; without a day, back into them."""
    case_id = case_id_of(reference)

    def put_off(db: Connection) -> None:
        casework.snooze(db, case_id, _day(until), session.person, stood, room.today, room.clock())

    return _settle(room, session, case_id, put_off, until=until) or _back(case_id)


@router.post("/cases/{reference}/note")
def write_note(room: TheRoom, session: AdvisersForm, reference: str, words: Annotated[str, Form()] = "") -> Response:
    """Keeps a note for the team, once though its form is sent twice; it is never refused for being late."""
    case_id = case_id_of(reference)

    def write(db: Connection) -> None:
        casework.write_note(db, case_id, words, session.person, room.clock())

    return _settle(room, session, case_id, write, words=words) or _back(case_id)


@router.post("/cases/{reference}/send-again")
def send_again(room: TheRoom, session: AdvisersForm, reference: str, back: Told = "") -> Response:
    """Sends what was refused or came back again, and lets its addresses be written to."""
    case_id = case_id_of(reference)
    done = _settle(room, session, case_id, lambda db: casework.send_again(db, case_id, session.person, back, room.clock()))
    return done or _back(case_id)


@router.post("/cases/{reference}/let-write")
def let_write(room: TheRoom, session: AdvisersForm, reference: str, back: Told = "") -> Response:
    """Lets the addresses of a case be written to again; what came back from there is not sent again."""
    case_id = case_id_of(reference)

    def let(db: Connection) -> None:
        casework.let_be_written_to(db, case_id, session.person, back, room.clock())

    done = _settle(room, session, case_id, let)
    return done or _back(case_id)


def _settle(room: Room, session: Session, case_id: int, decide: Callable[[Connection], object], **typed: str) -> Response | None:
    """Takes a decision on a case that this person may read. Where it is refused, the page with why, and what they typed."""
    try:
        with room.store.writing() as db:
            casework.lock_case(db, case_id)  # so that it asks for no other role by the time of the decision
            admit(session, kept.needed(db, case_id))
            decide(db)
    except UserError as error:
        return case_page(room, session, case_id, 409, problem=str(error), typed=typed)
    return None


def _back(case_id: int) -> Response:
    return RedirectResponse(f"/cases/{name_of(case_id)}?done=1", 303)


def _day(written: str) -> date | None:
    """Raises UserError where a day was written that is none."""
    try:
        return date.fromisoformat(written) if written.strip() else None
    except ValueError:
        raise UserError("Choose a day after today, and within a year.") from None
