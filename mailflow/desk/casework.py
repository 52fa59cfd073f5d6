"""A case, or a message that belongs to none: to be read, to be marked as dealt with, or to be tried again."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Response
from fastapi.responses import RedirectResponse

from mailflow.desk.access import AdvisersForm, SignedIn, admit
from mailflow.desk.letters import open_letter, suggest
from mailflow.desk.room import Room, TheRoom
from mailflow.domain import case_id_of
from mailflow.domain import reference as name_of
from mailflow.errors import UserError
from mailflow.store import casefiles, casework, kept, retrying
from mailflow.store.sessions import Session

router = APIRouter()

MOST = 2**31 - 1  # what the database can count to
Number = Annotated[int, Path(ge=1, le=MOST)]


@router.get("/cases/{reference}")
def read_case(room: TheRoom, session: SignedIn, reference: str) -> Response:
    """The conversation, the verdicts and why nothing was answered."""
    return _page(room, session, case_id_of(reference))


@router.get("/messages/{number}")
def read_message(room: TheRoom, session: SignedIn, number: Number) -> Response:
    """One message, as for those that could not be read and so have no case."""
    return _message_page(room, session, number)


@router.post("/messages/{number}/again")
def read_again(room: TheRoom, session: AdvisersForm, number: Number) -> Response:
    """Lets mailflow read a failed message again; where it has not failed (any more), shows it and says so."""
    with room.store.writing() as db:
        again = retrying.receive_again(db, [number], session.person, room.clock())
    if not again:
        return _message_page(
            room, session, number, 409, problem=f"Message {number} has not failed: nothing is to be tried again."
        )
    return RedirectResponse(f"/messages/{number}", 303)


@router.post("/cases/{reference}/dealt-with")
def deal_with(room: TheRoom, session: AdvisersForm, reference: str, seen: Annotated[int, Form(ge=0, le=MOST)]) -> Response:
    """Closes the case; where a message came meanwhile, shows it instead and says so."""
    case_id = case_id_of(reference)
    try:
        with room.store.writing() as db:
            casework.deal_with(db, case_id, session.person, seen, room.clock())
    except UserError as error:
        return _page(room, session, case_id, 409, problem=str(error))
    return RedirectResponse(f"/?done={name_of(case_id)}", 303)


def _message_page(room: Room, session: Session, number: int, status: int = 200, **values: object) -> Response:
    with room.store.writing() as db:  # the reading goes on record
        message = kept.message_file(db, number, session.person, room.clock())
        admit(session, message.needs)
    case = None if message.case_id is None else name_of(message.case_id)
    return room.page("message", session, status, letter=open_letter(message, room.ourselves), case=case, **values)


def _page(room: Room, session: Session, case_id: int, status: int = 200, **values: object) -> Response:
    with room.store.writing() as db:  # the reading goes on record
        case = casefiles.case_file(db, case_id, session.person, room.clock())
        admit(session, case.needs)
    letters = [open_letter(message, room.ourselves) for message in case.messages]
    answers = suggest(letters, room.house().rules.questions)
    return room.page("case", session, status, case=case, letters=letters, answers=answers, **values)
