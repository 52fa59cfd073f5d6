"""The agreed answers that fit a question: which of them are sent, and which only shown to an adviser."""

import time

import pytest

from mailflow.kinds.asking import read_clauses, telling
from mailflow.kinds.query import find_answers
from mailflow.rules import FrequentQuestion, Rules

BRING = FrequentQuestion(
    question="What should I bring?", answer="Only yourself.", words=("bring a laptop", "bring anything", "lunch")
)
DOGS = FrequentQuestion(question="May I bring a dog?", answer="Assistance dogs, gladly.", words=("dog", "my dog", "guide dog*"))


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Hi, do I get a certificate?", "Do I get a certificate?"),
        ("How much does it cost? We have no budget code.", "Does it cost anything?"),
        ("Is it compulsory for postdocs?", "Is it compulsory?"),
        ("when is the next one", "When is the next open session?"),
        ("I am Deaf. Do you book a sign language interpreter?", "What about access?"),
        ("How can I become a facilitator?", "Can I become a facilitator?"),
        ("I wanted to ask whether it is recorded.", "Is it recorded, or is there an e-learning version?"),
    ],
)
def test_a_plain_question_gets_its_agreed_answer(write, rules: Rules, text: str, question: str) -> None:
    best = find_answers(write(text), rules.questions).answers[0]
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
    assert find_answers(write(text), rules.questions).answers == ()


def test_at_most_two_answers_are_sent_best_first_with_scores_up_to_one(write, rules: Rules) -> None:
    text = "How long is it? Does it cost anything? Do I get a certificate? Is it recorded? How do I sign up?"
    found = find_answers(write(text), rules.questions)
    scores = [answer.score for answer in found.answers]
    assert len(scores) == 2
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for answer in (found.answers, found.perhaps) for score in [one.score for one in answer])


def names(found: tuple) -> list[str]:
    return [answer.answer for answer in found]


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Shall I bring a laptop?", True),
        ("Lunch?", True),
        ("Is lunch vegetarian, kosher or halal?", False),  # a word of ours in another question
        ("I forgot to bring a laptop.", False),  # no question
        ("How many may bring a laptop?", False),  # a number is asked for, and the entry speaks of none
        ("Who should bring a laptop?", False),  # a person
    ],
)
def test_it_is_sent_where_a_clause_asks_that_and_hardly_anything_else(write, text: str, sent: bool) -> None:
    found = find_answers(write(text), (BRING,))
    assert names(found.answers) == (["Only yourself."] if sent else [])
    assert names(found.perhaps) == ([] if sent else ["Only yourself."])


def test_of_two_entries_that_one_clause_fits_the_one_is_sent_whose_question_it_takes_up(write) -> None:
    one = find_answers(write("Is lunch for my dog?"), (BRING, DOGS))
    assert names(one.answers) == ["Assistance dogs, gladly."]
    assert names(one.perhaps) == ["Only yourself."]
    both = find_answers(write("May I bring a laptop for my dog?"), (BRING, DOGS))
    assert names(both.answers) == []
    assert sorted(names(both.perhaps)) == ["Assistance dogs, gladly.", "Only yourself."]


def test_one_word_must_be_most_of_the_question_and_several_half(write) -> None:
    assert names(find_answers(write("Is a dog dangerous?"), (DOGS,)).answers) == []
    assert names(find_answers(write("Is a guide dog extraordinarily dangerous?"), (DOGS,)).answers) == [
        "Assistance dogs, gladly."
    ]


def test_a_subject_only_asks_with_a_question_mark(write) -> None:
    assert names(find_answers(write("Hello.", "Lunch"), (BRING,)).answers) == []
    assert names(find_answers(write("Hello.", "Lunch?"), (BRING,)).answers) == ["Only yourself."]


@pytest.mark.parametrize(
    "text", ["so how do i bring", "Can anyone come", "I wonder whether", "any lunch", "(1) is it so", "Please tell me", "Hm?"]
)
def test_a_clause_may_ask_without_a_question_mark(text: str) -> None:
    assert any(clause.asks for clause in read_clauses("", text))


@pytest.mark.parametrize("text", ["When I came it rained.", "Would like to come.", "Has been a good day.", "It is so."])
def test_a_clause_that_begins_like_a_question_need_not_be_one(text: str) -> None:
    assert not any(clause.asks for clause in read_clauses("", text))


def test_dates_names_numbers_and_grammar_carry_no_question() -> None:
    assert telling("Is the hand-out from Tuesday 3 March for Priya also for the other students?") == {"hand"}
    assert telling("Facilitators facilitate") == telling("facilitator")


def test_a_long_text_is_read_in_no_time(write, rules: Rules) -> None:
    began = time.perf_counter()
    for text in ("\n" * 100_000, "and " * 50_000, "is it? " * 20_000, " " * 200_000, "a" * 200_000, "-" * 100_000):
        find_answers(write(text), rules.questions)
    assert time.perf_counter() - began < 3
