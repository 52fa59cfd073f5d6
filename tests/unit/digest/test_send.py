"""The digest goes into the outbox once, with the note that it was made; and never where it should not."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import structlog
from sqlalchemy import select

from filed import filed_message, filed_story, held_query
from mailflow.deciding import House
from mailflow.digest import send
from mailflow.domain import SMTP, DigestPeriod, Mode, OutgoingState, Purpose, imap
from mailflow.rules import Rules
from mailflow.store import reporting, troubles
from mailflow.store.database import Store
from mailflow.store.tables import outgoings
from outgoing import outgoing_mail, queue, set_row

LONDON = ZoneInfo("Europe/London")
TEAM = ("team@university.example", "lead@university.example")
AT_EIGHT = datetime(2026, 11, 24, 8, 1, tzinfo=UTC)
DAY = timedelta(days=1)

Send = Callable[..., bool]


@pytest.fixture
def send_at(store: Store, house: House) -> Send:
    with store.writing() as db:
        held_query(db)
        filed_story(db)

    def send_at(now: datetime = AT_EIGHT, mode: Mode = Mode.LIVE, readers: tuple[str, ...] = TEAM, early: bool = False) -> bool:
        return send.send_digest(store, replace(house, mode=mode), readers, now, early=early)

    return send_at


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[Any]]:
    send._tell_once.cache_clear()
    with structlog.testing.capture_logs() as lines:
        yield lines


def mails(store: Store) -> list[Any]:
    with store.reading() as db:
        return list(db.execute(select(outgoings).order_by(outgoings.c.id)))


def last(store: Store) -> DigestPeriod | None:
    with store.reading() as db:
        return reporting.last_digest(db)


def test_the_digest_of_a_day_is_queued_once_for_the_team(store: Store, send_at: Send) -> None:
    assert send_at()
    assert not send_at()
    assert not send_at(AT_EIGHT + timedelta(hours=5))
    (mail,) = mails(store)
    assert (mail.once, mail.purpose, mail.state) == ("digest:2026-11-24", Purpose.DIGEST, OutgoingState.QUEUED)
    assert tuple(mail.recipients) == TEAM
    assert mail.subject == "mailflow: 2 need you (24 November)"


def test_before_its_time_nothing_is_made(store: Store, send_at: Send) -> None:
    assert send_at(AT_EIGHT - DAY)
    assert not send_at(datetime(2026, 11, 24, 7, 59, tzinfo=UTC))
    assert len(mails(store)) == 1


def test_each_digest_takes_up_where_the_last_one_ended(store: Store, send_at: Send) -> None:
    assert send_at()
    first = last(store)
    assert first
    assert send_at(AT_EIGHT + DAY)
    second = last(store)
    assert second and (second.day, second.since) == (date(2026, 11, 25), first.until)


def test_a_digest_may_be_made_early_and_is_then_the_one_of_its_day(store: Store, send_at: Send) -> None:
    assert send_at(AT_EIGHT - timedelta(hours=2), early=True)
    assert not send_at(AT_EIGHT, early=True)
    assert not send_at(AT_EIGHT)
    assert len(mails(store)) == 1


def test_in_rehearsal_the_digest_is_never_sent(store: Store, send_at: Send) -> None:
    assert send_at(mode=Mode.REHEARSAL)
    assert [mail.state for mail in mails(store)] == [OutgoingState.REHEARSED]


def test_where_replies_wait_for_a_person_the_digest_does_not(store: Store, send_at: Send) -> None:
    assert send_at(mode=Mode.DRAFTS)
    assert [mail.state for mail in mails(store)] == [OutgoingState.QUEUED]


@pytest.mark.parametrize(
    ("readers", "why"), [((), "Nobody is named to read it"), (("the team",), "A recipient's address is not one")]
)
def test_where_nobody_can_read_it_none_is_made_and_the_log_says_so_once(
    store: Store, send_at: Send, logged: list[Any], readers: tuple[str, ...], why: str
) -> None:
    assert not send_at(readers=readers)
    assert not send_at(readers=readers)
    assert [(line["event"], line["why"].startswith(why)) for line in logged] == [("no digest", True)]
    assert (mails(store), last(store)) == ([], None)
    assert send_at(AT_EIGHT + DAY)


def test_two_daemons_at_once_make_one_digest(store: Store, send_at: Send) -> None:
    together = Barrier(4)

    def daemon(_: int) -> bool:
        together.wait()
        return send_at()

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(daemon, range(4)))
    assert sorted(made) == [False, False, False, True]
    assert len(mails(store)) == 1


def test_what_was_composed_for_a_day_before_is_not_made_again(store: Store, send_at: Send) -> None:
    assert send_at()
    with store.writing() as db:
        db.execute(reporting.digests.delete())
    assert not send_at()
    assert (len(mails(store)), last(store)) == (1, None)


def test_a_preview_says_what_the_digest_would_and_changes_nothing(store: Store, send_at: Send, house: House) -> None:
    report = send.unreported(store, house, AT_EIGHT)
    shown = send.preview(report, house)
    assert (mails(store), last(store)) == ([], None)
    assert send_at(early=True)
    assert (shown.subject, shown.text) == (mails(store)[0].subject, mails(store)[0].text)


def test_why_nothing_was_answered_stands_in_a_paragraph_of_its_own(store: Store, send_at: Send) -> None:
    silence = {"name": "address-cap", "text": "Its sender has had 2 automatic replies in a day."}
    with store.writing() as db:
        filed_message(db, None, b"x", silence=silence, decided_at=AT_EIGHT - timedelta(hours=1))
    assert send_at()
    text = mails(store)[0].text
    why = "Why a person's message got no automatic reply:\n\n- its sender has had enough automatic replies that day: 1\n"
    assert f"\nReplies sent: 0.\n\n{why}" in text


def test_a_digest_names_the_servers_that_are_not_well(store: Store, send_at: Send) -> None:
    with store.writing() as db:
        troubles.note(db, imap("INBOX"), "The IMAP server does not answer.", AT_EIGHT - timedelta(hours=2))
        troubles.note(db, SMTP, "The SMTP server takes no sign-in now: 454 4.7.0.", AT_EIGHT - timedelta(hours=1))
    assert send_at()
    text = " ".join(mails(store)[0].text.split())
    assert (
        "work with the mailbox edi.centre@university.example since Tuesday 24 November, 06:01. Nothing is lost. Please tell "
        "whoever looks after mailflow: The IMAP server does not answer." in text
    )
    assert "work with the outgoing mail server since Tuesday 24 November, 07:01. Nothing" in text
    assert "looks after mailflow: The SMTP server takes no sign-in now" in text


def test_a_digest_says_how_many_replies_wait_for_the_cap_and_that_they_are_not_dropped(
    store: Store, send_at: Send, rules: Rules
) -> None:
    numbers = queue(store, *(outgoing_mail(n) for n in range(rules.replies.total_an_hour + 3)))
    for number in numbers[: rules.replies.total_an_hour]:
        set_row(store, number, state=OutgoingState.SENT, sent_at=AT_EIGHT - timedelta(minutes=5))
    assert send_at()
    text = " ".join(mails(store)[-1].text.split())
    assert "Replies not sent yet: 3. The cap on replies an hour (rules.toml) is reached: 3 of them wait for it, and leave" in text
    assert send_at(AT_EIGHT + DAY)
    assert "Replies not sent yet: 3. They wait for the mail server." in " ".join(mails(store)[-1].text.split())


def test_a_digest_lists_what_has_been_refused_for_now_for_hours(store: Store, send_at: Send) -> None:
    (number,) = queue(store, outgoing_mail(1), state=OutgoingState.DEFERRED, now=AT_EIGHT - timedelta(hours=3))
    set_row(store, number, failure="The mail server does not take the recipient now: 450.")
    queue(store, outgoing_mail(2), state=OutgoingState.DEFERRED, now=AT_EIGHT - timedelta(hours=1))
    assert send_at()
    mail = mails(store)[-1]
    assert "Our mail that is refused for now, and tried again (1)" in mail.text
    assert "The mail server does not take the recipient now: 450." in " ".join(mail.text.split())
    assert mail.subject == "mailflow: 2 need you (24 November)", "nobody need do anything about it"


def test_a_digest_says_nothing_that_anybody_wrote(store: Store, send_at: Send) -> None:
    with store.writing() as db:
        filed_message(db, None, b"x", subject="A secret", decided_at=AT_EIGHT - timedelta(hours=1))
    assert send_at()
    raw = mails(store)[0].raw.decode()
    for written in ("A secret", "Something I saw", "Sam", "Priya", "accent"):
        assert written not in raw
