"""`mailflow evaluate`: what it prints, what it is as JSON, and when it ends with 1."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from mailflow.commands.evaluate import evaluate
from mailflow.commands.explain import explain
from mailflow.errors import UserError
from mailflow.evaluation.figures import FIGURES

Run = Callable[..., Result]
CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """Four messages of the corpus, and one that is mislabelled on purpose."""
    lines = [json.loads(line) for line in (CORPUS / "labels.jsonl").read_text("utf-8").splitlines()]
    few = [line for line in lines if line["file"] in {"001.eml", "002.eml", "008.eml", "012.eml"}]
    (tmp_path / "messages").mkdir()
    for line in few:
        (tmp_path / "messages" / line["file"]).write_bytes((CORPUS / "messages" / line["file"]).read_bytes())
    text = "Hello, when is the next open session, and may I come as a visiting researcher? Thanks!"
    few.append({"id": "mislabelled", "kind": "other", "sensitive": False, "subject": "Next open session", "text": text})
    path = tmp_path / "labels.jsonl"
    path.write_text("\n".join(map(json.dumps, few)), encoding="utf-8")
    return path


def test_all_figures_are_one_json_object(run: Run, labels: Path) -> None:
    shown = run(evaluate, str(labels), "--json")
    report = json.loads(shown.stdout)

    assert shown.exit_code == 0
    assert list(report["figures"]) == list(FIGURES)
    assert report["messages"] == 5
    assert report["failed"] == []
    assert report["figures"]["accuracy"] == 0.8
    assert report["kinds"]["confusion"]["other"]["query"] == 1
    assert report["kinds"]["by_kind"]["query"]["precision"] == 0
    assert report["details"]["messages"] == 2
    assert report["stories"]["stories"] == 1
    assert report["answering"]["now"]["coverage"] == 1
    assert report["worst"][0]["file"] == "mislabelled"
    assert report["worst"][0]["reasons"]


def test_a_message_is_judged_as_explain_judges_it(run: Run, labels: Path) -> None:
    explained = json.loads(run(explain, str(CORPUS / "messages/012.eml"), "--json").stdout)
    label = {"file": "012.eml", "kind": "other", "sensitive": False}
    labels.write_text(json.dumps(label), encoding="utf-8")
    (case,) = json.loads(run(evaluate, str(labels), "--json").stdout)["worst"]

    assert case["kind"] == explained["kind"]
    assert case["confidence"] == explained["confidence"]
    assert case["reasons"] == explained["reasons"]


def test_what_mailflow_has_learnt_from_is_counted_and_said_plainly(run: Run, labels: Path) -> None:
    report = json.loads(run(evaluate, str(labels), "--json").stdout)
    shown = run(evaluate, str(labels)).stdout.splitlines()

    assert (report["learnt_from"], report["folds"]) == (4, None)
    assert report["note"].startswith("mailflow has learnt from 4 of these 5 messages: ")
    assert shown[0] == shown[-1] == report["note"]


def test_people_are_shown_every_table_and_the_worst_with_their_reasons(run: Run, labels: Path) -> None:
    shown = run(evaluate, str(labels)).stdout
    for title in (
        "Figures (5 messages):",
        "Kinds: labelled",
        "How sure",
        "Without a person",
        "Training details (2",
        "Identifiers (1",
    ):
        assert title in shown
    assert "1. mislabelled" in shown
    assert "It is other, and taken for query" in shown
    assert "speaks for query" in shown


def test_a_figure_on_the_wrong_side_of_what_is_asked_for_ends_with_1_and_is_told(run: Run, labels: Path) -> None:
    well = run(evaluate, str(labels), "--at-least", "accuracy=0.8", "--at-most", "sensitive_answered=0")
    badly = run(evaluate, str(labels), "--at-least", "accuracy=0.81", "--at-most", "false_alarms=0", "--at-least", "also=0.1")

    assert well.exit_code == 0
    assert badly.exit_code == 1
    assert badly.stderr.splitlines() == [
        "accuracy is 0.8, and at least 0.81 is asked for.",
        "also: there is nothing to measure it on, and at least 0.1 is asked for.",
    ]


def test_wrong_lines_and_unknown_figures_are_the_users_mistake(run: Run, labels: Path) -> None:
    unknown = run(evaluate, str(labels), "--at-least", "f1=0.9")
    assert isinstance(unknown.exception, UserError)
    labels.write_text("{}", encoding="utf-8")
    wrong = run(evaluate, str(labels))
    assert isinstance(wrong.exception, UserError)
    assert "labels.jsonl line 1" in str(wrong.exception)
