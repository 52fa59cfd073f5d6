"""Whatever breaks between us and the mailbox, nothing is lost and nothing is doubled: each fault is caused on the wire."""

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from threading import Event

import pytest
from imapclient import SocketTimeout
from sqlalchemy import select, update
from structlog.testing import capture_logs

from mailflow.domain import Mode
from mailflow.errors import MailflowError, TemporaryError, UserError
from mailflow.inbox.inbox import Inbox
from mailflow.inbox.mailbox import Mailbox
from mailflow.inbox.receive import receive, reconcile
from mailflow.inbox.sent import SentFolder
from mailflow.inbox.tidy import tidy
from mailflow.inbox.trouble import FolderRefusedError
from mailflow.settings import Settings
from mailflow.store.database import Store
from mailflow.store.tables import cursors, messages, troubles
from mailflow.workers import Worker
from servers import dovecot as dovecots
from servers.dovecot import Dovecot
from servers.imap import ImapServer
from servers.ours import NOW, decide, expunge, kept, mail, opened, receive_all, settings_for
from servers.relay import Moment, Relay, relaying
from servers.starting import eventually

MAILS = [mail(number, 2000) for number in range(5)]
TARGET = "Queries"
TROUBLE = r"\A[^\n]+\.\Z"  # one sentence

COMMANDS = (
    "greeting", "CAPABILITY", "LOGIN", "NAMESPACE|LIST", "SELECT", "NOOP", "UID SEARCH", "UID FETCH .*RFC822.SIZE",
    "UID FETCH .*BODY.PEEK", "LIST .*Queries", "CREATE", "SUBSCRIBE", "UID MOVE", "EXAMINE", "IDLE", "DONE", "LOGOUT",
)  # fmt: skip
WITHOUT_MOVE = ("UID FETCH .*HEADER", "EXAMINE", "UID COPY", "UID STORE", "UID EXPUNGE")
SILENT = ("greeting", "LOGIN", "SELECT", "NOOP", "UID FETCH .*BODY.PEEK", "UID MOVE", "IDLE", "DONE", "LOGOUT")


STRICT = """
mail_plugins = quota acl
protocol imap {
  mail_plugins = $mail_plugins imap_quota imap_acl
}
plugin {
  quota = count:User quota
  quota_vsizes = yes
  quota_rule = *:bytes=100000
  acl = vfile
}
"""


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    """One database is enough: nothing is asked of it that the other faults do not ask of both."""
    opened = Store(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture
def relay(server: ImapServer) -> Iterator[Relay]:
    with relaying(server.port) as wire:
        yield wire


@pytest.fixture
def through(settings: Settings, relay: Relay) -> Settings:
    """Settings that lead over the relay."""
    return settings.model_copy(update={"imap_port": relay.port})


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes half a minute by day takes half a second here."""
    monkeypatch.setattr("mailflow.inbox.signin.TIMEOUT", SocketTimeout(connect=0.5, read=0.5))
    monkeypatch.setattr("mailflow.inbox.mailbox.GOODBYE_SECONDS", 0.2)


@pytest.fixture
def always_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done once a minute by day is done at every look here."""
    monkeypatch.setattr("mailflow.inbox.inbox.RECONCILE_EVERY", timedelta())


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
    assert time.monotonic() - began < 5
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
        wire = mailbox._session.socket()
        assert wire.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) <= 60


@pytest.mark.parametrize("command", ["UID FETCH .*RFC822.SIZE", "UID FETCH .*BODY.PEEK"])
def test_what_is_expunged_between_search_and_fetch_costs_the_others_nothing(
    server: ImapServer, through: Settings, relay: Relay, store: Store, command: str
) -> None:
    server.append_all(MAILS, through.address)
    with opened(through) as mailbox:
        gone = mailbox.uids_after(0)[1:3]
        relay.do_at(command, lambda: expunge(server, through.address, gone))
        receive_all(mailbox, store)
        server.append(mail(7), through.address)
        receive_all(mailbox, store)
        assert reconcile(mailbox, store, "INBOX", NOW) == 0
    assert relay.struck.is_set()
    # A server may still give what has just gone.
    assert [raw for raw in kept(store) if raw not in MAILS[1:3]] == [MAILS[0], *MAILS[3:], mail(7)]


def test_the_highest_uid_that_a_server_answers_for_those_above_it_is_not_read_twice(
    server: ImapServer, settings: Settings, store: Store
) -> None:
    server.append_all(MAILS, settings.address)
    with server.mailbox(settings.address, "INBOX") as theirs:
        last = theirs.search("ALL")[-1]
        assert theirs.search(f"UID {last + 1}:*") == [last], "RFC 9051, 9: * is the highest there is"
    with opened(settings) as mailbox:
        assert mailbox.uids_after(last) == []
        assert receive(mailbox, store, "INBOX", NOW) == 5
        assert receive(mailbox, store, "INBOX", NOW) == 0


@pytest.mark.real
def test_gaps_of_thousands_between_the_uids_hide_nothing(dovecot: Dovecot, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_for(dovecot, dovecot.user())
    dovecot.append_all([mail(number) for number in range(3000)], settings.address)
    with dovecot.mailbox(settings.address, "INBOX") as theirs:
        uids = theirs.search("ALL")
    expunge(dovecot, settings.address, uids[1:-2])
    with opened(settings) as mailbox:
        assert mailbox.uids_after(0) == [uids[0], *uids[-2:]]
        # As a folder is read that has more messages than fit into one answer.
        monkeypatch.setattr("mailflow.inbox.mailbox.UIDS_A_RESPONSE", 2)
        assert receive_all(mailbox, store) == 3
        assert reconcile(mailbox, store, "INBOX", NOW) == 0
    assert kept(store) == [mail(0), mail(2998), mail(2999)]


def test_what_people_have_read_flagged_or_marked_before_we_came_is_received(
    server: ImapServer, settings: Settings, store: Store
) -> None:
    server.append_all(MAILS[:3], settings.address)
    with server.mailbox(settings.address, "INBOX") as theirs:
        for uid, flag in zip(theirs.search("ALL"), (rb"\Seen", rb"\Flagged", rb"\Deleted"), strict=True):
            theirs.add_flags([uid], [flag])
    with opened(settings) as mailbox:
        receive_all(mailbox, store)
    assert kept(store) == MAILS[:3]


@pytest.mark.parametrize("when", ["before it was received", "before it was decided", "while it is moved"])
def test_what_a_person_has_moved_is_left_where_it_is_and_not_missed(
    server: ImapServer, through: Settings, relay: Relay, store: Store, always_compared: None, when: str
) -> None:
    server.append_all(MAILS, through.address)
    with server.mailbox(through.address, "INBOX") as theirs:
        theirs.create_folder("Somewhere")
        third = theirs.search("ALL")[2]
    inbox = Inbox(store, through.model_copy(update={"mode": Mode.LIVE}), "here/1/1")
    if when == "before it was received":
        take_away(server, through, third)
    look_until_quiet(inbox)
    if when == "before it was decided":
        take_away(server, through, third)
    elif when == "while it is moved":
        relay.do_at("UID MOVE", lambda: take_away(server, through, third))
    decide(store, TARGET)
    look_until_quiet(inbox)
    inbox.close()
    assert server.messages(through.address, "Somewhere") == [MAILS[2]]
    assert server.messages(through.address, TARGET) == [*MAILS[:2], *MAILS[3:]]
    assert counts(store) == (0, 0)


def test_a_folder_made_anew_while_we_have_it_open_is_read_again_and_nothing_is_doubled(
    server: ImapServer, settings: Settings, store: Store, always_compared: None
) -> None:
    """And what we had moved out of it before stays known."""
    with server.mailbox(settings.address) as theirs:
        theirs.create_folder("Arrivals")
    server.append_all(MAILS[:3], settings.address, "Arrivals")
    inbox = Inbox(store, settings.model_copy(update={"imap_folder": "Arrivals", "mode": Mode.LIVE}), "here/1/1")
    look_until_quiet(inbox)
    decide(store, TARGET)
    look_until_quiet(inbox)
    delete_folder(server, settings, "Arrivals")
    look_until_quiet(inbox)
    with server.mailbox(settings.address) as theirs:
        theirs.create_folder("Arrivals")
    server.append_all([MAILS[3], MAILS[0], MAILS[4]], settings.address, "Arrivals")
    look_until_quiet(inbox)
    assert sorted(kept(store)) == MAILS
    inbox.close()
    assert server.messages(settings.address, TARGET) == MAILS[:3]
    # What a person has put back is theirs; what is new is not decided yet.
    assert server.messages(settings.address, "Arrivals") == [MAILS[3], MAILS[0], MAILS[4]]


def test_a_target_deleted_under_our_hands_is_made_again(
    server: ImapServer, through: Settings, relay: Relay, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailflow.inbox.tidy.ASK_AGAIN_SECONDS", 0)
    server.append_all(MAILS, through.address)
    with opened(through) as mailbox:
        receive_all(mailbox, store)
        decide(store, TARGET)
        relay.do_at("UID MOVE", lambda: delete_folder(server, through, TARGET))
        tidy(mailbox, store, "INBOX")
        assert server.messages(through.address) == MAILS
        while tidy(mailbox, store, "INBOX"):
            pass
    assert_filed_once(server, through, store)


@pytest.mark.parametrize("answer", ["NO [OVERQUOTA] The mailbox is full.", "NO [NOPERM] You may not."])
def test_where_a_folder_takes_nothing_the_message_stays_and_the_log_says_why(
    server: ImapServer, through: Settings, relay: Relay, store: Store, answer: str
) -> None:
    server.append_all(MAILS, through.address)
    relay.answers["UID MOVE"] = answer
    with opened(through) as mailbox, capture_logs() as log:
        receive_all(mailbox, store)
        decide(store, TARGET)
        assert tidy(mailbox, store, "INBOX") == 0
        server.append(mail(7), through.address)
        assert receive_all(mailbox, store) == 1
    (told,) = [line["reason"] for line in log if line["event"] == "not tidied"]
    assert TARGET in told
    assert ("over its quota" in told) == ("OVERQUOTA" in answer)
    assert server.messages(through.address) == [*MAILS, mail(7)]
    with opened(settings_for(server, through.address)) as mailbox:
        while tidy(mailbox, store, "INBOX"):
            pass
    assert server.messages(through.address, TARGET) == MAILS


@pytest.fixture(scope="module")
def strict_server() -> Iterator[Dovecot]:
    """A Dovecot that keeps to quotas of 100 kB and to rights (RFC 4314)."""
    with dovecots.started(also=STRICT) as server:
        yield server


@pytest.mark.real
def test_in_a_full_mailbox_messages_stay_and_those_for_a_folder_that_takes_them_go_on(
    strict_server: Dovecot, store: Store
) -> None:
    settings = settings_for(strict_server, strict_server.user())
    strict_server.append_all([mail(1, 60_000), mail(2)], settings.address)
    with relaying(strict_server.port) as relay, capture_logs() as log:
        relay.hidden = ("MOVE",)  # which needs no more room
        with opened(settings.model_copy(update={"imap_port": relay.port})) as mailbox:
            receive_all(mailbox, store)
            decide(store, "Training")
            with store.writing() as db:
                db.execute(update(messages).where(messages.c.size > 50_000).values(folder=TARGET))
            assert tidy(mailbox, store, "INBOX") == 1
            with pytest.raises(FolderRefusedError, match="over its quota"):
                mailbox.keep_sent(mail(3, 60_000))
    assert ["over its quota" in line["reason"] for line in log if line["event"] == "not tidied"] == [True]
    assert strict_server.messages(settings.address) == [mail(1, 60_000)]
    assert strict_server.messages(settings.address, "Training") == [mail(2)]


@pytest.mark.real
def test_a_folder_that_one_may_only_read_takes_nothing_until_the_right_is_given(strict_server: Dovecot, store: Store) -> None:
    settings = settings_for(strict_server, strict_server.user())
    strict_server.append_all(MAILS, settings.address)
    with strict_server.mailbox(settings.address) as theirs:
        theirs.create_folder(TARGET)
        theirs.setacl(TARGET, settings.address, "lra")
        with opened(settings) as mailbox:
            receive_all(mailbox, store)
            decide(store, TARGET)
            assert tidy(mailbox, store, "INBOX") == 0
        theirs.setacl(TARGET, settings.address, "lrswipa")
    with opened(settings) as mailbox:
        assert tidy(mailbox, store, "INBOX") == 5
    assert_filed_once(strict_server, settings, store)


@pytest.mark.real
def test_an_inbox_that_one_may_only_read_is_told_until_the_right_is_given(strict_server: Dovecot, store: Store) -> None:
    settings = settings_for(strict_server, strict_server.user()).model_copy(update={"mode": Mode.LIVE})
    strict_server.append_all(MAILS, settings.address)
    inbox = Inbox(store, settings, "here/1/1")
    with strict_server.mailbox(settings.address) as theirs:
        theirs.setacl("INBOX", settings.address, "lra")
        with pytest.raises(UserError, match="may only read"):
            inbox.look(Event())
        theirs.setacl("INBOX", settings.address, "lrswipkxtea")
    look_until_quiet(inbox)
    inbox.close()
    assert kept(store) == MAILS


def test_without_uidplus_the_original_is_marked_and_nothing_is_copied_twice(
    server: ImapServer, through: Settings, relay: Relay, store: Store
) -> None:
    relay.hidden = ("MOVE", "UIDPLUS")
    server.append_all(MAILS, through.address)
    with capture_logs() as log:
        work(through, store)
        work(through, store)
    assert "messages overlooked before" not in {line["event"] for line in log}
    assert server.messages(through.address, TARGET) == MAILS
    with server.mailbox(through.address, "INBOX") as theirs:
        assert [rb"\Deleted" in flags for flags in theirs.get_flags(theirs.search("ALL")).values()] == [True] * 5
    assert counts(store) == (5, 5)


def test_a_copy_that_is_not_there_whatever_the_server_says_removes_nothing(
    server: ImapServer, through: Settings, relay: Relay, store: Store
) -> None:
    relay.hidden = ("MOVE",)
    relay.answers["UID COPY"] = "OK Copied."
    server.append_all(MAILS, through.address)
    work(through, store)
    assert server.messages(through.address) == MAILS
    with server.mailbox(through.address, "INBOX") as theirs:
        assert theirs.search("DELETED") == []
    relay.answers.clear()
    work(through, store)
    assert_filed_once(server, through, store)


@pytest.mark.parametrize("moment", [None, Moment.BEFORE])
def test_twins_are_both_moved_by_copy_and_neither_is_taken_for_the_others_copy(
    server: ImapServer, through: Settings, relay: Relay, store: Store, moment: Moment | None
) -> None:
    relay.hidden = ("MOVE",)
    server.append_all([MAILS[0], MAILS[0]], through.address)
    if moment:
        relay.cut_at("UID STORE", moment)
        break_and_begin_again(relay, through, store, "UID STORE")
    else:
        work(through, store)
    assert kept(store) == [MAILS[0]]
    assert server.messages(through.address, TARGET) == [MAILS[0], MAILS[0]]
    assert server.messages(through.address) == []


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
    monkeypatch.setattr(broken._session, "logout", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        inbox.look(Event())
    with store.reading() as db:
        assert "ZeroDivisionError" in db.execute(select(troubles.c.why)).scalar_one()
    look_until_quiet(inbox)
    inbox.close()
    assert kept(store) == MAILS


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


def take_away(server: ImapServer, settings: Settings, uid: int) -> None:
    with server.mailbox(settings.address, "INBOX") as theirs:
        theirs.move([uid], "Somewhere")


def delete_folder(server: ImapServer, settings: Settings, folder: str) -> None:
    with server.mailbox(settings.address) as theirs:
        theirs.delete_folder(folder)


def counts(store: Store) -> tuple[int, int]:
    """How many messages the server has, and how many of them we know."""
    with store.reading() as db:
        return tuple(db.execute(select(cursors.c.on_server, cursors.c.known)).one())
