"""Knowing again what was learnt from: a figure on it must say so."""

import pytest

from mailflow.domain import Kind
from mailflow.evaluation.known import KnownExamples, count_known
from mailflow.learning.examples import Example, read_examples

TEXT = (
    "Dear team, could you run the Active Bystander workshop for the twelve of us in Plant Sciences some time in March? "
    "Mornings are best, and we have a room with movable chairs."
)


@pytest.fixture(scope="module")
def known() -> KnownExamples:
    other = "Dear team, could you run a stall at our wellbeing fair on the second of June? We have tables and electricity."
    texts = [("A fair", other), ("Workshop?", TEXT), ("Yes", "Yes, please.")]
    return KnownExamples([Example(subject, text, Kind.TRAINING, False, subject) for subject, text in texts])


@pytest.mark.parametrize(
    "text", [TEXT, f"{TEXT} Best wishes, Jo", f"This came from outside. {TEXT}", TEXT.replace(", ", ",\n\n").upper()]
)
def test_a_message_is_known_again_however_it_is_cut_by_now(known: KnownExamples, text: str) -> None:
    assert known.find("Workshop?", text) == 1


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Workshop?", "Dear team, could you run the workshop on allyship for our line managers? There are thirty of them."),
        ("Workshop?", ""),
        ("No", "No, thank you."),
    ],
)
def test_a_message_that_begins_alike_or_says_little_is_new(known: KnownExamples, subject: str, text: str) -> None:
    assert known.find(subject, text) is None


def test_messages_are_counted_that_the_shipped_judges_have_learnt_from(judge_by_hand) -> None:
    learnt = next(example for example in read_examples() if not example.subject)
    judged = [judge_by_hand("query", text=learnt.text), judge_by_hand("query", text="Wann ist der nächste Kurs, bitte?")]
    assert count_known(judged) == 1
