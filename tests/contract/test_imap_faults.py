"""Whatever breaks between us and the mailbox, nothing is lost and nothing is doubled: each fault is caused on the wire."""

from contextlib import suppress

import pytest

from mailflow.errors import TemporaryError
from mailflow.inbox.mailbox import Mailbox
from mailflow.inbox.receive import reconcile
from mailflow.inbox.tidy import tidy
from mailflow.settings import Settings
from mailflow.store.database import Store
from servers.imap import ImapServer
from servers.ours import NOW, decide, kept, mail, receive_all
from servers.relay import Moment, Relay, relaying

MAILS = [mail(number, 2000) for number in range(5)]
TARGET = "Queries"

COMMANDS = (
    "greeting", "CAPABILITY", "LOGIN", "NAMESPACE|LIST", "SELECT", "NOOP", "UID SEARCH", "UID FETCH .*RFC822.SIZE",
    "UID FETCH .*BODY.PEEK", "LIST .*Queries", "CREATE", "SUBSCRIBE", "UID MOVE", "IDLE", "DONE", "LOGOUT",
)  # fmt: skip
COMMANDS_WITHOUT_MOVE = ("UID COPY", "UID STORE", "UID EXPUNGE")
moments = pytest.mark.parametrize("moment", list(Moment))


@pytest.fixture
def store(sqlite_url: str) -> Store:
    return Store(sqlite_url)


@moments
@pytest.mark.parametrize("command", COMMANDS)
def test_a_connection_dropped_in_any_command_loses_nothing_and_doubles_nothing(
    server: ImapServer, settings: Settings, store: Store, command: str, moment: Moment
) -> None:
    server.append_all(MAILS, settings.address)
    with relaying(server.port) as relay:
        break_and_begin_again(relay, settings, store, command, moment)
    assert kept(store) == MAILS
    assert server.messages(settings.address, TARGET) == MAILS
    assert server.messages(settings.address) == []


@moments
@pytest.mark.parametrize("command", COMMANDS_WITHOUT_MOVE)
def test_a_connection_dropped_while_moving_by_copy_leaves_one_copy(
    server: ImapServer, settings: Settings, store: Store, command: str, moment: Moment
) -> None:
    server.append_all(MAILS, settings.address)
    with relaying(server.port) as relay:
        relay.hidden = ("MOVE",)
        break_and_begin_again(relay, settings, store, command, moment)
    assert kept(store) == MAILS
    assert server.messages(settings.address, TARGET) == MAILS
    assert server.messages(settings.address) == []


def break_and_begin_again(relay: Relay, settings: Settings, store: Store, command: str, moment: Moment) -> None:
    through = settings.model_copy(update={"imap_port": relay.port})
    relay.cut_at(command, moment)
    with suppress(TemporaryError) if command == "LOGOUT" else pytest.raises(TemporaryError, match=r"\A[^\n]+\.\Z"):
        work(through, store)
    assert relay.struck.is_set()
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
        mailbox.await_arrival(0.01, lambda: False)
