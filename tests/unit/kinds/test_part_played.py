"""Who was helped and who was challenged is told where the clause says it by itself, and nowhere else.

Measured by eye: of the stories of tests/corpus 7 of 7 guesses were right, of the forty in fresh_stories.jsonl, at first sight,
2 of 2; another 160 people or so are left to the reviewer.
"""

import json
from pathlib import Path

import pytest

from mailflow.domain import Whose
from mailflow.kinds.identifiers import find_identifiers

FRESH = [json.loads(line)["text"] for line in Path(__file__).with_name("fresh_stories.jsonl").read_text().splitlines()]


def whose(text: str, named: str) -> list[Whose]:
    return [one.whose for one in find_identifiers(text) if named in one.text]


@pytest.mark.parametrize(
    ("text", "named", "part"),
    [
        ("In the lab somebody kept mocking Hanako, so I spoke up.", "Hanako", Whose.HELPED),
        ("In the lab Hanako was being talked over all day.", "Hanako", Whose.HELPED),
        ("There were jokes about Hanako. I checked on her.", "Hanako", Whose.HELPED),
        ("Afterwards I sat next to Hanako and we talked.", "Hanako", Whose.HELPED),
        ("I told Brandon to stop, and he did.", "Brandon", Whose.CHALLENGED),
        ("I took Brandon aside after the meeting.", "Brandon", Whose.CHALLENGED),
        ("I said to Brandon that this was not funny.", "Brandon", Whose.CHALLENGED),
        ("Brandon was shouting at a cleaner.", "Brandon", Whose.CHALLENGED),
        ("I told Brandon what had happened.", "Brandon", Whose.OTHER),
        ("Hanako stopped the meeting.", "Hanako", Whose.OTHER),
        ('He kept mocking her. "Hanako, come here", I said.', "Hanako", Whose.OTHER),
    ],
)
def test_the_clause_says_who_was_helped_and_who_was_challenged(text: str, named: str, part: Whose) -> None:
    assert whose(text, named) == [part]


def test_a_person_has_one_part_wherever_they_are_named() -> None:
    assert whose("They kept mocking Hanako Mori. I asked Hanako to help me.", "Hanako") == [Whose.HELPED] * 2
    assert whose("They kept mocking Hanako. I told Hanako to stop. Hanako left.", "Hanako")[-1] is Whose.OTHER


def test_a_small_group_is_nobodys_but_its_own() -> None:
    assert Whose.GROUP in {one.whose for one in find_identifiers("Please be careful. It's a group of four.")}


def test_of_fresh_stories_only_these_are_guessed() -> None:
    parts = Whose.HELPED, Whose.CHALLENGED
    assert {one.text for text in FRESH for one in find_identifiers(text) if one.whose in parts} == {"Hanako", "Leocadia"}
