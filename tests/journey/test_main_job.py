"""The main job: somebody writes, the message is understood and filed, and the answer lies in the writer's own mailbox."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

import letters
from letters import CENTRE, Letter, opened, text_of
from mailflow.domain import StoryState
from running import Daemon, Installation
from servers.dovecot import Dovecot
from servers.imap import ImapServer

pytestmark = pytest.mark.real

SECONDS = 30


@pytest.fixture
def alerted(dovecot: Dovecot) -> str:
    """Who is told of sensitive messages."""
    return dovecot.user()


@pytest.fixture
def installation(install: Callable[..., Installation], alerted: str) -> Installation:
    return install(alert_to=alerted)


@pytest.fixture
def daemon(start: Callable[[Installation], Daemon], installation: Installation) -> Daemon:
    return start(installation)


@pytest.fixture
def answered(daemon: Daemon, dovecot: Dovecot, send: Callable[[Letter], Letter]) -> Callable[[Letter], EmailMessage]:
    """Sends a letter and waits for its answer in the writer's mailbox."""

    def write(letter: Letter) -> EmailMessage:
        send(letter)
        (answer,) = dovecot.await_mail(letter.sender, seconds=SECONDS)
        return opened(answer)

    return write


def in_folder(server: ImapServer, folder: str, letter: Letter) -> list[tuple[bytes, ...]]:
    """The flags of a letter's copies in a folder of the Centre's mailbox; waits until there is one."""
    server.await_mail(CENTRE, folder=folder, seconds=SECONDS)
    with server.mailbox(CENTRE) as session:
        session.select_folder(folder, readonly=True)
        found = session.search(["HEADER", "Message-ID", letter.message_id])
        return list(session.get_flags(found).values())


def test_a_request_for_training_is_acknowledged_in_its_thread(
    dovecot: Dovecot, answered: Callable[[Letter], EmailMessage]
) -> None:
    letter = letters.training(dovecot.user())
    answer = answered(letter)
    assert answer["In-Reply-To"] == letter.message_id
    assert str(answer["References"]).split() == [letter.message_id]
    assert re.fullmatch(rf"Re: {letter.subject} \[EDI-0001-\w{{8}}\]", answer["Subject"])
    assert (answer["Auto-Submitted"], answer["X-Auto-Response-Suppress"]) == ("auto-replied", "All")
    assert (answer["From"].addresses[0].addr_spec, answer["To"].addresses[0].addr_spec) == (CENTRE, letter.sender)
    for form in ("plain", "html"):
        text = text_of(answer, form)
        assert "Department of Physics" in text
        assert "EDI-0001" in text


def test_the_acknowledgement_repeats_what_was_said_and_asks_only_for_the_rest(
    dovecot: Dovecot, answered: Callable[[Letter], EmailMessage]
) -> None:
    understood, _, asked = text_of(answered(letters.training(dovecot.user()))).partition("still need to know")
    assert "Department of Physics" in understood
    assert "20" in understood
    assert "in person" in understood
    assert "date" in asked
    for known in ("department", "how many people", "online"):
        assert known not in asked.partition("You can simply reply")[0].lower()


def test_a_request_lands_in_its_folder_unread(dovecot: Dovecot, answered: Callable[[Letter], EmailMessage]) -> None:
    letter = letters.training(dovecot.user())
    answered(letter)
    (flags,) = in_folder(dovecot, "Training", letter)
    assert b"\\Seen" not in flags
    assert dovecot.messages(CENTRE) == []
    with dovecot.mailbox(CENTRE) as session:
        assert "Training" in [name for _, _, name in session.list_sub_folders()]


def test_a_question_is_answered_with_the_open_dates(dovecot: Dovecot, answered: Callable[[Letter], EmailMessage]) -> None:
    letter = letters.query(dovecot.user())
    text = text_of(answered(letter))
    assert "Book a place on the web page" in text
    if datetime.now(UTC).date() < datetime(2027, 3, 23).date():
        assert "Hartree 301, Main Campus" in text
    else:
        assert "Open sessions are listed on our web page" in text
    assert len(in_folder(dovecot, "Queries", letter)) == 1


def test_a_story_gets_a_neutral_receipt_and_waits_for_a_reviewer(
    dovecot: Dovecot, installation: Installation, answered: Callable[[Letter], EmailMessage]
) -> None:
    letter = letters.story(dovecot.user())
    receipt = answered(letter)
    assert re.fullmatch(r"Your message to the EDI Centre \[EDI-0001-\w{8}\]", receipt["Subject"])
    text = text_of(receipt)
    assert "withdraw" in text
    assert "Report and Support" in text
    assert "accent" not in text
    (waiting,) = installation.command("review")
    assert (waiting["reference"], waiting["state"]) == ("EDI-0001", StoryState.RECEIVED)
    assert len(in_folder(dovecot, "Stories", letter)) == 1


def test_one_plain_word_takes_a_story_back(
    dovecot: Dovecot,
    daemon: Daemon,
    installation: Installation,
    answered: Callable[[Letter], EmailMessage],
    send: Callable[[Letter], Letter],
) -> None:
    letter = letters.story(dovecot.user())
    send(letters.answer(letter, answered(letter), "Withdraw, please.\n"))
    daemon.await_event("held", case="EDI-0001")
    assert installation.command("review") == []
    (story,) = installation.command("review", "--all")
    assert story["state"] == StoryState.WITHDRAWN


def test_sensitive_mail_is_held_and_its_alert_says_nothing_of_it(
    dovecot: Dovecot, daemon: Daemon, alerted: str, send: Callable[[Letter], Letter], answered: Callable[[Letter], EmailMessage]
) -> None:
    letter = send(letters.sensitive(dovecot.user()))
    alert = opened(dovecot.await_mail(alerted, seconds=SECONDS)[0])
    assert "EDI-0001" in text_of(alert)
    for detail in (letter.sender, letter.name, letter.subject, "supervisor", "touched"):
        assert detail.encode() not in alert.as_bytes()
        assert detail not in daemon.log
    assert daemon.await_event("held")["why_held"] == "sensitive"
    answered(letters.query(dovecot.user()))
    assert dovecot.messages(letter.sender) == []
    assert len(dovecot.messages(alerted)) == 1


def test_machines_are_never_answered(
    dovecot: Dovecot, daemon: Daemon, send: Callable[[Letter], Letter], answered: Callable[[Letter], EmailMessage]
) -> None:
    away, bounce = send(letters.out_of_office(dovecot.user())), send(letters.bounce())
    daemon.await_event("ignored", count=2)
    answered(letters.query(dovecot.user()))
    assert dovecot.messages(away.sender) == dovecot.messages(bounce.sender) == []
    dovecot.await_mail(CENTRE, count=2, folder="Automatic", seconds=SECONDS)


def test_a_thread_is_acknowledged_once(
    dovecot: Dovecot, daemon: Daemon, send: Callable[[Letter], Letter], answered: Callable[[Letter], EmailMessage]
) -> None:
    letter = letters.training(dovecot.user())
    first = answered(letter)
    send(letters.answer(letter, first, "Tuesday 9 February 2027 at 10:00 or Thursday 11 February 2027 would suit us.\n"))
    second = daemon.await_event("filed", count=2, case="EDI-0001")
    assert second["why_silent"] == "acknowledged"
    answered(letters.query(dovecot.user()))
    assert len(dovecot.messages(letter.sender)) == 1
