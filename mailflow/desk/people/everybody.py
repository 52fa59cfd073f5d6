"""Settings, for administrators: who may sign in, and with which role."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from mailflow.desk.access import Administrator, AdministratorsForm
from mailflow.desk.room import Room, TheRoom
from mailflow.domain import Role
from mailflow.errors import UserError
from mailflow.store import audit, people, sessions
from mailflow.store.sessions import Session

router = APIRouter()

# What is true of the person once it is done.
_DONE = {
    "role": "{name} is {role} now.",
    "out": "{name} is signed out everywhere.",
}
_DEEDS = {"role": "changed role", "out": "signed out everywhere"}  # as the audit log names them


@router.get("/settings/people")
def everybody(room: TheRoom, session: Administrator, done: bool = False) -> Response:
    """Who may sign in. `done`: this person has just removed somebody."""
    with room.store.reading() as db:
        what, name = audit.latest(db, session.person)
    return _people(room, session, done=f"{name} may not sign in any more." if done and what == "removed user" else None)


@router.post("/settings/people")
def add(room: TheRoom, session: AdministratorsForm, name: Annotated[str, Form()], role: Annotated[Role, Form()]) -> Response:
    """Lets somebody sign in, with a password that is made up and shown this once."""
    password = made_up()
    try:
        with room.store.writing() as db:
            person = people.add(db, name, password, session.person, room.clock(), role)
    except UserError as error:
        return _people(room, session, 422, problem=str(error), name=name, role=role)
    return _person(room, session, person.name, password=password)


@router.get("/settings/people/{name}")
def one(room: TheRoom, session: Administrator, name: str, done: str = "") -> Response:
    """One of them."""
    return _person(room, session, name, done=done)


@router.post("/settings/people/{name}/role")
def give_role(room: TheRoom, session: AdministratorsForm, name: str, role: Annotated[Role, Form()]) -> Response:
    """Another role, from their next page on; somebody must stay administrator."""
    try:
        with room.store.writing() as db:
            people.set_role(db, name, role, session.person, room.clock())
            people.keep_an_administrator(db, name)
    except UserError as error:
        return _person(room, session, name, 422, problem=str(error))
    # Whoever gave up the role may not look at people any more.
    still = name != session.person or role is Role.ADMINISTRATOR
    return RedirectResponse(f"/settings/people/{name}?done=role" if still else "/settings", 303)


@router.post("/settings/people/{name}/password")
def make_password(room: TheRoom, session: AdministratorsForm, name: str) -> Response:
    """A new password, made up and shown this once; they are signed out everywhere."""
    password = made_up()
    try:
        with room.store.writing() as db:
            people.set_password(db, name, password, session.person, room.clock())
    except UserError as error:
        return _person(room, session, name, 422, problem=str(error))
    return _person(room, session, name, password=password)


@router.post("/settings/people/{name}/sign-out")
def sign_out(room: TheRoom, session: AdministratorsForm, name: str) -> Response:
    """Ends every session of theirs."""
    with room.store.writing() as db:
        person = people.person(db, name)
        sessions.end_all(db, person.name, session.person, room.clock())
    return RedirectResponse(f"/settings/people/{person.name}?done=out", 303)


@router.get("/settings/people/{name}/remove")
def ask_to_remove(room: TheRoom, session: Administrator, name: str) -> Response:
    """What removing somebody means, before it happens."""
    with room.store.reading() as db:
        person = people.person(db, name)
    return room.page("settings/person_remove", session, person=person, problem=None, done=None)


@router.post("/settings/people/{name}/remove")
def remove(room: TheRoom, session: AdministratorsForm, name: str) -> Response:
    """Lets somebody in no more; somebody must stay administrator."""
    try:
        with room.store.writing() as db:
            people.remove(db, name, session.person, room.clock())
            people.keep_an_administrator(db, name)
    except UserError as error:
        return _person(room, session, name, 422, problem=str(error))
    return RedirectResponse("/settings/people?done=1", 303)


def made_up() -> str:
    """A password of 120 bits, in four groups so that it can be read out."""
    word = secrets.token_hex(15)
    return "-".join(word[start : start + 8] for start in range(0, len(word), 8))


def _people(room: Room, session: Session, status: int = 200, **values: object) -> Response:
    with room.store.reading() as db:
        found = people.everybody(db)
    values = {"problem": None, "done": None, **values}
    university = room.provider is not None
    return room.page("settings/people", session, status, everybody=found, university=university, **values)


def _person(room: Room, session: Session, name: str, status: int = 200, done: str = "", **values: object) -> Response:
    with room.store.reading() as db:
        person = people.person(db, name)
        opened = sessions.open_sessions(db, person.name, room.clock())
        what, _ = audit.latest(db, session.person)
    said = _DONE[done].format(name=person.name, role=person.role) if _DEEDS.get(done) == what else None
    values = {"problem": None, "password": None, "done": said, **values}
    return room.page("settings/person", session, status, person=person, open_sessions=opened, **values)
