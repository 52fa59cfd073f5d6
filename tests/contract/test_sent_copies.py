"""What we sent is found in the team's folder for sent mail, where we are the ones to put it there."""

from contextlib import closing
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from mailflow.domain import SENT_FOLDER, OutgoingState
from mailflow.errors import MailflowError, TemporaryError
from mailflow.inbox import copies as inbox_copies
from mailflow.inbox.copies import SentCopies
from mailflow.inbox.sent import SentFolder
from mailflow.inbox.tidy import tidy
from mailflow.settings import Settings
from mailflow.store.database import Store
from outgoing import NOW, outgoing_mail, queue, row_of, set_row, states
from servers.imap import ImapServer
from servers.ours import decide, opened, receive_all
from servers.relay import relaying

MAIL = b"From: edi.centre@university.example\r\nSubject: Re: a session\r\nMessage-ID: <sent@university.example>\r\n\r\nHello\r\n"


def test_a_copy_lies_in_sent_and_is_read(server: ImapServer, settings: Settings) -> None:
    sent = SentFolder(settings)
    sent.keep(MAIL)
    sent.keep(MAIL)
    sent.close()
    with server.mailbox(settings.address, "Sent") as session:
        found = session.fetch(session.search("ALL"), ["FLAGS", "BODY.PEEK[]"])
    assert [b"\\Seen" in message[b"FLAGS"] for message in found.values()] == [True, True]
    assert all(message[b"BODY[]"] == MAIL for message in found.values())


def test_a_kept_connection_that_died_is_made_anew(server: ImapServer, settings: Settings) -> None:
    sent = SentFolder(settings)
    sent.keep(MAIL)
    assert sent._mailbox is not None
    sent._mailbox.session.shutdown()
    sent.keep(MAIL.replace(b"<sent@", b"<another@"))
    sent.close()
    with server.mailbox(settings.address, "Sent") as session:
        assert len(session.search("ALL")) == 2


def test_a_mail_is_found_in_sent_by_its_whole_message_id_only(server: ImapServer, settings: Settings) -> None:
    sent = SentFolder(settings)
    sent.keep(MAIL)
    asked = ("<sent@university.example>", "sent@university.example", "<SENT@university.example>", "<t@university.example>")
    assert [sent.has(message_id) for message_id in asked] == [True, False, False, False]
    sent.close()


@pytest.mark.parametrize("message_id", ['<"a b"@x.example>', '<a") UID 1:* (@x.example>', "<{5}@x.example>"])
def test_no_message_id_can_break_out_of_the_search(server: ImapServer, settings: Settings, message_id: str) -> None:
    sent = SentFolder(settings)
    sent.keep(MAIL)
    assert not sent.has(message_id)
    sent.keep(MAIL.replace(b"<sent@university.example>", message_id.encode()))
    assert sent.has(message_id) == (" " not in message_id), "one with a space is none (RFC 5322, 3.6.4)"
    sent.close()


def test_where_there_is_no_folder_for_sent_mail_nothing_is_found_and_none_is_made(server: ImapServer, settings: Settings) -> None:
    with server.mailbox(settings.address) as session:
        there = session.folder_exists("Sent")
        if there:
            session.delete_folder("Sent")
        is_made_by_the_server = session.folder_exists("Sent")
    sent = SentFolder(settings)
    assert not sent.has("<sent@university.example>")
    sent.close()
    with server.mailbox(settings.address) as session:
        assert session.folder_exists("Sent") == is_made_by_the_server


def test_what_came_since_the_last_look_is_found(server: ImapServer, settings: Settings) -> None:
    sent = SentFolder(settings)
    sent.keep(MAIL.replace(b"<sent@", b"<other@"))
    assert not sent.has("<sent@university.example>")
    server.append(MAIL, settings.address, "Sent")
    assert sent.has("<sent@university.example>")
    sent.close()


def test_our_own_copy_is_moved_to_the_folder_for_sent_mail(server: ImapServer, settings: Settings, store: Store) -> None:
    server.deliver(MAIL, settings.address)
    with opened(settings) as mailbox:
        receive_all(mailbox, store)
        decide(store, SENT_FOLDER)
        assert tidy(mailbox, store, "INBOX") == 1
        assert tidy(mailbox, store, "INBOX") == 0
    assert server.messages(settings.address) == []
    assert len(server.messages(settings.address, "Sent")) == 1


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def doubted(store: Store) -> int:
    (number,) = queue(store, outgoing_mail(1))
    set_row(store, number, state=OutgoingState.IN_DOUBT, begun_at=NOW, message_id="<sent@university.example>")
    return number


def test_a_mail_in_doubt_is_sent_once_its_copy_is_found_and_is_looked_for_ever_more_rarely(
    server: ImapServer, settings: Settings, store: Store
) -> None:
    clock = Clock()
    copies, number = SentCopies(store, settings, clock), doubted(store)
    with server.mailbox(settings.address, "INBOX") as session:
        if not session.folder_exists("Sent"):
            session.create_folder("Sent")
    copies.step()
    assert row_of(store, number)["failure"] == "No copy of it was in the folder for sent mail (2026-11-24 10:00)."
    server.append(MAIL, settings.address, "Sent")
    clock.now = NOW + timedelta(seconds=3)
    copies.step()
    assert states(store) == {number: OutgoingState.IN_DOUBT}
    clock.now = NOW + timedelta(seconds=5)
    copies.step()
    assert states(store) == {number: OutgoingState.SENT}
    copies.close()


def test_without_a_copy_a_mail_stays_in_doubt_and_after_a_day_is_looked_for_no_more(
    server: ImapServer, settings: Settings, store: Store
) -> None:
    clock = Clock()
    copies, number = SentCopies(store, settings, clock), doubted(store)
    looks = set()
    for minutes in range(0, 60 * 30, 7):
        clock.now = NOW + timedelta(minutes=minutes)
        copies.step()
        looks.add(row_of(store, number)["failure"])
    copies.close()
    assert states(store) == {number: OutgoingState.IN_DOUBT}
    assert 20 < len(looks) < 40
    assert max(looks) < "No copy of it was in the folder for sent mail (2026-11-25 10:01)."


def test_a_copy_that_the_mailbox_does_not_take_now_is_kept_later(server: ImapServer, settings: Settings, store: Store) -> None:
    with relaying(server.port) as wire:
        copies = SentCopies(store, settings.model_copy(update={"imap_port": wire.port}), Clock())
        wire.close()
        copies.take(MAIL)
        copies.take(MAIL.replace(b"<sent@", b"<second@"))
        with pytest.raises(TemporaryError):
            copies.step()
        copies._folder._settings = settings
        while copies.step():
            pass
    copies.close()
    assert len(server.messages(settings.address, "Sent")) == 2


def test_while_a_copy_is_refused_mails_in_doubt_are_proven_all_the_same(
    server: ImapServer, settings: Settings, store: Store
) -> None:
    with closing(SentFolder(settings)) as sent:
        sent.keep(MAIL)
    with relaying(server.port) as wire:
        wire.answers["APPEND"] = "NO [OVERQUOTA] The mailbox is full."
        copies, number = SentCopies(store, settings.model_copy(update={"imap_port": wire.port}), Clock()), doubted(store)
        copies.take(MAIL.replace(b"<sent@", b"<other@"))
        with pytest.raises(MailflowError):
            copies.step()
        assert states(store) == {number: OutgoingState.SENT}
        wire.answers.clear()
        copies.close()
    assert len(server.messages(settings.address, "Sent")) == 2


def test_a_mailbox_that_cannot_be_searched_takes_copies_all_the_same(
    server: ImapServer, settings: Settings, store: Store
) -> None:
    with closing(SentFolder(settings)) as sent:
        sent.keep(MAIL)
    with relaying(server.port) as wire:
        wire.answers["UID SEARCH"] = wire.answers["SEARCH"] = "NO not now"
        copies, number = SentCopies(store, settings.model_copy(update={"imap_port": wire.port}), Clock()), doubted(store)
        copies.take(MAIL.replace(b"<sent@", b"<other@"))
        with pytest.raises(MailflowError):
            copies.step()
        copies.close()
    assert states(store) == {number: OutgoingState.IN_DOUBT}
    assert len(server.messages(settings.address, "Sent")) == 2


def test_copies_beyond_those_that_may_wait_are_dropped_the_oldest_first_and_the_log_says_so(
    server: ImapServer, settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_copies, "MOST_WAITING", 1)
    copies = SentCopies(store, settings, Clock())
    with capture_logs() as logs:
        copies.take(MAIL.replace(b"<sent@", b"<first@"))
        assert logs == []
        copies.take(MAIL)
    assert [(entry["event"], entry["log_level"]) for entry in logs] == [("no copy kept", "warning")]
    copies.close()
    assert server.messages(settings.address, "Sent") == [MAIL]


def test_what_waits_when_we_stop_is_kept_before_goodbye(server: ImapServer, settings: Settings, store: Store) -> None:
    copies = SentCopies(store, settings, Clock())
    copies.take(MAIL)
    copies.close()
    assert server.messages(settings.address, "Sent") == [MAIL]
