"""Who may see and do what: each route, for whoever is signed out and for each role."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from filed import NOW
from furnished import PEOPLE, entered, everything, furnish, way
from mailflow.desk.app import ROUTERS
from mailflow.domain import Role
from mailflow.store import people
from mailflow.store.database import Store, migrate

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


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A furnished database: made once, because hashing passwords is slow on purpose."""
    path = tmp_path_factory.mktemp("access") / "mailflow.db"
    opened = Store(f"sqlite:///{path}")
    migrate(opened)
    with opened.writing() as db:
        furnish(db)
    opened.close()
    return path


@dataclass
class Everybody:
    """A browser of somebody signed out, and one of each person, with the token of their forms."""

    stranger: TestClient
    browsers: dict[str, tuple[TestClient, str]]

    def below(self, least: Role) -> list[tuple[TestClient, str]]:
        return [self.browsers[name] for name, role in PEOPLE.items() if not role.includes(least)]

    def from_role(self, least: Role) -> list[tuple[TestClient, str]]:
        return [self.browsers[name] for name, role in PEOPLE.items() if role.includes(least)]


@pytest.fixture
def everybody(app: FastAPI, store: Store) -> Iterator[Everybody]:
    browsers = {name: TestClient(app, follow_redirects=False) for name in PEOPLE}
    tokens = {name: entered(browser, store, name) for name, browser in browsers.items()}
    stranger = TestClient(app, follow_redirects=False)
    yield Everybody(stranger, {name: (browser, tokens[name]) for name, browser in browsers.items()})
    for browser in browsers.values():
        browser.close()


def test_every_route_is_in_the_table() -> None:
    routes = {(method, route.path) for router in ROUTERS for route in router.routes for method in route.methods}
    assert routes == set(TABLE)


@pytest.mark.parametrize("route", READ)
def test_a_page_is_for_its_role_and_those_above(everybody: Everybody, store: Store, route: str) -> None:
    least = TABLE["GET", route]
    assert least
    before = everything(store)
    answer = everybody.stranger.get(way(route))
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/sign-in")
    for browser, _ in everybody.below(least):
        assert browser.get(way(route)).status_code == 403
    assert everything(store) == before
    for browser, _ in everybody.from_role(least):
        assert browser.get(way(route)).status_code < 400


@pytest.mark.parametrize("route", SENT)
def test_a_form_is_for_its_role_and_those_above(everybody: Everybody, store: Store, route: str) -> None:
    least = TABLE["POST", route]
    assert least
    before = everything(store)
    assert everybody.stranger.post(way(route), data=FORMS).status_code == 401
    for browser, csrf in everybody.below(least):
        assert browser.post(way(route), data={**FORMS, "csrf": csrf}).status_code == 403
    assert everything(store) == before
    for browser, csrf in everybody.from_role(least):
        assert browser.post(way(route), data={**FORMS, "csrf": csrf}).status_code not in {401, 403, 404, 405, 500, 503}


@pytest.mark.parametrize("route", SENT)
def test_a_form_without_our_token_changes_nothing(everybody: Everybody, store: Store, route: str) -> None:
    before = everything(store)
    (ada, _), (_, of_another) = everybody.browsers["ada"], everybody.browsers["rosa"]
    for token in ({}, {"csrf": ""}, {"csrf": "x" * 43}, {"csrf": "é"}, {"csrf": of_another}):
        assert ada.post(way(route), data={**FORMS, **token}).status_code == 403
    assert everything(store) == before


@pytest.mark.parametrize(("path", "least"), CONTENT.items())
def test_a_page_with_a_story_or_sensitive_mail_asks_for_more(everybody: Everybody, store: Store, path: str, least: Role) -> None:
    before = everything(store)
    for browser, _ in everybody.below(least):
        assert browser.get(path).status_code == 403
    assert everything(store) == before
    for browser, _ in everybody.from_role(least):
        assert browser.get(path).status_code == 200


def test_a_page_changes_nothing_but_the_record_of_who_read(everybody: Everybody, store: Store) -> None:
    before = everything(store, reading=True)
    for path in [*map(way, READ), *CONTENT]:
        for browser, _ in everybody.browsers.values():
            browser.get(path)
            browser.head(path)
    assert everything(store, reading=True) == before


def test_who_is_removed_is_out_at_once(everybody: Everybody, store: Store) -> None:
    with store.writing() as db:
        people.remove(db, "rosa", "root", NOW)
    assert everybody.browsers["rosa"][0].get("/").status_code == 303
