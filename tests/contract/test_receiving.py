"""Receiving: every message comes to rest once, whatever the server and the people do meanwhile."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pymap.backend.dict import Session
from pymap.exceptions import TemporaryFailure
from pymap.parsing.specials import SequenceSet
from sqlalchemy import func, select

from mailflow.errors import TemporaryError
from mailflow.inbox.receive import receive, reconcile
from mailflow.settings import Settings
from mailflow.store.database import Store
from mailflow.store.tables import cursors, messages
from servers.dovecot import Dovecot
from servers.embedded import Pymap
from servers.imap import ImapServer
from servers.ours import NOW, expunge, kept, mail, opened, receive_all, settings_for
from servers.relay import relaying


def test_every_message_comes_to_rest_once_byte_for_byte(server: ImapServer, settings: Settings, store: Store) -> None:
    sent = [mail(1), mail(2), b"Subject: no body\r\n\r\n", b"Subject: \xff\xfe\r\n\r\n\x80\x81\r\n"]
    for raw in sent:
        server.append(raw, settings.address)
    with opened(settings) as mailbox:
        assert receive_all(mailbox, store) == 4
        assert receive_all(mailbox, store) == 0
    assert kept(store) == sent


def test_mail_that_comes_while_we_are_signed_in_is_seen_at_the_next_look(
    server: ImapServer, settings: Settings, store: Store
) -> None:
    with opened(settings) as mailbox:
        for number in range(3):
            server.deliver(mail(number), settings.address)
            assert receive(mailbox, store, "INBOX", NOW) == 1


def test_a_new_connection_reads_on_from_the_cursor(server: ImapServer, settings: Settings, store: Store) -> None:
    server.append(mail(1), settings.address)
    with opened(settings) as mailbox:
        receive_all(mailbox, store)
    server.append(mail(2), settings.address)
    with opened(settings) as mailbox:
        assert receive_all(mailbox, store) == 1


def test_what_people_have_read_stays_read_and_the_rest_unread(server: ImapServer, settings: Settings, store: Store) -> None:
    server.append_all([mail(1), mail(2)], settings.address)
    with server.mailbox(settings.address, "INBOX") as theirs:
        read, unread = theirs.search("ALL")
        theirs.add_flags([read], [b"\\Seen"])
    with opened(settings) as mailbox:
        receive_all(mailbox, store)
    with server.mailbox(settings.address, "INBOX") as theirs:
        flags = theirs.get_flags([read, unread])
    assert (b"\\Seen" in flags[read], b"\\Seen" in flags[unread]) == (True, False)


def test_the_time_of_arrival_is_the_servers_in_utc(server: ImapServer, settings: Settings, store: Store) -> None:
    arrived = datetime.fromisoformat("2026-07-01T10:30:00+01:00")
    server.append(mail(1), settings.address, arrived=arrived)
    with opened(settings) as mailbox:
        receive_all(mailbox, store)
    with store.reading() as db:
        assert db.execute(select(messages.c.arrived)).scalar_one() == datetime(2026, 7, 1, 9, 30, tzinfo=UTC)


def test_a_renumbered_folder_is_read_again_and_nothing_is_doubled(server: ImapServer, settings: Settings, store: Store) -> None:
    with server.mailbox(settings.address) as theirs:
        theirs.create_folder("Arrivals")
    server.append_all([mail(1), mail(2)], settings.address, "Arrivals")
    with opened(settings, "Arrivals") as mailbox:
        receive_all(mailbox, store, "Arrivals")
        before = mailbox.uidvalidity
    with server.mailbox(settings.address) as theirs:
        theirs.delete_folder("Arrivals")
        theirs.create_folder("Arrivals")
    server.append_all([mail(2), mail(1), mail(3)], settings.address, "Arrivals")
    with opened(settings, "Arrivals") as mailbox:
        assert mailbox.uidvalidity != before
        assert receive_all(mailbox, store, "Arrivals") == 3
    assert kept(store) == [mail(1), mail(2), mail(3)]


def test_messages_that_vanish_between_list_and_fetch_cost_nothing(server: ImapServer, settings: Settings, store: Store) -> None:
    server.append_all([mail(number) for number in range(3)], settings.address)
    with opened(settings) as mailbox:
        uids = mailbox.uids_after(0)
        expunge(server, settings.address, uids[1:2])
        # A server may still give what it has just removed, but never an empty shell for it.
        assert {mail(0), mail(2)} <= {arrived.raw for arrived in mailbox.fetch(uids)} <= {mail(0), mail(1), mail(2)}
        assert receive_all(mailbox, store) == 2


@pytest.mark.real
def test_twelve_hundred_messages_come_in_batches(dovecot: Dovecot, store: Store) -> None:
    settings = settings_for(dovecot, dovecot.user())
    dovecot.append_all([mail(number) for number in range(1200)], settings.address)
    with opened(settings) as mailbox:
        assert len(mailbox.sizes(mailbox.uids_after(0))) == 1200
        assert receive(mailbox, store, "INBOX", NOW) == 50
        assert receive_all(mailbox, store) == 1150
        assert reconcile(mailbox, store, "INBOX", NOW) == 0
    with store.reading() as db:
        assert db.execute(select(cursors.c.on_server, cursors.c.known)).one() == (1200, 1200)


def test_big_messages_make_small_batches(
    server: ImapServer, settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailflow.inbox.cursor.BATCH_BYTES", 5000)
    server.append_all([mail(1, 3000), mail(2, 3000), mail(3, 9000)], settings.address)
    with opened(settings) as mailbox:
        assert [receive(mailbox, store, "INBOX", NOW) for _ in range(4)] == [1, 1, 1, 0]


@pytest.mark.real
def test_a_very_big_folder_is_listed_in_stretches(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailflow.inbox.mailbox.UIDS_A_RESPONSE", 4)
    settings = settings_for(dovecot, dovecot.user())
    dovecot.append_all([mail(number) for number in range(10)], settings.address)
    with dovecot.mailbox(settings.address, "INBOX") as theirs:
        expected = theirs.search("ALL")
    with opened(settings) as mailbox:
        dovecot.append(mail(10), settings.address)
        found: list[int] = []
        while stretch := mailbox.uids_after(found[-1] if found else 0):
            assert len(stretch) <= 4
            found += stretch
        assert found == [*expected, expected[-1] + 1]
        assert mailbox.all_uids() == set(found)


def test_a_message_that_the_cursor_has_passed_is_fetched_after_all(server: ImapServer, settings: Settings, store: Store) -> None:
    server.append_all([mail(1), mail(2), mail(3)], settings.address)
    with opened(settings) as mailbox:
        with store.writing() as db:
            last = mailbox.uids_after(0)[1]
            values = {"mailbox": settings.address, "folder": "INBOX", "last_uid": last}
            db.execute(cursors.insert().values(uidvalidity=mailbox.uidvalidity, **values))
        assert receive_all(mailbox, store) == 1
        assert reconcile(mailbox, store, "INBOX", NOW) == 2
    assert sorted(kept(store)) == [mail(1), mail(2), mail(3)]
    with store.reading() as db:
        row = db.execute(select(cursors)).one()
    assert (row.on_server, row.known, row.counted_at) == (3, 3, NOW)
    assert row.last_uid == last + 1


def test_a_message_the_people_deleted_is_not_missed(server: ImapServer, settings: Settings, store: Store) -> None:
    server.append_all([mail(1), mail(2)], settings.address)
    with opened(settings) as mailbox:
        receive_all(mailbox, store)
        expunge(server, settings.address, mailbox.uids_after(0)[:1])
        assert reconcile(mailbox, store, "INBOX", NOW) == 0
    with store.reading() as db:
        assert db.execute(select(cursors.c.on_server, cursors.c.known)).one() == (1, 1)


def test_a_look_with_nothing_new_writes_nothing(pymap_server: Pymap, store: Store) -> None:
    settings = settings_for(pymap_server, pymap_server.user())
    with opened(settings) as mailbox:
        assert receive(mailbox, store, "INBOX", NOW) == 0
    with store.reading() as db:
        assert db.execute(select(func.count()).select_from(cursors)).scalar_one() == 0


def test_a_connection_that_breaks_between_batches_costs_no_message_and_doubles_none(
    server: ImapServer, settings: Settings, store: Store
) -> None:
    server.append_all([mail(number) for number in range(120)], settings.address)
    with relaying(server.port) as relay:
        through = settings.model_copy(update={"imap_port": relay.port})
        with opened(through) as mailbox:
            assert receive(mailbox, store, "INBOX", NOW) == 50
            relay.cut()
            with pytest.raises(TemporaryError):
                receive(mailbox, store, "INBOX", NOW)
        with opened(through) as mailbox:
            assert receive_all(mailbox, store) == 70
    assert kept(store) == [mail(number) for number in range(120)]


def break_in_pymap(monkeypatch: pytest.MonkeyPatch, *broken: int) -> None:
    """The server fails over these messages, by their UIDs."""
    fetch = Session.fetch_messages

    async def fetch_or_fail(self: Session, selected: Any, uids: SequenceSet, set_seen: bool) -> Any:
        if uids.flatten(2**32) & set(broken):
            raise TemporaryFailure("Server error.")
        return await fetch(self, selected, uids, set_seen)

    monkeypatch.setattr(Session, "fetch_messages", fetch_or_fail)


def test_a_message_the_server_cannot_hand_out_holds_up_no_other(
    pymap_server: Pymap, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_for(pymap_server, pymap_server.user())
    pymap_server.append_all([mail(1), mail(2), mail(3)], settings.address)
    with opened(settings) as mailbox:
        with monkeypatch.context() as patch:
            break_in_pymap(patch, mailbox.uids_after(0)[1])
            assert receive_all(mailbox, store) == 2
            reconcile(mailbox, store, "INBOX", NOW)
        assert counts(store) == (3, 2)
        assert reconcile(mailbox, store, "INBOX", NOW) == 1
    assert counts(store) == (3, 3)


def test_a_server_that_hands_out_nothing_is_asked_again(
    pymap_server: Pymap, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_for(pymap_server, pymap_server.user())
    pymap_server.append_all([mail(1), mail(2)], settings.address)
    with opened(settings) as mailbox:
        with monkeypatch.context() as patch:
            break_in_pymap(patch, *mailbox.uids_after(0))
            with pytest.raises(TemporaryError):
                receive(mailbox, store, "INBOX", NOW)
        assert receive_all(mailbox, store) == 2


@pytest.mark.parametrize("behind", [True, False])
def test_big_messages_the_server_cannot_hand_out_hold_up_nothing(
    pymap_server: Pymap, store: Store, monkeypatch: pytest.MonkeyPatch, behind: bool
) -> None:
    monkeypatch.setattr("mailflow.inbox.cursor.BATCH_BYTES", 5000)
    settings = settings_for(pymap_server, pymap_server.user())
    pymap_server.append_all([mail(1, 2000), mail(2, 2000), *([mail(3, 2000)] if behind else [])], settings.address)
    with relaying(pymap_server.port) as relay, opened(settings.model_copy(update={"imap_port": relay.port})) as mailbox:
        first, second = mailbox.uids_after(0)[:2]
        # As Exchange does: it knows their sizes.
        relay.answers[f"UID FETCH (.*\\D)?({first}|{second})\\D.*BODY.PEEK"] = "NO Server error."
        assert receive_all(mailbox, store) == int(behind)
        relay.answers.clear()
        assert reconcile(mailbox, store, "INBOX", NOW) == 2


def counts(store: Store) -> tuple[int, int]:
    with store.reading() as db:
        on_server, known = db.execute(select(cursors.c.on_server, cursors.c.known)).one()
        return on_server, known
