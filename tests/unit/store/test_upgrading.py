"""A database that an older mailflow made keeps every row when this one starts, and can go back."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect, text

import mailflow.store
from mailflow.domain import SMTP
from mailflow.store import receiving, troubles
from mailflow.store.database import Store, is_current, migrate
from mailflow.store.published import published
from servers.postgres import Postgres

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
FIRST_ROWS = (
    "INSERT INTO cursor (mailbox, folder, uidvalidity, last_uid, polled_at, failing_since, failure)"
    " VALUES ('us', 'INBOX', 7, 42, '2026-11-24 09:00:00+00:00', '2026-11-24 09:30:00+00:00', 'No answer.')",
    "INSERT INTO message (fingerprint, size, arrived, received_at, state, sensitive, subject)"
    " VALUES ('f', 3, '2026-11-24 09:00:00+00:00', '2026-11-24 09:00:00+00:00', 'received', false, '')",
    "INSERT INTO place (mailbox, folder, uidvalidity, uid, message, settled, departed)"
    " VALUES ('us', 'INBOX', 7, 42, 1, false, false)",
    "INSERT INTO outgoing"
    " (once, answers, purpose, message_id, recipients, recipient, subject, text, raw, state, attempts, created_at)"
    " VALUES ('once', 1, 'acknowledgement', '<1@x>', '[\"a@x\"]', 'a@x', '', '', '', 'queued', 0, '2026-11-24 09:00:00+00:00')",
    "INSERT INTO attempt (outgoing_id, at, outcome) VALUES (1, '2026-11-24 09:00:00+00:00', 'deferred')",
)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.real)])
def first_version(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A database as version 0001 left it, with a row in each table that has changed since, and in those that lean on them."""
    if request.param == "sqlite":
        yield from _made(f"sqlite:///{tmp_path / 'old.db'}")
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    with postgres.database(like="template0") as url:
        yield from _made(url)


def _made(url: str) -> Iterator[Store]:
    store = Store(url)
    _move(store, command.upgrade, "0001")
    with store.writing() as db:
        for statement in FIRST_ROWS:
            db.execute(text(statement))
    yield store
    store.close()


def _move(store: Store, way: object, version: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(mailflow.store.__file__).parent / "migrations"))
    with store.writing() as db:
        config.attributes["connection"] = db
        way(config, version)  # type: ignore[operator]


def _counts(store: Store) -> dict[str, int]:
    with store.reading() as db:
        tables = ("cursor", "message", "place", "outgoing", "attempt")
        return {table: db.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in tables}


def test_no_row_is_lost_and_the_cursor_stands_where_it_stood(first_version: Store) -> None:
    migrate(first_version)
    assert is_current(first_version)
    assert set(_counts(first_version).values()) == {1}
    with first_version.writing() as db:
        assert receiving.read_to(db, "us", "INBOX") == receiving.ReadTo(7, 42)
        assert receiving.polled_at(db, "us", "INBOX") == NOW.replace(hour=9)
        assert db.execute(text("SELECT whole FROM message")).scalar_one()
        troubles.note(db, SMTP, "Away.", NOW)
        assert len(troubles.standing(db)) == 1


def test_and_it_can_go_back(first_version: Store) -> None:
    migrate(first_version)
    _move(first_version, command.downgrade, "0001")
    assert set(_counts(first_version).values()) == {1}
    names = {column["name"] for column in inspect(first_version.engine).get_columns("cursor")}
    assert {"failing_since", "failure"} <= names
    migrate(first_version)
    assert is_current(first_version)


OLD_CASE = (
    "INSERT INTO cases (id, kind, state, sensitive, subject, opened_at)"
    " VALUES ({number}, 'story', 'closed', false, '', '2026-11-19 09:00:00+00:00')"
)
OLD_STORY = (
    "INSERT INTO story (case_id, state, consent, shown, identifiers, decided_at)"
    " VALUES ({number}, '{state}', 'anonymous', 'A joke.', '[]', {decided})"
)


def test_what_was_published_before_moments_were_kept_is_told_as_of_its_decision(first_version: Store) -> None:
    rows = (1, "published", "'2026-11-20 09:00:00+00:00'"), (2, "published", "NULL"), (3, "declined", "NULL")
    with first_version.writing() as db:
        for number, state, decided in rows:
            db.execute(text(OLD_CASE.format(number=number)))
            db.execute(text(OLD_STORY.format(number=number, state=state, decided=decided)))
    migrate(first_version)
    with first_version.reading() as db:
        told = published(db)
        undecided = db.execute(text("SELECT published_at FROM story WHERE case_id = 3")).scalar_one()
    assert min(story.published_at for story in told) == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert (len(told), undecided) == (2, None)
