"""Out of the opened folder into another: by MOVE (RFC 6851), or by COPY on a server that has none.

There each copy is seen in its folder before the original goes, and a step that was cut short is taken up where it stopped:
what lies in both folders already is not copied again.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from imapclient import IMAPClient

from mailflow.domain.failpoints import Failpoint, reached
from mailflow.errors import TemporaryError
from mailflow.inbox.parts import HEADER, as_answered
from mailflow.inbox.trouble import FolderRefusedError
from mailflow.inbox.uids import Moved, with_copyuid


@dataclass(frozen=True, slots=True)
class Opened:
    """The folder that messages are moved out of, by the server's name for it."""

    name: str
    uidvalidity: int


Likeness = tuple[int, bytes]  # a message's size and header: a copy has the same


def move(session: IMAPClient, uids: Sequence[int], source: Opened, target: str) -> Moved:
    """Moves messages that fit into one command; those that are gone are left out. `target` is the server's name.

    Raises FolderRefusedError where a copy does not arrive; that message stays where it is. Without UIDPLUS (RFC 4315) an
    original is only marked as deleted: a plain EXPUNGE would also remove what people have marked.
    """
    if session.has_capability("MOVE"):
        return _told(session, lambda: session.move(uids, target))
    wanted = _likenesses(session, uids)
    moved = _copies(session, wanted, source, target)
    if rest := [uid for uid in wanted if uid not in moved.uids]:
        copied = _told(session, lambda: session.copy(rest, target))
        reached(Failpoint.COPIED)
        if not copied.uids:
            copied = _copies(session, {uid: wanted[uid] for uid in rest}, source, target)
        moved = Moved(copied.uidvalidity or moved.uidvalidity, moved.uids | copied.uids)
    there = sorted(moved.uids)
    can_expunge = session.has_capability("UIDPLUS")
    if there:
        session.add_flags(there, rb"\Deleted", silent=True)
        reached(Failpoint.MARKED)
        if can_expunge:
            session.uid_expunge(there)
    if len(there) < len(wanted):
        raise FolderRefusedError("The IMAP server said that it had copied messages, and they are not there.")
    return moved if can_expunge else Moved()


def _told(session: IMAPClient, command: Callable[[], object]) -> Moved:
    """What the server says about where a command has put messages; nothing of older ones."""
    session._imap.response("COPYUID")
    command()
    return with_copyuid(Moved(), session._imap.response("COPYUID")[1])


def _copies(session: IMAPClient, wanted: dict[int, Likeness], source: Opened, target: str) -> Moved:
    """Which messages lie in `target` as well: their UIDs there. No two of them are taken for copies of one another."""
    found: dict[int, int] = {}
    with _looking_into(session, target, source) as uidvalidity:
        for size in {size for size, _ in wanted.values()}:
            candidates = _likenesses(session, session.search(["UNDELETED", "LARGER", size - 1, "SMALLER", size + 1]))
            for uid, likeness in wanted.items():
                if same := next((there for there, other in candidates.items() if other == likeness), None):
                    found[uid] = same
                    del candidates[same]
    return Moved(uidvalidity, found)


def _likenesses(session: IMAPClient, uids: Sequence[int]) -> dict[int, Likeness]:
    found = session.fetch(uids, [b"RFC822.SIZE", HEADER]) if uids else {}
    return {
        uid: (parts[b"RFC822.SIZE"], parts[as_answered(HEADER)])
        for uid, parts in sorted(found.items())
        if b"RFC822.SIZE" in parts and parts.get(as_answered(HEADER)) is not None
    }


@contextmanager
def _looking_into(session: IMAPClient, folder: str, source: Opened) -> Iterator[int]:
    """Opens another folder, gives its UIDVALIDITY, and returns to the one that was open."""
    try:
        yield session.select_folder(folder, readonly=True)[b"UIDVALIDITY"]
    finally:
        if session.select_folder(source.name)[b"UIDVALIDITY"] != source.uidvalidity:
            raise TemporaryError("The folder was renumbered while messages were moved out of it.")
