"""Settings, first page: one's own role, sessions and password."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from filed import NOW
from mailflow.domain import Role
from mailflow.store import people, sessions, subjects
from mailflow.store.database import Store
from mailflow.store.tables import desk_sessions, events
from visiting import PASSWORD, Clock, Visitor

NEW = PASSWORD + " staple"


@pytest.fixture
def zoe(app: FastAPI, store: Store) -> Iterator[Visitor]:
    """Zoë, signed in with her university account."""
    with store.writing() as db:
        token = sessions.start(db, subjects.arrive(db, "issuer 7", "zoe", Role.ADVISER, NOW), NOW)
    with TestClient(app, cookies={"mailflow": token}, follow_redirects=False) as browser:
        yield Visitor(browser)


def change(visitor: Visitor, old: str = PASSWORD, new: str = NEW, again: str | None = None) -> tuple[int, str]:
    visitor.open("/settings")
    answer = visitor.send("/settings/password", old=old, new=new, again=new if again is None else again)
    return answer.status_code, answer.text


def test_everybody_sees_their_role_and_where_they_are_signed_in(store: Store, ada: Visitor, clock: Clock) -> None:
    clock.passes(timedelta(hours=1))
    with store.writing() as db:
        sessions.start(db, "ada", clock.now)
    page = ada.open("/settings").text
    assert "ada, administrator" in page
    assert page.count("<li>Since") == 2
    assert page.count("this browser") == 1


def test_signing_out_everywhere_ends_all_of_ones_own_sessions_and_no_others(store: Store, ada: Visitor, zoe: Visitor) -> None:
    with store.writing() as db:
        sessions.start(db, "ada", NOW)
    ada.open("/settings")
    assert ada.send("/settings/sign-out").headers["location"] == "/sign-in?out=1"
    assert ada.open("/settings").status_code == 303
    assert zoe.open("/settings").status_code == 200
    with store.reading() as db:
        assert db.execute(select(desk_sessions.c.person)).scalars().all() == ["zoe"]
        assert db.execute(select(events.c.who).where(events.c.what == "signed out everywhere")).scalars().all() == ["ada"]


def test_a_new_password_is_for_who_knows_the_old_one_and_signs_out_every_other_browser(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        other = sessions.start(db, "ada", NOW)
    before = ada.browser.cookies["mailflow"]
    assert change(ada)[0] == 303
    assert "Your password is changed" in ada.open("/settings?changed=1").text
    with store.reading() as db:
        assert people.verify(db, "ada", NEW) == "ada"
        assert people.verify(db, "ada", PASSWORD) is None
        assert sessions.find(db, other, NOW) is None
        assert sessions.find(db, before, NOW) is None


@pytest.mark.parametrize(
    ("old", "new", "again", "why"),
    [
        ("wrong", NEW, None, "That is not your password now."),
        (PASSWORD, "too-short", None, "at least 12 characters"),
        (PASSWORD, NEW, NEW + "!", "is not the same both times"),
    ],
)
def test_a_password_that_cannot_be_changed_stays(store: Store, ada: Visitor, old: str, new: str, again: str, why: str) -> None:
    status, page = change(ada, old, new, again)
    assert (status, why in page, 'role="alert"' in page) == (422, True, True)
    assert new not in page
    with store.reading() as db:
        assert people.verify(db, "ada", PASSWORD) == "ada"


def test_guessing_the_old_password_is_stopped_as_at_the_sign_in(ada: Visitor, stranger: Visitor) -> None:
    for _ in range(5):
        assert change(ada, "wrong")[0] == 422
    assert change(ada)[0] == 429
    assert stranger.sign_in().status_code == 429


def test_who_comes_by_university_account_is_offered_no_password_and_given_none(store: Store, zoe: Visitor) -> None:
    page = zoe.open("/settings").text
    assert "You sign in with your university account." in page
    assert "password" not in page
    status, page = change(zoe, "nobody's password")
    assert (status, "That is not your password now." in page) == (422, True)
