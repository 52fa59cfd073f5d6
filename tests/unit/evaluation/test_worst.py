"""The worst twenty, and the floors."""

from dataclasses import replace

import pytest

from mailflow.domain import Consent, StoryReading, TrainingDetails
from mailflow.errors import UserError
from mailflow.evaluation.floors import Bound, broken, read_bounds
from mailflow.evaluation.worst import find_worst

NAMES = ("macro_f1", "false_alarms")


def test_what_harms_people_comes_first_and_what_is_right_not_at_all(judge_by_hand) -> None:
    cases = find_worst(
        [
            judge_by_hand("query", name="right"),
            judge_by_hand("query", "other", sure=0.6, name="filed wrongly"),
            judge_by_hand("query", sensitive=True, name="answered in spite of all"),
            judge_by_hand("other", "automatic", name="never seen"),
            judge_by_hand("other", alarm=True, name="false alarm"),
            judge_by_hand("story", "query", name="answered wrongly"),
        ]
    )
    names = [case.name for case in cases]
    assert names == ["answered in spite of all", "never seen", "answered wrongly", "filed wrongly", "false alarm"]
    assert cases[1].faults[0].text == "It is other, and taken for automatic (97% sure): nobody would see it."


def test_every_sort_of_fault_is_told(judge_by_hand) -> None:
    training = judge_by_hand(
        "training",
        text="a b\nc d",
        new_text="c d",
        ending="c d",
        details={"attendees": 12},
        read=TrainingDetails(department="Law"),
    )
    story = judge_by_hand(
        "story", text="Bea", ending="Bea", new_text="", identifiers=["Bea"], consent="none", read=StoryReading((), Consent.NAMED)
    )
    failed = replace(judge_by_hand("other"), plan=None, failure="Reading it failed.")
    told = {fault.text for case in find_worst([training, story, failed]) for fault in case.faults}
    assert told == {
        "The new text lacks 1 line of the sender's.",
        "Details: department made up, attendees missed.",
        "Not marked: “Bea”.",
        "The consent is none, and read as named.",
        "It cannot be read: Reading it failed.",
    }


def test_twenty_are_told_at_most(judge_by_hand) -> None:
    assert len(find_worst([judge_by_hand("query", "other", sure=0.6)] * 30)) == 20


def test_bounds_hold_up_to_the_figure_that_is_asked_for() -> None:
    bounds = read_bounds(["macro_f1=0.9"], ["false_alarms = 0.07"], NAMES)
    assert bounds == [Bound("macro_f1", 0.9), Bound("false_alarms", 0.07, ceiling=True)]
    assert list(broken(bounds, {"macro_f1": 0.9, "false_alarms": 0.07})) == []
    assert list(broken(bounds, {"macro_f1": 0.8999, "false_alarms": 0.0701})) == [
        "macro_f1 is 0.8999, and at least 0.9 is asked for.",
        "false_alarms is 0.0701, and at most 0.07 is asked for.",
    ]


def test_what_cannot_be_measured_does_not_hold() -> None:
    (told,) = broken([Bound("macro_f1", 0.0)], {"macro_f1": None})
    assert told == "macro_f1: there is nothing to measure it on, and at least 0 is asked for."


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("macrof1=0.9", "'macrof1=0.9' names no figure; write one of macro_f1, false_alarms, as in macro_f1=0.9."),
        ("macro_f1", "'macro_f1' has no number; write for example macro_f1=0.9."),
        ("macro_f1=high", "'macro_f1=high' has no number; write for example macro_f1=0.9."),
        ("macro_f1=nan", "'macro_f1=nan' has no number; write for example macro_f1=0.9."),
    ],
)
def test_a_bound_that_cannot_be_read_is_the_users_mistake(written: str, complaint: str) -> None:
    with pytest.raises(UserError) as mistake:
        read_bounds([written], [], NAMES)
    assert list(mistake.value.problems) == [complaint]
