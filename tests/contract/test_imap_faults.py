"""Whatever breaks between us and the mailbox, nothing is lost and nothing is doubled: each fault is caused on the wire."""

import socket
import time
from threading import Event

import pytest
from imapclient import SocketTimeout
from sqlalchemy import select

from faults import (
    MAILS,
    TROUBLE,
    assert_filed_once,
    break_and_begin_again,
    look_until_quiet,
    work,
)
from mailflow.errors import TemporaryError, UserError
from mailflow.inbox.inbox import Inbox
from mailflow.inbox.mailbox import Mailbox
from mailflow.inbox.sent import SentFolder
from mailflow.settings import Settings
from mailflow.store.database import Store
from mailflow.store.tables import troubles
from mailflow.workers import Worker
from servers.imap import ImapServer
from servers.ours import kept
from servers.relay import Moment, Relay
from servers.starting import eventually

COMMANDS = (
    "greeting", "CAPABILITY", "LOGIN", "NAMESPACE|LIST", "SELECT", "NOOP", "UID SEARCH", "UID FETCH .*RFC822.SIZE",
    "UID FETCH .*BODY.PEEK", "LIST .*Queries", "CREATE", "SUBSCRIBE", "UID MOVE", "EXAMINE", "IDLE", "DONE", "LOGOUT",
)  # fmt: skip
WITHOUT_MOVE = ("UID FETCH .*HEADER", "EXAMINE", "UID COPY", "UID STORE", "UID EXPUNGE")
SILENT = ("greeting", "LOGIN", "SELECT", "NOOP", "UID FETCH .*BODY.PEEK", "UID MOVE", "IDLE", "DONE", "LOGOUT")


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    """One database is enough: nothing is asked of it that the other faults do not ask of both."""
    return sqlite_store


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes half a minute by day takes half a second here."""
    monkeypatch.setattr("mailflow.inbox.signin.TIMEOUT", SocketTimeout(connect=0.5, read=0.5))
    monkeypatch.setattr("mailflow.inbox.mailbox.GOODBYE_SECONDS", 0.2)


@pytest.mark.parametrize("moment", list(Moment))
@pytest.mark.parametrize("command", COMMANDS)
def test_a_connection_dropped_in_any_command_loses_nothing_and_doubles_nothing(
    server: ImapServer, through: Settings, relay: Relay, store: Store, command: str, moment: Moment
) -> None:
    server.append_all(MAILS, through.address)
    relay.cut_at(command, moment)
    break_and_begin_again(relay, through, store, command)
    assert_filed_once(server, through, store)


@pytest.mark.parametrize("moment", list(Moment))
@pytest.mark.parametrize("command", WITHOUT_MOVE)
def test_a_connection_dropped_while_moving_by_copy_leaves_one_copy(
    server: ImapServer, through: Settings, relay: Relay, store: Store, command: str, moment: Moment
) -> None:
    relay.hidden = ("MOVE",)
    server.append_all(MAILS, through.address)
    relay.cut_at(command, moment)
    break_and_begin_again(relay, through, store, command)
    assert_filed_once(server, through, store)


@pytest.mark.parametrize("moment", list(Moment))
def test_a_copy_of_what_we_sent_is_kept_once_however_its_keeping_is_cut_off(
    server: ImapServer, through: Settings, relay: Relay, moment: Moment
) -> None:
    sent = SentFolder(through)
    relay.cut_at("APPEND", moment)
    with pytest.raises(TemporaryError, match=TROUBLE):
        sent.keep(MAILS[0])
    sent.keep(MAILS[0])
    relay.cut_at("APPEND", moment)
    sent.keep(MAILS[1])
    sent.close()
    assert server.messages(through.address, "Sent") == MAILS[:2]


@pytest.mark.parametrize("command", SILENT)
def test_a_server_that_falls_silent_is_given_up_and_asked_anew(
    server: ImapServer, through: Settings, relay: Relay, store: Store, impatient: None, command: str
) -> None:
    server.append_all(MAILS, through.address)
    relay.fall_silent_at(command)
    began = time.monotonic()
    break_and_begin_again(relay, through, store, command)
    assert time.monotonic() - began < 15
    assert_filed_once(server, through, store)


@pytest.mark.parametrize("command", ["SELECT", "UID FETCH .*BODY.PEEK", "UID MOVE", "DONE"])
def test_a_server_that_says_bye_is_asked_anew(
    server: ImapServer, through: Settings, relay: Relay, store: Store, command: str
) -> None:
    server.append_all(MAILS, through.address)
    relay.cut_at(command, farewell=b"* BYE The server is shutting down.\r\n")
    break_and_begin_again(relay, through, store, command)
    assert_filed_once(server, through, store)


def test_answers_that_trickle_are_read_whole(server: ImapServer, through: Settings, relay: Relay, store: Store) -> None:
    server.append_all(MAILS, through.address)
    relay.seconds_a_byte = 0.000001
    work(through, store)
    assert_filed_once(server, through, store)


def test_a_connection_is_kept_alive_so_that_its_death_is_noticed(settings: Settings) -> None:
    with Mailbox.connect(settings) as mailbox:
        wire = mailbox.session.socket()
        assert wire.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) <= 60


def test_a_worker_whose_mailbox_refuses_it_tries_again_until_it_is_put_right(
    server: ImapServer, through: Settings, relay: Relay, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailflow.workers.FIRST_PAUSE", 0.02)
    monkeypatch.setattr("mailflow.workers.LONGEST_PAUSE", 0.05)
    server.append_all(MAILS, through.address)
    relay.answers["LOGIN"] = "NO [AUTHENTICATIONFAILED] The password has been changed."
    stop = Event()
    inbox = Inbox(store, through, "here/1/1")
    worker = Worker("mail", lambda: sum(inbox.look(stop)) > 0, stop)
    with pytest.raises(UserError):
        inbox.sign_in()
    worker.start()
    worker.wake()
    try:
        # Far more often than the pauses would take to reach their ceiling.
        eventually(lambda: relay.commands.count("LOGIN") + sum(c.startswith("LOGIN") for c in relay.commands) > 12, "many tries")
        with store.reading() as db:
            assert "MAILFLOW_IMAP_PASSWORD" in db.execute(select(troubles.c.why)).scalar_one()
        relay.answers.clear()
        eventually(lambda: len(kept(store)) == 5, "the mail to come")
    finally:
        stop.set()
        worker.wake()
        worker.join(5)
        inbox.close()
    assert not worker.is_alive()


def test_a_fault_that_nobody_thought_of_costs_the_connection_and_is_told(
    server: ImapServer, settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.append_all(MAILS, settings.address)
    inbox = Inbox(store, settings, "here/1/1")
    inbox.sign_in()
    broken = inbox._mailbox
    assert broken
    monkeypatch.setattr(broken, "uids_after", lambda last: 1 / 0)
    monkeypatch.setattr(broken.session, "logout", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        inbox.look(Event())
    with store.reading() as db:
        assert "ZeroDivisionError" in db.execute(select(troubles.c.why)).scalar_one()
    look_until_quiet(inbox)
    inbox.close()
    assert kept(store) == MAILS
