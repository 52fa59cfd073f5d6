"""A real browser before the real desk, over a real database."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from mailflow import settings
from mailflow.desk.app import build
from mailflow.desk.serving import DeskServer, serve
from mailflow.domain import Role
from mailflow.store import people
from mailflow.store.database import Store, migrate
from servers.starting import need
from visiting import PASSWORD

PEOPLE = {"ada": Role.ADMINISTRATOR, "rosa": Role.REVIEWER, "adam": Role.ADVISER, "rhea": Role.READER}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    need("chromium", package="chromium")
    with sync_playwright() as playwright:
        quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
        started = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=quiet)
        yield started
        started.close()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with one person of each role: made once, because hashing passwords is slow on purpose."""
    path = tmp_path_factory.mktemp("desk") / "mailflow.db"
    opened = Store(f"sqlite:///{path}")
    migrate(opened)
    with opened.writing() as db:
        for name, role in PEOPLE.items():
            people.add(db, name, PASSWORD, "root", datetime.now(UTC), role)
    opened.close()
    return path


@pytest.fixture
def store(prepared: Path, tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{shutil.copy(prepared, tmp_path)}")
    yield opened
    opened.close()


@pytest.fixture
def desk(store: Store) -> Iterator[DeskServer]:
    """In mode `drafts`; everybody's password is visiting.PASSWORD."""
    running = serve(build(store, settings.load(desk_url=None, mode="drafts")), "127.0.0.1", 0)
    yield running
    running.stop()
