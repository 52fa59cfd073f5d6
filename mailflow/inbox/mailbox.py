"""The mailbox as we see it: one folder opened, read without touching a flag, and its messages moved.

Folder names have "/" between levels here, whatever the server writes.
"""

import select
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Self

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, IMAPClientReadOnlyError
from imapclient.imapclient import SENT

from mailflow.domain import SENT_FOLDER
from mailflow.domain.failpoints import Failpoint, reached
from mailflow.errors import TemporaryError, UserError
from mailflow.inbox import moving
from mailflow.inbox.moving import Opened
from mailflow.inbox.names import FolderNames
from mailflow.inbox.parts import HEADER, WHOLE, Arrived, as_answered, in_utc
from mailflow.inbox.signin import sign_in, with_no_goodbye
from mailflow.inbox.trouble import FolderRefusedError, folder_may_refuse, trouble_is_temporary
from mailflow.inbox.uids import UIDS_A_RESPONSE, Moved, chunks
from mailflow.message.identity import message_id_of
from mailflow.settings import Settings

# How soon a stop is noticed while we wait for news, in seconds.
GLANCE = 0.5
GOODBYE_SECONDS = 1
MOST_LIKE_IT = 100  # messages whose Message-ID a server takes for the one we look for


class Mailbox:
    """A signed-in connection. Every method may raise TemporaryError; then the connection is to be closed and made anew."""

    def __init__(self, session: IMAPClient, settings: Settings) -> None:
        """`session` is signed in. `name` says whose mailbox it is, in the database; `largest` is in bytes."""
        self.name = settings.address.lower()
        self.largest = int(settings.largest_megabytes * 2**20)
        self.readonly = True
        self.uidvalidity = 0
        self._folder = ""
        self.session = session
        self._messages = self._uidnext = 0
        self._names = FolderNames()
        self.refusals: dict[str, float] = {}  # folders that would take nothing, and when that was (monotonic seconds)
        self._ensured: set[str] = set()
        self._idling = False

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        """Signs in. Raises UserError, one sentence a wrong setting, and TemporaryError where the server is away."""
        mailbox = cls(sign_in(settings), settings)
        try:
            with trouble_is_temporary():
                mailbox._names = mailbox._learn_names()
        except BaseException:
            mailbox.close()
            raise
        return mailbox

    def __enter__(self) -> Self:
        """The connection, to be closed at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closes."""
        self.close()

    def close(self) -> None:
        """Says goodbye, if the server still listens."""
        try:
            self.session.socket().settimeout(GOODBYE_SECONDS)
            if self._idling:
                self._leave_idle()
            self.session.logout()
        except Exception:  # whatever is wrong with it, it is of no more use
            with_no_goodbye(self.session)

    def can(self, capability: str) -> bool:
        """Whether the server offers a capability."""
        with trouble_is_temporary():
            return bool(self.session.has_capability(capability))

    def has(self, folder: str) -> bool:
        """Whether the folder is there."""
        with trouble_is_temporary():
            return self._exists(folder)

    def open(self, folder: str, readonly: bool) -> None:
        """Opens the folder to be read: with EXAMINE where `readonly`. Raises UserError where there is none."""
        with trouble_is_temporary():
            try:
                self._folder = self._names.on_server(folder)
                answer = self.session.select_folder(self._folder, readonly=readonly)
            except IMAPClientReadOnlyError:
                raise UserError(
                    f'MAILFLOW_IMAP_FOLDER: this user may only read "{folder}"; ask for the right to move its messages, or write '
                    "MAILFLOW_MODE=rehearsal."
                ) from None
            except IMAPClientAbortError:
                raise
            except IMAPClientError:
                if self._exists(folder):
                    raise TemporaryError(f'The IMAP server will not open the folder "{folder}" now.') from None
                raise UserError(
                    f'MAILFLOW_IMAP_FOLDER: the mailbox has no folder "{folder}"; write one that it has, such as INBOX.'
                ) from None
        self.readonly = readonly
        self.uidvalidity, self._uidnext = answer[b"UIDVALIDITY"], answer.get(b"UIDNEXT", 0)
        self._messages = answer[b"EXISTS"]

    def uids_after(self, last: int) -> list[int]:
        """UIDs above `last`, ascending: all of them, or of a very big folder the next stretch; [] where nothing is new."""
        with trouble_is_temporary():
            # Dovecot answers SEARCH, and STATUS of the open folder, from what it knew at the end of the last command.
            self.session.noop()
            if self._messages > UIDS_A_RESPONSE:
                for first in range(last + 1, self._uidnext, UIDS_A_RESPONSE):
                    if found := self._search(f"UID {first}:{first + UIDS_A_RESPONSE - 1}"):
                        return found
                last = max(last, self._uidnext - 1)
            # "n:*" always answers the highest UID, even one below n (RFC 9051, 9, seq-range).
            return [uid for uid in self._search(f"UID {last + 1}:*") if uid > last]

    def all_uids(self) -> set[int]:
        """Every UID in the folder."""
        with trouble_is_temporary():
            self.session.noop()
            if self._messages <= UIDS_A_RESPONSE:
                return set(self._search("ALL"))
            uids: set[int] = set()
            # By sequence numbers, so that the stretches are full whatever the UIDs are.
            while stretch := self._search(f"{len(uids) + 1}:{len(uids) + UIDS_A_RESPONSE}"):
                uids.update(stretch)
            return uids

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """Bytes of each message (RFC822.SIZE); those that are gone are left out."""
        return {uid: found[b"RFC822.SIZE"] for uid, found in self._fetch(uids, b"RFC822.SIZE")}

    def fetch(self, uids: Sequence[int], part: bytes = WHOLE) -> list[Arrived]:
        """The messages, ascending, or of each its HEADER; those that are gone are left out. Leaves \\Seen alone (BODY.PEEK)."""
        name = as_answered(part)
        found = self._fetch(uids, b"INTERNALDATE", part)
        # Dovecot answers NIL for what somebody has deleted since the folder was last listed.
        there = sorted((uid, parts) for uid, parts in found if parts[name] is not None)
        return [Arrived(uid, in_utc(parts[b"INTERNALDATE"]), parts[name]) for uid, parts in there]

    def ensure_folder(self, folder: str) -> None:
        """Creates and subscribes the folder where it is missing. Raises FolderRefusedError where the server will not."""
        if folder in self._ensured:
            return
        with trouble_is_temporary(), folder_may_refuse(folder):
            if not self._exists(folder):
                self.session.create_folder(self.on_server(folder))
                self.session.subscribe_folder(self.on_server(folder))
        self._ensured.add(folder)

    def move(self, uids: Sequence[int], folder: str) -> Moved:
        """Moves messages out of the opened folder; those that are gone are left out. Raises FolderRefusedError."""
        moved = Moved()
        try:
            for chunk in chunks(uids):
                with trouble_is_temporary(), folder_may_refuse(folder):
                    there = moving.move(self.session, chunk, Opened(self._folder, self.uidvalidity), self.on_server(folder))
                moved = Moved(there.uidvalidity, moved.uids | there.uids)
        except FolderRefusedError:
            # Somebody may have deleted it since we looked.
            self._ensured.discard(folder)
            raise
        return moved

    def keep_sent(self, raw: bytes) -> None:
        """Puts a mail, marked as read, into the folder for sent mail; creates "Sent" where there is none."""
        self.ensure_folder(SENT_FOLDER)
        with trouble_is_temporary(), folder_may_refuse("Sent"):
            self.session.append(self.on_server(SENT_FOLDER), raw, (rb"\Seen",))
        reached(Failpoint.COPY_KEPT)

    def has_sent(self, message_id: str) -> bool:
        """Whether a mail of exactly this Message-ID lies in the folder for sent mail, which is opened for that."""
        with trouble_is_temporary():
            if not self._exists(SENT_FOLDER):
                return False
            self.session.select_folder(self.on_server(SENT_FOLDER), readonly=True)
            quoted = message_id.replace("\\", r"\\").replace('"', r"\"")
            # It finds parts of values, too, and in any case (RFC 9051, 6.4.4).
            like_it = self._search(f'HEADER Message-ID "{quoted}"')[-MOST_LIKE_IT:]
        return any(message_id_of(found.raw) == message_id for found in self.fetch(like_it, HEADER))

    def await_arrival(self, seconds: float, stopped: Callable[[], bool], begun: Callable[[], object] = lambda: None) -> bool:
        """Waits by IDLE (RFC 2177) until there is news, the time is over, or we are stopped. Says whether a message arrived.

        Of what came before it has `begun`, which is then called, or in one breath with the server's "go ahead", it hears nothing.
        """
        deadline = time.monotonic() + seconds
        with trouble_is_temporary():
            self.session.idle()
            self._idling = True
            begun()
            while not stopped() and (left := deadline - time.monotonic()) > 0:
                if _readable(self.session.socket(), min(left, GLANCE)):
                    break
            # Read after DONE, when whole lines come: idle_check() takes the half of a line for the end of the connection.
            return any(len(line) > 1 and line[1] == b"EXISTS" for line in self._leave_idle())

    def _leave_idle(self) -> Sequence[Any]:
        self._idling = False
        _, rest = self.session.idle_done()
        return rest  # type: ignore[no-any-return]

    def _fetch(self, uids: Sequence[int], *parts: bytes) -> Iterator[tuple[int, dict[bytes, Any]]]:
        wanted = {as_answered(part) for part in parts}
        for chunk in chunks(uids):
            with trouble_is_temporary():
                found = self.session.fetch(chunk, parts)
            # A server may tell of flags besides, and of a message that goes only half.
            yield from ((uid, answer) for uid, answer in found.items() if wanted <= answer.keys())

    def on_server(self, folder: str) -> str:
        """The server's name of a folder. Which one is for sent mail the server says (RFC 6154); else it is "Sent"."""
        if folder == SENT_FOLDER:
            return self.session.find_special_folder(SENT) or self._names.on_server("Sent")
        return self._names.on_server(folder)

    def _search(self, criteria: str) -> list[int]:
        return sorted(self.session.search(criteria))

    def _learn_names(self) -> FolderNames:
        if self.session.has_capability("NAMESPACE") and (personal := self.session.namespace().personal):
            prefix, delimiter = personal[0]
            return FolderNames(prefix, delimiter or "/")
        root = self.session.list_folders("", "")
        return FolderNames("", root[0][1].decode()) if root and root[0][1] else FolderNames()

    def _exists(self, folder: str) -> bool:
        found = self.session.list_folders("", self.on_server(folder))
        return any(not {b"\\noselect", b"\\nonexistent"} & {flag.lower() for flag in flags} for flags, _, _ in found)


def _readable(socket: Any, seconds: float) -> bool:
    poller = select.poll()
    poller.register(socket.fileno(), select.POLLIN)
    return bool(poller.poll(seconds * 1000))
