"""Settings, for whoever looks after mailflow: whether all is well, what the digest would say, and who did what."""

import platform
from collections.abc import Iterator
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse

import mailflow
from mailflow.desk.access import Administrator, Adviser, SignedIn
from mailflow.desk.fields import Beside
from mailflow.desk.mail.formatted import FRAME_POLICY
from mailflow.desk.room import Room, TheRoom
from mailflow.digest.send import preview, unreported
from mailflow.domain import case_id_of
from mailflow.errors import UserError
from mailflow.publishing import why_behind
from mailflow.render import Rendered
from mailflow.store import audit
from mailflow.store.database import form
from mailflow.store.sessions import Session
from mailflow.store.standing import standing

router = APIRouter()


@router.get("/settings/health")
def health(room: TheRoom, session: SignedIn) -> Response:
    """Where everything stands: the mailbox, what waits, and what runs here."""
    house, now = room.house(), room.clock()
    with room.store.reading() as db:
        found = standing(db, room.ourselves.address, now, room.zone, house.rules.replies.total_an_hour)
        tables = form(db)
    return room.page(
        "settings/health",
        session,
        standing=found,
        mailbox=room.ourselves.address,
        watched=room.settings.imap_folder,
        patience=room.patience,
        learnt_problem=house.learnt.problem,
        website_problem=why_behind(room.store, room.settings),
        versions=list(_versions(room, tables)),
        problem=None,
        done=None,
    )


def _versions(room: Room, tables: str) -> Iterator[tuple[str, str]]:
    learnt = room.house().learnt.learnt
    yield "Mode", room.mode.value
    yield "mailflow", mailflow.__version__
    yield "Python", platform.python_version()
    yield "Database", f"{room.store.title}, {room.store.version}"
    yield "Its tables", tables
    yield "Judges by", learnt.name if learnt else "what it came with"


@router.get("/settings/digest")
def digest(room: TheRoom, session: Adviser) -> Response:
    """The digest as it would go now: nothing is sent or noted by looking."""
    mail = _digest(room)
    rules = room.house().rules
    readers = rules.digest.readers or room.settings.team
    return room.page("settings/digest", session, subject=mail.subject, text=mail.text, readers=readers, problem=None, done=None)


@router.get("/settings/digest/html")
def digest_html(room: TheRoom, session: Adviser) -> Response:
    """Its HTML part, for a frame that may do nothing."""
    headers = {"Content-Security-Policy": FRAME_POLICY, "X-Frame-Options": "SAMEORIGIN"}
    return HTMLResponse(_digest(room).html, headers=headers)


def _digest(room: Room) -> Rendered:
    house = room.house()
    return preview(unreported(room.store, house, room.clock(), folder=room.settings.imap_folder), house)


@router.get("/settings/audit")
def log(
    room: TheRoom,
    session: Administrator,
    who: Annotated[str, Query(max_length=64)] = "",
    what: Annotated[str, Query(max_length=64)] = "",
    case: Annotated[str, Query(max_length=20)] = "",
    day: Annotated[str, Query(max_length=10)] = "",
    before: Beside = None,
) -> Response:
    """Who did what, newest first; narrowed down by person, deed, case and day."""
    asked = {"who": who.strip(), "what": what.strip(), "case": case.strip(), "day": day}
    try:
        wanted = _wanted(asked, before)
    except UserError as error:
        return _log(room, session, asked, [], 422, problem=str(error))
    with room.store.reading() as db:
        found, has_more = audit.entries(db, wanted, room.zone)
    older = _way(asked | {"before": str(found[-1].number)}) if has_more else None
    return _log(room, session, asked, found, older=older, later=before is not None)


def _wanted(asked: dict[str, str], before: int | None) -> audit.Wanted:
    """Raises UserError for a case or a day that is none."""
    case_id = case_id_of(asked["case"]) if asked["case"] else None
    try:
        day = date.fromisoformat(asked["day"]) if asked["day"] else None
    except ValueError:
        raise UserError("That is no day; write one such as 2026-11-24.") from None
    return audit.Wanted(asked["who"], asked["what"], case_id, day, before)


def _log(
    room: Room,
    session: Session,
    asked: dict[str, str],
    found: list[audit.Entry],
    status: int = 200,
    *,
    problem: str | None = None,
    older: str | None = None,
    later: bool = False,
) -> Response:
    return room.page(
        "settings/audit",
        session,
        status,
        asked=asked,
        narrowed=any(asked.values()),
        found=found,
        older=older,
        newest=_way(asked) if later else None,
        problem=problem,
        done=None,
    )


def _way(asked: dict[str, str]) -> str:
    """The address of a page of the log."""
    return f"/settings/audit?{urlencode({name: value for name, value in asked.items() if value})}"
