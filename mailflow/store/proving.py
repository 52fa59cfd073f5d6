"""Mails in doubt, and what proves that they were sent. Nothing else ever settles them: a guess would lose a mail or double it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from mailflow.domain import OUR_OWN_COPY, OutgoingState
from mailflow.store.filing import record
from mailflow.store.tables import attempts, messages, outgoings

_in_doubt = outgoings.c.state == OutgoingState.IN_DOUBT


@dataclass(frozen=True, slots=True)
class Doubted:
    """A mail of which we do not know whether the server took it. `since` is when it was begun."""

    id: int
    message_id: str
    since: datetime


def in_doubt(db: Connection) -> list[Doubted]:
    """The mails that a proof is looked for, oldest first."""
    columns = outgoings.c.id, outgoings.c.message_id, func.coalesce(outgoings.c.begun_at, outgoings.c.created_at)
    return [Doubted(*row) for row in db.execute(select(*columns).where(_in_doubt).order_by(outgoings.c.id))]


def settle_by_copies(db: Connection, now: datetime) -> list[int]:
    """In doubt to `sent`, where the mail came back by its blind copy, before or after it was put in doubt. Returns which."""
    copies = messages.c.message_id == outgoings.c.message_id, messages.c.silence["name"].as_string() == OUR_OWN_COPY
    proven = db.execute(select(outgoings.c.id).where(_in_doubt, select(messages.c.id).where(*copies).exists())).scalars().all()
    return [number for number in proven if prove(db, number, "Its blind copy came back.", now)]


def prove(db: Connection, mail: int, proof: str, now: datetime) -> bool:
    """In doubt to `sent`; `proof` is a sentence. False where it is not in doubt (any more)."""
    values = {
        "state": OutgoingState.SENT,
        "sent_at": func.coalesce(outgoings.c.sent_at, outgoings.c.begun_at, outgoings.c.created_at),
        "failure": None,
        "claimed_by": None,
        "claimed_until": None,
    }
    row = db.execute(
        update(outgoings).where(outgoings.c.id == mail, _in_doubt).values(values).returning(outgoings.c.case_id)
    ).one_or_none()
    if row is None:
        return False
    db.execute(insert(attempts).values(outgoing_id=mail, at=now, outcome=OutgoingState.SENT, detail=proof))
    record(db, now, "mailflow", "mail proven sent", case_id=row.case_id, detail=f"mail {mail}: {proof}")
    return True


def note_nothing_found(db: Connection, mails: Sequence[int], looked: str) -> None:
    """No proof yet: each says since when it is in doubt, and `looked`, a sentence on the last look for its copy."""
    latest = select(attempts.c.detail).where(
        attempts.c.outgoing_id == outgoings.c.id, attempts.c.outcome == OutgoingState.IN_DOUBT
    )
    why = func.coalesce(latest.order_by(attempts.c.id.desc()).limit(1).scalar_subquery() + " ", "")
    db.execute(update(outgoings).where(outgoings.c.id.in_(mails), _in_doubt).values(failure=why + looked))
