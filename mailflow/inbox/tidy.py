"""Tidy: decided messages are moved to their folders, after the commit that decided them. Repeatable at any point."""

import structlog

from mailflow.inbox.mailbox import FolderRefusedError, Mailbox
from mailflow.inbox.uids import Moved
from mailflow.store import tidying
from mailflow.store.database import Store
from mailflow.store.tidying import Misplaced

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
        targets = tidying.targets(db, mailbox.name, folder)
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
        found = tidying.misplaced(db, mailbox.name, folder, target, CHUNK)
    # Under another UIDVALIDITY the UIDs mean nothing; where the messages lie now, receiving finds out.
    here = {m.uid: m for m in found if m.uidvalidity == mailbox.uidvalidity}
    mailbox.ensure_folder(target)
    moved = mailbox.move(sorted(here), target) if here else Moved()
    _note(mailbox, store, target, found, {here[old].place: new for old, new in moved.uids.items() if old in here}, moved)
    log.info("tidied", folder=folder, target=target, moved=len(moved.uids), departed=len(found) - len(moved.uids))
    return len(found)


def _note(
    mailbox: Mailbox, store: Store, target: str, found: tuple[Misplaced, ...], new_uids: dict[int, int], moved: Moved
) -> None:
    with store.writing() as db:
        tidying.note_moved(db, mailbox.name, target, moved.uidvalidity, new_uids)
        # Gone before we came, moved in a step whose commit was lost, or moved by a server that does not say where to.
        tidying.note_departed(db, [m.place for m in found if m.place not in new_uids])
