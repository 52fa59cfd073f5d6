"""The stories at the desk, grouped by how far each has come."""

from fastapi import APIRouter, Response

from mailflow.desk.access import Reviewer
from mailflow.desk.fields import Beside
from mailflow.desk.room import TheRoom
from mailflow.desk.stories.page import reviewers
from mailflow.domain import StoryState
from mailflow.store import opened, storylist

router = APIRouter()

OVERVIEW, PAGE = 10, 50  # stories of a state: beside the others, and alone


@router.get("/review")
def stories(
    room: TheRoom,
    session: Reviewer,
    state: StoryState | None = None,
    after: Beside = None,
) -> Response:
    """The first stories of each state; or those of one, page by page. `after` is the last case of the page before."""
    most = PAGE if state else OVERVIEW
    with room.store.reading() as db:
        numbers = storylist.count_by_state(db)
        wanted = [state] if state else list(numbers)
        found = {one: storylist.in_state(db, one, after if state else None, most=most + 1) for one in wanted}
        cases = [line.case_id for lines in found.values() for line in lines]
        open_by = opened.openers(db, cases, room.clock(), session.person)
    shown = {one: lines[:most] for one, lines in found.items()}
    more = {one for one, lines in found.items() if len(lines) > most}
    return room.page(
        "stories",
        session,
        shown=shown,
        more=more,
        numbers=numbers,
        state=state,
        is_first=after is None,
        open_by=open_by,
        reviewers=reviewers(room),
    )
