"""A case, or a message that belongs to none: to be read, and to be marked as dealt with."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Response
from fastapi.responses import RedirectResponse

from mailflow.desk.access import OurForm, SignedIn
from mailflow.desk.letters import open_letter
from mailflow.desk.room import Room, TheRoom
from mailflow.domain import case_id_of
from mailflow.domain import reference as name_of
from mailflow.errors import UserError
from mailflow.store import casefiles
from mailflow.store.sessions import Session

router = APIRouter()

_MOST = 2**31 - 1  # what the database can count to
Number = Annotated[int, Path(ge=1, le=_MOST)]


@router.get("/cases/{reference}")
def read_case(room: TheRoom, session: SignedIn, reference: str) -> Response:
    """The conversation, the verdicts and why nothing was answered."""
    return _page(room, session, case_id_of(reference))


@router.get("/messages/{number}")
def read_message(room: TheRoom, session: SignedIn, number: Number) -> Response:
    """One message, as for those that could not be read and so have no case."""
    with room.store.writing() as db:  # the reading goes on record
        message = casefiles.message_file(db, number, session.person, room.clock())
    return room.page("message", session, letter=open_letter(message, room.ourselves))


@router.post("/cases/{reference}/dealt-with")
def deal_with(room: TheRoom, session: OurForm, reference: str, seen: Annotated[int, Form(ge=0, le=_MOST)]) -> Response:
    """Closes the case; where a message came meanwhile, shows it instead and says so."""
    case_id = case_id_of(reference)
    try:
        with room.store.writing() as db:
            casefiles.deal_with(db, case_id, session.person, seen, room.clock())
    except UserError as error:
        return _page(room, session, case_id, 409, problem=str(error))
    return RedirectResponse(f"/?done={name_of(case_id)}", 303)


def _page(room: Room, session: Session, case_id: int, status: int = 200, **values: object) -> Response:
    with room.store.writing() as db:  # the reading goes on record
        case = casefiles.case_file(db, case_id, session.person, room.clock())
    letters = [open_letter(message, room.ourselves) for message in case.messages]
    return room.page("case", session, status, case=case, letters=letters, **values)
