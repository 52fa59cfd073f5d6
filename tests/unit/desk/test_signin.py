"""Signing in by password, how long it lasts, and how guessing is stopped."""

from datetime import timedelta
from html import unescape

import pytest
from fastapi.testclient import TestClient

from filed import NOW
from mailflow import settings
from mailflow.desk.app import build
from mailflow.desk.people import password as by_password
from mailflow.store import people, sessions
from mailflow.store.database import Store
from visiting import PASSWORD, Clock, Visitor


def test_signing_in_needs_the_form_that_this_browser_was_shown(stranger: Visitor) -> None:
    assert stranger.browser.post("/sign-in", data={"name": "ada", "password": PASSWORD}).status_code == 403
    stranger.open("/sign-in")
    stranger.browser.cookies.clear()
    assert stranger.send("/sign-in", name="ada", password=PASSWORD).status_code == 403


def test_signing_in_leads_to_the_page_that_was_asked_for(stranger: Visitor) -> None:
    assert stranger.open("/review/EDI-0001").headers["location"] == "/sign-in?next=/review/EDI-0001"
    assert stranger.sign_in(way="/review/EDI-0001").headers["location"] == "/review/EDI-0001"


@pytest.mark.parametrize(
    "way", ["/settings/people/j.smith", "/messages/1/raw.eml", "/mail?q=%22night+train%22&since=2026-11-01", "/?done=EDI-0001"]
)
def test_the_way_is_kept_with_its_dots_and_its_question(stranger: Visitor, way: str) -> None:
    stranger.open(stranger.open(way).headers["location"])
    kept = unescape(stranger.hidden("next"))
    assert stranger.sign_in(way=kept).headers["location"] == way


@pytest.mark.parametrize(
    "way",
    [
        "https://elsewhere.example",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "/%2Felsewhere.example",
        "/%5Celsewhere.example",
        "/.//elsewhere.example",
        "/\t/elsewhere.example",
        "/mail?q=a\r\nSet-Cookie: a=b",
        "/mail?q=" + "x" * 2000,
        "/a\n/b",
        "",
    ],
)
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


def test_what_a_page_asks_for_by_itself_keeps_no_session_open(ada: Visitor, clock: Clock) -> None:
    for _ in range(2):
        clock.passes(timedelta(minutes=59))
        assert ada.open("/rules/change/trial").status_code == 200
    clock.passes(timedelta(minutes=2))
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


def test_who_signs_in_while_many_others_do_is_not_kept_waiting(stranger: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_password, "_MOST_SECONDS", 0.01)
    with by_password._one_check_at_a_time:
        answer = stranger.sign_in()
    assert (answer.status_code, "try again in a moment" in answer.text) == (429, True)
    assert stranger.sign_in().status_code == 303
