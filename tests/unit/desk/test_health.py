"""What the container's health check hears, and the files that every page needs."""

from datetime import datetime, timedelta

from fastapi.testclient import TestClient

from filed import NOW
from mailflow import settings
from mailflow.desk.app import build
from mailflow.desk.show import ASSETS
from mailflow.store import receiving
from mailflow.store.database import Store
from visiting import Clock, Visitor


def _looked_at_the_mailbox(store: Store, when: datetime) -> None:
    with store.writing() as db:
        receiving.note_poll(db, "edi@mail.example", "INBOX", when)


def _health(visitor: Visitor) -> tuple[int, str]:
    answer = visitor.open("/healthz")
    assert list(answer.json()) == ["mailflow"]
    return answer.status_code, answer.json()["mailflow"]


def test_health_needs_nobody_and_is_well_for_a_while_without_a_mailbox(store: Store, stranger: Visitor, clock: Clock) -> None:
    _looked_at_the_mailbox(store, NOW - timedelta(days=3))
    assert _health(stranger) == (200, "well")
    clock.passes(timedelta(minutes=15))
    assert _health(stranger) == (200, "well")
    clock.passes(timedelta(seconds=1))
    assert _health(stranger) == (503, "unwell")


def test_health_is_well_as_long_as_the_mailbox_is_seen(store: Store, stranger: Visitor, clock: Clock) -> None:
    clock.passes(timedelta(hours=5))
    assert _health(stranger) == (503, "unwell")
    _looked_at_the_mailbox(store, clock.now - timedelta(minutes=14))
    assert _health(stranger) == (200, "well")
    clock.passes(timedelta(minutes=2))
    assert _health(stranger) == (503, "unwell")


def test_health_bears_with_rare_looks(store: Store, clock: Clock) -> None:
    slow = build(store, settings.load(desk_url="http://127.0.0.1:8080", poll_seconds=600), clock=clock)
    with TestClient(slow) as browser:
        clock.passes(timedelta(minutes=100))
        assert browser.get("/healthz").status_code == 200
        clock.passes(timedelta(minutes=1))
        assert browser.get("/healthz").status_code == 503


def test_health_is_unwell_without_the_database(store: Store, stranger: Visitor) -> None:
    with store.writing() as db:
        db.exec_driver_sql("DROP TABLE cursor")
    assert _health(stranger) == (503, "unwell")


def test_assets_are_only_those_there_are(stranger: Visitor) -> None:
    for name in ASSETS:
        assert stranger.open(f"/assets/{name}").status_code == 200
    assert stranger.open("/assets/base.html").status_code == 404
    assert stranger.open("/assets/..%2fbase.html").status_code == 404
