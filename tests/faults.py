"""The mailbox's whole work, to be broken at any place and begun again; and what must be true when it is done."""

from contextlib import suppress
from threading import Event

import pytest
from sqlalchemy import select

from mailflow.errors import MailflowError, TemporaryError
from mailflow.inbox.inbox import Inbox
from mailflow.inbox.mailbox import Mailbox
from mailflow.inbox.receive import reconcile
from mailflow.inbox.tidy import tidy
from mailflow.settings import Settings
from mailflow.store.database import Store
from mailflow.store.tables import cursors
from servers.imap import ImapServer
from servers.ours import NOW, decide, kept, mail, receive_all
from servers.relay import Relay

MAILS = [mail(number, 2000) for number in range(5)]
TARGET = "Queries"
TROUBLE = r"\A[^\n]+\.\Z"  # one sentence


def break_and_begin_again(relay: Relay, through: Settings, store: Store, command: str) -> None:
    """The fault is told as one that passes, and a new connection finishes the work."""
    # Of a goodbye that is not heard there is nothing to tell.
    with suppress(TemporaryError) if command == "LOGOUT" else pytest.raises(TemporaryError, match=TROUBLE):
        work(through, store)
    assert relay.struck.wait(5)
    work(through, store)


def work(settings: Settings, store: Store) -> None:
    """All that mailflow asks of a mailbox, from the greeting to the goodbye."""
    with Mailbox.connect(settings) as mailbox:
        mailbox.open("INBOX", readonly=False)
        receive_all(mailbox, store)
        decide(store, TARGET)
        while tidy(mailbox, store, "INBOX"):
            pass
        reconcile(mailbox, store, "INBOX", NOW)
        mailbox.open("INBOX", readonly=True)
        mailbox.await_arrival(0.01, lambda: False)


def assert_filed_once(server: ImapServer, settings: Settings, store: Store) -> None:
    assert kept(store) == MAILS
    assert server.messages(settings.address, TARGET) == MAILS
    assert server.messages(settings.address) == []


def look_until_quiet(inbox: Inbox) -> None:
    """Looks, as the daemon does, over whatever breaks."""
    for _ in range(5):
        with suppress(MailflowError):
            while any(inbox.look(Event())):
                pass


def counts(store: Store) -> tuple[int, int]:
    """How many messages the server has, and how many of them we know."""
    with store.reading() as db:
        return tuple(db.execute(select(cursors.c.on_server, cursors.c.known)).one())


def take_away(server: ImapServer, settings: Settings, uid: int) -> None:
    with server.mailbox(settings.address, "INBOX") as theirs:
        theirs.move([uid], "Somewhere")


def delete_folder(server: ImapServer, settings: Settings, folder: str) -> None:
    with server.mailbox(settings.address) as theirs:
        theirs.delete_folder(folder)
