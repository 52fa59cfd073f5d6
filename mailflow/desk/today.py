"""The first page: what waits for a person, and how much came lately. And whether the desk is well."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from sqlalchemy import Connection

from mailflow.desk import chart
from mailflow.desk.access import SignedIn
from mailflow.desk.room import Room, TheRoom
from mailflow.domain import Mode, Trouble, case_id_of, imap
from mailflow.errors import TemporaryError, UserError
from mailflow.store import listing, opened, pacing, storyfiles, storylist, waiting, weekly
from mailflow.store.troubles import standing

router = APIRouter()


@router.get("/")
def today(room: TheRoom, session: SignedIn, done: str = "") -> Response:
    """What waits. `done` names the case that this person has just settled: what they did is told from the audit log."""
    now, day = room.clock(), room.today
    with room.store.reading() as db:
        held = waiting.held(db, day)
        shown = _shown(db, day, held)
        return room.page(
            "today",
            session,
            counts=waiting.counts(db, day),
            grave=[line for line in held if line.sensitive],
            held=_by_cause(held),
            causes=waiting.causes(db, day),
            to_review=_to_review(db),
            **shown,
            open_by=opened.openers(db, _cases(held, shown), now, session.person),
            troubles=_troubles(db, room),
            mailbox=room.ourselves.address,
            unsent=pacing.count_waiting(db),
            capped=pacing.capped(db, room.house().rules.replies.total_an_hour, now),
            polled=waiting.last_poll(db),
            weeks=(weeks := weekly.by_week(db, day, room.zone)),
            bars=chart.bars(weeks),
            chart_kinds=chart.KINDS,
            done=done and (case := _case(done)) and (done, waiting.last_done(db, session.person, case)),
        )


def _shown(db: Connection, day: date, held: Sequence[waiting.HeldLine]) -> dict[str, Sequence[Any]]:
    """The lists that follow what is held. A story that is held is listed there."""
    already = {line.case_id for line in held}
    return {
        "stories": [line for line in storyfiles.stories(db) if line.case_id not in already],
        "drafts": waiting.drafts(db, day),
        "undated": waiting.undated(db, day),
        "to_answer": listing.to_answer(db, day, waiting.MOST_LINES),
        "overdue": listing.overdue(db, day, waiting.MOST_LINES),
        "failed": waiting.failed(db),
        "undelivered": waiting.undelivered(db),
        "in_doubt": waiting.in_doubt(db),
    }


def _to_review(db: Connection) -> int:
    """How many stories wait, those that are held among them."""
    numbers = storylist.count_by_state(db)
    return sum(numbers.get(state, 0) for state in storyfiles.TO_REVIEW)


def _cases(held: Sequence[waiting.HeldLine], shown: Mapping[str, Sequence[Any]]) -> set[int]:
    """The cases of all lines."""
    lines = (*held, *chain.from_iterable(shown.values()))
    return {line.case_id for line in lines if getattr(line, "case_id", None) is not None}


def _by_cause(held: Sequence[waiting.HeldLine]) -> dict[str, list[waiting.HeldLine]]:
    """What is held and not sensitive, by why, in the order in which the first of each came."""
    found: dict[str, list[waiting.HeldLine]] = {}
    for line in held:
        if not line.sensitive:
            found.setdefault(line.cause, []).append(line)
    return found


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
