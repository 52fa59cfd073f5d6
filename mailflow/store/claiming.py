"""From `received` to decided, first half: which messages are ours to decide, until a lease runs out."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, or_, select, update

from mailflow.domain import MessageState
from mailflow.store.leases import LEASE, is_gone
from mailflow.store.tables import messages, raws

MOST_BYTES = 16 * 2**20  # parsing needs about ten times a message's size


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is ours to decide until its lease runs out."""

    id: int
    arrived: datetime
    raw: bytes = field(repr=False)
    whole: bool = True  # False: the bytes are its header alone


def claim(db: Connection, holder: str, limit: int, now: datetime) -> list[Claimed]:
    """Claims up to `limit` received messages, oldest first, of `MOST_BYTES` together (always at least one)."""
    waiting = (
        select(messages.c.id, messages.c.size)
        .where(
            messages.c.state == MessageState.RECEIVED,
            or_(messages.c.claimed_until.is_(None), messages.c.claimed_until < now),
        )
        .order_by(messages.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    chosen: list[int] = []
    total = 0
    for row in db.execute(waiting):
        total += row.size
        if chosen and total > MOST_BYTES:
            break
        chosen.append(row.id)
    if not chosen:
        return []
    db.execute(update(messages).where(messages.c.id.in_(chosen)).values(claimed_by=holder, claimed_until=now + LEASE))
    found = db.execute(
        select(messages.c.id, messages.c.arrived, raws.c.content, messages.c.whole)
        .join(raws, raws.c.message_id == messages.c.id)
        .where(messages.c.id.in_(chosen))
        .order_by(messages.c.id)
    )
    return [Claimed(row.id, row.arrived, row.content, row.whole) for row in found]


def renew(db: Connection, ids: Collection[int], holder: str, now: datetime) -> None:
    """Keeps claimed messages for another lease, but for those that somebody took over."""
    ours = messages.c.id.in_(ids), messages.c.claimed_by == holder, messages.c.state == MessageState.RECEIVED
    db.execute(update(messages).where(*ours).values(claimed_until=now + LEASE))


def release(db: Connection, ids: Sequence[int], holder: str, again_at: datetime | None = None) -> None:
    """Gives claimed messages back undecided; they are not claimed again before `again_at`."""
    ours = messages.c.id.in_(ids), messages.c.claimed_by == holder, messages.c.state == MessageState.RECEIVED
    db.execute(update(messages).where(*ours).values(claimed_by=None, claimed_until=again_at))


def release_dead(db: Connection) -> None:
    """Gives back what processes had claimed that are known to be dead."""
    claimed = messages.c.state == MessageState.RECEIVED, messages.c.claimed_by.is_not(None)
    for holder in db.execute(select(messages.c.claimed_by).where(*claimed).distinct()).scalars().all():
        if is_gone(holder):
            db.execute(
                update(messages).where(*claimed, messages.c.claimed_by == holder).values(claimed_by=None, claimed_until=None)
            )


def still_ours(db: Connection, ids: Iterable[int], holder: str) -> set[int]:
    """Which of the messages we may still file: nobody took them over, and they are still undecided."""
    rows = select(messages.c.id).where(
        messages.c.id.in_(list(ids)), messages.c.state == MessageState.RECEIVED, messages.c.claimed_by == holder
    )
    return set(db.execute(rows.with_for_update()).scalars())
