"""A second labelled mailbox, written by another hand: nothing is learnt from it, and no rule was made for a message of it.

How stories are read was mended for the classes of cause that its first figures showed. Whoever mends what fails here takes the
cause, and never the message; floors and ceilings stand a little beside what was measured.
"""

from pathlib import Path

import pytest

from mailflow.evaluation.figures import take_figures
from mailflow.evaluation.judging import judge
from mailflow.evaluation.known import count_known
from mailflow.evaluation.labels import read_labels
from mailflow.evaluation.report import score

LABELS = Path(__file__).parents[2] / "corpus/held_out/labels.jsonl"

FLOORS = {
    "macro_f1": 0.9,
    "people_kept": 1.0,
    "coverage": 0.66,
    "reply_precision": 0.97,
    "sensitive_recall": 0.92,
    "new_text_exact": 0.93,
    "new_text_f1": 0.98,
    "department": 0.55,
    "attendees": 0.62,
    "dates": 0.6,
    "format": 0.74,
    "contact": 0.82,
    "action": 0.78,
    "identifiers_recall": 0.84,
    "identifiers_precision": 0.87,
    "consent": 0.72,
}
CEILINGS = {"false_alarms": 0.04, "sensitive_answered": 0, "lines_lost": 1}


@pytest.fixture(scope="module")
def judged(house, now):
    return list(judge(read_labels([LABELS]), lambda _: house, now))


@pytest.fixture(scope="module")
def figures(judged, house, now) -> dict[str, float | None]:
    return take_figures(score(judged, house, now))


def test_nothing_was_learnt_from_it(judged) -> None:
    assert count_known(judged) == 0


@pytest.mark.parametrize("name", FLOORS)
def test_no_figure_falls_below_its_floor(figures: dict[str, float], name: str) -> None:
    assert figures[name] >= FLOORS[name]


@pytest.mark.parametrize("name", CEILINGS)
def test_no_figure_rises_above_its_ceiling(figures: dict[str, float], name: str) -> None:
    assert figures[name] <= CEILINGS[name]
