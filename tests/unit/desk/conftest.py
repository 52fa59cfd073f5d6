"""A desk over an empty database, at a fixed time, and people who visit it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from filed import NOW
from mailflow import settings
from mailflow.desk.app import build
from mailflow.domain import Role
from mailflow.store import people, sessions
from mailflow.store.database import Store, migrate
from visiting import PASSWORD, Clock, Visitor


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which only Ada may sign in: made once, because hashing a password is slow on purpose."""
    path = tmp_path_factory.mktemp("desk") / "mailflow.db"
    opened = Store(f"sqlite:///{path}")
    migrate(opened)
    with opened.writing() as db:
        people.add(db, "ada", PASSWORD, "root", NOW, Role.ADMINISTRATOR)
    opened.close()
    return path


@pytest.fixture
def store(prepared: Path, tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{shutil.copy(prepared, tmp_path)}")
    yield opened
    opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(store: Store, clock: Clock) -> FastAPI:
    return build(store, settings.load(desk_url="http://127.0.0.1:8080", mode="drafts"), clock=clock)


@pytest.fixture
def stranger(app: FastAPI) -> Iterator[Visitor]:
    """Nobody in particular: not signed in."""
    with TestClient(app, follow_redirects=False) as browser:
        yield Visitor(browser)


@pytest.fixture
def ada(app: FastAPI, store: Store) -> Iterator[Visitor]:
    """Ada, signed in."""
    with store.writing() as db:
        token = sessions.start(db, "ada", NOW)
    with TestClient(app, cookies={"mailflow": token}, follow_redirects=False) as browser:
        visitor = Visitor(browser)
        visitor.open("/")
        yield visitor
