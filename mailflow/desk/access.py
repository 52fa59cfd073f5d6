"""Who may see a page and send a form: only who is signed in, and only forms that we made for them."""

import secrets
from typing import Annotated

from fastapi import Depends, Form, Request

from mailflow.desk.room import TheRoom
from mailflow.store import sessions
from mailflow.store.sessions import Session


class NotSignedInError(Exception):
    """Nobody is signed in: the way leads to the sign-in page."""


class NotOurFormError(Exception):
    """A form without the token that we put into it: another site may have sent it."""


def signed_in(request: Request, room: TheRoom) -> Session:
    """Who looks at the page. Raises NotSignedInError where nobody is signed in any more."""
    session = find_session(request, room)
    if session is None:
        raise NotSignedInError
    return session


SignedIn = Annotated[Session, Depends(signed_in)]


def our_form(session: SignedIn, csrf: Annotated[str, Form()] = "") -> Session:
    """Who sent the form. Raises NotOurFormError where it does not bear the session's token."""
    if not same(session.csrf, csrf):
        raise NotOurFormError
    return session


OurForm = Annotated[Session, Depends(our_form)]


def find_session(request: Request, room: TheRoom) -> Session | None:
    """The session of the browser's cookie; its use is noted, at most once a minute."""
    token = request.cookies.get(room.cookie)
    if not token:
        return None
    now = room.clock()
    with room.store.reading() as db:
        session = sessions.find(db, token, now)
    if session and session.to_be_noted(now):
        with room.store.writing() as db:
            sessions.note_use(db, token, now)
    return session


def same(one: str, other: str) -> bool:
    """Compares two secrets in a time that tells nothing of either."""
    return secrets.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))
