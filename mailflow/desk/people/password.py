"""Signing in by password, and signing out."""

import re
import secrets
import threading
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from mailflow.desk.access import NotOurFormError, OurForm, find_session, same
from mailflow.desk.room import Room, TheRoom
from mailflow.errors import UserError
from mailflow.store import people, sessions

router = APIRouter()

# A form that was never shown to this browser could sign it in as somebody else; the cookie and the form must agree.
_BEFORE = "mailflow_before"
# Browsers read "//" and "/\\" as the beginning of another site's address. A cookie keeps the way, so it must not be long.
_OUR_PATH = re.compile(r"/(?:[\w.-]+(?:/[\w.-]+)*)?(?:\?[\w.*~%&=+:/,-]{,1500})?", re.ASCII)
_WRONG = "That name and password do not fit together."

# Each check takes 64 MB on purpose; one at a time bounds what guessing can cost us.
_one_check_at_a_time = threading.Lock()
_MOST_SECONDS = 2  # that somebody waits for it: whoever waits holds a thread that other pages need


class TooManyTriesError(UserError):
    """So many passwords are tried, by this person or just now by others, that this one is not looked at."""


@router.get("/sign-in")
def ask_to_sign_in(request: Request, room: TheRoom, next: str = "/", out: bool = False) -> Response:
    """The sign-in page."""
    if find_session(request, room):
        return RedirectResponse(our_path(next), 303)
    return sign_in_page(request, room, our_path(next), out=out)


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
    try:
        person = proven(request, room, name.strip()[:64], password)
    except TooManyTriesError as error:
        return sign_in_page(request, room, our_path(next), 429, str(error), name)
    if person is None:
        return sign_in_page(request, room, our_path(next), 401, _WRONG, name)
    with room.store.writing() as db:
        people.renew_hash(db, person, password)
        token = sessions.start(db, person, room.clock())
    return let_in(room, token, our_path(next))


@router.post("/sign-out")
def sign_out(request: Request, room: TheRoom, session: OurForm) -> Response:
    """Ends the session. Whoever signed in with a university account is still signed in there, and the page says so."""
    with room.store.writing() as db:
        sessions.end(db, request.cookies[room.cookie], session.person, room.clock())
    response = RedirectResponse("/sign-in?out=1", 303)
    response.delete_cookie(room.cookie, path="/", secure=room.secure_cookies, httponly=True, samesite="lax")
    return response


def proven(request: Request, room: Room, name: str, password: str) -> str | None:
    """The person whose name and password these are, or None. Raises TooManyTriesError where it was not looked at."""
    address = request.client.host if request.client else ""
    if not room.throttle.admits(name, address, room.clock()):
        raise TooManyTriesError("Too many tries: wait a quarter of an hour, then try again.")
    if not _one_check_at_a_time.acquire(timeout=_MOST_SECONDS):
        raise TooManyTriesError("Many people are signing in just now: try again in a moment.")
    try:
        with room.store.reading() as db:
            person = people.verify(db, name, password)
    finally:
        _one_check_at_a_time.release()
    if person:
        room.throttle.forgive(name, address)
    return person


def let_in(room: Room, token: str, way: str) -> Response:
    """To the page `way` of ours, with the cookie of a session that has just begun."""
    response = RedirectResponse(way, 303)
    response.delete_cookie(_BEFORE, path="/sign-in", secure=room.secure_cookies, httponly=True, samesite="lax")
    response.set_cookie(room.cookie, token, path="/", secure=room.secure_cookies, httponly=True, samesite="lax")
    return response


def sign_in_page(
    request: Request, room: Room, way: str = "/", status: int = 200, problem: str | None = None, name: str = "", out: bool = False
) -> Response:
    """The sign-in page; `way` is where it leads, `problem` what went wrong, `out` whether somebody has just signed out."""
    with room.store.reading() as db:
        everybody = people.everybody(db)
    token = request.cookies.get(_BEFORE) or secrets.token_urlsafe(32)
    page = room.page(
        "signin",
        None,
        status,
        csrf=token,
        next=way,
        problem=problem,
        name=name,
        out=out,
        university=room.provider is not None,
        way_out=room.provider.way_out() if out and room.provider else None,
        passwords=any(person.has_password for person in everybody),
    )
    page.set_cookie(_BEFORE, token, path="/sign-in", secure=room.secure_cookies, httponly=True, samesite="lax")
    return page


def our_path(way: str) -> str:
    """Where to go after signing in: a page of ours, never another site."""
    return way if _OUR_PATH.fullmatch(way) else "/"
