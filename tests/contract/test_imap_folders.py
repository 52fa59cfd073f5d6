"""What people and servers do to folders while we work in them: messages go, folders are made anew, full, or not ours to fill."""

from collections.abc import Iterator
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from faults import (
    MAILS,
    TARGET,
    assert_filed_once,
    break_and_begin_again,
    counts,
    delete_folder,
    look_until_quiet,
    take_away,
    work,
)
from mailflow.domain import Mode
from mailflow.errors import UserError
from mailflow.inbox.inbox import Inbox
from mailflow.inbox.receive import receive, reconcile
from mailflow.inbox.tidy import tidy
from mailflow.inbox.trouble import FolderRefusedError
from mailflow.settings import Settings
from mailflow.store.database import Store
from mailflow.store.tables import messages
from servers import dovecot as dovecots
from servers.dovecot import Dovecot
from servers.embedded import Pymap
from servers.imap import ImapServer
from servers.ours import NOW, decide, expunge, kept, mail, opened, receive_all, settings_for
from servers.relay import Moment, Relay, relaying

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
def store(sqlite_store: Store) -> Store:
    """One database is enough: nothing is asked of it that the other faults do not ask of both."""
    return sqlite_store


@pytest.fixture
def always_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done once a minute by day is done at every look here."""
    monkeypatch.setattr("mailflow.inbox.inbox.RECONCILE_EVERY", timedelta())


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
        theirs.multiappend("Arrivals", MAILS[3:])
        theirs.select_folder(TARGET)
        theirs.move(theirs.search("ALL")[:1], "Arrivals")
    look_until_quiet(inbox)
    inbox.close()
    assert sorted(kept(store)) == MAILS
    assert server.messages(settings.address, TARGET) == MAILS[1:3]
    # What a person has put back is theirs; what is new is not decided yet.
    assert server.messages(settings.address, "Arrivals") == [*MAILS[3:], MAILS[0]]


def test_a_server_that_tells_us_nothing_of_a_folder_made_anew_is_asked(
    pymap_server: Pymap, store: Store, always_compared: None
) -> None:
    settings = settings_for(pymap_server, pymap_server.user(), imap_folder="Arrivals")
    with pymap_server.mailbox(settings.address) as theirs:
        theirs.create_folder("Arrivals")
    pymap_server.append_all(MAILS[:2], settings.address, "Arrivals")
    inbox = Inbox(store, settings, "here/1/1")
    look_until_quiet(inbox)
    with pymap_server.mailbox(settings.address) as theirs:
        theirs.delete_folder("Arrivals")
        theirs.create_folder("Arrivals")
    pymap_server.append_all(MAILS[2:], settings.address, "Arrivals")
    look_until_quiet(inbox)
    inbox.close()
    assert sorted(kept(store)) == MAILS


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
