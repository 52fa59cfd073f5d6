"""RECEIVE: what is new in the folder comes to rest in the database, batch by batch; and the two are compared."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from threading import Event

import structlog

from mailflow.domain import Fetched, Location
from mailflow.domain.failpoints import Failpoint, reached
from mailflow.errors import TemporaryError
from mailflow.inbox.cursor import BATCH, Reading, moved_on, next_batch, reading
from mailflow.inbox.mailbox import Mailbox
from mailflow.inbox.parts import HEADER, WHOLE, Arrived
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
    while waiting := mailbox.uids_after(place.after):
        sizes = _sizes(mailbox, waiting[:BATCH])
        batch = next_batch(waiting[:BATCH], sizes, mailbox.largest)
        fetched, refused = _fetched(mailbox, folder, batch, sizes)
        # Broken messages are passed by. Where the newest is refused, too, it is the server that is broken.
        if len(refused) == len(batch) < len(waiting) and _handed_out(mailbox, waiting[-1:], HEADER)[1]:
            raise TemporaryError("The IMAP server hands out no messages now.")
        cursor = moved_on(place, batch)
        _keep(mailbox, store, folder, fetched, cursor, now, left=len(waiting) - len(batch))
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
    while missing:
        if stop and stop.is_set():
            return found
        sizes = _sizes(mailbox, missing[:BATCH])
        batch = next_batch(missing[:BATCH], sizes, mailbox.largest)
        missing = missing[len(batch) :]
        fetched, _ = _fetched(mailbox, folder, batch, sizes)
        _keep(mailbox, store, folder, fetched, ReadTo(place.uidvalidity, place.after), now, left=len(missing))
        known.update(f.location.uid for f in fetched)
        found += len(fetched)
    if found:
        log.warning("messages overlooked before", folder=folder, count=found)
    with store.writing() as db:
        receiving.note_count(db, mailbox.name, folder, len(on_server), len(on_server & known), now)
    return found


def _sizes(mailbox: Mailbox, uids: Sequence[int]) -> dict[int, int | None]:
    """Bytes of each message; None where the server does not tell; those that are gone are left out."""
    try:
        return {**mailbox.sizes(uids)}
    except RefusedError:
        # Exchange refuses the sizes of all for one that is broken.
        if len(uids) == 1:
            return {uids[0]: None}
        return {uid: size for one in uids for uid, size in _sizes(mailbox, [one]).items()}


def _fetched(
    mailbox: Mailbox, folder: str, batch: Sequence[int], sizes: Mapping[int, int | None]
) -> tuple[list[Fetched], list[int]]:
    """The messages, oldest first, and the UIDs that the server will not hand out. Of those beyond the limit only the header."""
    big = [uid for uid in batch if (sizes.get(uid) or 0) > mailbox.largest]
    whole, refused = _handed_out(mailbox, [uid for uid in batch if uid not in big], WHOLE)
    # The size that was told before may have been wrong, or none.
    true_sizes = {**sizes, **{one.uid: len(one.raw) for one in whole}}
    big += [one.uid for one in whole if len(one.raw) > mailbox.largest]
    whole = [one for one in whole if one.uid not in big]
    headers, refused_too = _handed_out(mailbox, big, HEADER)
    if big:
        log.warning("too big to be fetched whole", folder=folder, uids=big)
    if refused or refused_too:
        log.warning("not handed out", folder=folder, uids=refused + refused_too)
    fetched = [_known_by_its_words(mailbox, folder, one, len(one.raw)) for one in whole]
    fetched += [_known_by_its_words(mailbox, folder, one, true_sizes[one.uid] or 0, whole=False) for one in headers]
    return sorted(fetched, key=lambda one: one.location.uid), refused + refused_too


def _handed_out(mailbox: Mailbox, uids: Sequence[int], part: bytes) -> tuple[list[Arrived], list[int]]:
    """What the server gives of the messages, and which it refuses.

    Exchange refuses a whole batch for one message that is broken on its side. That one is left out, so that it holds up no other;
    `reconcile` asks for it again, and until it comes the counts do not agree.
    """
    try:
        return mailbox.fetch(uids, part), []
    except RefusedError:
        arrived: list[Arrived] = []
        refused: list[int] = []
        for uid in uids:
            try:
                arrived += mailbox.fetch([uid], part)
            except RefusedError:
                refused.append(uid)
        return arrived, refused


def _known_by_its_words(mailbox: Mailbox, folder: str, one: Arrived, size: int, whole: bool = True) -> Fetched:
    location = Location(mailbox.name, folder, mailbox.uidvalidity, one.uid)
    message_id = message_id_of(one.raw)
    # Headers alone may be alike; of two messages without a Message-ID at least the size tells that they are two.
    words = one.raw if whole or message_id else b"%s%d bytes" % (one.raw, size)
    return Fetched(location, one.raw, one.at, fingerprint(words), message_id, size, whole)


def _keep(
    mailbox: Mailbox, store: Store, folder: str, fetched: Sequence[Fetched], cursor: ReadTo, now: datetime, left: int
) -> None:
    reached(Failpoint.FETCHED)
    with store.writing() as db:
        new = receiving.keep(db, mailbox.name, folder, fetched, cursor, now)
    reached(Failpoint.KEPT)
    log.info("received", folder=folder, fetched=len(fetched), new=new, last_uid=cursor.last_uid, left=left)
