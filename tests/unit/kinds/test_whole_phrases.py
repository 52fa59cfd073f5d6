"""A mark is as long as what tells who is meant: "the editor of the student paper", and not "the editor"."""

import json
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

import mailflow.classify
from mailflow.domain import Whose
from mailflow.kinds.identifiers import find_identifiers
from mailflow.kinds.neutral import with_wordings

# One sentence a line, written beside the recognisers: no unseen text. What should be marked stands between brackets.
BRACKETED = Path(__file__).with_name("whole_phrases.txt").read_text(encoding="utf-8").splitlines()


def test_nearly_every_phrase_is_marked_and_marked_whole() -> None:
    found = whole = 0
    for line in BRACKETED:
        before, phrase, _ = re.split(r"[\[\]]", line)
        start, end = len(before), len(before) + len(phrase)
        marks = [one for one in find_identifiers(re.sub(r"[\[\]]", "", line)) if one.start < end and start < one.end]
        found += bool(marks)
        whole += any(one.start <= start and end <= one.end + 1 for one in marks)
    assert found / len(BRACKETED) >= 0.95
    assert whole / len(BRACKETED) >= 0.92


def labelled_stories() -> Iterator[tuple[str, list[str]]]:
    """The text and the labelled identifiers of every story among the examples that were written by other hands."""
    for file in Path(mailflow.classify.__file__).with_name("examples").glob("written_[cefg].jsonl"):
        for line in file.read_text(encoding="utf-8").splitlines():
            told = json.loads(line)
            if told["kind"] == "story" and told.get("identifiers"):
                yield told["text"], told["identifiers"]


def test_the_labelled_stories_are_marked_and_marked_whole() -> None:
    wanted = found = whole = 0
    for text, labels in labelled_stories():
        marked = set(chain.from_iterable(range(one.start, one.end) for one in find_identifiers(text)))
        for label in labels:
            for place in re.finditer(rf"(?<!\w){re.escape(label)}(?!\w)", text):
                letters = {at for at in range(*place.span()) if text[at].isalnum()}
                wanted += 1
                found += not letters.isdisjoint(marked)
                whole += letters <= marked
    assert wanted > 250
    assert found / wanted >= 0.94
    assert whole / wanted >= 0.9


@pytest.mark.parametrize(
    "text",
    [
        "The chair in the corner fell over.",
        "I run on Sundays and I keep a diary.",
        "We were in the lift by Friday.",
        "He sat in the end of the row.",
        "I was the first to laugh, and then everybody did.",
        "She left the room of her own accord.",
        "There were three of us.",
    ],
)
def test_phrases_of_the_same_form_that_tell_of_nobody_are_left_alone(text: str) -> None:
    assert find_identifiers(text) == ()


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("The editor of the student paper rang.", "A member of staff rang."),
        ("Our lead for outreach stepped in.", "A senior member of staff stepped in."),
        ("I sent the apprentice for brake fluid.", "I sent a newer colleague for brake fluid."),
        ("The surgeon who teaches knots sighed.", "A senior member of staff sighed."),
        ("I told my tutor Maeve Corrigan.", "I told my colleague."),
        ("Agata, 3rd year Vet Sci, stepped in.", "My colleague stepped in."),
        ("I'm the only man on the rota.", "I'm one of the people there."),
        ("There are six of us in the plant room.", "There are a few of us."),
        ("On 3 May at the allotments we left.", "One day we left."),
        ("I drive the library van.", "I work in a team."),
        ("They all do it in group 7.", "They all do it in one of the groups."),
        ("Student nurse 4417 wept.", "A number that is not shown wept."),
    ],
)
def test_the_sentence_stays_readable(told: str, shown: str) -> None:
    assert with_wordings(told, find_identifiers(told)) == shown


def test_what_writers_say_of_their_own_work_is_theirs() -> None:
    for text in ("I clean in the Crane Building, 5am to 9am.", "I'm the only man on the rota."):
        (identifier,) = find_identifiers(text)
        assert identifier.whose is Whose.WRITER
