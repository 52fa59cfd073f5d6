"""Who works on what: leases that run out, and the processes that hold them.

A process that was killed leaves its leases behind. On the same machine its death can be seen, and they are taken over at once.
"""

import os
import socket
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from mailflow.store.tables import leases

LEASE = timedelta(seconds=90)
CLAIMING = 6244702  # a turn; the numbers are only ours, and 6244701 is migrating


RUNNING = "running: "  # a lease of each daemon's own

_running = leases.c.name.startswith(RUNNING)


@cache
def this_process() -> str:
    """Our name as a holder: host, pid and start time (a container gives the same pid to its next process)."""
    return f"{socket.gethostname()}/{os.getpid()}/{_started(os.getpid())}"


def is_gone(holder: str) -> bool:
    """Whether the holder is known to be dead. Of another machine's processes we know nothing: their leases must run out."""
    host, _, rest = holder.partition("/")
    pid, _, started = rest.partition("/")
    return host == socket.gethostname() and _started(int(pid)) != started


def _started(pid: int) -> str | None:
    try:
        # Field 22 of proc(5) stat; the command's name before it may hold spaces and brackets.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return None


def hold(db: Connection, name: str, holder: str, now: datetime) -> bool:
    """Takes or renews the lease `name` for `LEASE`. False where another living process has it."""
    current = db.execute(select(leases.c.holder, leases.c.until).where(leases.c.name == name)).one_or_none()
    if current is None:
        try:
            with db.begin_nested():
                db.execute(insert(leases).values(name=name, holder=holder, until=now + LEASE))
        except IntegrityError:
            return False
        return True
    if current.holder != holder and current.until > now and not is_gone(current.holder):
        return False
    taken = db.execute(
        update(leases)
        .where(leases.c.name == name, leases.c.holder == current.holder, leases.c.until == current.until)
        .values(holder=holder, until=now + LEASE)
    )
    return taken.rowcount == 1


def note_running(db: Connection, holder: str, now: datetime) -> None:
    """The daemon `holder` is at work, for anybody who asks; those that have not said so for long are forgotten."""
    db.execute(delete(leases).where(_running, leases.c.until < now, leases.c.holder != holder))
    mine = select(leases.c.until).where(_running, leases.c.holder == holder)
    until = db.execute(mine).scalar_one_or_none()
    if until is None or until < now + LEASE / 2:
        hold(db, f"{RUNNING}{holder}", holder, now)


def is_running(db: Connection, now: datetime) -> bool:
    """Whether a daemon is at work, as far as anybody knows."""
    holders = select(leases.c.holder).where(_running, leases.c.until > now)
    return any(not is_gone(holder) for holder in db.execute(holders).scalars())


def take_turns(db: Connection, turn: int) -> None:
    """From here to the end of the transaction nobody else is past this line. In SQLite whoever writes is alone anyway."""
    if db.dialect.name == "postgresql":
        db.execute(select(func.pg_advisory_xact_lock(turn)))


def release(db: Connection, name: str, holder: str) -> None:
    """Gives the lease `name` back."""
    db.execute(delete(leases).where(leases.c.name == name, leases.c.holder == holder))


def let_go(db: Connection, holder: str) -> None:
    """Gives back every lease of `holder`."""
    db.execute(delete(leases).where(leases.c.holder == holder))
