"""Who is signed in at the desk. The browser has the token; here is only its hash."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, or_, select, update

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


def start(db: Connection, person: str, now: datetime) -> str:
    """Signs somebody in and gives the token for their browser. Sessions that have run out are cleared away."""
    token = secrets.token_urlsafe(32)
    db.execute(
        delete(desk_sessions).where(or_(desk_sessions.c.seen_at <= now - IDLE, desk_sessions.c.created_at <= now - ABSOLUTE))
    )
    db.execute(
        insert(desk_sessions).values(
            token=_hash(token), person=person, csrf=secrets.token_urlsafe(32), created_at=now, seen_at=now
        )
    )
    record(db, now, person, "signed in")
    return token


def find(db: Connection, token: str, now: datetime) -> Session | None:
    """The session of a token; None where there is none, or it was idle for `IDLE`, or is older than `ABSOLUTE`."""
    session = desk_sessions.c
    in_use = session.token == _hash(token), session.seen_at > now - IDLE, session.created_at > now - ABSOLUTE
    query = select(session.person, session.csrf, session.seen_at, people.c.role)
    row = db.execute(query.join_from(desk_sessions, people, people.c.name == session.person).where(*in_use)).one_or_none()
    return Session(*row) if row else None


def note_use(db: Connection, token: str, now: datetime) -> None:
    """The session is in use: its idle time begins anew."""
    db.execute(update(desk_sessions).where(desk_sessions.c.token == _hash(token)).values(seen_at=now))


def end(db: Connection, token: str, person: str, now: datetime) -> None:
    """Signs out."""
    if db.execute(delete(desk_sessions).where(desk_sessions.c.token == _hash(token))).rowcount:
        record(db, now, person, "signed out")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
