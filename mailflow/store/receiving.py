"""The bytes at rest: what arrived, where it lies, and how far each folder has been read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from mailflow.domain import Fetched, MessageState
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

    A message that is known by its fingerprint (moved, copied, or a mailbox renumbered) only gets one more place.
    """
    known_places = set(db.execute(select(places.c.uid).where(*_places(mailbox, folder, cursor.uidvalidity, fetched))).scalars())
    fetched = [f for f in fetched if f.location.uid not in known_places]
    ids = {
        row.fingerprint: row.id
        for row in db.execute(
            select(messages.c.fingerprint, messages.c.id).where(messages.c.fingerprint.in_([f.fingerprint for f in fetched]))
        )
    }
    new = list({f.fingerprint: f for f in fetched if f.fingerprint not in ids}.values())
    if new:
        inserted = db.execute(
            insert(messages).returning(messages.c.id, sort_by_parameter_order=True),
            [
                {
                    "message_id": f.message_id,
                    "fingerprint": f.fingerprint,
                    "size": len(f.raw),
                    "arrived": f.arrived,
                    "received_at": now,
                    "state": MessageState.RECEIVED,
                    "sensitive": False,
                    "subject": "",
                }
                for f in new
            ],
        ).scalars()
        ids.update({f.fingerprint: row for f, row in zip(new, inserted, strict=True)})
        db.execute(insert(raws), [{"message_id": ids[f.fingerprint], "content": f.raw} for f in new])
    if fetched:
        db.execute(
            insert(places),
            [
                {
                    "mailbox": mailbox,
                    "folder": folder,
                    "uidvalidity": f.location.uidvalidity,
                    "uid": f.location.uid,
                    "message": ids[f.fingerprint],
                    "settled": False,
                    "departed": False,
                }
                for f in fetched
            ],
        )
    _set(db, mailbox, folder, uidvalidity=cursor.uidvalidity, last_uid=cursor.last_uid)
    return len(new)


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
    """A look at the folder went well."""
    _set(db, mailbox, folder, polled_at=now, failing_since=None, failure=None)


def note_poll_failure(db: Connection, mailbox: str, folder: str, why: str, now: datetime) -> None:
    """A look at the folder failed; the first failure's time is kept until one goes well."""
    _set(db, mailbox, folder, failure=why)
    db.execute(update(cursors).where(*_folder(mailbox, folder), cursors.c.failing_since.is_(None)).values(failing_since=now))


def note_count(db: Connection, mailbox: str, folder: str, on_server: int, known: int, now: datetime) -> None:
    """How many messages the server has in the folder, and how many of these are ours."""
    _set(db, mailbox, folder, on_server=on_server, known=known, counted_at=now)


def count_received(db: Connection) -> int:
    """How many messages wait to be decided."""
    return db.execute(select(func.count()).select_from(messages).where(messages.c.state == MessageState.RECEIVED)).scalar_one()


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
