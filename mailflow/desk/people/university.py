"""Signing in with a university account: the way there, and the way back."""

import re
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from mailflow.desk.access import same
from mailflow.desk.people import claims
from mailflow.desk.people.password import let_in, our_path, sign_in_page
from mailflow.desk.people.provider import BACK, Journey, Provider, RefusedError
from mailflow.desk.room import Room, TheRoom
from mailflow.errors import TemporaryError, UserError
from mailflow.store import sessions, subjects

router = APIRouter()
log = structlog.get_logger("mailflow.desk")

_MOST_SECONDS = 600  # for the way there and back
_AWAY = (
    "The university’s sign-in cannot be used just now. Try again in a minute; if it stays so, tell whoever looks after mailflow."
)
_ELSEWHERE = "This sign-in was not begun in this browser, took too long, or was used already. Sign in again."
_TURNED_DOWN = "You were not signed in: the university’s sign-in was broken off there."
_NO_ROLE = (
    "Your university account has no role at this desk. Ask whoever looks after mailflow to give it one, then sign in again."
)


@router.get("/sign-in/university")
def leave(request: Request, room: TheRoom, next: str = "/") -> Response:
    """Sends the browser to the university's sign-in; a cookie keeps what proves that it left from here."""
    journey = Journey.begin(our_path(next))
    try:
        response = RedirectResponse(_provider(room).way_there(journey), 303)
    except (UserError, TemporaryError) as error:
        return _unreachable(request, room, error)
    response.set_cookie(_cookie(room), f"{journey.secret}{journey.way}", max_age=_MOST_SECONDS, **_kept(room))
    return response


@router.get(BACK)
def come_back(
    request: Request,
    room: TheRoom,
    state: Annotated[str, Query(max_length=100)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
    error: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """Signs in whom the university's sign-in sends back, in the browser that left; for no other does this change anything."""
    response = _arrive(request, room, state, code, error)
    response.delete_cookie(_cookie(room), **_kept(room))
    return response


def _arrive(request: Request, room: Room, state: str, code: str, error: str) -> Response:
    provider = _provider(room)
    journey = _journey(request.cookies.get(_cookie(room), ""))
    if journey is None or not same(journey.state, state):
        return sign_in_page(request, room, problem=_ELSEWHERE, status=400)
    if error or not code:
        known = re.sub(r"[^a-z_]", "", error)[:40]  # it came by the browser
        log.warning("sign-in broken off", why=known)
        return sign_in_page(request, room, journey.way, problem=_TURNED_DOWN, status=403)
    try:
        said = provider.claims(code, journey, room.clock())
    except RefusedError as refused:
        log.warning("sign-in refused", why=refused.why)
        return sign_in_page(request, room, journey.way, problem=str(refused), status=403)
    except (UserError, TemporaryError) as failed:
        return _unreachable(request, room, failed, journey.way)
    return _welcome(request, room, journey.way, said)


def _welcome(request: Request, room: Room, way: str, said: dict[str, Any]) -> Response:
    """Who has a role comes in, under the name they have here; who has none any more is signed out everywhere."""
    role, subject, now = claims.role(said, room.settings.oidc_roles_claim), claims.subject(said), room.clock()
    with room.store.writing() as db:
        if role is None:
            subjects.turn_away(db, subject, now)
            token = None
        else:
            person = subjects.arrive(db, subject, claims.wished_name(said), role, now)
            token = sessions.start(db, person, now, "by the university's sign-in")
    if token is None:
        log.warning("sign-in refused", why="no role")
        return sign_in_page(request, room, way, problem=_NO_ROLE, status=403)
    return let_in(room, token, way)


def _unreachable(request: Request, room: Room, error: Exception, way: str = "/") -> Response:
    log.warning("sign-in failed", why=str(error))  # a sentence of ours
    return sign_in_page(request, room, way, problem=_AWAY, status=503)


def _provider(room: Room) -> Provider:
    if room.provider is None:
        raise HTTPException(404)
    return room.provider


def _journey(kept: str) -> Journey | None:
    found = re.fullmatch(r"([\w-]{43})(/.*)", kept, re.ASCII)
    return Journey(found[1], our_path(found[2])) if found else None


def _cookie(room: Room) -> str:
    return "__Host-mailflow_way" if room.secure_cookies else "mailflow_way"


def _kept(room: Room) -> dict[str, Any]:
    return {"path": "/", "secure": room.secure_cookies, "httponly": True, "samesite": "lax"}
