"""One story before its reviewer, and their decision."""

from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from mailflow.desk.access import Reviewer, ReviewersForm
from mailflow.desk.letters import open_letter, tell
from mailflow.desk.room import Room, TheRoom
from mailflow.desk.shown import legend
from mailflow.domain import Decision, Kind, case_id_of
from mailflow.domain import reference as name_of
from mailflow.errors import UserError
from mailflow.store import reviewing, storyfiles
from mailflow.store.sessions import Session

router = APIRouter()


@router.get("/review/{reference}")
def read(room: TheRoom, session: Reviewer, reference: str) -> Response:
    """The story as it was sent, with what could tell who somebody is."""
    return _page(room, session, case_id_of(reference))


@router.post("/review/{reference}")
def decide(
    room: TheRoom,
    session: ReviewersForm,
    reference: str,
    decision: Annotated[Decision, Form()],
    reason: Annotated[str, Form()] = "",
    seen: Annotated[str, Form()] = "",
    agreed: Annotated[str, Form()] = "",
) -> Response:
    """Takes the decision; where it may not be taken, shows the story again and says why."""
    case_id = case_id_of(reference)
    reviewers = room.house().rules.kinds[Kind.STORY].reviewers
    try:
        with room.store.writing() as db:
            reviewing.decide(db, case_id, decision, session.person, reason, room.clock(), seen, reviewers=reviewers, agreed=agreed)
    except UserError as error:
        return _page(room, session, case_id, 409, problem=str(error), reason=reason, agreed=agreed)
    return RedirectResponse(f"/?done={name_of(case_id)}", 303)


def _page(room: Room, session: Session, case_id: int, status: int = 200, **values: object) -> Response:
    with room.store.writing() as db:  # the reading goes on record
        story = storyfiles.story(db, case_id, session.person, room.clock())
    letters = [open_letter(message, room.ourselves) for message in story.messages]
    tellings = tell(letters, story.identifiers)
    found = [identifier for telling in tellings for identifier in telling.identifiers]
    return room.page("story", session, status, story=story, tellings=tellings, identifiers=found, legend=legend(found), **values)
