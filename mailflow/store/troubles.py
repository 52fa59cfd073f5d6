"""Servers that are not well: since when, why, and what the team has been told of it.

One row a server, from the first failure until it is over and, where it lasted, the team was told so. A server that fails again
before that is still in the same trouble: however often it comes and goes, nobody is told again and again.
"""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from mailflow.domain import Trouble
from mailflow.store.tables import troubles

_trouble = select(troubles.c.server, troubles.c.since, troubles.c.why, troubles.c.told_at, troubles.c.over_at)


def note(db: Connection, server: str, why: str, now: datetime) -> None:
    """The server is not well. The first failure's time is kept, and the latest reason; nothing new is not written."""
    known = db.execute(_trouble.where(troubles.c.server == server)).one_or_none()
    if known is None:
        try:
            with db.begin_nested():
                db.execute(insert(troubles).values(server=server, since=now, why=why))
        except IntegrityError:
            note(db, server, why, now)
    elif known.over_at is not None or known.why != why:
        db.execute(update(troubles).where(troubles.c.server == server).values(why=why, over_at=None))


def over(db: Connection, server: str, now: datetime) -> bool:
    """The server is well. Returns whether it was not; nothing is written where it was."""
    ended = update(troubles).where(troubles.c.server == server, troubles.c.over_at.is_(None)).values(over_at=now)
    return db.execute(ended).rowcount > 0


def standing(db: Connection) -> tuple[Trouble, ...]:
    """The servers that are not well now, the longest first."""
    rows = db.execute(_trouble.where(troubles.c.over_at.is_(None)).order_by(troubles.c.since, troubles.c.server))
    return tuple(Trouble(*row) for row in rows)


def known(db: Connection) -> tuple[Trouble, ...]:
    """Every trouble that stands, or is over and not yet done with, the longest first."""
    rows = db.execute(_trouble.order_by(troubles.c.since, troubles.c.server))
    return tuple(Trouble(*row) for row in rows)


def note_told(db: Connection, server: str, now: datetime) -> bool:
    """The team is being told that the server is not well. False where somebody else has done so, or it is well again."""
    untold = troubles.c.server == server, troubles.c.told_at.is_(None), troubles.c.over_at.is_(None)
    return db.execute(update(troubles).where(*untold).values(told_at=now)).rowcount > 0


def note_untold(db: Connection, server: str) -> None:
    """What the team was to be told has been taken back."""
    db.execute(update(troubles).where(troubles.c.server == server).values(told_at=None))


def forget(db: Connection, server: str) -> bool:
    """The trouble is done with. False where it has come back, or somebody else has done so."""
    return db.execute(delete(troubles).where(troubles.c.server == server, troubles.c.over_at.is_not(None))).rowcount > 0
