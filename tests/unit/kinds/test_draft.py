"""The draft of what may be shown: the story without what could tell who somebody is, and without what was said to the Centre."""

import json
from pathlib import Path
from time import perf_counter

import pytest

from mailflow.domain import Consent, Identifier, Ruled, Ruling, Whose
from mailflow.kinds.addressed import addressed
from mailflow.kinds.draft import as_ruled, draft_text, reworded
from mailflow.kinds.identifiers import find_identifiers

TOLD = "I said to Priya Nair that the joke about her accent was not funny. Two people thanked me."
PRIYA = Identifier("Priya Nair", 10, 20, "name", "A name.", Whose.OTHER, "my colleague")
FRESH = [json.loads(line)["text"] for line in Path(__file__).with_name("fresh_stories.jsonl").read_text().splitlines()]


def draft(text: str, *rulings: Ruled, consent: Consent = Consent.ANONYMOUS) -> str:
    return draft_text(text, as_ruled(1, find_identifiers(text), rulings, consent))


def ruled(ruling: Ruling, wording: str = "a friend", start: int = 10, end: int = 20, message: int = 1) -> Ruled:
    return Ruled(message, start, end, TOLD[start:end], "name", Whose.HELPED, ruling, wording)


@pytest.mark.parametrize(
    ("rulings", "shown"),
    [
        ((), "my colleague"),
        ((ruled(Ruling.OPEN, "my colleague"),), "my colleague"),
        ((ruled(Ruling.ACCEPTED, "my colleague"),), "my colleague"),
        ((ruled(Ruling.CHANGED),), "a friend"),
        ((ruled(Ruling.DISMISSED),), "Priya Nair"),
        ((ruled(Ruling.CHANGED, message=2),), "my colleague"),
        ((ruled(Ruling.CHANGED, "somebody", 2, 20),), None),
    ],
)
def test_each_ruling_has_its_place_in_the_draft(rulings: tuple[Ruled, ...], shown: str | None) -> None:
    begins = f"I said to {shown} that" if shown else "I somebody that"
    assert draft(TOLD, *rulings).startswith(begins)


def test_what_a_reviewer_marks_goes_too_and_the_rulings_stand_in_order() -> None:
    own = ruled(Ruling.CHANGED, "the remark", 26, 34)
    entries = as_ruled(1, [PRIYA], [own], Consent.ANONYMOUS)
    assert [(one.start, one.ruling) for one in entries] == [(10, Ruling.OPEN), (26, Ruling.CHANGED)]
    assert draft_text(TOLD, entries).startswith("I said to my colleague that the remark about her accent")


def test_a_writer_who_agreed_to_be_named_keeps_their_name_and_the_writer_is_not_proposed() -> None:
    own = Identifier("Ada Lum", 5, 12, "name", "Their name.", Whose.WRITER, "the writer")
    named, anonymous = (as_ruled(1, [own], (), consent)[0] for consent in (Consent.NAMED, Consent.ANONYMOUS))
    assert (named.wording, anonymous.wording) == ("Ada Lum", "the writer")
    assert draft_text("I am Ada Lum.", [named]) == "I am Ada Lum."


def test_what_is_said_to_the_centre_is_left_out() -> None:
    text = (
        "Dear EDI team,\n\nA man shouted at a woman on the stairs. I asked her the way. She smiled.\n\n"
        "You can use this. Please keep my name out of it, and do not say which stairs.\n\nBest wishes,\nSam"
    )
    assert draft(text) == "A man shouted at a woman on the stairs. I asked her the way. She smiled."


def test_what_somebody_says_in_the_story_stays_in_it() -> None:
    text = 'He told us: "Please do not use my name, and don\'t print it." We all laughed, and he stopped.'
    assert draft(text) == text


def test_of_fresh_stories_this_is_said_to_the_centre_and_nothing_else() -> None:
    said = [" ".join(text[start:end].split()) for text in FRESH for start, end in addressed(text)]
    assert said == [
        "Hello,",
        "You can use it.",
        "Please leave out which kitchen it is.",
        "Dear Rosalind",
        "I have her leave to tell it, and she would rather not be named; I do not mind either way.",
        "Yours Humphrey",
        "dont put my name",
        "Hi!",
        "I would prefer that this is not published, but I'd like you to know.",
        "Good afternoon",
        "Her name stays with me.",
        "Hi there,",
        "Use what you want but not her name.",
        "Dear Madam or Sir,",
        "I'm the only woman on that floor over forty so leave out the floor.",
        "Happy to have my name to it: Norman Achebe.",
        "pls keep it anon",
    ]


def test_lines_that_a_mail_program_broke_are_whole_and_verses_stay() -> None:
    broken = (
        "He was standing there in front of the whole meeting room and\nnobody said a word until I did.\n\nRoses red\nand blue"
    )
    assert (
        draft(broken)
        == "He was standing there in front of the whole meeting room and nobody said a word until I did.\n\nRoses red\nand blue"
    )


@pytest.mark.parametrize(
    ("shown", "before", "after", "becomes"),
    [
        ("I told my colleague off.", "my colleague", "a friend", "I told a friend off."),
        ("My colleague left.", "my colleague", "a friend", "A friend left."),
        ("I told my colleague off.", "my colleague", "", "I told off."),
        ("My colleague saw my colleague.", "my colleague", "a friend", None),
        ("I saw my colleague and my colleague.", "my colleague", "a friend", None),
        ("I told my colleagues off.", "my colleague", "a friend", None),
        ("I told her off.", "my colleague", "a friend", None),
        ("I told her off.", "", "a friend", None),
    ],
)
def test_a_ruling_reaches_a_text_that_somebody_has_edited_where_its_words_stand_once(
    shown: str, before: str, after: str, becomes: str | None
) -> None:
    assert reworded(shown, before, after) == becomes


@pytest.mark.parametrize("piece", ["Dear ", "...", "\n", "\n ", "You can use it. ", "\nthanks\n", "a b. ", "please "])
def test_drafting_takes_no_longer_than_its_length(piece: str) -> None:
    began = perf_counter()
    draft_text(piece * (40_000 // len(piece)), ())
    assert perf_counter() - began < 2
