"""Who may see and do what: each route, signed out and signed in."""

from datetime import datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from filed import NOW, filed_story
from mailflow import settings
from mailflow.desk.app import ROUTERS, build
from mailflow.desk.show import ASSETS
from mailflow.domain import CaseState
from mailflow.store import people, receiving, sessions
from mailflow.store.database import Store
from mailflow.store.tables import cases, desk_sessions, events
from visiting import PASSWORD, Clock, Visitor

OPEN, ASKS, REFUSES = "open to all", "leads to the sign-in", "refuses"
TABLE = {
    ("GET", "/assets/{name}"): OPEN,
    ("GET", "/healthz"): OPEN,
    ("GET", "/sign-in"): OPEN,
    ("POST", "/sign-in"): OPEN,
    ("POST", "/sign-out"): REFUSES,
    ("GET", "/"): ASKS,
    ("GET", "/review"): ASKS,
    ("GET", "/review/{reference}"): ASKS,
    ("POST", "/review/{reference}"): REFUSES,
    ("GET", "/cases"): ASKS,
    ("GET", "/cases/{reference}"): ASKS,
    ("POST", "/cases/{reference}/dealt-with"): REFUSES,
    ("GET", "/messages/{number}"): ASKS,
    ("POST", "/messages/{number}/again"): REFUSES,
    ("GET", "/drafts/{number}"): ASKS,
    ("POST", "/drafts/{number}"): REFUSES,
}
FORMS = {"decision": "decline", "reason": "Because.", "seen": "1"}


def _path(route: str) -> str:
    return route.format(name="desk.css", reference="EDI-0001", number="1")


def test_every_route_is_in_the_table() -> None:
    routes = {(method, route.path) for router in ROUTERS for route in router.routes for method in route.methods}
    assert routes == set(TABLE)


@pytest.mark.parametrize(("method", "route"), [key for key, rule in TABLE.items() if rule is ASKS])
def test_a_stranger_is_led_to_the_sign_in(store: Store, stranger: Visitor, method: str, route: str) -> None:
    with store.writing() as db:
        filed_story(db)
    response = stranger.browser.request(method, _path(route))
    assert response.status_code == 303
    assert response.headers["location"].startswith("/sign-in")
    with store.reading() as db:
        assert db.execute(select(events.c.id).where(events.c.what.like("read%"))).all() == []


@pytest.mark.parametrize(("method", "route"), [key for key, rule in TABLE.items() if rule is REFUSES])
def test_a_strangers_form_is_refused(store: Store, stranger: Visitor, method: str, route: str) -> None:
    with store.writing() as db:
        filed_story(db)
    assert stranger.browser.request(method, _path(route), data=FORMS).status_code == 401
    with store.reading() as db:
        assert db.execute(select(cases.c.state)).scalar_one() is CaseState.OPEN


@pytest.mark.parametrize(("method", "route"), [key for key, rule in TABLE.items() if rule is not OPEN and key[0] == "POST"])
@pytest.mark.parametrize("token", [{}, {"csrf": ""}, {"csrf": "x" * 43}, {"csrf": "é"}])
def test_a_form_without_our_token_changes_nothing(
    store: Store, ada: Visitor, method: str, route: str, token: dict[str, str]
) -> None:
    with store.writing() as db:
        filed_story(db)
    assert ada.browser.request(method, _path(route), data={**FORMS, **token}).status_code == 403
    with store.reading() as db:
        assert db.execute(select(cases.c.state)).scalar_one() is CaseState.OPEN
        assert len(db.execute(select(desk_sessions.c.token)).all()) == 1


def test_signing_in_needs_the_form_that_this_browser_was_shown(stranger: Visitor) -> None:
    assert stranger.browser.post("/sign-in", data={"name": "ada", "password": PASSWORD}).status_code == 403
    stranger.open("/sign-in")
    stranger.browser.cookies.clear()
    assert stranger.send("/sign-in", name="ada", password=PASSWORD).status_code == 403


@pytest.mark.parametrize("path", ["/", "/review", "/review/EDI-0001", "/cases/EDI-0001", "/messages/1"])
def test_who_is_signed_in_sees_the_page(store: Store, ada: Visitor, path: str) -> None:
    with store.writing() as db:
        filed_story(db)
    assert ada.open(path).status_code == 200


def test_signing_in_leads_to_the_page_that_was_asked_for(stranger: Visitor) -> None:
    assert stranger.open("/review/EDI-0001").headers["location"] == "/sign-in?next=/review/EDI-0001"
    assert stranger.sign_in(way="/review/EDI-0001").headers["location"] == "/review/EDI-0001"


@pytest.mark.parametrize("way", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "/a\n/b", ""])
def test_signing_in_never_leads_elsewhere(stranger: Visitor, way: str) -> None:
    assert stranger.sign_in(way=way).headers["location"] == "/"


def test_signing_out_ends_the_session(store: Store, ada: Visitor) -> None:
    token = ada.browser.cookies["mailflow"]
    ada.open("/")
    assert ada.send("/sign-out").status_code == 303
    with store.reading() as db:
        assert sessions.find(db, token, NOW) is None
    assert ada.open("/").status_code == 303


def test_a_session_ends_when_it_was_idle_and_not_before(ada: Visitor, clock: Clock) -> None:
    for _ in range(3):
        clock.passes(timedelta(hours=1, minutes=59))
        assert ada.open("/").status_code == 200
    clock.passes(timedelta(hours=2))
    assert ada.open("/").status_code == 303


def test_a_session_ends_after_a_long_day(ada: Visitor, clock: Clock) -> None:
    for _ in range(11):
        clock.passes(timedelta(hours=1))
        assert ada.open("/").status_code == 200
    clock.passes(timedelta(hours=1))
    assert ada.open("/").status_code == 303


def test_a_removed_user_is_out_at_once(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        people.remove(db, "ada", "root", NOW)
    assert ada.open("/").status_code == 303


@pytest.mark.parametrize(("name", "password"), [("ada", "wrong"), ("nobody", PASSWORD), ("", ""), ("ada", "x" * 5000)])
def test_a_wrong_password_and_an_unknown_name_look_the_same(stranger: Visitor, name: str, password: str) -> None:
    response = stranger.sign_in(name, password)
    assert response.status_code == 401
    assert "That name and password do not fit together." in response.text
    assert "mailflow" not in stranger.browser.cookies


def test_guessing_is_stopped_and_forgiven_after_a_while(stranger: Visitor, clock: Clock) -> None:
    for _ in range(5):
        assert stranger.sign_in(password="wrong").status_code == 401
    assert stranger.sign_in().status_code == 429
    assert stranger.sign_in("bo", "wrong").status_code == 401
    clock.passes(timedelta(minutes=15))
    assert stranger.sign_in().status_code == 303


def test_the_cookie_is_for_us_alone(stranger: Visitor) -> None:
    cookies = stranger.sign_in().headers.get_list("set-cookie")
    ours = next(cookie for cookie in cookies if cookie.startswith("mailflow="))
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(ours.split("; "))
    assert "Domain" not in ours


def test_over_https_the_cookie_goes_nowhere_else(store: Store, clock: Clock) -> None:
    secure = build(store, settings.load(desk_url="https://desk.university.example"), clock=clock)
    with TestClient(secure, base_url="https://desk.university.example", follow_redirects=False) as browser:
        cookies = Visitor(browser).sign_in().headers.get_list("set-cookie")
    assert all("Secure" in cookie for cookie in cookies)
    assert any(cookie.startswith("__Host-mailflow=") for cookie in cookies)


def test_a_desk_without_users_says_how_to_make_one(store: Store, stranger: Visitor) -> None:
    with store.writing() as db:
        people.remove(db, "ada", "root", NOW)
    assert "mailflow user add NAME" in stranger.open("/sign-in").text


@pytest.mark.parametrize("path", ["/", "/sign-in", "/review/EDI-0001", "/nowhere", "/healthz", "/assets/desk.css"])
def test_every_answer_bears_the_headers_that_keep_browsers_safe(store: Store, ada: Visitor, path: str) -> None:
    with store.writing() as db:
        filed_story(db)
    headers = ada.open(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert (headers["x-frame-options"], headers["x-content-type-options"]) == ("DENY", "nosniff")
    assert headers["referrer-policy"] == "same-origin"
    assert ("no-store" in headers["cache-control"]) is not path.startswith("/assets")


def test_what_no_page_answers_is_answered_in_the_same_style(ada: Visitor) -> None:
    answers = {
        404: ada.open("/nowhere"),
        405: ada.browser.delete("/review/EDI-0001", headers={"content-length": "0"}),
        411: ada.browser.post("/sign-in", content=iter([b"x"])),
        413: ada.browser.post("/sign-in", data={"name": "x" * 70_000}),
        422: ada.open("/messages/many"),
    }
    for status, answer in answers.items():
        assert (answer.status_code, "<main" in answer.text) == (status, True)
    assert answers[405].headers["allow"]


def test_a_database_that_is_away_is_said_without_a_traceback(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        db.exec_driver_sql("DROP TABLE desk_session")
    answer = ada.open("/")
    assert answer.status_code == 503
    assert "desk_session" not in answer.text


def test_an_error_of_ours_is_one_sentence_for_people_and_no_words_for_the_log(
    app: FastAPI, store: Store, ada: Visitor, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> None:
        raise RuntimeError("Priya Nair")

    app.add_api_route("/broken", broken)
    answer = ada.open("/broken")
    assert (answer.status_code, "our fault" in answer.text) == (500, True)
    said = capsys.readouterr()
    assert "RuntimeError" in said.out + said.err
    assert "Priya" not in answer.text + said.out + said.err


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
