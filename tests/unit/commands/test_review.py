"""`mailflow review`: what waits, one story, and the decision, from the command line."""

import json

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from filed import filed_story, held_query
from mailflow.commands.review import app
from mailflow.domain import Consent, StoryState
from mailflow.errors import UserError
from mailflow.store.database import Store
from mailflow.store.tables import events, stories

pytestmark = pytest.mark.usefixtures("store")


def _said(*words: str) -> str:
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def _refused(*words: str) -> str:
    error = CliRunner().invoke(app, words).exception
    assert isinstance(error, UserError)
    assert len(error.problems) == 1
    return error.problems[0]


@pytest.fixture
def reviewer(monkeypatch: pytest.MonkeyPatch) -> str:
    """Whoever gives the command, by the name the system knows."""
    monkeypatch.setenv("LOGNAME", "ada")
    return "ada"


def test_an_empty_queue_is_said() -> None:
    assert _said() == "No story waits for a reviewer.\n"
    assert json.loads(_said("--json")) == []


def test_the_queue_lists_what_waits_and_no_words_of_it(store: Store) -> None:
    with store.writing() as db:
        filed_story(db)
        filed_story(db, StoryState.DECLINED, Consent.NONE)
    said = _said()
    assert "EDI-0001" in said
    assert "EDI-0002" not in said
    assert "Priya" not in said
    assert [line["reference"] for line in json.loads(_said("--json"))] == ["EDI-0001"]
    assert _said("list") == said
    assert _said("list", "--all", "--json") == _said("--all", "--json")
    assert [line["state"] for line in json.loads(_said("--all", "--json"))] == ["declined", "received"]
    assert [line["consent"] for line in json.loads(_said("--state", "declined", "--json"))] == ["none"]


def test_a_story_is_shown_with_its_identifiers_and_the_reading_is_on_record(store: Store, reviewer: str) -> None:
    with store.writing() as db:
        filed_story(db)
    said = _said("show", "edi-1")
    assert "I said to Priya Nair" in said
    assert "Priya Nair (Name, somebody else’s): A name of somebody else." in said
    shown = json.loads(_said("show", "EDI-0001", "--json"))
    assert shown["identifiers"][0]["text"] == "Priya Nair"
    assert shown["messages"][0]["new_text"].startswith("I said to Priya Nair")
    with store.reading() as db:
        assert set(db.execute(select(events.c.who, events.c.what))) == {(reviewer, "read story")}


def test_a_story_cannot_write_to_the_terminal(store: Store) -> None:
    with store.writing() as db:
        filed_story(db, text="Look: \x1b]0;evil\x07\x1b[2J [bold red]not markup[/]\n", identifiers=())
    said = _said("show", "EDI-0001")
    assert "\x1b" not in said
    assert "[bold red]not markup[/]" in said


@pytest.mark.parametrize(
    ("words", "state"),
    [
        (["approve", "EDI-0001"], StoryState.APPROVED),
        (["hold", "EDI-0001", "--reason", "Ask the dean first."], StoryState.IN_REVIEW),
        (["decline", "EDI-0001", "--reason", "It could only be one person."], StoryState.DECLINED),
    ],
)
def test_a_decision_is_taken_in_the_name_of_who_gives_the_command(
    store: Store, reviewer: str, words: list[str], state: StoryState
) -> None:
    with store.writing() as db:
        filed_story(db)
    assert json.loads(_said(*words, "--json")) == {"reference": "EDI-0001", "state": state}
    with store.reading() as db:
        assert tuple(db.execute(select(stories.c.state, stories.c.decided_by)).one()) == (state, reviewer)


def test_a_story_is_approved_on_the_word_that_its_contributor_agreed(store: Store) -> None:
    with store.writing() as db:
        filed_story(db, consent=Consent.UNSTATED)
    assert _said("approve", "EDI-0001", "--agreed") == "EDI-0001 is approved. That is on record; nothing is published by it.\n"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["show", "forty-two"], "is no reference; write one such as EDI-0042."),
        (["show", "EDI-0002"], "There is no story EDI-0002."),
        (["decline", "EDI-0001"], "Say why EDI-0001 is declined: a reason is needed."),
        (["approve", "EDI-0003"], "does not want it published"),
        (["approve", "EDI-0003", "--agreed"], "does not want it published"),
        (["hold", "EDI-0004"], "was taken back by its contributor"),
        (["approve", "EDI-0005"], "has not said that it may be published"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(store: Store, words: list[str], why: str) -> None:
    with store.writing() as db:
        filed_story(db)
        held_query(db)
        filed_story(db, consent=Consent.NONE)
        filed_story(db, StoryState.WITHDRAWN)
        filed_story(db, consent=Consent.UNSTATED)
    assert why in _refused(*words)


@pytest.mark.parametrize("command", [[], ["show"], ["approve"], ["decline"], ["hold"]])
def test_help_has_an_example(command: list[str]) -> None:
    assert "Example: mailflow review" in _said(*command, "--help")
