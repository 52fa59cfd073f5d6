"""The team is told of a server that stays out of reach, once; and once when it works again. Never of what passes by itself."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
import structlog
from sqlalchemy import select

from mailflow import settings as ours
from mailflow.digest import alarm
from mailflow.digest.alarm import Move, next_move, tell_troubles
from mailflow.domain import SMTP, OutgoingState, Purpose, Trouble, imap
from mailflow.render import Templates
from mailflow.settings import Settings
from mailflow.store import receiving, troubles
from mailflow.store.database import Store
from mailflow.store.tables import outgoings
from outgoing import set_row

START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
PATIENCE = timedelta(minutes=15)
INBOX = imap("INBOX")
WHY = "The IMAP server does not answer."
TEAM = "team@university.example"
MAILBOX = "the mailbox edi.centre@university.example"

Tell = Callable[..., bool]


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def settings_for(**others: object) -> Settings:
    return ours.load(**{"_env_file": None, "mode": "live", **others})


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[Any]]:
    alarm._say_once.cache_clear()
    with structlog.testing.capture_logs() as lines:
        yield lines


@pytest.fixture
def tell(store: Store, templates: Templates) -> Tell:
    """The alarm's step at a minute; the mailbox was looked at a moment before, unless a trouble says otherwise."""

    def tell(minutes: float, started: datetime | None = None, readers: tuple[str, ...] = (TEAM,), **others: object) -> bool:
        return tell_troubles(store, templates, settings_for(**others), readers, started or at(minutes), at(minutes))

    return tell


def note(store: Store, minutes: float, server: str = INBOX, why: str = WHY) -> None:
    with store.writing() as db:
        troubles.note(db, server, why, at(minutes))


def over(store: Store, minutes: float, server: str = INBOX) -> None:
    with store.writing() as db:
        assert troubles.over(db, server, at(minutes))


def mails(store: Store) -> list[Any]:
    with store.reading() as db:
        return list(db.execute(select(outgoings).order_by(outgoings.c.id)))


def subjects(store: Store) -> list[str]:
    return [mail.subject.removeprefix("mailflow: ") for mail in mails(store)]


def left(store: Store) -> tuple[Trouble, ...]:
    with store.reading() as db:
        return troubles.known(db)


@pytest.mark.parametrize(
    ("told", "over", "now", "mail_leaves", "move"),
    [
        (None, None, 14, True, None),
        (None, None, 15, True, Move.TELL),
        (None, None, 15, False, None),
        (15, None, 99, True, None),
        (None, 14, 14, True, Move.FORGET),
        (None, 20, 34, True, None),
        (None, 20, 35, True, Move.TELL_OVER),
        (15, 20, 34, True, None),
        (15, 20, 35, True, Move.TELL_OVER),
        (15, 20, 99, False, None),
    ],
)
def test_what_is_to_be_done_about_a_trouble(
    told: float | None, over: float | None, now: float, mail_leaves: bool, move: Move | None
) -> None:
    trouble = Trouble(INBOX, START, WHY, told and at(told), over and at(over))
    assert next_move(trouble, PATIENCE, at(now), mail_leaves=mail_leaves) is move


def test_a_mailbox_out_of_reach_is_told_once_and_once_when_it_works_again(store: Store, tell: Tell) -> None:
    note(store, 0)
    assert not tell(14)
    assert tell(15, desk_url="https://desk.university.example")
    assert not tell(60)
    (mail,) = mails(store)
    assert (mail.purpose, mail.state, mail.recipients) == (Purpose.TROUBLE, OutgoingState.QUEUED, [TEAM])
    assert mail.subject == f"mailflow: {MAILBOX} cannot be read"
    text = " ".join(mail.text.split())
    for said in (f"{MAILBOX} since Tuesday 24 November, 08:00", WHY, "Nothing is lost", "https://desk.university.example"):
        assert said in text
    assert text.index("look into the mailbox yourselves") < text.index(WHY), "the technical reason comes last"
    set_row(store, mail.id, state=OutgoingState.SENT)
    over(store, 65)
    assert not tell(79)
    assert tell(80)
    assert not tell(500)
    told = mails(store)[1]
    assert told.subject == f"mailflow: {MAILBOX} works again"
    assert "From Tuesday 24 November, 08:00 until Tuesday 24 November, 09:05 (1 hour and 5 minutes)" in " ".join(
        told.text.split()
    )
    assert (len(mails(store)), left(store)) == (2, ())


def test_what_passes_sooner_is_told_to_nobody(store: Store, tell: Tell) -> None:
    for minutes in range(0, 600, 20):
        note(store, minutes)
        over(store, minutes + 14)
        assert not tell(minutes + 15)
        assert left(store) == ()
    assert mails(store) == []


def test_a_server_that_comes_and_goes_is_one_trouble(store: Store, tell: Tell) -> None:
    note(store, 0)
    assert tell(15)
    set_row(store, mails(store)[0].id, state=OutgoingState.SENT)
    for minutes in range(20, 600, 20):
        over(store, minutes)
        assert not tell(minutes + 9)
        note(store, minutes + 10)
        assert not tell(minutes + 19)
    over(store, 600)
    assert tell(615)
    assert subjects(store) == [f"{MAILBOX} cannot be read", f"{MAILBOX} works again"]
    assert "(10 hours)" in " ".join(mails(store)[1].text.split())


def test_that_no_mail_could_be_sent_is_told_in_one_mail_when_one_can(store: Store, tell: Tell) -> None:
    note(store, 0, SMTP, "The SMTP server takes no sign-in now: 454 4.7.0.")
    note(store, 5)
    assert not tell(100)
    over(store, 110)
    over(store, 120, SMTP)
    assert not tell(121)
    assert tell(140)
    assert subjects(store) == ["the outgoing mail server works again", f"{MAILBOX} works again"]
    text = " ".join(mails(store)[0].text.split())
    assert "(2 hours)" in text
    assert "our mails waited" in text
    assert "could not be told while no mail could be sent" in text


def test_a_mailbox_still_out_of_reach_is_told_as_soon_as_a_mail_can_leave(store: Store, tell: Tell) -> None:
    note(store, 0, SMTP)
    note(store, 0)
    assert not tell(60)
    over(store, 61, SMTP)
    assert tell(62)
    assert subjects(store) == [f"{MAILBOX} cannot be read"]


def test_word_that_could_not_leave_before_it_was_out_of_date_is_taken_back(store: Store, tell: Tell) -> None:
    note(store, 0)
    assert tell(15)
    over(store, 20)
    assert not tell(21)
    assert [mail.state for mail in mails(store)] == [OutgoingState.CANCELLED]
    note(store, 22)
    assert tell(23), "it is the same trouble, and nobody has been told yet"
    set_row(store, mails(store)[1].id, state=OutgoingState.SENT)
    over(store, 30)
    assert tell(45)
    assert [mail.state for mail in mails(store)] == [OutgoingState.CANCELLED, OutgoingState.SENT, OutgoingState.QUEUED]


def test_a_look_that_hangs_is_trouble_though_nothing_has_failed(store: Store, tell: Tell) -> None:
    with store.writing() as db:
        receiving.note_poll(db, settings_for().ourselves.address, "INBOX", at(0))
    assert not tell(14, started=at(-60))
    assert tell(15, started=at(-60))
    assert [(trouble.server, trouble.since) for trouble in left(store)] == [(INBOX, at(0))]
    assert "No look into it has ended since then" in mails(store)[0].text


def test_what_nobody_looked_into_before_we_were_started_is_no_trouble(store: Store, tell: Tell) -> None:
    with store.writing() as db:
        receiving.note_poll(db, settings_for().ourselves.address, "INBOX", at(-600))
    assert not tell(14, started=at(0))
    assert left(store) == ()


def test_a_folder_that_is_not_watched_any_more_is_told_to_nobody(store: Store, tell: Tell) -> None:
    note(store, 0, imap("INBX"), "There is no folder INBX.")
    assert not tell(60)


def test_rare_looks_are_no_hanging_ones(store: Store, tell: Tell) -> None:
    assert not tell(60, started=at(0), poll_seconds=1800)
    assert tell(90, started=at(0), poll_seconds=1800)


def test_in_rehearsal_it_is_composed_and_never_sent_and_nobody_needs_the_mail_server(store: Store, tell: Tell) -> None:
    note(store, 0, SMTP)
    note(store, 0)
    assert not tell(14, mode="rehearsal")
    assert [trouble.server for trouble in left(store)] == [INBOX]
    assert tell(15, mode="rehearsal")
    assert [mail.state for mail in mails(store)] == [OutgoingState.REHEARSED]


def test_where_nobody_is_named_the_log_says_so_once(store: Store, tell: Tell, logged: list[Any]) -> None:
    note(store, 0)
    assert not tell(15, readers=())
    assert not tell(16, readers=())
    assert [line["event"] for line in logged] == ["the team cannot be told"]
    assert mails(store) == []


def test_daemons_that_notice_at_once_tell_once(store: Store, tell: Tell) -> None:
    note(store, 0)

    def all_at(minutes: float) -> list[bool]:
        together = Barrier(4)

        def daemon(_: int) -> bool:
            together.wait(10)
            return tell(minutes)

        with ThreadPoolExecutor(4) as pool:
            return sorted(pool.map(daemon, range(4)))

    assert all_at(15) == [False, False, False, True]
    set_row(store, mails(store)[0].id, state=OutgoingState.SENT)
    over(store, 16)
    assert all_at(31) == [False, False, False, True]
    assert len(mails(store)) == 2
