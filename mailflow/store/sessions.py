"""Who is signed in at the desk. The browser has the token; here is only its hash."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select, update

from mailflow.domain import Role
from mailflow.store.filing import record
from mailflow.store.tables import desk_sessions, people

IDLE = timedelta(hours=2)
ABSOLUTE = timedelta(hours=12)
_NOTED_EVERY = timedelta(minutes=1)  # a page read must not cost a commit each time


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. `csrf` proves that a form was ours."""

    person: str
    csrf: str = field(repr=False)
    seen_at: datetime
    role: Role

    def to_be_noted(self, now: datetime) -> bool:
        """Whether `note_use` is due."""
        return now - self.seen_at >= _NOTED_EVERY


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A browser in which somebody is signed in. `here`: it is the one that asks."""

    since: datetime
    seen_at: datetime
    here: bool


def start(db: Connection, person: str, now: datetime, how: str | None = None) -> str:
    """Signs somebody in and gives the token for their browser. `how`, where not by password, is for the audit log.

    Sessions that have run out are cleared away.
    """
    token = secrets.token_urlsafe(32)
    db.execute(
        delete(desk_sessions).where(or_(desk_sessions.c.seen_at <= now - IDLE, desk_sessions.c.created_at <= now - ABSOLUTE))
    )
    db.execute(
        insert(desk_sessions).values(
            token=_hash(token), person=person, csrf=secrets.token_urlsafe(32), created_at=now, seen_at=now
        )
    )
    record(db, now, person, "signed in", detail=how)
    return token


def find(db: Connection, token: str, now: datetime) -> Session | None:
    """The session of a token; None where there is none, or it was idle for `IDLE`, or is older than `ABSOLUTE`."""
    session = desk_sessions.c
    query = select(session.person, session.csrf, session.seen_at, people.c.role)
    joined = query.join_from(desk_sessions, people, people.c.name == session.person)
    row = db.execute(joined.where(session.token == _hash(token), *_in_use(now))).one_or_none()
    return Session(*row) if row else None


def open_sessions(db: Connection, person: str, now: datetime, token: str = "") -> list[OpenSession]:
    """Where somebody is signed in, the last used first. `token` is that of the browser that asks."""
    session = desk_sessions.c
    here = session.token == _hash(token)
    query = select(session.created_at, session.seen_at, here).where(session.person == person, *_in_use(now))
    return [OpenSession(*row) for row in db.execute(query.order_by(session.seen_at.desc(), session.created_at.desc()))]


def note_use(db: Connection, token: str, now: datetime) -> None:
    """The session is in use: its idle time begins anew."""
    db.execute(update(desk_sessions).where(desk_sessions.c.token == _hash(token)).values(seen_at=now))


def end(db: Connection, token: str, person: str, now: datetime) -> None:
    """Signs out."""
    if db.execute(delete(desk_sessions).where(desk_sessions.c.token == _hash(token))).rowcount:
        record(db, now, person, "signed out")


def end_all(db: Connection, person: str, by: str, now: datetime) -> None:
    """Signs somebody out everywhere."""
    db.execute(delete(desk_sessions).where(desk_sessions.c.person == person))
    record(db, now, by, "signed out everywhere", detail=None if by == person else person)


def _in_use(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return desk_sessions.c.seen_at > now - IDLE, desk_sessions.c.created_at > now - ABSOLUTE


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
