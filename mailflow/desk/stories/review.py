"""One story before its reviewer: read, worked on and saved, and decided."""

from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from mailflow.desk.access import Reviewer, ReviewersForm
from mailflow.desk.fields import Seen
from mailflow.desk.room import Room, TheRoom
from mailflow.desk.stories.page import pieces, review_page, reviewers
from mailflow.desk.stories.rulings import Typed, TypedForm, all_accepted
from mailflow.desk.stories.sheet import Sheet, open_sheet
from mailflow.domain import Decision, EditedText, Ruled, case_id_of
from mailflow.domain import reference as name_of
from mailflow.errors import UserError
from mailflow.publishing import why_not_written
from mailflow.store import opened, reviewing, storyfiles, texts
from mailflow.store.sessions import Session

router = APIRouter()

MOST_BYTES = 1024 * 1024  # of a form: the longest text, and what a browser makes of its signs
Then = Literal["save", "accept all", "anew", "mark"]
NOT_THERE = "Those words do not stand in the story, or are marked already: write them as they stand there."


@router.get("/review/{reference}")
def read(room: TheRoom, session: Reviewer, reference: str, done: bool = False) -> Response:
    """The story: what was sent, what may be shown, what may be decided. `done`: and what this person has just decided."""
    return review_page(room, session, case_id_of(reference), done=done)


@router.get("/review/{reference}/others")
def who_else(room: TheRoom, session: Reviewer, reference: str) -> Response:
    """Who else has the story open: a piece of the page, which asks for it now and then."""
    with room.store.reading() as db:
        others = opened.others(db, case_id_of(reference), session.person, room.clock())
    return room.page("review/others", session, others=others)


@router.post("/review/{reference}/text")
def save(
    room: TheRoom,
    session: ReviewersForm,
    said: TypedForm,
    reference: str,
    version: Seen,
    then: Annotated[Then, Form()] = "save",
    by_itself: Annotated[bool, Form()] = False,
    seen: Annotated[str, Form()] = "",
) -> Response:
    """Saves what was worked on. `by_itself`: the page saves while it is written on, and is answered with its pieces."""
    case_id = case_id_of(reference)
    try:
        sheet = _worked_on(sheet_of(room, case_id), said, then)
        with room.store.writing() as db:
            saved = texts.save(db, case_id, session.person, version, sheet.text, room.clock())
    except UserError as error:
        if by_itself:
            return room.page("review/not_saved", session, 409, problem=str(error))
        return review_page(room, session, case_id, 409, said, problem=str(error))
    if by_itself:
        return pieces(room, session, case_id, sheet, saved, seen)
    place = f"i{sheet.number_of(said.further)}" if then == "mark" else "shown-h"
    return RedirectResponse(f"/review/{name_of(case_id)}#{place}", 303)


@router.post("/review/{reference}")
def decide(
    room: TheRoom,
    session: ReviewersForm,
    said: TypedForm,
    reference: str,
    decision: Annotated[Decision, Form()],
    reason: Annotated[str, Form()] = "",
    seen: Annotated[str, Form()] = "",
    agreed: Annotated[str, Form()] = "",
) -> Response:
    """Saves what was worked on and takes the decision; where it may not be taken, shows the story again and says why.

    What is published or taken down by it is brought to the website's folder at once.
    """
    case_id, now = case_id_of(reference), room.clock()
    text = typed_text(room, case_id, said)
    try:
        with room.store.writing() as db:
            reviewing.decide(
                db,
                case_id,
                decision,
                session.person,
                reason,
                now,
                seen,
                reviewers=reviewers(room),
                text=text,
                agreed=agreed,
            )
    except UserError as error:
        return review_page(room, session, case_id, 409, said, problem=str(error))
    return settled(room, session, case_id)


def settled(room: Room, session: Session, case_id: int) -> Response:
    """What was done is told, once the website's folder says what is published now."""
    if unwritten := why_not_written(room.store, room.settings):
        return review_page(room, session, case_id, problem=unwritten, done=True)
    return RedirectResponse(f"/review/{name_of(case_id)}?done=true", 303)


def sheet_of(room: Room, case_id: int) -> Sheet:
    """The sheet of a story as it is kept. Raises UserError where there is none."""
    with room.store.reading() as db:
        story = storyfiles.unread_story(db, case_id)
    return open_sheet(story, room.ourselves)


def typed_text(room: Room, case_id: int, said: Typed) -> EditedText | None:
    """The text that a form says, to be saved with what is decided by it; None where it has no fields for one."""
    return sheet_of(room, case_id).followed(said).text if said.has_text else None


def _worked_on(kept: Sheet, said: Typed, then: Then) -> Sheet:
    if then == "anew":
        return kept.anew(said)
    if then == "accept all":
        return kept.followed(said, all_accepted)
    if then == "save":
        return kept.followed(said)

    def mark(rulings: Sequence[Ruled]) -> Sequence[Ruled]:
        marked = kept.told.marked(said.further, rulings)
        if marked == tuple(rulings):
            raise UserError(NOT_THERE)
        return marked

    return kept.followed(said, mark)
