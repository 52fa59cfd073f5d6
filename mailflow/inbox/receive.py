"""RECEIVE: what is new in the folder comes to rest in the database, batch by batch; and the two are compared."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from threading import Event

import structlog

from mailflow.domain import Fetched, Location
from mailflow.domain.failpoints import Failpoint, reached
from mailflow.errors import TemporaryError
from mailflow.inbox.cursor import BATCH, Reading, moved_on, next_batch, reading
from mailflow.inbox.mailbox import Arrived, Mailbox
from mailflow.inbox.trouble import RefusedError
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
        batch = next_batch(uids, _sizes(mailbox, uids))
        fetched, refused = _fetched(mailbox, folder, batch)
        if len(refused) == len(batch) > 1:
            raise TemporaryError("The IMAP server hands out no messages now.")
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
        fetched, _ = _fetched(mailbox, folder, batch)
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
        batch = next_batch(uids[:BATCH], _sizes(mailbox, uids[:BATCH]))
        yield batch
        uids = uids[len(batch) :]


def _sizes(mailbox: Mailbox, uids: Sequence[int]) -> dict[int, int]:
    try:
        return mailbox.sizes(uids)
    except RefusedError:
        return {}


def _fetched(mailbox: Mailbox, folder: str, batch: Sequence[int]) -> tuple[list[Fetched], list[int]]:
    """The messages, and the UIDs that the server will not hand out.

    Exchange refuses a whole batch for one message that is broken on its side. That one is left out, so that it holds up no other;
    `reconcile` asks for it again, and until it comes the counts do not agree.
    """
    refused: list[int] = []
    try:
        arrived = mailbox.fetch(batch)
    except RefusedError:
        arrived = []
        for uid in batch:
            try:
                arrived += mailbox.fetch([uid])
            except RefusedError:
                refused.append(uid)
    if refused:
        log.warning("not handed out", folder=folder, uids=refused)
    return [_known_by_its_words(mailbox, folder, one) for one in arrived], refused


def _known_by_its_words(mailbox: Mailbox, folder: str, one: Arrived) -> Fetched:
    location = Location(mailbox.name, folder, mailbox.uidvalidity, one.uid)
    return Fetched(location, one.raw, one.at, fingerprint(one.raw), message_id_of(one.raw))


def _keep(mailbox: Mailbox, store: Store, folder: str, fetched: Sequence[Fetched], cursor: ReadTo, now: datetime) -> None:
    reached(Failpoint.FETCHED)
    with store.writing() as db:
        new = receiving.keep(db, mailbox.name, folder, fetched, cursor, now)
    reached(Failpoint.KEPT)
    log.info("received", folder=folder, fetched=len(fetched), new=new, last_uid=cursor.last_uid)
