"""A changed file against the mail of late: what would change, without anything being changed."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from filed import NOW, filed_case, filed_message, raw_mail
from mailflow import settings
from mailflow.deciding import House
from mailflow.domain import CORRECTED, AutomaticSort, Kind, MessageState, Reason
from mailflow.domain.plain import reason_to_json
from mailflow.errors import UserError
from mailflow.rules import parse
from mailflow.store.database import Store
from mailflow.store.tables import events, messages
from mailflow.trying import compare as comparing
from mailflow.trying.compare import compare
from mailflow.trying.outcome import Comparison

Changed = Callable[..., House]
QUESTION = "Where can I find the dates of the next open session? I would like to book a place."
HANGS = """
[[rules]]
name = "never ends"
kind = "query"
weight = 1
patterns = ['(?:a+)+x']
"""


@pytest.fixture(scope="module")
def house() -> House:
    return House.build(settings.only(address="edi.centre@university.example", mode="live"))


@pytest.fixture
def changed(house: House) -> Changed:
    """The house under a changed file: one text stands in the place of another, or at the end."""
    text = settings.only(address="edi.centre@university.example").rules.read_text()

    def under(old: str = "", new: str = "", added: str = "") -> House:
        assert old in text
        return house.under(parse(text.replace(old, new) + added, Path("rules.toml")))

    return under


def _always(_: Comparison) -> bool:
    return True


def _keep(store: Store, *texts: str, **values: object) -> None:
    with store.writing() as db:
        for text in texts:
            filed_message(db, filed_case(db), raw_mail(text, "A question"), **values)


def test_the_same_rules_change_nothing(store: Store, house: House) -> None:
    _keep(store, QUESTION, "Please bring my photograph to the archive of the chess club, with the lamps.")
    found = compare(store, house, house, _always)
    assert (found.wanted, found.tried, found.changes) == (2, 2, [])
    assert found.before == found.after
    assert found.after.answered.total() == 1


def test_what_would_change_is_told_with_before_and_after(store: Store, house: House, changed: Changed) -> None:
    _keep(store, QUESTION)
    found = compare(store, house, changed("confidence = 0.85", "confidence = 1"), _always)
    (change,) = found.changes
    assert (change.message, change.said) == (1, None)
    assert (change.before.template, change.before.held) == ("query", False)
    assert (change.after.template, change.after.held) == (None, True)
    assert (found.before.answered[Kind.QUERY], found.after.answered[Kind.QUERY]) == (1, 0)
    assert (found.before.held, found.after.held) == (0, 1)


def test_a_new_word_makes_a_message_sensitive(store: Store, house: House, changed: Changed) -> None:
    _keep(store, QUESTION)
    found = compare(store, house, changed('"fear for my"', '"open session"'), _always)
    assert (found.before.sensitive, found.after.sensitive) == (0, 1)
    assert found.changes[0].after.sensitive


def test_what_people_have_said_is_counted(store: Store, house: House) -> None:
    said = reason_to_json(Reason(CORRECTED, "ada says that it is query, and not other.", kind=Kind.QUERY))
    _keep(store, QUESTION, reasons=[said])
    found = compare(store, house, house, _always)
    assert (found.settled, found.before.right, found.after.right) == (1, 1, 1)


def test_it_is_the_mail_that_the_rules_are_asked_about_the_newest_first(store: Store, house: House, changed: Changed) -> None:
    _keep(store, QUESTION, QUESTION + " Thank you.")
    _keep(store, "Out of office", automatic=AutomaticSort.VACATION, state=MessageState.IGNORED)
    _keep(store, "Not yet read", state=MessageState.RECEIVED)
    found = compare(store, house, changed("confidence = 0.85", "confidence = 1"), _always)
    assert (found.wanted, [change.message for change in found.changes]) == (2, [2, 1])


def test_how_often_a_sender_was_answered_since_is_left_out(store: Store, house: House) -> None:
    _keep(store, *(f"{QUESTION} {number}" for number in range(4)), arrived=NOW - timedelta(hours=1))
    assert compare(store, house, house, _always).after.answered.total() == 4


def test_nothing_is_changed_by_it(store: Store, house: House, changed: Changed) -> None:
    _keep(store, QUESTION)
    with store.reading() as db:
        before = db.execute(select(messages)).all()
    compare(store, house, changed("confidence = 0.85", "confidence = 1"), _always)
    with store.reading() as db:
        assert db.execute(select(messages)).all() == before
        assert db.execute(select(events)).all() == []


def test_it_ends_where_it_is_not_wanted_any_more(store: Store, house: House) -> None:
    _keep(store, QUESTION, QUESTION + " Thank you.")
    found = compare(store, house, house, lambda found: found.done < 1)
    assert (found.wanted, found.tried) == (2, 1)


def test_a_pattern_that_never_ends_is_told_with_the_name_of_its_rule(
    store: Store, house: House, changed: Changed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "MESSAGE_SECONDS", 0.5)
    _keep(store, "a" * 60)
    with pytest.raises(UserError, match=r"message 1 takes more than 0\.5 seconds.* the patterns of “never ends”"):
        compare(store, house, changed(added=HANGS), _always)
