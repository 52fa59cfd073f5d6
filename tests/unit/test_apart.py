"""A message that hangs, crashes or eats memory costs one row, and what is our fault is never written down as a mail's."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import select

from deadly import DeadlyHouse
from filed import raw_mail
from mailflow import apart, settings
from mailflow.apart import Apart
from mailflow.deciding import House
from mailflow.domain import History, MessageState
from mailflow.errors import PermanentError, TemporaryError
from mailflow.pipeline import RETRY_OUR_FAULT, process
from mailflow.store.database import Store
from mailflow.store.tables import messages
from receiving_mail import put_to_rest
from servers.starting import eventually

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
HOLDER = "here/1/1"
QUESTION = "May I bring a friend to the open session?"
TESTS = Path(__file__).parents[1]
SECONDS = 1.0
BEGUN_AND_KILLED = """
import os, signal
from mailflow import settings
from mailflow.apart import Apart
from mailflow.deciding import House
rooms = Apart(5).of(House.build(settings.only()))
rooms.read(b"Subject: a\\n\\nb")
print(rooms._process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(scope="module")
def sound() -> House:
    return House.build(settings.only(address="edi.centre@university.example", mode="live"))


@pytest.fixture
def house(sound: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(TESTS.parent), str(TESTS)]))
    return cast(House, DeadlyHouse(sound, tmp_path))


@pytest.fixture
def rooms() -> Iterator[Apart]:
    found = Apart(SECONDS)
    yield found
    found.close()


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    """One sort of database is enough here."""
    opened = Store(sqlite_url)
    yield opened
    opened.close()


def states(store: Store) -> list[tuple[MessageState, str | None]]:
    with store.reading() as db:
        return [tuple(row) for row in db.execute(select(messages.c.state, messages.c.failure).order_by(messages.c.id))]  # type: ignore[misc]


def test_what_is_read_and_decided_apart_is_the_same(sound: House, rooms: Apart) -> None:
    raw = raw_mail(QUESTION)
    email = rooms.of(sound).read(raw)
    assert email == sound.read(raw)
    assert rooms.decide(email, History(), NOW, NOW) == sound.decide(email, History(), NOW, NOW)


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("HANG", "Reading it took more than 1 s of computing."),
        ("THINK FOR EVER", "Reading it took more than 1 s of computing."),
        ("CRASH", f"Reading it crashed the process that reads, twice (signal {int(signal.SIGSEGV)})."),
        ("EAT", "Reading it needs more memory than a message may use."),
        ("STUMBLE", "Reading it failed with ZeroDivisionError."),
    ],
)
def test_a_deadly_message_costs_one_row(word: str, why: str, house: House, rooms: Apart, store: Store) -> None:
    put_to_rest(store, raw_mail(QUESTION), raw_mail(word), raw_mail("And where is it?"))
    assert process(store, house.sound, HOLDER, NOW, rooms.of(house)) == 3  # type: ignore[attr-defined]
    before, deadly, after = states(store)
    assert deadly == (MessageState.FAILED, why)
    assert {before[0], after[0]} <= {MessageState.FILED, MessageState.HELD}


@pytest.mark.parametrize("word", ["NO ROOM", "SLEEP", "KILLED", "EXIT"])
def test_what_the_machine_refuses_is_our_fault_and_is_tried_again(
    word: str, house: House, rooms: Apart, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "MOST_SECONDS", 4)
    put_to_rest(store, raw_mail(word), raw_mail(QUESTION))
    sound: House = house.sound  # type: ignore[attr-defined]
    process(store, sound, HOLDER, NOW, rooms.of(house))
    assert states(store)[0][0] is MessageState.RECEIVED
    assert states(store)[1][0] is not MessageState.RECEIVED
    assert process(store, sound, HOLDER, NOW, rooms.of(sound)) == 0, "not at once"
    assert process(store, sound, HOLDER, NOW + 2 * RETRY_OUR_FAULT, rooms.of(sound)) == 1
    assert states(store)[0][0] in {MessageState.FILED, MessageState.HELD}


def test_a_process_that_somebody_killed_is_begun_again_and_nobody_blamed(house: House, rooms: Apart) -> None:
    assert rooms.of(house).read(raw_mail("ONCE")).text.strip() == "ONCE"


@pytest.mark.parametrize("program", ["/nowhere/python", "/bin/false", "/bin/true"])
def test_where_no_process_can_be_started_everything_waits(
    program: str, sound: House, rooms: Apart, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", program)
    put_to_rest(store, raw_mail(QUESTION))
    with pytest.raises(TemporaryError, match="cannot be started"):
        process(store, sound, HOLDER, NOW, rooms.of(sound))
    assert states(store) == [(MessageState.RECEIVED, None)]


def test_another_house_is_asked_in_a_new_process(sound: House, house: House, rooms: Apart) -> None:
    with pytest.raises(PermanentError):
        rooms.of(house).read(raw_mail("STUMBLE"))
    assert rooms.of(sound).read(raw_mail("STUMBLE")).text.strip() == "STUMBLE"


def test_the_process_ends_with_the_daemon_however_that_ends() -> None:
    done = subprocess.run([sys.executable, "-c", BEGUN_AND_KILLED], check=False, capture_output=True, text=True, cwd=TESTS.parent)
    assert done.returncode == -signal.SIGKILL
    pid = int(done.stdout)
    eventually(lambda: not _is_alive(pid), "the process that reads to end")


def test_a_supervisor_that_tells_every_process_to_end_costs_no_message(sound: House, rooms: Apart) -> None:
    rooms.of(sound)
    assert rooms._process is not None
    rooms.read(raw_mail(QUESTION))
    rooms._process.send_signal(signal.SIGTERM)
    rooms._process.send_signal(signal.SIGINT)
    time.sleep(0.05)
    assert rooms._process.poll() is None
    assert rooms.read(raw_mail(QUESTION)).text.strip() == QUESTION


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
