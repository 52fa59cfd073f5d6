"""One suite for every IMAP server: what receiving, comparing, tidying and watching count on."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from mailflow.domain import MessageState
from mailflow.errors import TemporaryError, UserError
from mailflow.inbox.mailbox import FolderRefusedError, Mailbox
from mailflow.inbox.receive import receive, reconcile
from mailflow.inbox.tidy import tidy
from mailflow.inbox.watch import watch
from mailflow.settings import Settings, load
from mailflow.store.database import Store, migrate
from mailflow.store.tables import cursors, messages, places, raws
from servers.dovecot import Dovecot
from servers.embedded import Pymap
from servers.imap import ImapServer
from servers.starting import eventually, free_port

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
FOLDER = "Arrivals"


def mail(number: int, size: int = 0) -> bytes:
    return (
        f"From: ada{number}@university.example\r\nTo: edi.centre@university.example\r\n"
        f"Subject: Question {number}\r\nMessage-ID: <{number}@university.example>\r\n\r\nWhen is it?\r\n{'x' * size}\r\n"
    ).encode()


@pytest.fixture(params=["pymap_server", pytest.param("dovecot", marks=pytest.mark.real)])
def server(request: pytest.FixtureRequest) -> ImapServer:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, ImapServer)
    return found


@pytest.fixture
def settings(server: ImapServer) -> Settings:
    return settings_for(server, server.user())


def settings_for(server: ImapServer, user: str, **others: object) -> Settings:
    values = {"imap_host": server.host, "imap_port": server.port, "imap_security": "none", "imap_password": server.password}
    return load(**{"_env_file": None, "address": user, **values, **others})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path}/mailflow.db")
    migrate(store)
    yield store
    store.close()


@contextmanager
def opened(settings: Settings, folder: str = "INBOX", readonly: bool = False) -> Iterator[Mailbox]:
    with Mailbox.connect(settings) as mailbox:
        mailbox.open(folder, readonly=readonly)
        yield mailbox


def receive_all(mailbox: Mailbox, store: Store, folder: str = "INBOX") -> int:
    total = 0
    while count := receive(mailbox, store, folder, NOW):
        total += count
    return total


def kept(store: Store) -> list[bytes]:
    with store.reading() as db:
        return list(db.execute(select(raws.c.content).order_by(raws.c.message_id)).scalars())


def decide(store: Store, folder: str | None) -> None:
    """As if everything had been decided and belonged into `folder`."""
    with store.writing() as db:
        db.execute(update(messages).values(state=MessageState.FILED, folder=folder))


def where(store: Store) -> set[tuple[str, bool, bool]]:
    with store.reading() as db:
        return {tuple(row) for row in db.execute(select(places.c.folder, places.c.settled, places.c.departed))}  # type: ignore[misc]


class TestReceiving:
    def test_every_message_comes_to_rest_once_byte_for_byte(self, server: ImapServer, settings: Settings, store: Store) -> None:
        sent = [mail(1), mail(2), b"Subject: no body\r\n\r\n", b"Subject: \xff\xfe\r\n\r\n\x80\x81\r\n"]
        for raw in sent:
            server.append(raw, settings.address)
        with opened(settings) as mailbox:
            assert receive_all(mailbox, store) == 4
            assert receive_all(mailbox, store) == 0
        assert kept(store) == sent

    def test_mail_that_comes_while_we_are_signed_in_is_seen_at_the_next_look(
        self, server: ImapServer, settings: Settings, store: Store
    ) -> None:
        with opened(settings) as mailbox:
            for number in range(3):
                server.deliver(mail(number), settings.address)
                assert receive(mailbox, store, "INBOX", NOW) == 1

    def test_a_new_connection_reads_on_from_the_cursor(self, server: ImapServer, settings: Settings, store: Store) -> None:
        server.append(mail(1), settings.address)
        with opened(settings) as mailbox:
            receive_all(mailbox, store)
        server.append(mail(2), settings.address)
        with opened(settings) as mailbox:
            assert receive_all(mailbox, store) == 1

    def test_what_people_have_read_stays_read_and_the_rest_unread(
        self, server: ImapServer, settings: Settings, store: Store
    ) -> None:
        server.append_all([mail(1), mail(2)], settings.address)
        with server.mailbox(settings.address, "INBOX") as theirs:
            read, unread = theirs.search("ALL")
            theirs.add_flags([read], [b"\\Seen"])
        with opened(settings) as mailbox:
            receive_all(mailbox, store)
        with server.mailbox(settings.address, "INBOX") as theirs:
            flags = theirs.get_flags([read, unread])
        assert (b"\\Seen" in flags[read], b"\\Seen" in flags[unread]) == (True, False)

    def test_the_time_of_arrival_is_the_servers_in_utc(self, server: ImapServer, settings: Settings, store: Store) -> None:
        arrived = datetime.fromisoformat("2026-07-01T10:30:00+01:00")
        server.append(mail(1), settings.address, arrived=arrived)
        with opened(settings) as mailbox:
            receive_all(mailbox, store)
        with store.reading() as db:
            assert db.execute(select(messages.c.arrived)).scalar_one() == datetime(2026, 7, 1, 9, 30, tzinfo=UTC)

    def test_a_renumbered_folder_is_read_again_and_nothing_is_doubled(
        self, server: ImapServer, settings: Settings, store: Store
    ) -> None:
        with server.mailbox(settings.address) as theirs:
            theirs.create_folder(FOLDER)
        server.append_all([mail(1), mail(2)], settings.address, FOLDER)
        with opened(settings, FOLDER) as mailbox:
            receive_all(mailbox, store, FOLDER)
            before = mailbox.uidvalidity
        with server.mailbox(settings.address) as theirs:
            theirs.delete_folder(FOLDER)
            theirs.create_folder(FOLDER)
        server.append_all([mail(2), mail(1), mail(3)], settings.address, FOLDER)
        with opened(settings, FOLDER) as mailbox:
            assert mailbox.uidvalidity != before
            assert receive_all(mailbox, store, FOLDER) == 3
        assert kept(store) == [mail(1), mail(2), mail(3)]

    def test_messages_that_vanish_between_list_and_fetch_cost_nothing(
        self, server: ImapServer, settings: Settings, store: Store
    ) -> None:
        server.append_all([mail(number) for number in range(3)], settings.address)
        with opened(settings) as mailbox:
            uids = mailbox.uids_after(0)
            expunge(server, settings.address, uids[1:2])
            # A server may still give what it has just removed, but never an empty shell for it.
            assert {mail(0), mail(2)} <= {arrived.raw for arrived in mailbox.fetch(uids)} <= {mail(0), mail(1), mail(2)}
            assert receive_all(mailbox, store) == 2

    def test_twelve_hundred_messages_come_in_batches(self, server: ImapServer, settings: Settings, store: Store) -> None:
        server.append_all([mail(number) for number in range(1200)], settings.address)
        with opened(settings) as mailbox:
            assert len(mailbox.sizes(mailbox.uids_after(0))) == 1200
            assert receive(mailbox, store, "INBOX", NOW) == 50
            assert receive_all(mailbox, store) == 1150
            assert reconcile(mailbox, store, "INBOX", NOW) == 0
        with store.reading() as db:
            assert db.execute(select(cursors.c.on_server, cursors.c.known)).one() == (1200, 1200)

    def test_big_messages_make_small_batches(
        self, server: ImapServer, settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("mailflow.inbox.cursor.BATCH_BYTES", 5000)
        server.append_all([mail(1, 3000), mail(2, 3000), mail(3, 9000)], settings.address)
        with opened(settings) as mailbox:
            assert [receive(mailbox, store, "INBOX", NOW) for _ in range(4)] == [1, 1, 1, 0]


class TestComparing:
    def test_a_message_that_the_cursor_has_passed_is_fetched_after_all(
        self, server: ImapServer, settings: Settings, store: Store
    ) -> None:
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

    def test_a_message_the_people_deleted_is_not_missed(self, server: ImapServer, settings: Settings, store: Store) -> None:
        server.append_all([mail(1), mail(2)], settings.address)
        with opened(settings) as mailbox:
            receive_all(mailbox, store)
            expunge(server, settings.address, mailbox.uids_after(0)[:1])
            assert reconcile(mailbox, store, "INBOX", NOW) == 0
        with store.reading() as db:
            assert db.execute(select(cursors.c.on_server, cursors.c.known)).one() == (1, 1)


class TestTidying:
    def test_decided_messages_are_moved_and_their_new_place_is_known(
        self, server: ImapServer, settings: Settings, store: Store
    ) -> None:
        server.append_all([mail(1), mail(2)], settings.address)
        with opened(settings) as mailbox:
            receive_all(mailbox, store)
            assert tidy(mailbox, store, "INBOX") == 0
            decide(store, "Programme/Queries")
            assert tidy(mailbox, store, "INBOX") == 2
            assert tidy(mailbox, store, "INBOX") == 0
            assert receive_all(mailbox, store) == 0
        assert where(store) == {("Programme/Queries", True, False)}
        with opened(settings, "Programme/Queries") as mailbox, store.reading() as db:
            rows = db.execute(select(places.c.uidvalidity, places.c.uid)).all()
            assert {row.uidvalidity for row in rows} == {mailbox.uidvalidity}
            assert {row.uid for row in rows} == mailbox.all_uids()

    def test_the_new_folder_is_made_below_its_parent_and_subscribed(
        self, server: ImapServer, settings: Settings, store: Store
    ) -> None:
        with opened(settings) as mailbox:
            mailbox.ensure_folder("Programme/Queries")
            mailbox.ensure_folder("Programme/Queries")
        with server.mailbox(settings.address) as theirs:
            delimiter = theirs.list_folders("", "")[0][1].decode()
            assert f"Programme{delimiter}Queries" in [name for _, _, name in theirs.list_sub_folders()]

    def test_a_step_whose_commit_was_lost_is_repeated_without_harm(
        self, server: ImapServer, settings: Settings, store: Store
    ) -> None:
        server.append_all([mail(1), mail(2)], settings.address)
        with opened(settings) as mailbox:
            receive_all(mailbox, store)
            decide(store, "Training")
            mailbox.ensure_folder("Training")
            mailbox.move(mailbox.uids_after(0)[:1], "Training")
            assert tidy(mailbox, store, "INBOX") == 2
        assert where(store) == {("INBOX", True, True), ("Training", True, False)}
        assert sorted(server.messages(settings.address, "Training")) == [mail(1), mail(2)]

    def test_an_unread_message_is_moved_unread(self, server: ImapServer, settings: Settings, store: Store) -> None:
        server.append(mail(1), settings.address)
        with opened(settings) as mailbox:
            receive_all(mailbox, store)
            decide(store, "Training")
            tidy(mailbox, store, "INBOX")
        with server.mailbox(settings.address, "Training") as theirs:
            assert theirs.search("UNSEEN") == theirs.search("ALL") != []

    def test_nothing_is_moved_in_rehearsal(self, server: ImapServer, settings: Settings, store: Store) -> None:
        server.append(mail(1), settings.address)
        with opened(settings, readonly=True) as mailbox:
            receive_all(mailbox, store)
            decide(store, "Training")
            assert tidy(mailbox, store, "INBOX") == 0
            assert mailbox.readonly
            with pytest.raises(TemporaryError):
                mailbox.move(mailbox.uids_after(0), "Training")
        assert server.messages(settings.address) == [mail(1)]
        assert server.messages(settings.address, "Training") == []

    def test_moving_into_a_folder_that_is_not_there_is_refused(self, server: ImapServer, settings: Settings) -> None:
        server.append(mail(1), settings.address)
        with opened(settings) as mailbox, pytest.raises(FolderRefusedError, match='"Nowhere"'):
            mailbox.move(mailbox.uids_after(0), "Nowhere")


def test_a_server_without_move_gets_copy_and_expunge(pymap_server: Pymap, store: Store) -> None:
    pymap_server.hide("MOVE")
    settings = settings_for(pymap_server, pymap_server.user())
    pymap_server.append_all([mail(1), mail(2)], settings.address)
    with pymap_server.mailbox(settings.address, "INBOX") as theirs:
        theirs.add_flags(theirs.search("ALL")[1:], [b"\\Deleted"])
    with opened(settings) as mailbox:
        receive_all(mailbox, store)
        mailbox.ensure_folder("Training")
        first = mailbox.uids_after(0)[:1]
        assert list(mailbox.move(first, "Training").uids) == first
    assert pymap_server.messages(settings.address, "Training") == [mail(1)]
    # What people have marked as deleted is theirs to expunge.
    assert pymap_server.messages(settings.address) == [mail(2)]


class TestWatching:
    def test_an_arrival_wakes_us_and_a_stop_is_heard_within_a_second(self, server: ImapServer, settings: Settings) -> None:
        with watching(settings) as wakes:
            eventually(lambda: wakes, "the watch to begin")
            before = len(wakes)
            server.deliver(mail(1), settings.address)
            eventually(lambda: len(wakes) > before, "the watch to wake us", seconds=3)

    def test_news_that_is_no_arrival_wakes_nobody(self, server: ImapServer, settings: Settings) -> None:
        server.append_all([mail(1), mail(2)], settings.address)
        with opened(settings, readonly=True) as mailbox:
            expunging = threading.Timer(0.2, expunge, (server, settings.address, mailbox.uids_after(0)[:1]))
            expunging.start()
            assert not mailbox.await_arrival(1.5, lambda: False)
            expunging.join()
            assert len(mailbox.uids_after(0)) == 1


def test_without_idle_the_watch_ends_at_once(pymap_server: Pymap) -> None:
    pymap_server.hide("IDLE")
    settings = settings_for(pymap_server, pymap_server.user())
    wakes: list[bool] = []
    watch(settings, lambda: wakes.append(True), threading.Event())
    assert wakes == []


@contextmanager
def watching(settings: Settings) -> Iterator[list[bool]]:
    wakes: list[bool] = []
    stop = threading.Event()
    thread = threading.Thread(target=watch, args=(settings, lambda: wakes.append(True), stop))
    thread.start()
    try:
        yield wakes
    finally:
        stop.set()
        thread.join(1)
        assert not thread.is_alive()


class TestMistakes:
    def sentence(self, attempt: Callable[[], object]) -> str:
        with pytest.raises(UserError) as caught:
            attempt()
        (sentence,) = caught.value.problems
        return sentence

    def test_a_wrong_password_is_one_sentence_without_the_password(self, server: ImapServer, settings: Settings) -> None:
        wrong = settings_for(server, settings.address, imap_password="hunter2")
        sentence = self.sentence(lambda: Mailbox.connect(wrong))
        assert "MAILFLOW_IMAP_PASSWORD" in sentence
        assert "hunter2" not in sentence

    def test_a_wrong_password_beyond_ascii_is_the_same_mistake(self, server: ImapServer, settings: Settings) -> None:
        wrong = settings_for(server, settings.address, imap_password="pâss")
        assert "MAILFLOW_IMAP_PASSWORD" in self.sentence(lambda: Mailbox.connect(wrong))

    def test_a_folder_that_is_not_there_is_named(self, settings: Settings) -> None:
        with Mailbox.connect(settings) as mailbox:
            sentence = self.sentence(lambda: mailbox.open("Post/In", readonly=True))
        assert sentence.startswith("MAILFLOW_IMAP_FOLDER") and '"Post/In"' in sentence

    def test_a_host_that_does_not_exist_is_named(self, server: ImapServer, settings: Settings) -> None:
        wrong = settings_for(server, settings.address, imap_host="imap..university.example")
        assert "imap..university.example" in self.sentence(lambda: Mailbox.connect(wrong))

    def test_a_server_that_does_not_listen_may_come_back(self, server: ImapServer, settings: Settings) -> None:
        away = settings_for(server, settings.address, imap_port=free_port())
        with pytest.raises(TemporaryError, match="MAILFLOW_IMAP_PORT"):
            Mailbox.connect(away)

    def test_tls_to_a_server_that_speaks_none_is_one_sentence(self, server: ImapServer, settings: Settings) -> None:
        wrong = settings_for(server, settings.address, imap_security="tls")
        assert "MAILFLOW_IMAP_SECURITY" in self.sentence(lambda: Mailbox.connect(wrong))

    def test_a_connection_that_breaks_is_temporary(self, server: ImapServer, settings: Settings) -> None:
        with opened(settings) as mailbox:
            mailbox._session.socket().shutdown(socket.SHUT_RDWR)
            with pytest.raises(TemporaryError):
                mailbox.uids_after(0)


def test_starttls_where_none_is_offered_is_one_sentence(pymap_server: Pymap) -> None:
    settings = settings_for(pymap_server, pymap_server.user(), imap_security="starttls")
    with pytest.raises(UserError, match="MAILFLOW_IMAP_SECURITY"):
        Mailbox.connect(settings)


@pytest.mark.real
class TestCertificates:
    @pytest.mark.parametrize("security", ["tls", "starttls"])
    def test_a_certificate_we_were_told_to_trust_lets_us_in(self, dovecot: Dovecot, security: str) -> None:
        with opened(self.settings(dovecot, security, ca_file=dovecot.ca_file)) as mailbox:
            assert mailbox.uids_after(0) == []

    @pytest.mark.parametrize("security", ["tls", "starttls"])
    def test_an_unknown_certificate_is_refused(self, dovecot: Dovecot, security: str) -> None:
        with pytest.raises(UserError, match="MAILFLOW_CA_FILE"):
            Mailbox.connect(self.settings(dovecot, security))

    @pytest.mark.parametrize("security", ["tls", "starttls"])
    def test_a_certificate_for_another_name_is_refused(dovecot: Dovecot, security: str) -> None:
        with pytest.raises(UserError, match="MAILFLOW_IMAP_HOST"):
            Mailbox.connect(self.settings(dovecot, security, ca_file=dovecot.ca_file, imap_host="127.0.0.1"))

    def test_a_certificate_file_that_is_not_there_is_named(dovecot: Dovecot, tmp_path: Path) -> None:
        with pytest.raises(UserError, match="MAILFLOW_CA_FILE"):
            Mailbox.connect(self.settings(dovecot, "tls", ca_file=tmp_path / "none.pem"))

    def settings(dovecot: Dovecot, security: str, **others: object) -> Settings:
        port = dovecot.tls_port if security == "tls" else dovecot.port
        values = {"imap_host": "localhost", "imap_port": port, "imap_security": security, **others}
        return settings_for(dovecot, dovecot.user(), **values)


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


@pytest.mark.real
def test_a_folder_that_takes_nothing_keeps_no_other_waiting(
    dovecot: Dovecot, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_for(dovecot, dovecot.user())
    dovecot.append_all([mail(1), mail(2)], settings.address)
    with opened(settings) as mailbox:
        receive_all(mailbox, store)
        decide(store, "Training")
        with store.writing() as db:
            db.execute(update(messages).where(messages.c.message_id == "<1@university.example>").values(folder="Sealed..Box"))
        assert tidy(mailbox, store, "INBOX") == 1
        assert tidy(mailbox, store, "INBOX") == 0
        assert receive_all(mailbox, store) == 0
    assert dovecot.messages(settings.address, "Training") == [mail(2)]


def expunge(server: ImapServer, user: str, uids: list[int]) -> None:
    with server.mailbox(user, "INBOX") as theirs:
        theirs.delete_messages(uids)
        theirs.uid_expunge(uids)


def test_a_look_with_nothing_new_writes_nothing(pymap_server: Pymap, store: Store) -> None:
    settings = settings_for(pymap_server, pymap_server.user())
    with opened(settings) as mailbox:
        assert receive(mailbox, store, "INBOX", NOW) == 0
    with store.reading() as db:
        assert db.execute(select(func.count()).select_from(cursors)).scalar_one() == 0
