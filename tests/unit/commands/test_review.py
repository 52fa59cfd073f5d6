"""`mailflow review`: what waits, one story, and the decision, from the command line."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from filed import SHOWN, filed_message, filed_story, held_query, raw_mail, ready_story
from mailflow.commands.review import app
from mailflow.domain import Consent, StoryState
from mailflow.errors import UserError
from mailflow.store.database import Store
from mailflow.store.tables import events, stories

ROOT = Path(__file__).parents[3]
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
    ("words", "begins", "state"),
    [
        (["approve", "EDI-0001", "--checked"], StoryState.IN_REVIEW, StoryState.APPROVED),
        (["publish", "EDI-0001"], StoryState.APPROVED, StoryState.PUBLISHED),
        (["take-down", "EDI-0001"], StoryState.PUBLISHED, StoryState.IN_REVIEW),
        (["themes", "EDI-0001"], StoryState.IN_REVIEW, StoryState.THEMES),
        (["hold", "EDI-0001", "--reason", "Ask the dean first."], StoryState.APPROVED, StoryState.IN_REVIEW),
        (["decline", "EDI-0001", "--reason", "It could only be one person."], StoryState.IN_REVIEW, StoryState.DECLINED),
    ],
)
def test_a_decision_is_taken_in_the_name_of_who_gives_the_command(
    store: Store, reviewer: str, words: list[str], begins: StoryState, state: StoryState
) -> None:
    with store.writing() as db:
        ready_story(db, begins, approved_by=("bo",) if begins is StoryState.APPROVED else (), agreed=True)
    assert json.loads(_said(*words, "--json")) == {"reference": "EDI-0001", "state": state}
    with store.reading() as db:
        assert tuple(db.execute(select(stories.c.state, stories.c.decided_by)).one()) == (state, reviewer)


def test_the_folder_follows_a_decision_at_once_and_where_it_cannot_that_is_told(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "website"
    monkeypatch.setenv("MAILFLOW_STORIES_FOLDER", str(folder))
    with store.writing() as db:
        ready_story(db, StoryState.APPROVED, approved_by=("bo",), agreed=True)
    _said("publish", "EDI-0001")
    assert SHOWN.shown in (folder / "index.html").read_text()
    _said("take-down", "EDI-0001")
    assert SHOWN.shown not in (folder / "index.html").read_text()
    _said("approve", "EDI-0001", "--checked")
    shutil.rmtree(folder)
    folder.write_text("No folder.")
    result = CliRunner().invoke(app, ["publish", "EDI-0001"])
    assert (result.exit_code, result.stdout) == (1, "EDI-0001 (published): Published: anybody can read it now.\n")
    assert "It is done, but not in the folder of the website yet." in result.stderr


def test_a_story_is_approved_on_the_word_that_its_contributor_agreed(store: Store) -> None:
    with store.writing() as db:
        ready_story(db, consent=Consent.UNSTATED)
    said = _said("approve", "EDI-0001", "--checked", "--agreed", "By telephone.")
    assert said == "EDI-0001 (approved): Approved. That is on record; nothing is published by it.\n"


def test_as_many_approve_as_the_rules_say(store: Store, reviewer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    strict = (ROOT / "rules.toml").read_text().replace("reviewers = 1", "reviewers = 2")
    (tmp_path / "strict.toml").write_text(strict)
    monkeypatch.setenv("MAILFLOW_RULES", str(tmp_path / "strict.toml"))
    with store.writing() as db:
        ready_story(db, agreed=True)
    assert _said("approve", "EDI-0001", "--checked") == "EDI-0001 (in review): 1 of 2 have approved it.\n"
    assert "a second reviewer" in _refused("approve", "EDI-0001", "--checked")
    monkeypatch.setenv("LOGNAME", "bo")
    assert json.loads(_said("approve", "EDI-0001", "--checked", "--json"))["state"] == "approved"


def test_what_may_be_shown_is_written_from_a_file_or_as_it_is_proposed(store: Store, tmp_path: Path) -> None:
    with store.writing() as db:
        filed_story(db)
    assert _said("write", "EDI-0001", "--title", "A word") == "EDI-0001 (in review): Saved.\n"
    shown = json.loads(_said("show", "EDI-0001", "--json"))
    assert (shown["title"], shown["version"]) == ("A word", 1)
    assert shown["text"].startswith("I said to")
    assert "Priya" not in shown["text"]
    (tmp_path / "story.txt").write_text("I said something.\n")
    _said("write", "EDI-0001", "--text", str(tmp_path / "story.txt"))
    said = _said("show", "EDI-0001")
    assert "A word\nI said something." in said
    assert "A colleague could not tell who the contributor is." in said
    assert "cannot be read" in _refused("write", "EDI-0001", "--text", "nowhere.txt")


def test_a_contributor_is_asked_and_their_answer_goes_on_record(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILFLOW_MODE", "live")
    with store.writing() as db:
        ready_story(db)
    assert "> A word in time" in _said("ask", "EDI-0001", "--preview")
    assert _said("ask", "EDI-0001") == (
        "EDI-0001 (contributor asked): The question is on its way to the contributor. Their answer comes back here.\n"
    )
    assert "Name the message" in _refused("confirm", "EDI-0001", "yes")
    with store.writing() as db:
        filed_message(db, 1, raw_mail("Yes"), received_at=datetime.now(UTC) + timedelta(minutes=1))
    assert "Message 2 may be the answer" in _said("show", "EDI-0001")
    assert json.loads(_said("confirm", "EDI-0001", "yes", "--json"))["state"] == "consented"
    assert _said("approve", "EDI-0001", "--checked").startswith("EDI-0001 (approved): ")


def test_in_rehearsal_nobody_is_asked(store: Store) -> None:
    with store.writing() as db:
        ready_story(db)
    assert "nothing has left" in _said("ask", "EDI-0001")
    assert "was not asked yet" in _refused("confirm", "EDI-0001", "yes")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["show", "forty-two"], "is no reference; write one such as EDI-0042."),
        (["show", "EDI-0002"], "There is no story EDI-0002."),
        (["decline", "EDI-0001"], "Say why EDI-0001 is declined: a reason is needed."),
        (["approve", "EDI-0003"], "does not want it published"),
        (["approve", "EDI-0003", "--agreed", "By telephone."], "does not want it published"),
        (["hold", "EDI-0004"], "was taken back by its contributor"),
        (["approve", "EDI-0005"], "has not said that it may be published"),
        (["approve", "EDI-0006"], "Tick every line of the checklist"),
        (["approve", "EDI-0007", "--checked"], "has not seen this text yet: ask them, or say how they have agreed to it."),
        (["publish", "EDI-0001"], "must be approved before you publish it"),
        (["take-down", "EDI-0001"], "there is nothing to take down"),
        (["write", "EDI-0004"], "its text is not worked on any more"),
        (["ask", "EDI-0001"], "Nothing is written yet"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(store: Store, words: list[str], why: str) -> None:
    with store.writing() as db:
        filed_story(db)
        held_query(db)
        filed_story(db, consent=Consent.NONE)
        filed_story(db, StoryState.WITHDRAWN)
        ready_story(db, consent=Consent.UNSTATED)
        ready_story(db, text=replace(SHOWN, checked=()), agreed=True)
        ready_story(db, consent=Consent.NAMED)
    assert why in _refused(*words)


@pytest.mark.parametrize("command", [[], *([one.name or one.callback.__name__] for one in app.registered_commands)])  # type: ignore
def test_help_has_an_example(command: list[str]) -> None:
    assert "Example: mailflow review" in _said(*command, "--help")
