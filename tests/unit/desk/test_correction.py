"""This is something else: what follows is said before it is done, and nothing else is done than what was said."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select, update

import letters
from filed import NOW
from furnished import everything
from mailflow import pipeline
from mailflow.deciding import House
from mailflow.domain import Kind, OutgoingState, Role
from mailflow.store import people, sessions
from mailflow.store.database import Store
from mailflow.store.tables import cases, corrections, messages, outgoings
from receiving_mail import put_to_rest
from visiting import PASSWORD, Visitor, main_part


@pytest.fixture
def adam(app: FastAPI, store: Store) -> Iterator[Visitor]:
    """An adviser, signed in."""
    with store.writing() as db:
        people.add(db, "adam", PASSWORD, "root", NOW, Role.ADVISER)
        token = sessions.start(db, "adam", NOW)
    with TestClient(app, cookies={"mailflow": token}, follow_redirects=False) as browser:
        yield Visitor(browser)


def get(store: Store, house: House, *texts: str) -> None:
    """Messages of one sender, each decided, each on a case of its own."""
    raws = (letters.Letter("sam@university.example", f"Matter {n}", text).raw for n, text in enumerate(texts))
    put_to_rest(store, *raws)
    while pipeline.process(store, house, "here/1/1", NOW):
        pass


def say(visitor: Visitor, decision: str, number: int = 1, **said: str) -> int:
    told = visitor.hidden("told")
    return visitor.send(f"/messages/{number}/kind", decision=decision, told=told, **said).status_code


def kinds(store: Store) -> list[Kind]:
    with store.reading() as db:
        return [kind for (kind,) in db.execute(select(messages.c.kind).order_by(messages.c.id))]


def test_looking_changes_nothing_and_says_what_doing_does(store: Store, house: House, ada: Visitor) -> None:
    get(store, house, letters.QUERY)
    ada.open("/cases/EDI-0001/kind")
    before = everything(store, reading=True)
    assert say(ada, "look", kind="training", reply="true") == 200
    assert everything(store, reading=True) == before
    for sentence in ("EDI-0001 is training now; it was query.", "sent: mail 1.", "A reply (training) waits for approval"):
        assert sentence in ada.page
    assert say(ada, "do", kind="training", reply="true") == 303
    page = ada.open("/cases/EDI-0001?done=1").text
    assert "You said that a message is training, and not query." in page
    assert kinds(store) == [Kind.TRAINING]
    with store.reading() as db:
        assert [tuple(row) for row in db.execute(select(outgoings.c.template, outgoings.c.state))] == [
            ("query", OutgoingState.CANCELLED),
            ("training", OutgoingState.DRAFT),
        ]


def test_where_a_reply_has_left_since_what_was_said_is_said_again(store: Store, house: House, ada: Visitor) -> None:
    get(store, house, letters.QUERY)
    ada.open("/messages/1/kind")
    say(ada, "look", kind="training", reply="true")
    with store.writing() as db:
        db.execute(update(outgoings).values(state=OutgoingState.SENT))
    assert say(ada, "do", kind="training", reply="true") == 409
    assert "Something has changed since you looked" in ada.page
    assert 'value="training" checked' in ada.page
    assert kinds(store) == [Kind.QUERY]
    say(ada, "look", kind="training", reply="true")
    assert "No reply is sent now: Its thread has had its acknowledgement" in ada.page
    assert say(ada, "do", kind="training", reply="true") == 303
    with store.reading() as db:
        assert db.execute(select(outgoings.c.id)).all() == [(1,)]


@pytest.mark.parametrize("told", ["", "x" * 32])
def test_nothing_is_done_that_was_not_looked_at(store: Store, house: House, ada: Visitor, told: str) -> None:
    get(store, house, letters.QUERY)
    ada.open("/messages/1/kind")
    assert ada.send("/messages/1/kind", decision="do", told=told, kind="training").status_code == 409
    assert kinds(store) == [Kind.QUERY]


def test_two_people_do_not_correct_past_each_other(store: Store, house: House, ada: Visitor, adam: Visitor) -> None:
    get(store, house, letters.QUERY)
    for visitor, kind in ((ada, "training"), (adam, "other")):
        visitor.open("/messages/1/kind")
        say(visitor, "look", kind=kind)
    assert say(ada, "do", kind="training") == 303
    assert say(adam, "do", kind="other") == 409
    assert kinds(store) == [Kind.TRAINING]


def test_a_correction_is_put_back_from_the_same_page(store: Store, house: House, ada: Visitor) -> None:
    get(store, house, letters.QUERY)
    with store.reading() as db:
        was = db.execute(select(cases.c.kind, cases.c.state, cases.c.due)).one()
    ada.open("/messages/1/kind")
    say(ada, "look", kind="other")
    say(ada, "do", kind="other")
    assert "Before that it was query." in ada.open("/messages/1/kind").text
    say(ada, "look", kind="query", reply="true")
    assert say(ada, "do", kind="query", reply="true") == 303
    with store.reading() as db:
        assert db.execute(select(cases.c.kind, cases.c.state, cases.c.due)).one() == was
        assert len(db.execute(select(corrections.c.id)).all()) == 2


def test_saying_what_it_is_already_offers_nothing_to_do(store: Store, house: House, ada: Visitor) -> None:
    get(store, house, letters.QUERY)
    ada.open("/messages/1/kind")
    say(ada, "look", kind="query")
    assert "EDI-0001 is query already: nothing is changed." in ada.page
    assert "Yes: it is" not in ada.page


def test_an_adviser_is_told_that_a_story_leaves_their_eyes(store: Store, house: House, ada: Visitor, adam: Visitor) -> None:
    get(store, house, letters.QUERY)
    adam.open("/messages/1/kind")
    say(adam, "look", kind="story")
    assert "Only a reviewer may read it from then on: you no longer can, and only a reviewer can put it back." in adam.page
    answer = adam.send("/messages/1/kind", decision="do", told=adam.hidden("told"), kind="story")
    assert answer.headers["location"] == "/?done=EDI-0001"
    assert "EDI-0001 is what you said it is. Only reviewers read it now." in adam.open("/?done=EDI-0001").text
    for path in ("/cases/EDI-0001", "/cases/EDI-0001/kind", "/messages/1/kind", "/cases/EDI-0001/merge"):
        assert adam.open(path).status_code == 403
    ada.open("/messages/1/kind")
    say(ada, "look", kind="query")
    for decision in ("look", "do"):  # even where they know what would be said
        told = ada.hidden("told")
        assert adam.send("/messages/1/kind", decision=decision, told=told, kind="query").status_code == 403
    assert kinds(store) == [Kind.STORY]


def test_mail_of_a_machine_that_a_person_wrote_gets_a_case_of_its_own(store: Store, house: House, ada: Visitor) -> None:
    raw = letters.Letter("sam@university.example", "Away", letters.AWAY, headers={"Auto-Submitted": "auto-replied"}).raw
    put_to_rest(store, raw)
    pipeline.process(store, house, "here/1/1", NOW)
    assert "on no case" in ada.open("/messages/1/kind").text
    say(ada, "look", kind="query")
    assert "It gets a case of its own." in main_part(ada.page)
    answer = ada.send("/messages/1/kind", decision="do", told=ada.hidden("told"), kind="query")
    assert answer.headers["location"] == "/cases/EDI-0001?done=1"
