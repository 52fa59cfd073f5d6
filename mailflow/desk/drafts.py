"""A reply before the person who approves it or takes it back."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from mailflow.desk.access import AdvisersForm, SignedIn, admit
from mailflow.desk.casework import MOST, Number
from mailflow.desk.letters import open_letter, open_ours, suggest
from mailflow.desk.room import Room, TheRoom
from mailflow.domain import reference
from mailflow.errors import UserError
from mailflow.store import drafting
from mailflow.store.sessions import Session

router = APIRouter()


@router.get("/drafts/{number}")
def read_draft(room: TheRoom, session: SignedIn, number: Number) -> Response:
    """The reply as it would be sent, and the message it answers."""
    return _page(room, session, number)


@router.post("/drafts/{number}")
def decide(
    room: TheRoom,
    session: AdvisersForm,
    number: Number,
    decision: Annotated[Literal["send", "take back"], Form()],
    seen: Annotated[int, Form(ge=0, le=MOST)],
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Sends it or takes it back; where that cannot be done any more, shows it again and says why."""
    try:
        with room.store.writing() as db:
            case_id = drafting.decide(
                db, number, send=decision == "send", by=session.person, reason=reason, seen=seen, now=room.clock()
            )
    except UserError as error:
        return _page(room, session, number, 409, problem=str(error), reason=reason)
    return RedirectResponse("/" if case_id is None else f"/?done={reference(case_id)}", 303)


def _page(room: Room, session: Session, number: int, status: int = 200, **values: object) -> Response:
    with room.store.writing() as db:  # the reading goes on record
        draft = drafting.draft_file(db, number, session.person, room.clock())
        admit(session, draft.needs)
    letter = open_letter(draft.answered, room.ourselves) if draft.answered else None
    ours = open_ours(draft.raw)
    answers = suggest([letter] if letter else [], room.house().rules.questions)
    return room.page("draft", session, status, draft=draft, ours=ours, letter=letter, answers=answers, **values)
