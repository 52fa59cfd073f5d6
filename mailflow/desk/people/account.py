"""Settings, first page: one's own account. The role, where one is signed in, and the password."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from mailflow.desk.access import OurForm, SignedIn
from mailflow.desk.people.password import TooManyTriesError, let_in, proven
from mailflow.desk.room import Room, TheRoom
from mailflow.errors import UserError
from mailflow.store import audit, people, sessions
from mailflow.store.sessions import Session

router = APIRouter()

_DONE = "Your password is changed, and every other browser is signed out."
_HOW = "with a new password"
_WRONG = "That is not your password now. Nothing was changed."
_NOT_TWICE = "The new password is not the same both times. Nothing was changed."


@router.get("/settings")
def account(request: Request, room: TheRoom, session: SignedIn, changed: bool = False) -> Response:
    """One's own account. `changed`: its password was changed just now."""
    with room.store.reading() as db:
        is_so = audit.latest(db, session.person) == ("signed in", _HOW)
    return _page(request, room, session, done=_DONE if changed and is_so else None)


@router.post("/settings/sign-out")
def sign_out_everywhere(room: TheRoom, session: OurForm) -> Response:
    """Ends every session of whoever asks, this one among them."""
    with room.store.writing() as db:
        sessions.end_all(db, session.person, session.person, room.clock())
    response = RedirectResponse("/sign-in?out=1", 303)
    response.delete_cookie(room.cookie, path="/", secure=room.secure_cookies, httponly=True, samesite="lax")
    return response


@router.post("/settings/password")
def change_password(
    request: Request,
    room: TheRoom,
    session: OurForm,
    old: Annotated[str, Form()] = "",
    new: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """A new password for whoever knows the old one; this browser goes on with a session of its own."""
    if new != again:
        return _page(request, room, session, 422, problem=_NOT_TWICE)
    try:
        known = proven(request, room, session.person, old)
    except TooManyTriesError as error:
        return _page(request, room, session, 429, problem=str(error))
    if known is None:
        return _page(request, room, session, 422, problem=_WRONG)
    now = room.clock()
    try:
        with room.store.writing() as db:
            people.set_password(db, session.person, new, session.person, now)
            token = sessions.start(db, session.person, now, _HOW)
    except UserError as error:
        return _page(request, room, session, 422, problem=str(error))
    return let_in(room, token, "/settings?changed=1")


def _page(request: Request, room: Room, session: Session, status: int = 200, **values: object) -> Response:
    with room.store.reading() as db:
        person = people.person(db, session.person)
        opened = sessions.open_sessions(db, session.person, room.clock(), request.cookies.get(room.cookie, ""))
    values = {"problem": None, "done": None, **values}
    return room.page("settings/account", session, status, person=person, open_sessions=opened, **values)
