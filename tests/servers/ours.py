"""Our side of the connection, as the contract tests use it: settings for a server, a mailbox opened, a store to receive into."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import select, update

from mailflow.domain import MessageState
from mailflow.inbox.mailbox import Mailbox
from mailflow.inbox.receive import receive
from mailflow.settings import Settings, load
from mailflow.store.database import Store
from mailflow.store.tables import messages, raws
from servers.imap import ImapServer

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def mail(number: int, size: int = 0) -> bytes:
    """A mail like no other number's, with `size` bytes to spare."""
    return (
        f"From: ada{number}@university.example\r\nTo: edi.centre@university.example\r\n"
        f"Subject: Question {number}\r\nMessage-ID: <{number}@university.example>\r\n\r\nWhen is it?\r\n{'x' * size}\r\n"
    ).encode()


def settings_for(server: ImapServer, user: str, **others: object) -> Settings:
    """Settings that read this user's mailbox, whatever the environment says."""
    values = {"imap_host": server.host, "imap_port": server.port, "imap_security": "none", "imap_password": server.password}
    return load(**{"_env_file": None, "address": user, **values, **others})


@contextmanager
def opened(settings: Settings, folder: str = "INBOX", readonly: bool = False) -> Iterator[Mailbox]:
    """The mailbox with one folder opened."""
    with Mailbox.connect(settings) as mailbox:
        mailbox.open(folder, readonly=readonly)
        yield mailbox


def receive_all(mailbox: Mailbox, store: Store, folder: str = "INBOX") -> int:
    """Receives until nothing is new; returns how many messages were fetched."""
    total = 0
    while count := receive(mailbox, store, folder, NOW):
        total += count
    return total


def kept(store: Store) -> list[bytes]:
    """The bytes at rest, in the order they came."""
    with store.reading() as db:
        return list(db.execute(select(raws.c.content).order_by(raws.c.message_id)).scalars())


def decide(store: Store, folder: str | None) -> None:
    """As if everything had been decided, and belonged into `folder`."""
    with store.writing() as db:
        db.execute(update(messages).values(state=MessageState.FILED, folder=folder))


def expunge(server: ImapServer, user: str, uids: Sequence[int]) -> None:
    """Somebody removes messages from the inbox."""
    with server.mailbox(user, "INBOX") as theirs:
        theirs.delete_messages(uids)
        theirs.uid_expunge(uids)
