"""Settings, for administrators: people are added, given roles and passwords, signed out and removed."""

import re

import pytest
from sqlalchemy import select

from filed import NOW
from mailflow.domain import Role
from mailflow.errors import UserError
from mailflow.store import people, sessions, subjects
from mailflow.store.database import Store
from mailflow.store.tables import events
from visiting import PASSWORD, Visitor


@pytest.fixture
def bo(store: Store) -> str:
    """Bo's open session; an adviser."""
    with store.writing() as db:
        people.add(db, "bo", PASSWORD, "root", NOW)
        return sessions.start(db, "bo", NOW)


def role_of(store: Store, name: str) -> Role:
    with store.reading() as db:
        return people.person(db, name).role


def is_signed_in(store: Store, token: str) -> bool:
    with store.reading() as db:
        return sessions.find(db, token, NOW) is not None


def shown_password(page: str) -> str:
    found = re.search(r'<code class="shown-once">([0-9a-f-]+)</code>', page)
    assert found
    return found[1]


def test_somebody_is_added_with_a_password_that_is_shown_once(store: Store, ada: Visitor) -> None:
    ada.open("/settings/people")
    password = shown_password(ada.send("/settings/people", name="Bo", role="reviewer").text)
    with store.reading() as db:
        assert people.verify(db, "bo", password) == "bo"
        assert people.person(db, "bo").role is Role.REVIEWER
        told = db.execute(select(events.c.who, events.c.detail).where(events.c.what == "added user")).all()
    assert tuple(told[-1]) == ("ada", "bo as reviewer")
    assert password not in ada.open("/settings/people/bo").text


@pytest.mark.parametrize(("name", "why"), [("ada", "There is a user ada already"), ("a b", "cannot be a user&#39;s name")])
def test_a_name_that_cannot_be_given_is_refused_and_kept_in_the_form(ada: Visitor, name: str, why: str) -> None:
    ada.open("/settings/people")
    answer = ada.send("/settings/people", name=name, role="reader")
    assert (answer.status_code, why in answer.text, f'value="{name}"' in answer.text) == (422, True, True)
    assert 'value="reader" checked' in answer.text


def test_another_role_counts_at_the_next_page(store: Store, ada: Visitor, bo: str, stranger: Visitor) -> None:
    stranger.browser.cookies.set("mailflow", bo)
    assert stranger.open("/review").status_code == 403
    ada.open("/settings/people/bo")
    ada.open(ada.send("/settings/people/bo/role", role="reviewer").headers["location"])
    assert "bo is reviewer now." in ada.page
    assert stranger.open("/review").status_code == 200
    ada.send("/settings/people/bo/role", role="reader")
    assert stranger.open("/review").status_code == 403


def test_a_new_password_is_shown_once_and_signs_out(store: Store, ada: Visitor, bo: str) -> None:
    ada.open("/settings/people/bo")
    password = shown_password(ada.send("/settings/people/bo/password").text)
    assert not is_signed_in(store, bo)
    with store.reading() as db:
        assert people.verify(db, "bo", password) == "bo"


def test_an_administrator_signs_somebody_out_everywhere(store: Store, ada: Visitor, bo: str) -> None:
    ada.open("/settings/people/bo")
    ada.open(ada.send("/settings/people/bo/sign-out").headers["location"])
    assert "bo is signed out everywhere." in ada.page
    assert not is_signed_in(store, bo)
    with store.reading() as db:
        told = db.execute(select(events.c.who, events.c.detail).where(events.c.what == "signed out everywhere")).one()
    assert tuple(told) == ("ada", "bo")


def test_who_is_removed_is_out_at_once_and_it_is_said_before(store: Store, ada: Visitor, bo: str, stranger: Visitor) -> None:
    stranger.browser.cookies.set("mailflow", bo)
    assert "may not sign in any more" in ada.open("/settings/people/bo/remove").text
    assert is_signed_in(store, bo)
    ada.open(ada.send("/settings/people/bo/remove").headers["location"])
    assert "bo may not sign in any more." in ada.page
    assert stranger.open("/").status_code == 303
    with store.reading() as db, pytest.raises(UserError):
        people.person(db, "bo")


def test_the_last_administrator_stays_one(store: Store, ada: Visitor, bo: str) -> None:
    ada.open("/settings/people/ada")
    for answer in (ada.send("/settings/people/ada/role", role="reader"), ada.send("/settings/people/ada/remove")):
        assert (answer.status_code, "ada is the only administrator" in answer.text) == (422, True)
    assert role_of(store, "ada") is Role.ADMINISTRATOR
    ada.send("/settings/people/bo/role", role="administrator")
    assert ada.send("/settings/people/ada/role", role="reader").headers["location"] == "/settings"
    assert role_of(store, "ada") is Role.READER
    assert ada.open("/settings/people").status_code == 403


def test_what_comes_with_a_university_account_is_not_changed_here(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        subjects.arrive(db, "issuer 7", "zoe", Role.ADVISER, NOW)
    page = ada.open("/settings/people/zoe").text
    assert "it is changed there" in page
    assert "Make a new password" not in page
    assert "comes in again" in ada.open("/settings/people/zoe/remove").text
    for answer in (ada.send("/settings/people/zoe/role", role="reader"), ada.send("/settings/people/zoe/password")):
        assert (answer.status_code, "university account" in answer.text) == (422, True)
    assert role_of(store, "zoe") is Role.ADVISER


def test_nobody_of_that_name_is_said(ada: Visitor) -> None:
    answer = ada.open("/settings/people/nobody")
    assert (answer.status_code, "There is no user" in answer.text) == (404, True)


def test_what_was_done_is_told_from_the_audit_log_and_never_from_the_address(ada: Visitor, bo: str) -> None:
    for way in (
        "/settings/people?done=1&removed=Call+0800+1",
        "/settings/people/bo?done=out",
        "/settings/people/bo?done=role",
        "/settings?changed=1",
    ):
        page = ada.open(way).text
        assert ('role="status"' in page, "0800" in page) == (False, False), way
