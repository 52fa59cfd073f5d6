"""`mailflow explain --json` is a contract: other programs read it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result

from mailflow.commands.explain import explain
from mailflow.errors import UserError
from mailflow.learnt import keep

Run = Callable[..., Result]
CORPUS = Path(__file__).parents[2] / "corpus/messages"
FIELDS = [
    *("file", "message_id", "kind", "confidence", "sensitive", "automatic", "reasons", "new_text", "also", "details"),
    *("identifiers", "consent", "thread", "reply", "no_reply_reason", "defects"),
]


def explained(run: Run, *paths: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in run(explain, *(str(path) for path in paths), "--json").output.splitlines()]


def test_a_line_holds_exactly_the_fields_of_the_contract(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.eml").write_bytes(b"")
    for line in explained(run, CORPUS / "001.eml", CORPUS / "002.eml", CORPUS / "008.eml", tmp_path / "empty.eml"):
        assert list(line) == FIELDS


def test_a_message_has_a_reply_or_the_reason_for_none(run: Run) -> None:
    request, vacation = explained(run, CORPUS / "001.eml", CORPUS / "002.eml")
    assert request["reply"]["template"] == "training"  # type: ignore[index]
    assert request["no_reply_reason"] is None
    assert vacation["reply"] is None
    assert vacation["automatic"] == "vacation"
    assert vacation["no_reply_reason"]


def test_the_spans_of_identifiers_are_those_of_the_new_text(run: Run) -> None:
    (story,) = explained(run, CORPUS / "008.eml")
    assert story["identifiers"]
    for found in story["identifiers"]:  # type: ignore[attr-defined]
        assert story["new_text"][found["start"] : found["end"]] == found["text"]  # type: ignore[index]


def test_the_messages_of_a_folder_are_named_from_there(run: Run, tmp_path: Path) -> None:
    below = tmp_path / "mails" / "old"
    below.mkdir(parents=True)
    (below / "a.eml").write_bytes((CORPUS / "001.eml").read_bytes())
    (line,) = explained(run, tmp_path / "mails")
    assert line["file"] == "old/a.eml"


def test_an_empty_message_is_explained_by_what_is_wrong_with_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.eml").write_bytes(b"")
    shown = run(explain, str(tmp_path / "empty.eml"), "--json")
    explained = json.loads(shown.output)
    assert "empty" in explained["defects"][0]
    assert explained["reply"] is None


def test_a_path_that_is_not_there_is_the_users_mistake(run: Run) -> None:
    shown = run(explain, "nowhere.eml")
    assert isinstance(shown.exception, UserError)
    assert "nowhere.eml is not there" in str(shown.exception)


@pytest.mark.parametrize("words", [["sure →", "Reply (training)"]])
def test_people_are_told_in_sentences(run: Run, words: list[str]) -> None:
    shown = run(explain, str(CORPUS / "001.eml")).output
    assert all(word in shown for word in words)


def test_it_is_told_beside_the_answers_where_they_are_not_by_what_was_learnt(run: Run, tmp_path: Path) -> None:
    keep(tmp_path / "learnt", b"weights", datetime(2026, 11, 25, tzinfo=UTC), "tom", (), {})
    note = tmp_path / "learnt/0001.json"
    note.write_text(note.read_text().replace('"beside": "', '"beside": "f'))
    shown = run(explain, str(CORPUS / "002.eml"), "--json")
    assert [json.loads(line)["kind"] for line in shown.stdout.splitlines()] == ["automatic"]
    (told,) = shown.stderr.splitlines()
    assert "was learnt with another version of mailflow" in told
