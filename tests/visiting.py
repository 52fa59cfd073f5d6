"""Somebody at the desk, and the time there: for tests of its pages."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fastapi.testclient import TestClient
from httpx2 import Response

from filed import NOW

PASSWORD = "correct horse battery"


def main_part(page: str) -> str:
    """What a page shows: without its head, where our own scripts stand."""
    return page.partition("<main")[2]


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
        kept = {name: value for name in ("version", "answers", "form", "to") if (value := self.hidden(name))}
        response = self.browser.post(path, data={"csrf": self.hidden("csrf"), "seen": self.hidden("seen"), **kept, **fields})
        self.page = response.text or self.page
        return response

    def hidden(self, name: str) -> str:
        found = re.findall(rf'<input type="hidden" name="{name}" value="([^"]*)"', self.page)
        return found[-1] if found else ""

    def sign_in(self, name: str = "ada", password: str = PASSWORD, way: str = "/") -> Response:
        self.open("/sign-in")
        return self.send("/sign-in", name=name, password=password, next=way)
