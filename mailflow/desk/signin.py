"""Signing in and out."""

import re
import secrets
import threading
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from mailflow.desk.access import NotOurFormError, OurForm, find_session, same
from mailflow.desk.room import Room, TheRoom
from mailflow.store import people, sessions

router = APIRouter()

# A form that was never shown to this browser could sign it in as somebody else; the cookie and the form must agree.
_BEFORE = "mailflow_before"
_OUR_PATH = re.compile(r"/[A-Za-z0-9-]+(?:/[A-Za-z0-9-]+)*")
_WRONG = "That name and password do not fit together."
_TOO_MANY = "Too many tries: wait a quarter of an hour, then try again."

# Each check takes 64 MB on purpose; one at a time bounds what guessing can cost us.
_one_check_at_a_time = threading.Lock()


@router.get("/sign-in")
def ask_to_sign_in(request: Request, room: TheRoom, next: str = "/") -> Response:
    """The sign-in page."""
    if find_session(request, room):
        return RedirectResponse(_our_path(next), 303)
    return _form(request, room, _our_path(next))


@router.post("/sign-in")
def sign_in(
    request: Request,
    room: TheRoom,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    csrf: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",
) -> Response:
    """Signs in, or says that name and password do not fit."""
    before = request.cookies.get(_BEFORE, "")
    if not before or not same(before, csrf):
        raise NotOurFormError
    name, address, now = name.strip()[:64], request.client.host if request.client else "", room.clock()
    if not room.throttle.admits(name, address, now):
        return _form(request, room, _our_path(next), 429, _TOO_MANY, name)
    with _one_check_at_a_time, room.store.reading() as db:
        person = people.verify(db, name, password)
    if person is None:
        return _form(request, room, _our_path(next), 401, _WRONG, name)
    room.throttle.forgive(name, address)
    with room.store.writing() as db:
        people.renew_hash(db, person, password)
        token = sessions.start(db, person, now)
    response = RedirectResponse(_our_path(next), 303)
    response.delete_cookie(_BEFORE, path="/sign-in", secure=room.secure_cookies, httponly=True, samesite="lax")
    response.set_cookie(room.cookie, token, path="/", secure=room.secure_cookies, httponly=True, samesite="lax")
    return response


@router.post("/sign-out")
def sign_out(request: Request, room: TheRoom, session: OurForm) -> Response:
    """Ends the session."""
    with room.store.writing() as db:
        sessions.end(db, request.cookies[room.cookie], session.person, room.clock())
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(room.cookie, path="/", secure=room.secure_cookies, httponly=True, samesite="lax")
    return response


def _form(request: Request, room: Room, way: str, status: int = 200, problem: str | None = None, name: str = "") -> Response:
    with room.store.reading() as db:
        somebody = bool(people.everybody(db))
    token = request.cookies.get(_BEFORE) or secrets.token_urlsafe(32)
    page = room.page("signin", None, status, csrf=token, next=way, problem=problem, name=name, somebody=somebody)
    page.set_cookie(_BEFORE, token, path="/sign-in", secure=room.secure_cookies, httponly=True, samesite="lax")
    return page


def _our_path(way: str) -> str:
    """Where to go after signing in: a page of ours, never another site."""
    return way if _OUR_PATH.fullmatch(way) else "/"
