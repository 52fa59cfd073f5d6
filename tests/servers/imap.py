"""What every IMAP server of the tests can do, whichever program it is."""

import itertools
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from imapclient import IMAPClient

from servers.starting import DOMAIN, HOST, PASSWORD, eventually

_numbers = itertools.count(1)


class ImapServer:
    """A running IMAP server: `host`, `port`, `password`, and mailboxes that each test finds empty."""

    host = HOST
    password = PASSWORD
    centre = f"edi.centre@{DOMAIN}"

    def __init__(self, port: int) -> None:
        self.port = port

    def user(self) -> str:
        """A member of staff with an empty mailbox, never given before."""
        return f"person{next(_numbers)}@{DOMAIN}"

    @contextmanager
    def mailbox(self, user: str, folder: str | None = None) -> Iterator[IMAPClient]:
        """A signed-in session for the test's own looks, with `folder` selected where one is named."""
        with IMAPClient(self.host, self.port, ssl=False, timeout=10) as session:
            session.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            session.normalise_times = False
            session.login(user, self.password)
            if folder:
                session.select_folder(folder)
            yield session

    def append(self, raw: bytes, to: str, folder: str = "INBOX", arrived: datetime | None = None) -> None:
        """Puts exactly these bytes into a folder."""
        with self.mailbox(to) as session:
            session.append(folder, raw, msg_time=arrived)

    def append_all(self, raws: Sequence[bytes], to: str, folder: str = "INBOX") -> None:
        """Puts many messages into a folder, quickly."""
        with self.mailbox(to) as session:
            session.multiappend(folder, raws)

    def deliver(self, raw: bytes, to: str) -> None:
        """A mail arrives."""
        self.append(raw, to)

    def messages(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """Every message of a folder, oldest first; none where there is no such folder. Leaves the flags alone."""
        with self.mailbox(user) as session:
            if not session.folder_exists(folder):
                return []
            session.select_folder(folder, readonly=True)
            found = session.fetch(session.search("ALL"), [b"BODY.PEEK[]"])
            return [found[uid][b"BODY[]"] for uid in sorted(found)]

    def await_mail(self, user: str, count: int = 1, folder: str = "INBOX", seconds: float = 5) -> list[bytes]:
        """Waits until at least `count` messages are in the folder, and returns them all."""

        def enough() -> list[bytes]:
            found = self.messages(user, folder)
            return found if len(found) >= count else []

        return eventually(enough, f"{count} mails in {folder}", seconds, pause=0.05)
