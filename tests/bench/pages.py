"""How long the desk's pages take with many cases, beside the same pages with few.

Run by `make bench`, or as `PYTHONPATH=tests python -m bench.pages --cases 100000`. The database is SQLite on a disk (/var/tmp).
Each page is asked for by a signed-in administrator through the whole application, guard and templates included, without a
network between; the figure is the median of `--rounds` after one round that fills the caches. AIM is a wish of the team's.
"""

import argparse
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import Connection, insert

from filed import raw_mail
from mailflow import settings
from mailflow.desk.app import build
from mailflow.domain import (
    CaseState,
    Consent,
    Kind,
    MessageState,
    OutgoingState,
    Purpose,
    Reason,
    Role,
    StoryState,
    TrainingState,
)
from mailflow.domain.plain import reason_to_json
from mailflow.store import people, sessions
from mailflow.store.database import Store, migrate
from mailflow.store.tables import cases, events, message_texts, messages, outgoings, raws, stories, trainings

AIM = 0.1  # seconds
FEW = 100
AT_ONCE = 5000
KINDS = (Kind.TRAINING, Kind.QUERY, Kind.STORY, Kind.OTHER)
PAGES = (
    "/",
    "/cases",
    "/cases?state=closed",
    "/cases/EDI-0001",
    "/review",
    "/review/EDI-0003",
    "/training",
    "/training/calendar",
    "/training/EDI-0001",
    "/mail",
    "/mail?q=session",
    "/mail?q=%22number+4711%22",
    "/messages/1",
    "/rules",
    "/settings",
    "/settings/audit",
    "/settings/health",
)


def fill(db: Connection, count: int, now: datetime) -> None:
    """So many cases of the last five years, each with its message; one in two hundred is open, the rest closed."""
    chance = random.Random(6)
    for first in range(1, count + 1, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, count + 1))
        opened = {number: now - timedelta(days=1825) * (count - number) / count for number in numbers}
        kinds = {number: KINDS[(number - 1) % len(KINDS)] for number in numbers}
        _insert(db, cases, [_case(number, kinds[number], opened[number], count) for number in numbers])
        _insert(db, messages, [_message(number, kinds[number], opened[number], chance) for number in numbers])
        _insert(
            db, raws, [{"message_id": number, "content": raw_mail(f"Text {number}: may I bring a friend?")} for number in numbers]
        )
        words = [{"message": number, "words": f"About a session, number {number} Person {number} May I?"} for number in numbers]
        _insert(db, message_texts, words)
        _insert(db, outgoings, [_mail(number, opened[number]) for number in numbers])
        told = [number for number in numbers if kinds[number] is Kind.STORY]
        _insert(db, stories, [_story(number, number > count - 2000) for number in told])
        asked = [number for number in numbers if kinds[number] is Kind.TRAINING]
        _insert(db, trainings, [_training(number, number > count - 400) for number in asked])
        log = [
            {"at": opened[number], "who": "mailflow", "what": "filed", "case_id": number, "message": number} for number in numbers
        ]
        _insert(db, events, log)


def _insert(db: Connection, table: Any, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        db.execute(insert(table), rows)


def _case(number: int, kind: Kind, opened: datetime, count: int) -> dict[str, Any]:
    is_open = number > count - count // 200
    return {
        "id": number,
        "kind": kind,
        "state": CaseState.OPEN if is_open else CaseState.CLOSED,
        "sensitive": number % 50 == 0,
        "requester": f"person{number}@university.example",
        "requester_name": f"Person {number}",
        "subject": f"About a session, number {number}",
        "opened_at": opened,
        "due": opened.date() + timedelta(days=5),
    }


def _message(number: int, kind: Kind, arrived: datetime, chance: random.Random) -> dict[str, Any]:
    held = reason_to_json(Reason("unsure", "It looks like query (55% sure), and 85% is needed.")) if number % 2000 == 0 else None
    return {
        "id": number,
        "message_id": f"<{number}@x.example>",
        "fingerprint": f"{number:064d}",
        "size": 500,
        "arrived": arrived,
        "received_at": arrived,
        "decided_at": arrived,
        "state": MessageState.HELD if held else MessageState.FILED,
        "case_id": number,
        "kind": kind,
        "confidence": chance.random(),
        "sensitive": number % 50 == 0,
        "reasons": [reason_to_json(Reason("asks us to run a session", "It asks.", 1.5, kind))],
        "hold": held,
        "subject": f"About a session, number {number}",
        "sender": f"person{number}@university.example",
        "sender_name": f"Person {number}",
    }


def _mail(number: int, at: datetime) -> dict[str, Any]:
    return {
        "once": f"acknowledgement:case:{number}",
        "case_id": number,
        "answers": number,
        "purpose": Purpose.ACKNOWLEDGEMENT,
        "template": "query",
        "message_id": f"<ours.{number}@x.example>",
        "recipients": [f"person{number}@university.example"],
        "recipient": f"person{number}@university.example",
        "subject": "Re: About a session",
        "text": "Thank you.",
        "raw": b"Subject: Re\r\n\r\nThank you.\r\n",
        "state": OutgoingState.SENT,
        "attempts": 1,
        "created_at": at,
        "sent_at": at,
    }


def _story(number: int, waits: bool) -> dict[str, Any]:
    state = StoryState.RECEIVED if waits and number % 20 == 3 else StoryState.DECLINED
    return {"case_id": number, "state": state, "consent": Consent.ANONYMOUS, "identifiers": [], "version": 0}


def _training(number: int, waits: bool) -> dict[str, Any]:
    details = {"department": "Chemistry", "attendees": 20, "dates": ["2026-12-08"], "format": "online", "action": "request"}
    return {"case_id": number, "state": TrainingState.NEW if waits else TrainingState.DELIVERED, "details": details}


@contextmanager
def desk(folder: Path, count: int) -> Iterator[TestClient]:
    """The desk over so many cases, before somebody who may do everything."""
    now = datetime.now(UTC)
    store = Store(f"sqlite:///{folder / f'{count}.db'}")
    migrate(store)
    with store.writing() as db:
        fill(db, count, now)
        people.add(db, "ada", "correct horse battery", "bench", now, Role.ADMINISTRATOR)
        token = sessions.start(db, "ada", now)
    with TestClient(build(store, settings.only(data=folder)), cookies={"mailflow": token}, follow_redirects=False) as browser:
        yield browser
    store.close()


def seconds(browser: TestClient, page: str, rounds: int) -> float:
    """The median of the rounds."""
    taken = []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        answer = browser.get(page)
        taken.append(time.perf_counter() - began)
        assert answer.status_code == 200, (page, answer.status_code)
    return statistics.median(taken[1:])


def main() -> None:
    """Prints a line for each page."""
    parser = argparse.ArgumentParser(description="How long the desk's pages take with many cases.")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=9)
    chosen = parser.parse_args()
    with TemporaryDirectory(dir="/var/tmp") as folder:
        found: dict[int, dict[str, float]] = {}
        for count in (FEW, chosen.cases):
            with desk(Path(folder), count) as browser:
                found[count] = {page: seconds(browser, page, chosen.rounds) for page in PAGES}
    print(f"{'page':<24}{FEW:>8} cases{chosen.cases:>10} cases   ratio")
    for page in PAGES:
        few, many = found[FEW][page], found[chosen.cases][page]
        print(
            f"{page:<24}{few * 1000:>11.1f} ms{many * 1000:>13.1f} ms{many / few:>8.1f}{'' if many <= AIM else '  over the aim'}"
        )


if __name__ == "__main__":
    main()
