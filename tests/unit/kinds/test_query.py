"""The agreed answers that fit a question."""

import pytest

from mailflow.kinds.query import find_answers
from mailflow.rules import Rules


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Hi, do I get a certificate for my portfolio?", "Do I get a certificate?"),
        ("How much does it cost? We have no budget code.", "Does it cost anything?"),
        ("Is it compulsory for postdocs?", "Is it compulsory?"),
        ("when is the next one", "When is the next open session?"),
        ("I am Deaf. Do you book a sign language interpreter?", "What about access?"),
        ("How can I become a facilitator?", "Can I become a facilitator?"),
    ],
)
def test_a_plain_question_gets_its_agreed_answer(write, rules: Rules, text: str, question: str) -> None:
    best = find_answers(write(text), rules).answers[0]
    assert best.question == question
    assert best.answer == next(entry.answer for entry in rules.questions if entry.question == question)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hello.",
        "Do you have the little cards with the four steps?",
        "Is there parking at Hodgkin?",
        "Which of the four would it be?",
    ],
)
def test_nothing_is_answered_where_unsure(write, rules: Rules, text: str) -> None:
    assert find_answers(write(text), rules).answers == ()


def test_at_most_two_answers_best_first_with_scores_up_to_one(write, rules: Rules) -> None:
    text = "How long is it? Does it cost anything? Do I get a certificate? Is it recorded? How do I sign up?"
    scores = [answer.score for answer in find_answers(write(text), rules).answers]
    assert len(scores) == 2
    assert scores == sorted(scores, reverse=True)
    assert all(0.5 <= score <= 1 for score in scores)
