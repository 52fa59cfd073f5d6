"""A desk over an empty database, at a fixed time, and a browser's worth of cookies and forms."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from filed import NOW
from mailflow import settings
from mailflow.desk.app import build
from mailflow.store import people
from mailflow.store.database import Store, migrate

PASSWORD = "correct horse battery"


@dataclass
class Clock:
    """The time, which passes only when told to."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def passes(self, time: timedelta) -> None:
        self.now += time


@dataclass
class Visitor:
    """Somebody at the desk: `open` reads a page, `send` fills in the form of the page last read."""

    browser: TestClient
    page: str = field(default="", repr=False)

    def open(self, path: str) -> Response:
        response = self.browser.get(path)
        self.page = response.text
        return response

    def send(self, path: str, **fields: str) -> Response:
        response = self.browser.post(path, data={"csrf": self.hidden("csrf"), "seen": self.hidden("seen"), **fields})
        self.page = response.text or self.page
        return response

    def hidden(self, name: str) -> str:
        found = re.findall(rf'<input type="hidden" name="{name}" value="([^"]*)"', self.page)
        return found[-1] if found else ""

    def sign_in(self, name: str = "ada", password: str = PASSWORD, way: str = "/") -> Response:
        self.open("/sign-in")
        return self.send("/sign-in", name=name, password=password, next=way)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path / 'mailflow.db'}")
    migrate(opened)
    with opened.writing() as db:
        people.add(db, "ada", PASSWORD, "root", NOW)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(store: Store, clock: Clock) -> FastAPI:
    return build(store, settings.load(desk_url="http://127.0.0.1:8080"), clock=clock)


@pytest.fixture
def stranger(app: FastAPI) -> Iterator[Visitor]:
    """Nobody in particular: not signed in."""
    with TestClient(app, follow_redirects=False) as browser:
        yield Visitor(browser)


@pytest.fixture
def ada(app: FastAPI) -> Iterator[Visitor]:
    """Ada, signed in."""
    with TestClient(app, follow_redirects=False) as browser:
        visitor = Visitor(browser)
        visitor.sign_in()
        yield visitor
