"""The people who may sign in at the desk. Passwords are kept as argon2id hashes (RFC 9106) only."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, delete, insert, select, update

from mailflow.domain import Role
from mailflow.errors import UserError
from mailflow.store.filing import record
from mailflow.store.tables import desk_sessions
from mailflow.store.tables import people as people_table

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_PERSON = people_table.c.name, people_table.c.created_at, people_table.c.role, people_table.c.password != ""
_hasher = PasswordHasher()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sign in: with a password of ours, or else with their university account, which also says their role."""

    name: str
    created_at: datetime
    role: Role
    has_password: bool = True


def add(db: Connection, name: str, password: str, by: str, now: datetime, role: Role = Role.ADVISER) -> Person:
    """Lets somebody sign in. Raises UserError where the name is taken or no name, or the password too short."""
    name = _as_name(name)
    if _kept(db, name) is not None:
        raise UserError(f"There is a user {name} already: give them a new password instead, or write another name.")
    db.execute(insert(people_table).values(name=name, password=_hashed(password), created_at=now, role=role))
    record(db, now, by, "added user", detail=f"{name} as {role}")
    return Person(name, now, role)


def everybody(db: Connection) -> list[Person]:
    """Everybody who may sign in, by name."""
    return [Person(*row) for row in db.execute(select(*_PERSON).order_by(people_table.c.name))]


def person(db: Connection, name: str) -> Person:
    """One of them. Raises UserError where nobody has this name."""
    row = db.execute(select(*_PERSON).where(people_table.c.name == name.lower())).one_or_none()
    if row is None:
        raise UserError(f"There is no user {name[:70]!r}; `mailflow user list` shows those there are.")
    return Person(*row)


def set_role(db: Connection, name: str, role: Role, by: str, now: datetime) -> None:
    """Another role, from their next page on. Raises UserError where the university's sign-in says what it is."""
    found = person(db, name)
    if not found.has_password:
        raise UserError(f"The role of {found.name} comes with their university account, at each sign-in: it is changed there.")
    if found.role is not role:
        db.execute(update(people_table).where(people_table.c.name == found.name).values(role=role))
        record(db, now, by, "changed role", detail=f"{found.name} from {found.role} to {role}")


def remove(db: Connection, name: str, by: str, now: datetime) -> None:
    """Signs somebody out everywhere and lets them in no more; what they decided stays under their name."""
    name = person(db, name).name
    db.execute(delete(desk_sessions).where(desk_sessions.c.person == name))
    db.execute(delete(people_table).where(people_table.c.name == name))
    record(db, now, by, "removed user", detail=name)


def set_password(db: Connection, name: str, password: str, by: str, now: datetime) -> None:
    """A new password; whoever is signed in with the old one is signed out. Raises UserError where they have none."""
    found = person(db, name)
    if not found.has_password:
        raise UserError(f"{found.name} signs in with their university account and has no password here.")
    db.execute(update(people_table).where(people_table.c.name == found.name).values(password=_hashed(password)))
    db.execute(delete(desk_sessions).where(desk_sessions.c.person == found.name))
    record(db, now, by, "set password", detail=found.name)


def without_administrator(db: Connection) -> bool:
    """Whether nobody is left who may say who may sign in. Nobody else can take one away until the transaction ends."""
    administrators = select(people_table.c.name).where(people_table.c.role == Role.ADMINISTRATOR)
    return not db.execute(administrators.with_for_update()).all()


def keep_an_administrator(db: Connection, name: str) -> None:
    """Raises UserError where what was just done to `name` leaves none."""
    if without_administrator(db):
        raise UserError(f"{name.lower()} is the only administrator: make somebody else one first. Nothing was changed.")


def verify(db: Connection, name: str, password: str) -> str | None:
    """The name of the person whose password this is, or None. Takes as long for a name that nobody has."""
    name = name.lower()
    kept = _kept(db, name) if _NAME.fullmatch(name) else None
    try:
        _hasher.verify(kept or _nobodys_hash(), password[: LONGEST_PASSWORD + 1])
    except (VerificationError, InvalidHashError):
        return None
    return name if kept else None


def renew_hash(db: Connection, name: str, password: str) -> None:
    """Hashes a password anew that was just verified, where its hash is weaker than what is used today."""
    kept = _kept(db, name)
    if kept and _hasher.check_needs_rehash(kept):
        unchanged = people_table.c.name == name, people_table.c.password == kept
        db.execute(update(people_table).where(*unchanged).values(password=_hasher.hash(password)))


def _as_name(written: str) -> str:
    name = written.strip().lower()
    if not _NAME.fullmatch(name):
        raise UserError(f"{written[:70]!r} cannot be a user's name: write letters, digits, dots and dashes, such as j.smith")
    return name


def _hashed(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise UserError(f"The password is too short: write at least {SHORTEST_PASSWORD} characters.")
    if len(password) > LONGEST_PASSWORD:
        raise UserError(f"The password is too long: write at most {LONGEST_PASSWORD} characters.")
    return _hasher.hash(password)


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("nobody's password")


def _kept(db: Connection, name: str) -> str | None:
    return db.execute(select(people_table.c.password).where(people_table.c.name == name)).scalar_one_or_none()
