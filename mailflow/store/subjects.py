"""The people whom the university's own sign-in sends: known by its issuer and their `sub` there, never by name or address."""

import re
import unicodedata
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from mailflow.domain import Role
from mailflow.store.filing import record
from mailflow.store.sessions import end_all
from mailflow.store.tables import people

LONGEST_NAME = 60  # so that a number after it fits into what a name may be


def arrive(db: Connection, subject: str, wished: str, role: Role, now: datetime) -> str:
    """The name of the person here: the one they have, or a new one as near to `wished` as is free. `role` is theirs from now on.

    Whoever has the name already, with a password or another subject, keeps it: nobody comes into an account by a like name.
    """
    known = db.execute(select(people.c.name, people.c.role).where(people.c.subject == subject)).one_or_none()
    if known is None:
        name = _free(db, as_name(wished))
        db.execute(insert(people).values(name=name, password="", created_at=now, role=role, subject=subject))
        record(db, now, "mailflow", "added user", detail=f"{name} as {role}, by the university's sign-in")
        return name
    if known.role is not role:
        db.execute(update(people).where(people.c.subject == subject).values(role=role))
        detail = f"{known.name} from {known.role} to {role}, by the university's sign-in"
        record(db, now, "mailflow", "changed role", detail=detail)
    return str(known.name)


def turn_away(db: Connection, subject: str, now: datetime) -> None:
    """The university gives them no role any more: whoever came in by this subject is signed out everywhere."""
    name = db.execute(select(people.c.name).where(people.c.subject == subject)).scalar_one_or_none()
    if name is not None:
        end_all(db, name, "mailflow", now)


def as_name(wished: str) -> str:
    """What of an account's name or address can be a name here: "Zoë.Ode@university.example" is zoe.ode."""
    plain = unicodedata.normalize("NFKD", wished.partition("@")[0]).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9._-]+", "-", plain)[:LONGEST_NAME].strip("._-") or "user"


def _free(db: Connection, name: str) -> str:
    """This name, or the first with a number after it, that nobody has."""
    taken = set(db.execute(select(people.c.name).where(people.c.name.startswith(name, autoescape=True))).scalars())
    return next(free for number in range(1, len(taken) + 2) if (free := name if number == 1 else f"{name}-{number}") not in taken)
