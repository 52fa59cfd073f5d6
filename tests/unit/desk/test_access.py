"""Who may see and do what: each route, for whoever is signed out and for each role."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from filed import NOW
from furnished import PEOPLE, entered, everything, way
from mailflow import settings
from mailflow.deciding import House
from mailflow.desk.app import ROUTERS, build
from mailflow.domain import Role
from mailflow.store import people
from mailflow.store.database import Store
from visiting import Clock

# The least role that may open each page and send each form; None: open to all. New parameters of routes: tests/furnished.py.
TABLE: dict[tuple[str, str], Role | None] = {
    ("GET", "/assets/{name}"): None,
    ("GET", "/healthz"): None,
    ("GET", "/sign-in"): None,
    ("POST", "/sign-in"): None,
    ("GET", "/sign-in/university"): None,
    ("GET", "/sign-in/university/back"): None,
    ("POST", "/sign-out"): Role.READER,
    ("GET", "/"): Role.READER,
    ("GET", "/cases"): Role.READER,
    ("GET", "/cases/{reference}"): Role.READER,
    ("POST", "/cases/{reference}/dealt-with"): Role.ADVISER,
    ("POST", "/cases/{reference}/reopen"): Role.ADVISER,
    ("POST", "/cases/{reference}/assign"): Role.ADVISER,
    ("POST", "/cases/{reference}/snooze"): Role.ADVISER,
    ("POST", "/cases/{reference}/note"): Role.ADVISER,
    ("POST", "/cases/{reference}/send-again"): Role.ADVISER,
    ("POST", "/cases/{reference}/let-write"): Role.ADVISER,
    ("GET", "/cases/{reference}/kind"): Role.ADVISER,
    ("GET", "/messages/{number}/kind"): Role.ADVISER,
    ("POST", "/messages/{number}/kind"): Role.ADVISER,
    ("GET", "/cases/{reference}/merge"): Role.ADVISER,
    ("POST", "/cases/{reference}/merge"): Role.ADVISER,
    ("GET", "/cases/{reference}/split/{number}"): Role.ADVISER,
    ("POST", "/cases/{reference}/split/{number}"): Role.ADVISER,
    ("GET", "/mail"): Role.READER,
    ("GET", "/messages/{number}"): Role.READER,
    ("GET", "/messages/{number}/again"): Role.ADVISER,
    ("GET", "/messages/{number}/attachments/{place}"): Role.READER,
    ("GET", "/messages/{number}/html"): Role.READER,
    ("GET", "/messages/{number}/raw"): Role.READER,
    ("GET", "/messages/{number}/raw.eml"): Role.READER,
    ("POST", "/messages/{number}/again"): Role.ADVISER,
    ("GET", "/stories"): None,
    ("GET", "/stories/"): None,
    ("GET", "/stories/{name}"): None,
    ("GET", "/rules"): Role.READER,
    ("GET", "/rules/try"): Role.READER,
    ("POST", "/rules/try"): Role.READER,
    ("GET", "/rules/change"): Role.ADMINISTRATOR,
    ("POST", "/rules/change"): Role.ADMINISTRATOR,
    ("GET", "/rules/change/trial"): Role.ADMINISTRATOR,
    ("POST", "/rules/former"): Role.ADMINISTRATOR,
    ("GET", "/drafts/{number}"): Role.READER,
    ("POST", "/drafts/{number}"): Role.ADVISER,
    ("GET", "/drafts/{number}/html"): Role.READER,
    ("GET", "/drafts/{number}/edit"): Role.ADVISER,
    ("POST", "/drafts/{number}/edit"): Role.ADVISER,
    ("POST", "/drafts/{number}/back"): Role.ADVISER,
    ("GET", "/cases/{reference}/answer"): Role.ADVISER,
    ("POST", "/cases/{reference}/answer"): Role.ADVISER,
    ("GET", "/review"): Role.REVIEWER,
    ("GET", "/review/{reference}"): Role.REVIEWER,
    ("POST", "/review/{reference}"): Role.REVIEWER,
    ("GET", "/review/{reference}/others"): Role.REVIEWER,
    ("POST", "/review/{reference}/text"): Role.REVIEWER,
    ("GET", "/review/{reference}/asking"): Role.REVIEWER,
    ("POST", "/review/{reference}/asking"): Role.REVIEWER,
    ("POST", "/review/{reference}/asked"): Role.REVIEWER,
    ("POST", "/review/{reference}/answer"): Role.REVIEWER,
    ("GET", "/review/{reference}/take-down"): Role.REVIEWER,
    ("GET", "/training"): Role.READER,
    ("GET", "/training/calendar"): Role.READER,
    ("GET", "/training/open-dates"): Role.READER,
    ("POST", "/training/open-dates"): Role.ADMINISTRATOR,
    ("GET", "/training/{reference}"): Role.READER,
    ("POST", "/training/{reference}/details"): Role.ADVISER,
    ("POST", "/training/{reference}/schedule"): Role.ADVISER,
    ("POST", "/training/{reference}/step"): Role.ADVISER,
    ("GET", "/settings"): Role.READER,
    ("POST", "/settings/password"): Role.READER,
    ("POST", "/settings/sign-out"): Role.READER,
    ("GET", "/settings/health"): Role.READER,
    ("GET", "/settings/digest"): Role.ADVISER,
    ("GET", "/settings/digest/html"): Role.ADVISER,
    ("GET", "/settings/audit"): Role.ADMINISTRATOR,
    ("GET", "/settings/people"): Role.ADMINISTRATOR,
    ("POST", "/settings/people"): Role.ADMINISTRATOR,
    ("GET", "/settings/people/{name}"): Role.ADMINISTRATOR,
    ("POST", "/settings/people/{name}/role"): Role.ADMINISTRATOR,
    ("POST", "/settings/people/{name}/password"): Role.ADMINISTRATOR,
    ("POST", "/settings/people/{name}/sign-out"): Role.ADMINISTRATOR,
    ("GET", "/settings/people/{name}/remove"): Role.ADMINISTRATOR,
    ("POST", "/settings/people/{name}/remove"): Role.ADMINISTRATOR,
}
# Pages that hold more than their route says: a story, or sensitive mail.
CONTENT = {
    "/cases/EDI-0002": Role.REVIEWER,
    "/cases/EDI-0002/answer": Role.REVIEWER,
    "/messages/2": Role.REVIEWER,
    "/cases/EDI-0004": Role.ADVISER,
    "/messages/4": Role.ADVISER,
    "/messages/2/raw": Role.REVIEWER,
    "/messages/2/raw.eml": Role.REVIEWER,
    "/messages/2/again": Role.REVIEWER,
    "/messages/4/raw": Role.ADVISER,
}
# What is sent, so that a form would be followed if it were let in.
FORMS = {"decision": "decline", "reason": "Because.", "seen": "9"}

KEPT = [(method, route) for (method, route), least in TABLE.items() if least]
READ = [route for method, route in KEPT if method == "GET"]
SENT = [route for method, route in KEPT if method == "POST"]


@dataclass
class Everybody:
    """A browser of somebody signed out, and one of each person, with the token of their forms; and the database they act on."""

    store: Store
    stranger: TestClient
    browsers: dict[str, tuple[TestClient, str]]

    def below(self, least: Role) -> list[tuple[TestClient, str]]:
        return [self.browsers[name] for name, role in PEOPLE.items() if not role.includes(least)]

    def from_role(self, least: Role) -> list[tuple[TestClient, str]]:
        return [self.browsers[name] for name, role in PEOPLE.items() if role.includes(least)]


@contextmanager
def standing(app: FastAPI, store: Store) -> Iterator[Everybody]:
    with ExitStack() as open_browsers:
        stranger, *browsers = (open_browsers.enter_context(TestClient(app, follow_redirects=False)) for _ in ("", *PEOPLE))
        signed_in = {name: (browser, entered(browser, store, name)) for name, browser in zip(PEOPLE, browsers, strict=True)}
        yield Everybody(store, stranger, signed_in)


@pytest.fixture
def prepared(furnished: Path) -> Path:
    """What `store` is a copy of."""
    return furnished


@pytest.fixture
def everybody(app: FastAPI, store: Store) -> Iterator[Everybody]:
    """Over a database of their own."""
    with standing(app, store) as people_there:
        yield people_there


@pytest.fixture(scope="module")
def looking(furnished: Path, tmp_path_factory: pytest.TempPathFactory, house: House) -> Iterator[Everybody]:
    """Over one database for all tests in which nothing may change but the record of who read."""
    store = Store(f"sqlite:///{shutil.copy(furnished, tmp_path_factory.mktemp('looking'))}")
    app = build(store, settings.load(desk_url="http://127.0.0.1:8080", mode="drafts"), lambda: house, clock=Clock())
    with standing(app, store) as people_there:
        yield people_there
    store.close()


def test_every_route_is_in_the_table() -> None:
    routes = {(method, route.path) for router in ROUTERS for route in router.routes for method in route.methods}
    assert routes == set(TABLE)


@pytest.mark.parametrize("route", READ)
def test_a_page_is_for_its_role_and_those_above(looking: Everybody, route: str) -> None:
    least = TABLE["GET", route]
    assert least
    before = everything(looking.store)
    answer = looking.stranger.get(way(route))
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/sign-in")
    for browser, _ in looking.below(least):
        assert browser.get(way(route)).status_code == 403
    assert everything(looking.store) == before
    for browser, _ in looking.from_role(least):
        assert browser.get(way(route)).status_code < 400


@pytest.mark.parametrize("route", SENT)
def test_a_form_is_for_its_role_and_those_above(everybody: Everybody, route: str) -> None:
    least = TABLE["POST", route]
    assert least
    before = everything(everybody.store)
    assert everybody.stranger.post(way(route), data=FORMS).status_code == 401
    for browser, csrf in everybody.below(least):
        assert browser.post(way(route), data={**FORMS, "csrf": csrf}).status_code == 403
    assert everything(everybody.store) == before
    for browser, csrf in everybody.from_role(least):
        assert browser.post(way(route), data={**FORMS, "csrf": csrf}).status_code not in {401, 403, 404, 405, 500, 503}


@pytest.mark.parametrize("route", SENT)
def test_a_form_without_our_token_changes_nothing(looking: Everybody, route: str) -> None:
    before = everything(looking.store)
    (ada, _), (_, of_another) = looking.browsers["ada"], looking.browsers["rosa"]
    for token in ({}, {"csrf": ""}, {"csrf": "x" * 43}, {"csrf": "é"}, {"csrf": of_another}):
        assert ada.post(way(route), data={**FORMS, **token}).status_code == 403
    assert everything(looking.store) == before


@pytest.mark.parametrize(("path", "least"), CONTENT.items())
def test_a_page_with_a_story_or_sensitive_mail_asks_for_more(looking: Everybody, path: str, least: Role) -> None:
    before = everything(looking.store)
    for browser, _ in looking.below(least):
        assert browser.get(path).status_code == 403
    assert everything(looking.store) == before
    for browser, _ in looking.from_role(least):
        assert browser.get(path).status_code == 200


def test_a_page_changes_nothing_but_the_record_of_who_read(looking: Everybody) -> None:
    before = everything(looking.store, reading=True)
    for path in [*map(way, READ), *CONTENT]:
        for browser, _ in looking.browsers.values():
            browser.get(path)
            browser.head(path)
    assert everything(looking.store, reading=True) == before


def test_who_is_removed_is_out_at_once(everybody: Everybody) -> None:
    with everybody.store.writing() as db:
        people.remove(db, "rosa", "root", NOW)
    assert everybody.browsers["rosa"][0].get("/").status_code == 303
