"""Messages that could not be read, put back where they came from: their bytes are still here."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select, update

from mailflow.domain import MessageState
from mailflow.store.filing import record
from mailflow.store.tables import messages, places


def failed_messages(db: Connection) -> list[int]:
    """The numbers of the messages that could not be read, oldest first."""
    return list(
        db.execute(select(messages.c.id).where(messages.c.state == MessageState.FAILED).order_by(messages.c.id)).scalars()
    )


def receive_again(db: Connection, numbers: Collection[int] | None, who: str, now: datetime) -> list[int]:
    """`failed` to `received`: they are decided again, and may then be moved to their folder; None takes all. Returns which."""
    chosen = [messages.c.state == MessageState.FAILED]
    if numbers is not None:
        chosen.append(messages.c.id.in_(numbers))
    values = {"state": MessageState.RECEIVED, "failure": None, "decided_at": None, "claimed_by": None, "claimed_until": None}
    retried = sorted(db.execute(update(messages).where(*chosen).values(values).returning(messages.c.id)).scalars())
    for number in retried:
        db.execute(update(places).where(places.c.message == number, places.c.departed.is_(False)).values(settled=False))
        record(db, now, who, "message retried", message=number)
    return retried
