"""The first page: what waits for a person. And the list of all stories, and whether the desk is well."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from sqlalchemy import Connection

from mailflow.desk.access import Reviewer, SignedIn
from mailflow.desk.room import Room, TheRoom
from mailflow.domain import Mode, StoryState, Trouble, case_id_of, imap
from mailflow.errors import TemporaryError, UserError
from mailflow.store import listing, pacing, reviewing, waiting
from mailflow.store.troubles import standing

router = APIRouter()


@router.get("/")
def today(room: TheRoom, session: SignedIn, done: str = "") -> Response:
    """What waits. `done` names the case that this person has just settled: what they did is told from the audit log."""
    now = room.clock()
    day = now.astimezone(room.zone).date()
    with room.store.reading() as db:
        return room.page(
            "today",
            session,
            counts=waiting.counts(db, day),
            stories=reviewing.stories(db),
            held=waiting.held(db),
            drafts=waiting.drafts(db),
            overdue=listing.overdue(db, day, waiting.MOST_LINES),
            failed=waiting.failed(db),
            undelivered=waiting.undelivered(db),
            in_doubt=waiting.in_doubt(db),
            troubles=_troubles(db, room),
            mailbox=room.ourselves.address,
            unsent=pacing.count_waiting(db),
            capped=pacing.capped(db, room.house().rules.replies.total_an_hour, now),
            polled=waiting.last_poll(db),
            done=done and (case := _case(done)) and (done, waiting.last_done(db, session.person, case)),
        )


@router.get("/review")
def all_stories(room: TheRoom, session: Reviewer) -> Response:
    """Every story, whatever became of it."""
    with room.store.reading() as db:
        found = reviewing.stories(db, ())
    by_state = {state: [line for line in found if line.state is state] for state in StoryState}
    return room.page("stories", session, stories=found, by_state=by_state)


@router.get("/healthz")
def health(room: TheRoom) -> Response:
    """For the container's health check: needs no sign-in and says no more than well or unwell."""
    try:
        with room.store.reading() as db:
            polled = waiting.last_poll(db)
    except TemporaryError:
        return JSONResponse({"mailflow": "unwell"}, 503)
    since = max(polled, room.started) if polled else room.started  # after a long stop it may take a while to catch up
    well = room.clock() - since <= room.patience
    return JSONResponse({"mailflow": "well" if well else "unwell"}, 200 if well else 503)


def _troubles(db: Connection, room: Room) -> list[Trouble]:
    """The servers that are not well, of those in use."""
    sends = room.mode is not Mode.REHEARSAL
    return [found for found in standing(db) if (sends if found.is_sending else found.server == imap(room.settings.imap_folder))]


def _case(written: str) -> int | None:
    try:
        return case_id_of(written)
    except UserError:
        return None
