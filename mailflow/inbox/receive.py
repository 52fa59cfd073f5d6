"""RECEIVE: what is new in the folder comes to rest in the database, batch by batch; and the two are compared."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from threading import Event

import structlog

from mailflow.domain import Fetched, Location
from mailflow.inbox.cursor import BATCH, Reading, moved_on, next_batch, reading
from mailflow.inbox.mailbox import Mailbox
from mailflow.message.identity import fingerprint, message_id_of
from mailflow.store import receiving
from mailflow.store.database import Store
from mailflow.store.receiving import ReadTo

log = structlog.get_logger()


def receive(mailbox: Mailbox, store: Store, folder: str, now: datetime) -> int:
    """One step: fetches the next batch of the opened folder and commits its bytes with the moved cursor.

    Returns how many messages were fetched: the step is repeated until it says 0. Raises TemporaryError; then nothing is
    changed, or everything up to the last whole batch.
    """
    with store.reading() as db:
        cursor = receiving.read_to(db, mailbox.name, folder)
    place = reading(cursor, mailbox.uidvalidity)
    if place.renumbered:
        log.warning("folder renumbered", folder=folder, uidvalidity=place.uidvalidity)
    # Messages that go between being listed and being fetched pass the cursor: what is left is looked for again.
    while uids := mailbox.uids_after(place.after)[:BATCH]:
        batch = next_batch(uids, mailbox.sizes(uids))
        fetched = _fetched(mailbox, folder, batch)
        cursor = moved_on(place, batch)
        _keep(mailbox, store, folder, fetched, cursor, now)
        if fetched:
            return len(fetched)
        place = Reading(cursor.uidvalidity, cursor.last_uid)
    return 0


def reconcile(mailbox: Mailbox, store: Store, folder: str, now: datetime, stop: Event | None = None) -> int:
    """Compares: every message on the server that the cursor has passed and we lack is fetched after all; the counts are noted.

    Returns how many were missing. Ends early, noting nothing, when `stop` is set.
    """
    with store.reading() as db:
        cursor = receiving.read_to(db, mailbox.name, folder)
        known = receiving.known_uids(db, mailbox.name, folder, mailbox.uidvalidity)
    on_server = mailbox.all_uids()
    place = reading(cursor, mailbox.uidvalidity)
    missing = sorted(uid for uid in on_server - known if uid <= place.after)
    found = 0
    for batch in _batches(mailbox, missing):
        if stop and stop.is_set():
            return found
        fetched = _fetched(mailbox, folder, batch)
        _keep(mailbox, store, folder, fetched, ReadTo(place.uidvalidity, place.after), now)
        known.update(f.location.uid for f in fetched)
        found += len(fetched)
    if found:
        log.warning("messages overlooked before", folder=folder, count=found)
    with store.writing() as db:
        receiving.note_count(db, mailbox.name, folder, len(on_server), len(on_server & known), now)
    return found


def _batches(mailbox: Mailbox, uids: Sequence[int]) -> Iterator[list[int]]:
    while uids:
        batch = next_batch(uids[:BATCH], mailbox.sizes(uids[:BATCH]))
        yield batch
        uids = uids[len(batch) :]


def _fetched(mailbox: Mailbox, folder: str, batch: Sequence[int]) -> list[Fetched]:
    return [
        Fetched(
            location=Location(mailbox.name, folder, mailbox.uidvalidity, arrived.uid),
            raw=arrived.raw,
            arrived=arrived.at,
            fingerprint=fingerprint(arrived.raw),
            message_id=message_id_of(arrived.raw),
        )
        for arrived in mailbox.fetch(batch)
    ]


def _keep(mailbox: Mailbox, store: Store, folder: str, fetched: Sequence[Fetched], cursor: ReadTo, now: datetime) -> None:
    with store.writing() as db:
        new = receiving.keep(db, mailbox.name, folder, fetched, cursor, now)
    log.info("received", folder=folder, fetched=len(fetched), new=new, last_uid=cursor.last_uid)
