"""A desk over an empty database, at a fixed time, and people who visit it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient

from filed import NOW
from furnished import furnish
from mailflow import settings
from mailflow.deciding import House
from mailflow.desk.app import build
from mailflow.domain import Role
from mailflow.store import people, sessions
from mailflow.store.database import Store, migrate
from visiting import PASSWORD, Clock, Visitor


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> Iterator[None]:
    """Hashing a password is slow on purpose; here it is the same hash with the least work that argon2id knows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(people, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which only Ada may sign in: made once, because making tables takes longer than many a test."""
    path = tmp_path_factory.mktemp("desk") / "mailflow.db"
    opened = Store(f"sqlite:///{path}")
    migrate(opened)
    with opened.writing() as db:
        people.add(db, "ada", PASSWORD, "root", NOW, Role.ADMINISTRATOR)
    opened.close()
    return path


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with one of each thing, and one person of each role."""
    path = tmp_path_factory.mktemp("furnished") / "mailflow.db"
    opened = Store(f"sqlite:///{path}")
    migrate(opened)
    with opened.writing() as db:
        furnish(db)
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


@pytest.fixture(scope="session")
def house() -> House:
    """The rules, templates and judges as they are shipped: read once, because that takes longer than most tests."""
    return House.build(settings.load(desk_url="http://127.0.0.1:8080", mode="drafts"))


@pytest.fixture
def app(store: Store, clock: Clock, house: House) -> FastAPI:
    return build(store, settings.load(desk_url="http://127.0.0.1:8080", mode="drafts"), lambda: house, clock=clock)


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
