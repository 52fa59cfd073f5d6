"""Messages too big to be fetched, and a backlog of thousands: memory stays bounded, and nothing is left out."""

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from faults import MAILS, TARGET, work
from mailflow.inbox.receive import receive
from mailflow.settings import Settings
from mailflow.store.database import Store
from mailflow.store.tables import messages
from servers.dovecot import Dovecot
from servers.imap import ImapServer
from servers.ours import NOW, kept, mail, opened, receive_all, settings_for
from servers.relay import Relay, relaying


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    """One database is enough: nothing is asked of it that the other faults do not ask of both."""
    return sqlite_store


def test_a_message_beyond_the_limit_comes_as_its_header_and_is_moved_like_any_other(
    server: ImapServer, through: Settings, relay: Relay, store: Store
) -> None:
    through = through.model_copy(update={"largest_megabytes": 0.1})
    big = mail(7, 200_000)
    server.append_all([MAILS[0], big, MAILS[1]], through.address)
    with opened(through) as mailbox:
        assert receive(mailbox, store, "INBOX", NOW) == 3
    header, _, _ = big.partition(b"\r\n\r\n")
    assert kept(store) == [MAILS[0], header + b"\r\n\r\n", MAILS[1]]
    with store.reading() as db:
        found = db.execute(select(messages.c.whole, messages.c.size, messages.c.message_id).order_by(messages.c.id)).all()
    assert found[1] == (False, len(big), "<7@university.example>")
    assert [whole for whole, _, _ in found] == [True, False, True]
    assert sum(relay.answered.values()) < 50_000
    work(through, store)
    assert server.messages(through.address, TARGET) == [MAILS[0], big, MAILS[1]]


def test_where_no_size_is_told_messages_come_one_by_one_and_of_those_beyond_the_limit_the_header_stays(
    server: ImapServer, through: Settings, relay: Relay, store: Store
) -> None:
    through = through.model_copy(update={"largest_megabytes": 0.1})
    big = mail(7, 200_000)
    server.append_all([MAILS[0], big, MAILS[1]], through.address)
    relay.answers["UID FETCH .*RFC822.SIZE"] = "NO Server error."
    with opened(through) as mailbox:
        assert [receive(mailbox, store, "INBOX", NOW) for _ in range(4)] == [1, 1, 1, 0]
    header, _, _ = big.partition(b"\r\n\r\n")
    assert kept(store) == [MAILS[0], header + b"\r\n\r\n", MAILS[1]]
    with store.reading() as db:
        found = db.execute(select(messages.c.whole, messages.c.size).order_by(messages.c.id)).all()
    assert found[1] == (False, len(big))


def test_one_size_that_is_refused_makes_no_other_message_come_alone(
    server: ImapServer, through: Settings, relay: Relay, store: Store
) -> None:
    server.append_all(MAILS, through.address)
    with opened(through) as mailbox:
        third = mailbox.uids_after(0)[2]
        relay.answers[f"UID FETCH (.*\\D)?({third}\\D|\\d+:\\d+).*RFC822.SIZE"] = "NO Server error."
        assert [receive(mailbox, store, "INBOX", NOW) for _ in range(4)] == [2, 1, 2, 0]
    assert kept(store) == MAILS


@pytest.mark.real
def test_of_sixty_megabytes_a_few_thousand_bytes_are_fetched(dovecot: Dovecot, store: Store) -> None:
    settings = settings_for(dovecot, dovecot.user())
    with dovecot.mailbox(settings.address) as theirs:
        theirs.append("INBOX", mail(1, 60_000_000))
    with relaying(dovecot.port) as relay:
        with opened(settings.model_copy(update={"imap_port": relay.port})) as mailbox:
            assert receive_all(mailbox, store) == 1
        assert sum(relay.answered.values()) < 10_000
    with store.reading() as db:
        assert db.execute(select(messages.c.whole)).scalar_one() is False


def test_two_big_messages_without_a_message_id_are_two(server: ImapServer, settings: Settings, store: Store) -> None:
    settings = settings.model_copy(update={"largest_megabytes": 0.001})
    header = b"From: ada@university.example\r\nSubject: Pictures\r\n\r\n"
    server.append_all([header + b"x" * 3000, header + b"y" * 4000], settings.address)
    with opened(settings) as mailbox:
        receive_all(mailbox, store)
    assert len(kept(store)) == 2


@pytest.mark.real
def test_a_backlog_of_thousands_comes_oldest_first_a_batch_at_a_time_and_the_log_says_how_many_are_left(
    dovecot: Dovecot, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailflow.inbox.cursor.BATCH_BYTES", 40_000)
    settings = settings_for(dovecot, dovecot.user())
    backlog = [mail(number, 1500) for number in range(2000)]
    dovecot.append_all(backlog, settings.address)
    with relaying(dovecot.port) as relay, capture_logs() as log:
        with opened(settings.model_copy(update={"imap_port": relay.port})) as mailbox:
            assert receive_all(mailbox, store) == 2000
        assert max(size for command, size in relay.answered.items() if "BODY.PEEK" in command) < 50_000
    left = [line["left"] for line in log if line["event"] == "received"]
    assert left == sorted(left, reverse=True)
    assert (left[0] > 1950, left[-1]) == (True, 0)
    assert kept(store) == backlog
