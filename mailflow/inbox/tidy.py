"""Tidy: decided messages are moved to their folders, after the commit that decided them. Repeatable at any point."""

from math import inf
from time import monotonic

import structlog

from mailflow.domain.failpoints import Failpoint, reached
from mailflow.inbox.mailbox import Mailbox
from mailflow.inbox.trouble import FolderRefusedError
from mailflow.store import tidying
from mailflow.store.database import Store

CHUNK = 200
ASK_AGAIN_SECONDS = 600.0

log = structlog.get_logger()


def tidy(mailbox: Mailbox, store: Store, folder: str) -> int:
    """One step: moves up to `CHUNK` messages out of the opened folder into each folder that some belong to.

    Returns how many places were put in order: the step is repeated until it says 0. A folder that will not take messages is told
    in the log and left alone for `ASK_AGAIN_SECONDS`; the others are filled. In a folder opened read-only, as in rehearsal,
    nothing is moved. Raises TemporaryError where the connection breaks.
    """
    if mailbox.readonly:
        return 0
    with store.reading() as db:
        targets = tidying.targets(db, mailbox.name, folder, mailbox.uidvalidity)
    done = 0
    for target in targets:
        if monotonic() < mailbox.refusals.get(target, -inf) + ASK_AGAIN_SECONDS:
            continue
        try:
            done += _fill(mailbox, store, folder, target)
        except FolderRefusedError as error:
            mailbox.refusals[target] = monotonic()
            log.warning("not tidied", folder=folder, target=target, reason=str(error))
    return done


def tidy_elsewhere(mailbox: Mailbox, store: Store, inbox: str) -> int:
    """One step: moves what a person has corrected out of the folders it was filed into. The inbox is the opened folder again.

    Returns how many places were put in order. Raises as `tidy` does.
    """
    if mailbox.readonly:
        return 0
    with store.reading() as db:
        folders = tidying.left_behind(db, mailbox.name, inbox)
    done = 0
    for folder in folders:
        if there := mailbox.has(folder):
            mailbox.open(folder, readonly=False)
            done += tidy(mailbox, store, folder)
        with store.writing() as db:
            done += tidying.note_lost(db, mailbox.name, folder, mailbox.uidvalidity if there else None)
    if folders:
        mailbox.open(inbox, readonly=False)
    return done


def _fill(mailbox: Mailbox, store: Store, folder: str, target: str) -> int:
    with store.reading() as db:
        found = tidying.misplaced(db, mailbox.name, folder, mailbox.uidvalidity, target, CHUNK)
    mailbox.ensure_folder(target)
    reached(Failpoint.MOVING)
    moved = mailbox.move(sorted(m.uid for m in found), target)
    reached(Failpoint.MOVED)
    there = {m.place: moved.uids[m.uid] for m in found if m.uid in moved.uids}
    with store.writing() as db:
        tidying.note_moved(db, mailbox.name, target, moved.uidvalidity, there)
        # Gone before we came, moved in a step whose commit was lost, or moved by a server that does not say where to.
        tidying.note_departed(db, [m.place for m in found if m.place not in there])
    reached(Failpoint.SETTLED)
    log.info("tidied", folder=folder, target=target, moved=len(there), departed=len(found) - len(there))
    return len(found)
