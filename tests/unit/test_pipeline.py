"""A batch is filed at once, and each message in it for itself."""

import random
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from mailflow import pipeline
from mailflow.deciding import House
from mailflow.domain import CaseState, Email, Fetched, History, Location, MessageState, Mode, OutgoingState, Plan
from mailflow.message.identity import fingerprint, message_id_of
from mailflow.pipeline import RETRY_OUR_FAULT, process
from mailflow.render import Templates
from mailflow.settings import load
from mailflow.store import receiving
from mailflow.store.database import Store
from mailflow.store.receiving import ReadTo
from mailflow.store.tables import cases, events, messages, outgoings, trainings

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
US = "edi.centre@university.example"
HOLDER = "here/1/1"
ASKS_FOR_TRAINING = (
    "Dear team,\n\nwe would like to book an Active Bystander workshop for our department. Could you run a training session"
    " for our staff next term? Please let us know which dates you could offer.\n\nBest wishes,\n"
)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """The shipped rules and templates, but for a training template that stumbles over one subject."""
    templates = tmp_path / "templates"
    shutil.copytree(ROOT / "templates", templates)
    with (templates / "training.md").open("a", encoding="utf-8") as file:
        file.write('\n{% if "stumble" in subject %}{{ 1 // 0 }}{% endif %}\n')
    settings = load(_env_file=None, address=US, mode="live", rules=ROOT / "rules.toml", templates=templates)
    return House.build(settings)


@pytest.fixture
def arrive(store: Store) -> Callable[..., list[int]]:
    """Puts mails to rest, and gives their numbers."""

    def keep(*raws: bytes) -> list[int]:
        with store.writing() as db:
            last = receiving.read_to(db, US, "INBOX").last_uid
            fetched = [
                Fetched(Location(US, "INBOX", 1, last + n), raw, NOW, fingerprint(raw), message_id_of(raw))
                for n, raw in enumerate(raws, 1)
            ]
            receiving.keep(db, US, "INBOX", fetched, ReadTo(1, last + len(raws)), NOW)
            wanted = [one.fingerprint for one in fetched]
            rows = db.execute(select(messages.c.id, messages.c.fingerprint).where(messages.c.fingerprint.in_(wanted)))
            ids = {row.fingerprint: row.id for row in rows}
        return [ids[one.fingerprint] for one in fetched]

    return keep


def mail(number: int, subject: str = "Training for our department", answers: str | None = None) -> bytes:
    thread = f"In-Reply-To: {answers}\n" if answers else ""
    return (
        f"From: Ada {number} <ada{number}@university.example>\nTo: {US}\nSubject: {subject}\n{thread}"
        f"Message-ID: <m{number}@university.example>\nDate: Tue, 24 Nov 2026 09:00:00 +0000\n\n{ASKS_FOR_TRAINING}Ada {number}\n"
    ).encode()


def rows(store: Store, *columns: Any) -> Sequence[Any]:
    with store.reading() as db:
        return db.execute(select(*columns).order_by(columns[0])).all()


def test_each_message_of_a_batch_gets_its_case_its_details_its_reply_and_its_entry(
    store: Store, house: House, arrive: Callable[..., list[int]]
) -> None:
    numbers = arrive(*map(mail, range(5)))

    assert process(store, house, HOLDER, NOW) == 5

    found = rows(store, messages.c.id, messages.c.state, messages.c.case_id, messages.c.sender)
    assert [(row.id, row.state) for row in found] == [(number, MessageState.FILED) for number in numbers]
    case_of = {row.id: row.case_id for row in found}
    sender_of = {row.id: row.sender for row in found}
    assert {row.id: row.requester for row in rows(store, cases.c.id, cases.c.requester)} == {
        case_of[number]: sender_of[number] for number in numbers
    }
    assert len(rows(store, trainings.c.case_id)) == 5
    replies = rows(store, outgoings.c.answers, outgoings.c.case_id, outgoings.c.recipient, outgoings.c.state)
    assert replies == [(number, case_of[number], sender_of[number], OutgoingState.QUEUED) for number in numbers]
    assert [row.message for row in rows(store, events.c.message)] == numbers
    assert process(store, house, HOLDER, NOW) == 0


def test_the_answer_to_a_message_that_was_put_off_waits_for_it(
    store: Store, house: House, arrive: Callable[..., list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    (first,) = arrive(mail(1, "Training: stumble here"))
    assert process(store, house, HOLDER, NOW) == 1
    (answer,) = arrive(mail(2, "Re: Training", answers="<m1@university.example>"))
    assert process(store, house, HOLDER, NOW) == 1
    assert process(store, house, HOLDER, NOW) == 0, "not at once, again and again"
    assert {row.state for row in rows(store, messages.c.state)} == {MessageState.RECEIVED}
    mended = replace(house, templates=Templates.load(ROOT / "templates"))
    later = NOW + 2 * RETRY_OUR_FAULT
    while process(store, mended, HOLDER, later):
        pass
    assert len({row.case_id for row in rows(store, messages.c.case_id)}) == 1
    assert [row.id for row in rows(store, messages.c.id)] == [first, answer]
    assert len(rows(store, outgoings.c.id)) == 1


class Slow:
    """The rooms of a house in which a message costs so many seconds, by a clock of their own."""

    def __init__(self, house: House, seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
        self.house, self.seconds, self.clock = house, seconds, 0.0
        monkeypatch.setattr(pipeline, "monotonic", lambda: self.clock)

    def read(self, raw: bytes) -> Email:
        self.clock += self.seconds
        return self.house.read(raw)

    def decide(self, email: Email, history: History, arrived: datetime, now: datetime) -> Plan:
        self.clock += self.seconds
        return self.house.decide(email, history, arrived, now)


def test_a_batch_that_takes_long_is_filed_in_part_before_the_lease_runs_out(
    store: Store, house: House, arrive: Callable[..., list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(*(mail(number) for number in range(10)))
    slow = Slow(house, 20, monkeypatch)
    steps = []
    while process(store, house, HOLDER, NOW + timedelta(seconds=slow.clock), slow):
        steps.append(sum(row.state is MessageState.FILED for row in rows(store, messages.c.state)))
    assert steps == [2, 4, 6, 8, 10]
    assert {row.state for row in rows(store, messages.c.state)} == {MessageState.FILED}
    assert len(rows(store, outgoings.c.id)) == 10


def test_while_one_daemon_reads_for_long_another_takes_nothing_over(
    store: Store, house: House, arrive: Callable[..., list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(*(mail(number) for number in range(3)))
    slow = Slow(house, 25, monkeypatch)
    taken: list[int] = []
    decide = slow.decide

    def while_another_comes_by(*values: Any) -> Plan:
        taken.append(process(store, house, "there/2/2", NOW + timedelta(seconds=slow.clock + 25)))
        return decide(*values)

    slow.decide = while_another_comes_by  # type: ignore[method-assign]
    assert process(store, house, HOLDER, NOW, slow) == 3
    assert set(taken) == {0}
    assert len(rows(store, outgoings.c.id)) == 2, "the third is left for the next step"


def test_where_a_reply_cannot_be_composed_only_that_message_waits_and_leaves_no_trace(
    store: Store, house: House, arrive: Callable[..., list[int]]
) -> None:
    before, stumbling, after = arrive(mail(1), mail(2, "Training: stumble here"), mail(3))

    assert process(store, house, HOLDER, NOW) == 3

    states = dict(rows(store, messages.c.id, messages.c.state))
    assert states == {before: MessageState.FILED, stumbling: MessageState.RECEIVED, after: MessageState.FILED}
    assert {row.answers for row in rows(store, outgoings.c.answers)} == {before, after}
    assert len(rows(store, cases.c.id)) == 2
    assert stumbling not in {row.message for row in rows(store, events.c.message)}
    assert process(store, house, HOLDER, NOW + RETRY_OUR_FAULT - timedelta(seconds=1)) == 0
    assert process(store, house, HOLDER, NOW + RETRY_OUR_FAULT + timedelta(seconds=1)) == 1


def test_a_mail_with_nothing_in_it_is_held_and_answered_by_nobody(
    store: Store, house: House, arrive: Callable[..., list[int]]
) -> None:
    empty, sound = arrive(b" \r\n\r\n", mail(1))

    assert process(store, house, HOLDER, NOW) == 2

    assert dict(rows(store, messages.c.id, messages.c.state)) == {empty: MessageState.HELD, sound: MessageState.FILED}
    assert {row.answers for row in rows(store, outgoings.c.answers)} == {sound}


def test_two_answers_in_one_batch_join_the_case_and_open_it_again(
    store: Store, house: House, arrive: Callable[..., list[int]]
) -> None:
    (first,) = arrive(mail(1))
    process(store, house, HOLDER, NOW)
    asked = rows(store, cases.c.id, cases.c.state)
    answers = arrive(mail(2, answers="<m1@university.example>"), mail(3, answers="<m1@university.example>"))

    assert process(store, house, HOLDER, NOW) == 2

    assert asked == [(1, CaseState.WAITING)]
    assert rows(store, cases.c.id, cases.c.state) == [(1, CaseState.OPEN)]
    assert {row.case_id for row in rows(store, messages.c.case_id)} == {1}
    assert [row.answers for row in rows(store, outgoings.c.answers)] == [first]
    assert len(answers) == 2


def test_an_answer_waits_until_the_message_that_it_answers_has_its_case(
    store: Store, house: House, arrive: Callable[..., list[int]]
) -> None:
    arrive(mail(1), mail(2, answers="<m1@university.example>"))

    while process(store, house, HOLDER, NOW):
        pass

    assert {row.case_id for row in rows(store, messages.c.case_id)} == {1}


@pytest.mark.parametrize(("mode", "state"), [(Mode.DRAFTS, OutgoingState.DRAFT), (Mode.REHEARSAL, OutgoingState.REHEARSED)])
def test_the_mode_says_what_becomes_of_a_reply(
    store: Store, house: House, arrive: Callable[..., list[int]], mode: Mode, state: OutgoingState
) -> None:
    arrive(mail(1))

    process(store, replace(house, mode=mode), HOLDER, NOW)

    assert rows(store, outgoings.c.state) == [(state,)]


def test_daemons_of_one_database_file_each_message_once(
    store: Store, house: House, arrive: Callable[..., list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "BATCH", 4)
    numbers = arrive(*map(mail, range(40)))
    together = Barrier(3)

    def run(holder: str) -> int:
        together.wait(10)
        count = 0
        while claimed := process(store, house, holder, NOW):
            count += claimed
        return count

    with ThreadPoolExecutor(3) as pool:
        counts = list(pool.map(run, [f"elsewhere/{n}/1" for n in range(3)]))

    assert sum(counts) == len(rows(store, cases.c.id)) == 40
    assert [row.answers for row in rows(store, outgoings.c.answers)] == numbers
    assert [row.message for row in rows(store, events.c.message)] == numbers


RANDOM = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=9000))  # what no index can press together


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        (b"Training for", b"Training\0 for \xed\xa0\x80\xff " + RANDOM.encode()),
        (b"m1@", b"m\0\xff1@"),
        (b"m1@", RANDOM.encode() + b"@"),
        (b"\nDate:", b"\nReferences: <a\0b@x.example> <" + RANDOM.encode() + b"@x.example>\nDate:"),
        (b"Ada 1 <", b"=?utf-8?q?Ada=00=ED=A0=80?= <"),
        (b"ada1@", b"ada\0\xff1@"),
        (b"ada1@", RANDOM.encode() + b"@"),
        (b"our staff", b"the Department of \0\xed\xa0\x80 Law"),
    ],
    ids=["subject", "message-id", "long message-id", "references", "name", "address", "long address", "text"],
)
def test_no_characters_and_no_length_keep_a_mail_or_its_neighbours_from_being_filed(
    store: Store, house: House, arrive: Callable[..., list[int]], written: bytes, instead: bytes
) -> None:
    assert written in mail(1)
    arrive(mail(1).replace(written, instead, 1), mail(2))

    while process(store, house, HOLDER, NOW):
        pass

    assert MessageState.RECEIVED not in {row.state for row in rows(store, messages.c.state)}
    assert rows(store, messages.c.id, messages.c.state)[1].state is MessageState.FILED
