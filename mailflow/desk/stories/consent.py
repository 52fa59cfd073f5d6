"""The contributor's consent: the question as it would be sent, its sending, and what they answered. And a story taken down."""

from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from mailflow import asking
from mailflow.desk.access import Reviewer, ReviewersForm
from mailflow.desk.fields import MOST, Beside, Seen
from mailflow.desk.mail.letters import open_ours
from mailflow.desk.room import Room, TheRoom
from mailflow.desk.stories.page import review_page
from mailflow.desk.stories.review import settled, typed_text
from mailflow.desk.stories.rulings import TypedForm
from mailflow.domain import Agreement, case_id_of
from mailflow.domain import reference as name_of
from mailflow.errors import UserError
from mailflow.store import askings, storyfiles, texts
from mailflow.store.sessions import Session

router = APIRouter()


@router.post("/review/{reference}/asking")
def prepare(room: TheRoom, session: ReviewersForm, said: TypedForm, reference: str, version: Seen) -> Response:
    """Saves what was worked on, and leads to the question as it would be sent."""
    case_id, now = case_id_of(reference), room.clock()
    text = typed_text(room, case_id, said)
    try:
        with room.store.writing() as db:
            if text is not None:
                texts.save(db, case_id, session.person, version, text, now)
            asking.preview(db, room.house(), case_id, now)
    except UserError as error:
        return review_page(room, session, case_id, 409, said, problem=str(error))
    return RedirectResponse(f"/review/{name_of(case_id)}/asking", 303)


@router.get("/review/{reference}/asking")
def read_question(room: TheRoom, session: Reviewer, reference: str) -> Response:
    """The question to the contributor, as it would be sent."""
    return _question(room, session, case_id_of(reference))


@router.post("/review/{reference}/asked")
def ask(room: TheRoom, session: ReviewersForm, reference: str, seen: Annotated[str, Form()]) -> Response:
    """Sends the question; where it may not be sent, shows it again and says why."""
    case_id = case_id_of(reference)
    try:
        with room.store.writing() as db:
            asked = asking.ask(db, room.house(), case_id, session.person, room.clock(), seen)
    except UserError as error:
        return _question(room, session, case_id, 409, problem=str(error))
    if not asked.leaves:
        return _question(room, session, case_id, done=asked.sentence)
    return RedirectResponse(f"/review/{name_of(case_id)}?done=true", 303)


@router.post("/review/{reference}/answer")
def confirm(
    room: TheRoom,
    session: ReviewersForm,
    said: TypedForm,
    reference: str,
    answer: Annotated[Agreement, Form()],
    asked: Annotated[int, Form(alias="asking", ge=0, le=MOST)],
    note: Annotated[str, Form()] = "",
    message: Beside = None,
    seen: Annotated[str, Form()] = "",
) -> Response:
    """Saves what was worked on and puts on record what the contributor answered: in a message, or as the note tells."""
    case_id, now = case_id_of(reference), room.clock()
    text = typed_text(room, case_id, said)
    note = "" if message else note
    try:
        with room.store.writing() as db:
            askings.confirm(db, case_id, asked, answer, session.person, message, note, now, seen, text)
    except UserError as error:
        return review_page(room, session, case_id, 409, said, problem=str(error))
    return settled(room, session, case_id)


@router.get("/review/{reference}/take-down")
def before_taking_down(room: TheRoom, session: Reviewer, reference: str) -> Response:
    """Says what becomes of a published story that is taken down, and asks why."""
    case_id = case_id_of(reference)
    with room.store.writing() as db:  # the reading goes on record
        story = storyfiles.story(db, case_id, session.person, room.clock())
    return room.page("review/take_down", session, story=story)


def _question(room: Room, session: Session, case_id: int, status: int = 200, **values: str) -> Response:
    now = room.clock()
    with room.store.writing() as db:  # the reading goes on record
        story = storyfiles.story(db, case_id, session.person, now)
        try:
            mail, why_not = asking.preview(db, room.house(), case_id, now), ""
        except UserError as error:
            mail, why_not = None, str(error)
    ours = open_ours(mail.raw) if mail else None
    said = {"problem": why_not, "done": "", **values}
    return room.page("review/asking", session, status, story=story, mail=mail, ours=ours, **said)
