"""Identifiers and consent of stories, and the sort of what is labelled."""

import pytest

from mailflow.domain import Consent, Identifier, StoryReading
from mailflow.evaluation.sorts import sort_by_form
from mailflow.evaluation.stories import match_story, score_stories

TEXT = "Bea Otieno stepped in.\nLater Bea\nOtieno and our apprentice met O’Hara's Bea in the lab."


def marked(*texts: str, sort: str = "name", consent: Consent = Consent.UNSTATED) -> StoryReading:
    places = [(text, TEXT.index(text)) for text in texts]
    return StoryReading(tuple(Identifier(text, at, at + len(text), sort, "") for text, at in places), consent)


def test_what_is_overlapped_is_found_and_what_is_marked_everywhere_is_covered(judge_by_hand) -> None:
    labelled = ["Bea Otieno", "our apprentice", "O'Hara", "the porter"]
    read = marked("Bea Otieno", "our apprentice", "O’Hara", "in the lab")
    match = match_story(judge_by_hand("story", text=TEXT, identifiers=labelled, read=read))

    assert match
    assert match.found == ("Bea Otieno", "our apprentice", "O'Hara")
    # Her name stands a second time, over a line break, and is not marked there.
    assert match.covered == ("our apprentice", "O'Hara")
    assert match.missed == ("the porter",)
    assert [mark.text for mark in match.wrong] == ["in the lab"]


def test_a_name_within_a_longer_word_is_not_that_name(judge_by_hand) -> None:
    match = match_story(
        judge_by_hand(
            "story", text="The lens broke.", identifiers=["len"], read=StoryReading((Identifier("lens", 4, 8, "name", ""),))
        )
    )
    assert match
    assert match.missed == ("len",)


def test_recall_and_precision_are_told_by_sort_and_of_all(judge_by_hand) -> None:
    story = judge_by_hand(
        "story", text=TEXT, identifiers=["Bea Otieno", "our apprentice", "O'Hara"], read=marked("Bea Otieno", "the lab")
    )
    untaken = judge_by_hand("story", "query", text="Write to a@b.example", identifiers=["a@b.example"])
    scores = score_stories([story, untaken, judge_by_hand("story", text="not labelled")])

    assert (scores.stories, scores.untaken) == (2, 1)
    assert (scores.all_sorts.recall, scores.all_sorts.precision, scores.coverage) == (0.25, 0.5, 0)
    assert (scores.where_taken.recall, scores.where_taken.precision) == (pytest.approx(1 / 3), 0.5)
    assert (scores.by_sort["name"].recall, scores.by_sort["name"].precision) == (0.5, 0.5)
    assert (scores.by_sort["role"].recall, scores.by_sort["role"].precision) == (0, None)
    assert scores.by_sort["email"].recall == 0


def test_consent_is_right_where_it_is_read_as_labelled(judge_by_hand) -> None:
    scores = score_stories(
        [
            judge_by_hand("story", text=TEXT, consent="named", read=marked(consent=Consent.NAMED)),
            judge_by_hand("story", text=TEXT, consent="none", read=marked(consent=Consent.ANONYMOUS)),
            judge_by_hand("story", "other", text=TEXT, consent="anonymous"),
            judge_by_hand("story", text=TEXT),
        ]
    )
    assert scores.consent == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("Parisa Golzari", "name"),
        ("S.T.", "name"),
        ("b.ajayi@university.example", "email"),
        ("https://blog.example/me", "link"),
        ("@mossy", "link"),
        ("07700 900262", "phone"),
        ("ext 41877", "phone"),
        ("Room 2.20", "room"),
        ("Hodgkin 2.11", "room"),
        ("02214583", "number"),
        ("candidate 01987654", "number"),
        ("On 18 June at the Teide station", "date-place"),
        ("the only woman on the panel", "group"),
        ("the Achterberg group", "unit"),
        ("our apprentice", "role"),
        ("Head of Conservation", "role"),
    ],
)
def test_the_form_of_a_labelled_text_tells_its_sort(text: str, sort: str) -> None:
    assert sort_by_form(text) == sort
