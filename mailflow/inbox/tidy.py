"""Tidy: decided messages are moved to their folders, after the commit that decided them. Repeatable at any point."""

import structlog

from mailflow.inbox.mailbox import FolderRefusedError, Mailbox
from mailflow.store import tidying
from mailflow.store.database import Store

CHUNK = 200

log = structlog.get_logger()


def tidy(mailbox: Mailbox, store: Store, folder: str) -> int:
    """One step: moves up to `CHUNK` messages out of the opened folder into each folder that some belong to.

    Returns how many places were put in order: the step is repeated until it says 0. A folder that cannot take them is left for
    later, the others are filled, and then FolderRefusedError (a TemporaryError) names it. In a folder opened read-only, as in
    rehearsal, nothing is moved.
    """
    if mailbox.readonly:
        return 0
    with store.reading() as db:
        targets = tidying.targets(db, mailbox.name, folder, mailbox.uidvalidity)
    done = 0
    refused: list[str] = []
    for target in targets:
        try:
            done += _fill(mailbox, store, folder, target)
        except FolderRefusedError:
            refused.append(target)
    if refused:
        names = ", ".join(f'"{name}"' for name in refused)
        raise FolderRefusedError(f"The IMAP server will not put messages into {names}; they stay where they are until it does.")
    return done


def _fill(mailbox: Mailbox, store: Store, folder: str, target: str) -> int:
    with store.reading() as db:
        found = tidying.misplaced(db, mailbox.name, folder, mailbox.uidvalidity, target, CHUNK)
    mailbox.ensure_folder(target)
    moved = mailbox.move(sorted(m.uid for m in found), target)
    there = {m.place: moved.uids[m.uid] for m in found if m.uid in moved.uids}
    with store.writing() as db:
        tidying.note_moved(db, mailbox.name, target, moved.uidvalidity, there)
        # Gone before we came, moved in a step whose commit was lost, or moved by a server that does not say where to.
        tidying.note_departed(db, [m.place for m in found if m.place not in there])
    log.info("tidied", folder=folder, target=target, moved=len(there), departed=len(found) - len(there))
    return len(found)
