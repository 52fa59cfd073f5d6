"""The bytes at rest: what arrived, where it lies, and how far each folder has been read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from mailflow.domain import Fetched, MessageState, imap
from mailflow.store import troubles
from mailflow.store.tables import cursors, messages, places, raws


@dataclass(frozen=True, slots=True)
class ReadTo:
    """How far a folder has been read: every UID up to `last_uid` of this UIDVALIDITY is ours."""

    uidvalidity: int = 0
    last_uid: int = 0


def read_to(db: Connection, mailbox: str, folder: str) -> ReadTo:
    """The cursor of a folder; zeros where it was never read."""
    row = db.execute(select(cursors.c.uidvalidity, cursors.c.last_uid).where(*_folder(mailbox, folder))).one_or_none()
    return ReadTo(*row) if row else ReadTo()


def keep(db: Connection, mailbox: str, folder: str, fetched: Sequence[Fetched], cursor: ReadTo, now: datetime) -> int:
    """Puts messages to rest and moves the cursor. Repeating it changes nothing. Returns how many messages were new.

    A message that is known by its fingerprint (moved, copied, sent twice, or a mailbox renumbered) only gets one more place.
    """
    known_places = set(db.execute(select(places.c.uid).where(*_places(mailbox, folder, cursor.uidvalidity, fetched))).scalars())
    fetched = [f for f in fetched if f.location.uid not in known_places]
    known = {
        row.fingerprint: row
        for row in db.execute(
            select(messages.c.fingerprint, messages.c.id, messages.c.state, messages.c.arrived).where(
                messages.c.fingerprint.in_([f.fingerprint for f in fetched])
            )
        )
    }
    ids = {fingerprint: row.id for fingerprint, row in known.items()}
    new = list({f.fingerprint: f for f in fetched if f.fingerprint not in ids}.values())
    ids |= _put_to_rest(db, new, now)
    decided = {row.id for row in known.values() if row.state is not MessageState.RECEIVED}
    # Who moves a message leaves it the time of its arrival (RFC 9051, 6.4.7); one with a later time was delivered again.
    again = {known[f.fingerprint].id for f in fetched if f.fingerprint in known and f.arrived > known[f.fingerprint].arrived}
    found = [(f.location.uid, ids[f.fingerprint]) for f in fetched]
    _place(db, mailbox, folder, cursor.uidvalidity, found, decided, again)
    _set(db, mailbox, folder, uidvalidity=cursor.uidvalidity, last_uid=cursor.last_uid)
    return len(new)


def _put_to_rest(db: Connection, new: Sequence[Fetched], now: datetime) -> dict[str, int]:
    """Writes messages and their bytes; gives back the id by fingerprint."""
    if not new:
        return {}
    inserted = db.execute(
        insert(messages).returning(messages.c.id, sort_by_parameter_order=True),
        [
            {
                "message_id": f.message_id,
                "fingerprint": f.fingerprint,
                "size": f.size or len(f.raw),
                "whole": f.whole,
                "arrived": f.arrived,
                "received_at": now,
                "state": MessageState.RECEIVED,
                "sensitive": False,
                "subject": "",
            }
            for f in new
        ],
    ).scalars()
    ids = {f.fingerprint: row for f, row in zip(new, inserted, strict=True)}
    db.execute(insert(raws), [{"message_id": ids[f.fingerprint], "content": f.raw} for f in new])
    return ids


def _place(
    db: Connection,
    mailbox: str,
    folder: str,
    uidvalidity: int,
    found: Sequence[tuple[int, int]],
    decided: set[int],
    again: set[int],
) -> None:
    """Writes down where messages lie: (uid, message).

    A decided message that turns up again stays where it is, for a person may have put it there. Only one that had still to be
    moved when the folder was renumbered is moved from its new place, and one that was delivered `again` follows its twin.
    """
    if not found:
        return
    here = (places.c.mailbox == mailbox, places.c.folder == folder, places.c.message.in_([message for _, message in found]))
    unsettled = set(db.execute(select(places.c.message).where(*here, places.c.settled.is_(False))).scalars())
    lying = set(db.execute(select(places.c.message).where(*here, places.c.departed.is_(False))).scalars())
    follows = unsettled | (again - lying)
    db.execute(update(places).where(*here, places.c.uidvalidity != uidvalidity).values(settled=True, departed=True))
    db.execute(
        insert(places),
        [
            {
                "mailbox": mailbox,
                "folder": folder,
                "uidvalidity": uidvalidity,
                "uid": uid,
                "message": message,
                "settled": message in decided and message not in follows,
                "departed": False,
            }
            for uid, message in found
        ],
    )


def known_uids(db: Connection, mailbox: str, folder: str, uidvalidity: int) -> set[int]:
    """Every UID of the folder that we have."""
    return set(
        db.execute(
            select(places.c.uid).where(
                places.c.mailbox == mailbox, places.c.folder == folder, places.c.uidvalidity == uidvalidity
            )
        ).scalars()
    )


def note_poll(db: Connection, mailbox: str, folder: str, now: datetime) -> None:
    """A look at the folder went well: whatever trouble there was with it is over."""
    _set(db, mailbox, folder, polled_at=now)
    troubles.over(db, imap(folder), now)


def polled_at(db: Connection, mailbox: str, folder: str) -> datetime | None:
    """The last look at a folder that went well; None where none ever did."""
    return db.execute(select(cursors.c.polled_at).where(*_folder(mailbox, folder))).scalar_one_or_none()


def note_count(db: Connection, mailbox: str, folder: str, on_server: int, known: int, now: datetime) -> None:
    """How many messages the server has in the folder, and how many of these are ours."""
    _set(db, mailbox, folder, on_server=on_server, known=known, counted_at=now)


def _folder(mailbox: str, folder: str) -> tuple[ColumnElement[bool], ...]:
    return cursors.c.mailbox == mailbox, cursors.c.folder == folder


def _places(mailbox: str, folder: str, uidvalidity: int, fetched: Sequence[Fetched]) -> tuple[ColumnElement[bool], ...]:
    return (
        places.c.mailbox == mailbox,
        places.c.folder == folder,
        places.c.uidvalidity == uidvalidity,
        places.c.uid.in_([f.location.uid for f in fetched]),
    )


def _set(db: Connection, mailbox: str, folder: str, **values: object) -> None:
    changed = db.execute(update(cursors).where(*_folder(mailbox, folder)).values(**values))
    if changed.rowcount:
        return
    try:
        with db.begin_nested():
            db.execute(insert(cursors).values(mailbox=mailbox, folder=folder, **{"uidvalidity": 0, "last_uid": 0, **values}))
    except IntegrityError:
        _set(db, mailbox, folder, **values)
