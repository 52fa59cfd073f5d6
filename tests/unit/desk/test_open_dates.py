"""Open dates are changed in rules.toml by administrators, and nothing else in it."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from filed import NOW
from mailflow import rules, settings
from mailflow.desk.app import build
from mailflow.rules import open_dates
from mailflow.rules.saving import before
from mailflow.store import sessions
from mailflow.store.database import Store
from mailflow.store.tables import events
from visiting import Clock, Visitor, main_part

ROOT = Path(__file__).parents[3]
WAY = "/training/open-dates"
NEW = {"decision": "add", "day": "2027-01-16", "time": "10:00 to 12:00", "format": "online", "place": "Teams"}
NAMED = "2027-01-16 10:00 to 12:00 online Teams"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return Path(shutil.copy(ROOT / "rules.toml", tmp_path))


@pytest.fixture
def ada(store: Store, clock: Clock, file: Path) -> Iterator[Visitor]:
    app = build(store, settings.load(desk_url="http://127.0.0.1:8080", mode="drafts", rules=file), clock=clock)
    with store.writing() as db:
        token = sessions.start(db, "ada", NOW)
    with TestClient(app, cookies={"mailflow": token}, follow_redirects=False) as browser:
        visitor = Visitor(browser)
        visitor.open(WAY)
        yield visitor


def days(file: Path) -> list[str]:
    return [one.date.isoformat() for one in rules.load(file).open_sessions]


def test_a_date_is_added_changed_and_removed(ada: Visitor, file: Path, store: Store) -> None:
    text = file.read_text(encoding="utf-8")
    answer = ada.send(WAY, **NEW)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{WAY}?done=add")
    page = main_part(ada.open(answer.headers["location"]).text)
    assert "The date is added." in page
    assert "16 January 2027" in page
    assert 'role="status"' not in main_part(ada.open(f"{WAY}?done=remove").text)
    number = days(file).index("2027-01-16")
    assert ada.send(WAY, **{**NEW, "decision": "change", "was": NAMED, "place": "Zoom"}).status_code == 303
    assert rules.load(file).open_sessions[number].place == "Zoom"
    ada.open(WAY)
    assert ada.send(WAY, decision="remove", was=NAMED.replace("Teams", "Zoom")).status_code == 303
    assert file.read_text(encoding="utf-8") == text
    assert "Zoom" in before(file).read_text(encoding="utf-8")
    with store.reading() as db:
        done = db.execute(select(events.c.what, events.c.detail).where(events.c.what.like("%open date"))).all()
    assert [tuple(row) for row in done] == [
        ("add open date", "2027-01-16"),
        ("change open date", "2027-01-16"),
        ("remove open date", None),
    ]


def test_a_mistake_changes_nothing_and_what_was_typed_is_kept(ada: Visitor, file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    for wrong in ({"day": "soon"}, {"time": " "}, {"place": ""}, {"format": "…"}, {"place": "x" * 201}):
        answer = ada.send(WAY, **{**NEW, "time": "eleven o'clock", **wrong})
        assert (answer.status_code, 'role="alert"' in answer.text) == (422, True), wrong
        assert answer.text.count(' aria-describedby="wrong"') == 4, wrong
        assert ("eleven o&#39;clock" in answer.text) is ("time" not in wrong)
    assert file.read_text(encoding="utf-8") == text


def test_who_has_not_seen_the_file_as_it_is_changes_nothing(ada: Visitor, file: Path) -> None:
    file.write_text(file.read_text(encoding="utf-8") + "# By hand.\n", encoding="utf-8")
    answer = ada.send(WAY, **NEW)
    assert (answer.status_code, "Somebody has changed rules.toml" in answer.text) == (409, True)
    assert "2027-01-16" not in days(file)
    assert ada.send(WAY, **NEW).status_code == 303


def test_what_was_typed_never_comes_over_another_date(ada: Visitor, file: Path) -> None:
    first, second = rules.load(file).open_sessions[:2]
    was = f"{first.date} {first.time} {first.format} {first.place}"
    assert was in ada.page
    file.write_text(open_dates.remove(file.read_text(encoding="utf-8"), 0), encoding="utf-8")
    left = days(file)
    for _ in range(2):
        answer = ada.send(WAY, **{**NEW, "decision": "change", "was": was, "place": "The lighthouse"})
        assert (answer.status_code, "changed or removed meanwhile" in answer.text) == (409, True)
        assert answer.text.index("The lighthouse") < answer.text.index('id="ahead"')
    assert ada.send(WAY, decision="remove", was=was).status_code == 409
    assert days(file) == left
    assert left[0] == second.date.isoformat()


def test_what_cannot_be_saved_leaves_no_event_and_what_leaves_none_is_not_saved(ada: Visitor, file: Path, store: Store) -> None:
    left = days(file)
    ada.send(WAY, **{**NEW, "seen": "another"})
    with store.writing() as db:
        assert db.execute(select(events.c.what).where(events.c.what.like("%open date"))).all() == []
        db.exec_driver_sql("CREATE TRIGGER full BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'full'); END")
    with contextlib.suppress(Exception):
        ada.send(WAY, **NEW)
    assert days(file) == left


def test_the_page_shows_the_file_as_it_is_now(ada: Visitor, file: Path) -> None:
    file.write_text(file.read_text(encoding="utf-8").replace("2027-03-23", "2027-03-24"), encoding="utf-8")
    assert "24 March 2027" in ada.open(WAY).text


def test_what_came_with_mailflow_is_shown_and_not_changed(
    ada: Visitor, file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("mailflow.rules.saving._PACKAGE", tmp_path)
    page = ada.open(WAY).text
    assert "name the copy in MAILFLOW_RULES" in page
    assert "Add the date" not in page
    ada.page = f'<input type="hidden" name="csrf" value="{ada.hidden("csrf")}">'
    assert "name the copy in MAILFLOW_RULES" in ada.send(WAY, **NEW).text
    assert "2027-01-16" not in days(file)
