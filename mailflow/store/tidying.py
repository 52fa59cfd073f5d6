"""What lies in the wrong folder: decided messages whose place in the mailbox is not yet the one they belong to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, bindparam, select, update

from mailflow.domain import MessageState
from mailflow.store.tables import messages, places

_DECIDED = (MessageState.FILED, MessageState.HELD, MessageState.IGNORED)


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A place that a message is to be moved from."""

    place: int
    uid: int


def targets(db: Connection, mailbox: str, folder: str, uidvalidity: int) -> tuple[str, ...]:
    """The folders that messages of this folder are to be moved to."""
    found = select(messages.c.folder).distinct().join(places, places.c.message == messages.c.id)
    return tuple(db.execute(found.where(*_waiting(mailbox, folder, uidvalidity)).order_by(messages.c.folder)).scalars())


def misplaced(db: Connection, mailbox: str, folder: str, uidvalidity: int, target: str, limit: int) -> tuple[Misplaced, ...]:
    """The oldest places in `folder` whose messages belong into `target`."""
    found = select(places.c.id, places.c.uid).join(messages, places.c.message == messages.c.id)
    here = (*_waiting(mailbox, folder, uidvalidity), messages.c.folder == target)
    return tuple(Misplaced(*row) for row in db.execute(found.where(*here).order_by(places.c.id).limit(limit)))


def left_behind(db: Connection, mailbox: str, inbox: str) -> tuple[str, ...]:
    """The folders besides the inbox that messages are to be moved out of: a person has corrected what they are."""
    found = select(places.c.folder).distinct().join(messages, places.c.message == messages.c.id)
    return tuple(db.execute(found.where(*_misplaced(mailbox), places.c.folder != inbox).order_by(places.c.folder)).scalars())


def note_lost(db: Connection, mailbox: str, folder: str, uidvalidity: int | None) -> int:
    """What was to be moved out of a folder that is gone (None), or numbered anew, is found there no more. Says how many."""
    there = places.c.mailbox == mailbox, places.c.folder == folder, places.c.settled.is_(False)
    renumbered = places.c.uidvalidity != uidvalidity
    lost = update(places).where(*there, *([] if uidvalidity is None else [renumbered])).values(settled=True, departed=True)
    return db.execute(lost).rowcount


def note_moved(db: Connection, mailbox: str, folder: str, uidvalidity: int, uids: Mapping[int, int]) -> None:
    """Messages lie in `folder` now; `uids` is the new UID by place. A new place that is known already is not written twice."""
    if not uids:
        return
    there = (places.c.mailbox == mailbox, places.c.folder == folder, places.c.uidvalidity == uidvalidity)
    known = set(db.execute(select(places.c.uid).where(*there, places.c.uid.in_(list(uids.values())))).scalars())
    note_departed(db, [place for place, uid in uids.items() if uid in known])
    fresh = [{"of": place, "to": uid} for place, uid in uids.items() if uid not in known]
    if fresh:
        moved = update(places).where(places.c.id == bindparam("of"))
        values = {"folder": folder, "uidvalidity": uidvalidity, "uid": bindparam("to"), "settled": True}
        db.execute(moved.values(**values), fresh)


def note_departed(db: Connection, gone: Sequence[int]) -> None:
    """The messages of these places are no longer there, and nobody has told us where they are."""
    if gone:
        db.execute(update(places).where(places.c.id.in_(gone)).values(settled=True, departed=True))


def _waiting(mailbox: str, folder: str, uidvalidity: int) -> tuple[ColumnElement[bool], ...]:
    # Places of an older UIDVALIDITY are left out: they are written anew when the folder is read again.
    return *_misplaced(mailbox), places.c.folder == folder, places.c.uidvalidity == uidvalidity


def _misplaced(mailbox: str) -> tuple[ColumnElement[bool], ...]:
    return (
        places.c.settled.is_(False),
        places.c.mailbox == mailbox,
        messages.c.state.in_(_DECIDED),
        messages.c.folder != places.c.folder,
    )
