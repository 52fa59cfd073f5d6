"""Merging and splitting at the desk: what follows is said first, and nobody reaches by it what they may not read."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import insert, select

from filed import NOW, filed_draft, filed_message, filed_story, held_query, raw_mail
from furnished import everything
from mailflow.domain import Kind, Role
from mailflow.store import kept, merging, people, sessions
from mailflow.store.database import Store
from mailflow.store.tables import events, linked_cases, merged, messages
from visiting import PASSWORD, Visitor, main_part


@pytest.fixture
def adam(app: FastAPI, store: Store) -> Iterator[Visitor]:
    """An adviser, signed in."""
    with store.writing() as db:
        people.add(db, "adam", PASSWORD, "root", NOW, Role.ADVISER)
        token = sessions.start(db, "adam", NOW)
    with TestClient(app, cookies={"mailflow": token}, follow_redirects=False) as browser:
        yield Visitor(browser)


def merge(visitor: Visitor, decision: str, into: str = "EDI-0002", case: str = "EDI-0001") -> int:
    fields = {"decision": decision, "into": into, "told": visitor.hidden("told")}
    return visitor.send(f"/cases/{case}/merge", **fields).status_code


def test_two_cases_become_one_and_the_reference_of_the_one_leads_to_the_other(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_draft(db)
        filed_draft(db, text="And what does it cost?")
        filed_story(db)
    page = main_part(ada.open("/cases/EDI-0001/merge").text)
    assert "Other cases of the same requester" in page
    before = everything(store, reading=True)
    assert merge(ada, "look", "edi-2") == 200
    assert everything(store, reading=True) == before
    for sentence in (
        "1 message and 1 mail of ours of EDI-0001 go to EDI-0002.",
        "Mail 2, a first reply that has not left, is taken back: one is enough.",
        "Nothing is sent to anybody.",
    ):
        assert sentence in ada.page
    assert merge(ada, "do") == 303
    assert ada.open("/cases/EDI-0001").headers["location"] == "/cases/EDI-0002?led=EDI-0001"
    page = ada.open("/cases/EDI-0002?led=EDI-0001").text
    for shown in (
        "EDI-0001 was merged into this case",
        "May I bring a friend?",
        "And what does it cost?",
        "Merged into this case",
    ):
        assert shown in page
    assert "You merged EDI-0001 into EDI-0002." in ada.open("/cases/EDI-0002?done=1").text
    assert "was merged into this case" not in ada.open("/cases/EDI-0002?led=EDI-0003").text


def test_what_changed_since_it_was_said_is_not_merged(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        held_query(db)
        held_query(db, "Two?")
    ada.open("/cases/EDI-0001/merge")
    merge(ada, "look")
    with store.writing() as db:
        filed_message(db, 1, raw_mail("One more thing"))
    assert merge(ada, "do") == 409
    assert "A new message has come on EDI-0001" in ada.page
    ada.open("/cases/EDI-0001/merge")
    assert merge(ada, "do") == 409  # nobody has looked
    merge(ada, "look")
    with store.writing() as db:
        merging.merge(db, 1, 2, "bo", kept.newest_message(db, 1), NOW)
    assert merge(ada, "do") == 409
    assert "was merged into EDI-0002: go on there." in ada.page


@pytest.mark.parametrize(
    ("into", "why"),
    [
        ("", "Say which case"),
        ("EDI-0001", "cannot be merged into itself"),
        ("EDI-0099", "There is no case"),
        ("the other", "is no reference"),
        ("EDI-0002", "A story stays apart"),
    ],
)
def test_a_case_that_is_none_to_merge_into_is_refused_with_what_was_typed(
    store: Store, ada: Visitor, into: str, why: str
) -> None:
    with store.writing() as db:
        held_query(db)
        filed_story(db)
    ada.open("/cases/EDI-0001/merge")
    assert merge(ada, "look", into) == 409
    assert why in ada.page


def test_an_adviser_reaches_no_story_by_merging_or_splitting(store: Store, adam: Visitor) -> None:
    with store.writing() as db:
        held_query(db)
        filed_story(db)
        filed_message(db, 2, raw_mail("More of it"), kind=Kind.STORY)
        filed_message(db, 1, raw_mail("And once I stepped in"), kind=Kind.STORY)  # told in another conversation
        filed_message(db, 1, raw_mail("And a question beside it"))
        held_query(db, "Three?")
    assert "EDI-0002" not in adam.open("/cases/EDI-0003/merge").text
    for decision in ("look", "do"):
        for case, into in (
            ("EDI-0003", "EDI-0002"),
            ("EDI-0002", "EDI-0003"),
            ("EDI-0003", "EDI-0001"),
            ("EDI-0001", "EDI-0003"),
        ):
            assert merge(adam, decision, into, case) == 403
    for case, number in (("EDI-0002", 3), ("EDI-0001", 4), ("EDI-0001", 5), ("EDI-0003", 3), ("EDI-0003", 4)):
        assert adam.open(f"/cases/{case}/split/{number}").status_code == 403
        assert adam.send(f"/cases/{case}/split/{number}", seen="9").status_code in (403, 409)
    with store.reading() as db:
        assert db.execute(select(merged.c.case_id)).all() == []
        assert db.execute(select(linked_cases.c.case_id)).all() == []
        read = select(events.c.case_id).where(events.c.who == "adam", events.c.what.like("read%")).distinct()
        assert db.execute(read).all() == [(3,)]


def test_a_message_is_split_off_as_was_said_and_not_twice(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_draft(db)
        filed_message(db, 1, raw_mail("Can you train the Department of Physics?"), kind=Kind.TRAINING, confidence=1.0)
    assert "Split this message off" in ada.open("/cases/EDI-0001").text
    before = everything(store, reading=True)
    page = ada.open("/cases/EDI-0001/split/2").text
    assert everything(store, reading=True) == before
    assert "The message gets a case of its own: training." in page
    assert ada.send("/cases/EDI-0001/split/2", told="x").status_code == 409
    ada.open("/cases/EDI-0001/split/2")
    answer = ada.send("/cases/EDI-0001/split/2", told=ada.hidden("told"))
    assert answer.headers["location"] == "/cases/EDI-0002?done=1"
    assert "You split a message off from EDI-0001." in ada.open("/cases/EDI-0002?done=1").text
    assert ada.send("/cases/EDI-0001/split/2", told="x", seen="9").status_code == 409
    assert "is not on EDI-0001 any more" in ada.page
    with store.reading() as db:
        assert [case for (case,) in db.execute(select(messages.c.case_id).order_by(messages.c.id))] == [1, 2]


def test_a_message_that_cannot_be_split_off_says_why_and_offers_nothing(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        held_query(db)
        db.execute(insert(linked_cases).values(case_id=1, began_in=1))
    page = main_part(ada.open("/cases/EDI-0001/split/1").text)
    assert "EDI-0001 began with message 1" in page
    assert "Split it off" not in page
