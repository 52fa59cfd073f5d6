"""Who may see a page and send a form: only who is signed in and has the role for it, and only forms that we made for them."""

import secrets
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Form, Request

from mailflow.desk.room import TheRoom
from mailflow.domain import Role
from mailflow.store import sessions
from mailflow.store.sessions import Session

# How the addresses end that a page asks for now and then, whether or not anybody sits before it.
BY_ITSELF = ("/others", "/rules/change/trial")


class NotSignedInError(Exception):
    """Nobody is signed in: the way leads to the sign-in page."""


class NotOurFormError(Exception):
    """A form without the token that we put into it: another site may have sent it."""


class NotAllowedError(Exception):
    """Whoever is signed in may not do this: the words say which role could."""

    def __init__(self, role: Role) -> None:
        """`role` is the least that could."""
        super().__init__(f"Your account may not open this: it takes the role {role}, which an administrator can give you.")


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


def admit(session: Session, role: Role) -> None:
    """Raises NotAllowedError where whoever is signed in has not this role, nor one above it."""
    if not session.role.includes(role):
        raise NotAllowedError(role)


def _readers(role: Role) -> Callable[[Session], Session]:
    def who(session: SignedIn) -> Session:
        admit(session, role)
        return session

    return who


def _senders(role: Role) -> Callable[[Session], Session]:
    def who(session: OurForm) -> Session:
        admit(session, role)
        return session

    return who


Adviser = Annotated[Session, Depends(_readers(Role.ADVISER))]
Reviewer = Annotated[Session, Depends(_readers(Role.REVIEWER))]
Administrator = Annotated[Session, Depends(_readers(Role.ADMINISTRATOR))]
AdvisersForm = Annotated[Session, Depends(_senders(Role.ADVISER))]
ReviewersForm = Annotated[Session, Depends(_senders(Role.REVIEWER))]
AdministratorsForm = Annotated[Session, Depends(_senders(Role.ADMINISTRATOR))]


def find_session(request: Request, room: TheRoom) -> Session | None:
    """The session of the browser's cookie; its use is noted, at most once a minute.

    What a page asks for by itself is no use: else one that was left open would never be signed out.
    """
    token = request.cookies.get(room.cookie)
    if not token:
        return None
    now = room.clock()
    with room.store.reading() as db:
        session = sessions.find(db, token, now)
    if session and session.to_be_noted(now) and not request.url.path.endswith(BY_ITSELF):
        with room.store.writing() as db:
            sessions.note_use(db, token, now)
    return session


def same(one: str, other: str) -> bool:
    """Compares two secrets in a time that tells nothing of either."""
    return secrets.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))
