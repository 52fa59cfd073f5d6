"""What the database promises, whichever it is: one form of the tables, one state for a reader, and a plain word when refused."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import insert, inspect, select, text

import mailflow.store
from mailflow.errors import TemporaryError, UserError
from mailflow.store import people
from mailflow.store.database import Store, is_current, migrate
from mailflow.store.tables import cursors
from servers.postgres import GUARDED, Postgres
from servers.starting import HOST, PASSWORD, free_port

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def folders(store: Store) -> set[str]:
    with store.reading() as db:
        return set(db.execute(select(cursors.c.folder)).scalars())


def note_folder(store: Store, folder: str) -> None:
    with store.writing() as db:
        db.execute(insert(cursors).values(mailbox="us", folder=folder, uidvalidity=4294967295, last_uid=4294967295))


@pytest.fixture
def bare_sqlite(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'bare.db'}"


@pytest.fixture
def bare_postgres(postgres: Postgres) -> Iterator[str]:
    with postgres.database(like="template0") as url:
        yield url


@pytest.fixture(params=["bare_sqlite", pytest.param("bare_postgres", marks=pytest.mark.real)])
def bare_url(request: pytest.FixtureRequest) -> str:
    """A database without tables."""
    return str(request.getfixturevalue(request.param))


def test_the_migrations_make_the_tables_that_the_queries_are_written_on(store: Store) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(mailflow.store.__file__).parent / "migrations"))
    with store.writing() as db:
        config.attributes["connection"] = db
        command.check(config)


def test_processes_that_migrate_at_once_make_the_tables_once(bare_url: str, tmp_path: Path) -> None:
    order = [sys.executable, "-m", "mailflow", "migrate"]
    environment = {**os.environ, "MAILFLOW_DATABASE_URL": bare_url}
    processes = [
        subprocess.Popen(order, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)
    ]
    said = [process.communicate(timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], said
    store = Store(bare_url)
    assert "message" in inspect(store.engine).get_table_names()
    note_folder(store, "INBOX")
    migrate(store)
    assert folders(store) == {"INBOX"}
    store.close()


def test_a_database_that_a_newer_mailflow_made_is_left_alone(bare_url: str) -> None:
    store = Store(bare_url)
    assert not is_current(store)
    migrate(store)
    assert is_current(store)
    with store.writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for look in (migrate, is_current):
        with pytest.raises(UserError, match="made by a newer mailflow"):
            look(store)
    store.close()


def test_a_store_says_which_database_it_is_and_never_the_password(tmp_path: Path) -> None:
    urls = (f"sqlite:///{tmp_path / 'a.db'}", "postgresql://u:hidden@db.example/mail?password=hidden")
    stores = [Store(url) for url in urls]
    assert [store.title for store in stores] == [f"SQLite at {tmp_path / 'a.db'}", "PostgreSQL, mail at db.example as u"]
    for store in stores:
        store.close()


def test_a_reader_sees_one_state_whatever_is_written_meanwhile(store: Store) -> None:
    note_folder(store, "INBOX")
    with store.reading() as db:
        before = set(db.execute(select(cursors.c.folder)).scalars())
        note_folder(store, "Training")
        assert set(db.execute(select(cursors.c.folder)).scalars()) == before == {"INBOX"}
    assert folders(store) == {"INBOX", "Training"}


def test_what_fails_halfway_leaves_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.writing() as db:
        db.execute(insert(cursors).values(mailbox="us", folder="INBOX", uidvalidity=1, last_uid=1))
        raise ZeroDivisionError
    assert folders(store) == set()


def test_a_failing_statement_is_told_without_its_values(store: Store) -> None:
    with pytest.raises(TemporaryError) as failed, store.writing() as db:
        db.exec_driver_sql("INSERT INTO digest (day, since, until) VALUES (NULL, 'Priya', 'Priya') RETURNING priya")
    assert "Priya" not in str(failed.value)


@pytest.mark.parametrize(
    "url",
    [
        "nothing",
        "mysql://u:hidden@localhost/mailflow",
        "postgres://u:hidden@localhost/mailflow",
        "postgresql://u:hid@den@localhost:x/mailflow",
        "postgresql+hidden://localhost/mailflow",
        "sqlite+hidden:///mailflow.db",
    ],
)
def test_a_url_of_another_sort_is_refused_in_one_sentence_that_does_not_show_it(url: str) -> None:
    with pytest.raises(UserError, match=r"MAILFLOW_DATABASE_URL: write sqlite:///path or postgresql://") as refused:
        Store(url)
    assert "hid" not in str(refused.value)


@pytest.mark.real
@pytest.mark.parametrize("form", ["postgresql", "postgresql+psycopg"])
def test_both_forms_of_a_url_are_taken(postgres_url: str, form: str) -> None:
    store = Store(postgres_url.replace("postgresql", form, 1))
    migrate(store)
    assert folders(store) == set()
    store.close()


def refusal(url: str) -> str:
    store = Store(url)
    with pytest.raises(UserError) as refused:
        migrate(store)
    store.close()
    (sentence,) = refused.value.problems
    assert sentence.startswith("MAILFLOW_DATABASE_URL: ")
    assert "hidden" not in sentence
    return sentence


def test_where_nobody_answers_the_sentence_says_where_we_knocked() -> None:
    port = free_port()
    assert f"{HOST}:{port} does not answer" in refusal(f"postgresql://mailflow:hidden@{HOST}:{port}/mailflow")


@pytest.mark.real
def test_a_wrong_password_an_unknown_database_and_an_unknown_user_are_told_apart(postgres: Postgres) -> None:
    assert "does not know the user guarded or that password" in refusal(postgres.url("postgres", GUARDED, "hidden"))
    assert "wants a password for the user guarded" in refusal(postgres.url("postgres", GUARDED))
    assert "has no database elsewhere" in refusal(postgres.url("elsewhere", password="hidden"))
    assert "lets nobody of the name stranger in" in refusal(postgres.url("postgres", "stranger"))
    assert "what stands after the ?" in refusal(postgres.url("postgres") + "?colour=red")


@pytest.mark.real
def test_a_user_who_may_not_make_tables_is_told_so(postgres: Postgres) -> None:
    with postgres.database(like="template0") as url:
        name = url.rpartition("/")[2]
        store = Store(url)
        with store.writing() as db:
            db.exec_driver_sql("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        store.close()
        assert "may not make tables" in refusal(postgres.url(name, GUARDED, PASSWORD))


@pytest.mark.real
def test_a_database_that_cannot_keep_every_letter_is_refused(postgres: Postgres) -> None:
    postgres.execute("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    assert "keeps texts as LATIN1" in refusal(postgres.url("latin"))


@pytest.mark.real
def test_a_database_that_goes_away_while_we_run_is_trouble_that_passes(postgres: Postgres, postgres_url: str) -> None:
    store = Store(postgres_url)
    with pytest.raises(TemporaryError), store.writing() as db:
        postgres.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname <> ''")
        people.everybody(db)
    assert folders(store) == set()
    store.close()
