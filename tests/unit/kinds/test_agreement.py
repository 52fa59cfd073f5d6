"""A contributor's answer is read as yes, change or no where that is clear; and never as a yes that was not given.

answers_to_askings.jsonl was written before the rules were: 40 answers, of which 31 were read rightly at first sight and 9 as
unclear; then 32 more, of which 19 were read rightly, 11 as unclear, and 2 as a change that were none.
"""

import json
from pathlib import Path
from time import perf_counter

import pytest

from mailflow.domain import Agreement
from mailflow.kinds.agreement import read_agreement

ANSWERS = [json.loads(line) for line in Path(__file__).with_name("answers_to_askings.jsonl").read_text().splitlines()]
NO_YES = [
    "Yes you may not publish it",
    "Yes, for the team only.",
    "Yes it is okay to share it with your team, not on the website",
    "I am happy. Just not with the title.",
    "Yes, as long as nobody learns where it was.",
    "I agree with everything, except publication.",
    "Of course it is not OK",
    "Good, but no.",
    "No yes",
    "Great! When?",
    "Yes...",
    "OK, received.",
    "OK, I will read it.",
    "Great story",
    "It was good of you",
    "I am happy you are asking.",
    "We are happy to be sent this.",
    "It's all good work that you do",
    "Yes. The man on the stairs was my brother.",
    "Happy to talk.",
    "",
    "Yes " * 2_000,
    "Thank you for asking first.",
    "Yes, thank you for asking first my manager.",
]
PLAIN_YES = [
    "Go ahead",
    "OK by me, thanks for checking",
    "Yes, I am happy for it to appear exactly like this. Thank you for asking first.",
    "Go ahead, and thanks for checking with me first.",
]


def test_most_answers_are_read_and_the_others_left_to_a_person() -> None:
    read = [(read_agreement(answer["text"])[0], Agreement(answer["answer"])) for answer in ANSWERS]
    assert len(read) == 72
    assert sum(found is meant for found, meant in read) >= 70
    assert all(found in (meant, Agreement.UNCLEAR) for found, meant in read)


@pytest.mark.parametrize("text", NO_YES)
def test_no_yes_is_read_that_was_not_given(text: str) -> None:
    assert read_agreement(text)[0] is not Agreement.YES


@pytest.mark.parametrize("text", PLAIN_YES)
def test_thanks_for_the_question_are_no_more_than_a_yes(text: str) -> None:
    assert read_agreement(text)[0] is Agreement.YES


def test_the_reason_is_a_sentence_without_a_word_of_theirs() -> None:
    assert read_agreement("Yes, but take out the kitchen please.") == (Agreement.CHANGE, "It asks for a change.")
    assert read_agreement("No. Yes.")[1] == "It says no, and something else besides."


def test_a_name_below_the_answer_is_no_part_of_it() -> None:
    assert read_agreement("Yes\nSam", "Sam Ode")[0] is Agreement.YES
    assert read_agreement("Yes\nKitchen", "Sam Ode")[0] is Agreement.UNCLEAR


@pytest.mark.parametrize("piece", ["no ", "rather that it was not ", "the text is ", "please ", "take out ", "yes, ", "\n"])
def test_reading_takes_no_longer_than_its_length(piece: str) -> None:
    began = perf_counter()
    read_agreement(piece * (4_000 // len(piece)))
    assert perf_counter() - began < 0.5
