"""How often the agreed answers that are given are to the point: measured on questions labelled by reading, before any was run.

agreed_answers.jsonl says which entries of tests/corpus/programme.md answer the queries of the corpus and of the learnt texts (by
number; none for two in five of them), written_queries.jsonl holds more, written for this. Only `new` says what to expect of other
people's mail: at first sight 3 in 20 were answered, and 6 of 9 answers were to the point. `developed` were looked at while the
room was built, `looked at` and `written` since, and words in rules.toml were taken from them.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailflow.domain import Email, Ourselves
from mailflow.kinds.query import find_answers
from mailflow.message.parse import read
from mailflow.rules import Rules

HERE = Path(__file__).parent
CORPUS, EXAMPLES = HERE.parents[1] / "corpus", HERE.parents[2] / "mailflow/classify/examples"
OURSELVES = Ourselves("edi.centre@university.example")

Asked = list[tuple[Email, set[int]]]


def lines(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def labelled(write) -> dict[str, Asked]:
    """The questions and the numbers of the answers to them, by group."""
    examples = [*EXAMPLES.glob("texts_[abc].jsonl"), *EXAMPLES.glob("written_[abcfg].jsonl")]
    known = {line["id"]: write(line["text"], line["subject"]) for file in examples for line in lines(file)}
    groups: dict[str, Asked] = {"developed": [], "looked at": [], "written": [], "new": []}
    for line in lines(HERE / "agreed_answers.jsonl"):
        name = line["id"]
        email = read((CORPUS / f"messages/{name}.eml").read_bytes(), OURSELVES) if name.isdigit() else known[name]
        groups[_group(name)].append((email, set(line["answers"])))
    for line in lines(HERE / "written_queries.jsonl"):
        groups["written"].append((write(line["text"], line["subject"]), set(line["answers"])))
    return groups


def _group(name: str) -> str:
    if name.startswith(("wf", "wg")):
        return "new"
    return "developed" if name.isdigit() or name.startswith("a") else "looked at"


def found(asked: Asked, rules: Rules, *, perhaps: bool) -> Iterator[tuple[set[int], set[int]]]:
    """What is given for each question, and what fits it."""
    number = {entry.question: place for place, entry in enumerate(rules.questions, 1)}
    for email, right in asked:
        answers = find_answers(email, rules.questions)
        given = answers.answers + answers.perhaps if perhaps else answers.answers
        yield {number[answer.question] for answer in given}, right


@pytest.mark.parametrize(("group", "covered"), [("developed", 0.49), ("looked at", 0.29), ("written", 0.56), ("new", 0.12)])
def test_what_is_sent_is_to_the_point_and_answers_many(labelled, rules: Rules, group: str, covered: float) -> None:
    results = list(found(labelled[group], rules, perhaps=False))
    answered = [bool(given & right) for given, right in results if right]
    assert sum(answered) / len(answered) >= covered


@pytest.mark.parametrize(("groups", "least", "wrongly"), [(("developed", "looked at", "written"), 75, 0.05), (("new",), 6, 0.3)])
def test_what_is_sent_is_seldom_beside_the_point(
    labelled, rules: Rules, groups: tuple[str, ...], least: int, wrongly: float
) -> None:
    results = [result for group in groups for result in found(labelled[group], rules, perhaps=False)]
    wrong, given = sum(len(given - right) for given, right in results), sum(len(given) for given, _ in results)
    assert given > least
    assert wrong / given <= wrongly


@pytest.mark.parametrize(("group", "covered"), [("developed", 0.84), ("looked at", 0.71), ("written", 0.85), ("new", 0.45)])
def test_an_adviser_is_shown_the_answer_to_most_questions_that_have_one(
    labelled, rules: Rules, group: str, covered: float
) -> None:
    results = list(found(labelled[group], rules, perhaps=True))
    answered = [bool(given & right) for given, right in results if right]
    assert sum(answered) / len(answered) >= covered
    assert all(len(given) <= 4 for given, _ in results)


def test_the_entries_stand_in_the_order_of_the_programmes_page(rules: Rules) -> None:
    page = (CORPUS / "programme.md").read_text(encoding="utf-8")
    assert all(f"{place}. **{entry.question}**" in page for place, entry in enumerate(rules.questions, 1))
