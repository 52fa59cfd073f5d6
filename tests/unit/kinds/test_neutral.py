"""What is proposed in the place of an identifier: the sentence stays readable, and people are told apart."""

import time

import pytest

from mailflow.domain import Consent
from mailflow.kinds.identifiers import find_identifiers
from mailflow.kinds.neutral import proposed_wording, with_wordings


def proposed(text: str) -> str:
    return with_wordings(text, find_identifiers(text))


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("Dear Tom,\n\nit worked.", "Dear all,\n\nit worked."),
        ("Tom, it worked.", "Hello, it worked."),
        ("It was Priya's idea.", "It was my colleague's idea."),
        ("Agnieszka said no.", "My colleague said no."),
        ("My flatmate Priya rang. Later Priya wept.", "My flatmate rang. Later my flatmate wept."),
        ("I asked Dr Lindqvist.", "I asked a senior colleague."),
        ("The Dean was there, and our cleaner.", "A senior member of staff was there, and a member of staff."),
        ("I'm the ward clerk.", "I'm a member of staff."),
        ("We told our gardener Lachlan. Lachlan laughed.", "We told my colleague. My colleague laughed."),
        ("We met in Lab 3.", "We met in a lab on campus."),
        ("We met in room G.14 of the Perkin Building.", "We met in a room on campus."),
        ("It was on 18 June in the Great Hall.", "It was one day."),
        ("On Friday night in Harbour Street he laughed.", "One night he laughed."),
        ("Write to b.ajayi@university.example please.", "Write to an address that is not shown please."),
        ("My CID is 02214583.", "My CID is not shown."),
        ("The candidate 02214583 laughed.", "The candidate laughed."),
        ("I work in the Achterberg group.", "I work in a research group."),
        ("She is the only woman on the panel.", "She is one of the people there."),
        ("There are four of us in Palaeography.", "There are a few of us."),
        ("My name is Priya Nair.", "My name is [name]."),
        ("So @mossy laughed.", "So somebody laughed."),
    ],
)
def test_neutral_words_keep_the_sentence_readable(told: str, shown: str) -> None:
    assert proposed(told) == shown


def test_one_person_keeps_one_wording_and_two_are_told_apart() -> None:
    text = "Then Marcus Adeyemi rang Yolanda. Yolanda told Marcus. Big Stu heard it from Marcus."
    shown = "Then my colleague rang another colleague. The other colleague told my colleague. "
    assert proposed(text) == f"{shown}A third colleague heard it from my colleague."


def test_two_of_one_name_are_two_people() -> None:
    assert proposed("I saw Big Dave and Little Dave.") == "I saw my colleague and another colleague."


def test_a_writer_who_agreed_to_be_named_keeps_their_name_and_nobody_elses_is_kept() -> None:
    text = "I'm Priya Nair, and I told Yolanda."
    found = find_identifiers(text)
    assert [proposed_wording(one, Consent.NAMED) for one in found] == ["Priya Nair", "my colleague"]
    assert proposed(text) == "I'm a member of the University, and I told my colleague."


def test_nothing_else_of_the_text_is_changed() -> None:
    text = "  Two  lads\n\tlaughed.  Nobody said a word.\n"
    assert proposed(text) == text


@pytest.mark.parametrize(
    "piece",
    [
        "A-A-",
        "Zqx Zqy ",
        "my friend Priya, ",
        "the only ",
        "Our Aa-",
        "Ab from Bb ",
        "four of us, ",
        "the chair of the lab ",
        "\n",
    ],
)
def test_four_times_the_text_takes_about_four_times_as_long(piece: str) -> None:
    def cost(size: int) -> float:
        text = piece * (size // len(piece))
        started = time.process_time()
        proposed(text)
        return time.process_time() - started

    cost(1_000)
    assert cost(16_000) < 9 * max(cost(4_000), 0.05)
