"""The shipped corpus, judged once as `mailflow evaluate` judges it; floors and ceilings stand a little beside what was measured.

The learnt model knows most of these messages, so what is held here is the reading; how well kinds are told apart, and what is
answered, is measured on new mail (tests/unit/classify/test_unseen.py and test_held_out.py).
"""

from pathlib import Path

import pytest

from mailflow.evaluation.figures import take_figures
from mailflow.evaluation.judging import judge
from mailflow.evaluation.labels import read_labels
from mailflow.evaluation.report import score

LABELS = Path(__file__).parents[2] / "corpus/labels.jsonl"

FLOORS = {
    "people_kept": 1.0,
    "new_text_exact": 0.97,
    "new_text_f1": 0.985,
    "department": 0.92,
    "attendees": 0.94,
    "dates": 0.94,
    "format": 0.94,
    "contact": 0.94,
    "action": 0.96,
    "identifiers_recall": 0.9,
    "identifiers_covered": 0.78,
    "identifiers_precision": 0.8,
    "consent": 0.85,
}
CEILINGS = {"sensitive_answered": 0, "lines_lost": 0}


@pytest.fixture(scope="module")
def figures(house, now) -> dict[str, float | None]:
    return take_figures(score(list(judge(read_labels([LABELS]), lambda _: house, now)), house, now))


@pytest.mark.parametrize("name", FLOORS)
def test_no_figure_falls_below_its_floor(figures: dict[str, float], name: str) -> None:
    assert figures[name] >= FLOORS[name]


@pytest.mark.parametrize("name", CEILINGS)
def test_no_figure_rises_above_its_ceiling(figures: dict[str, float], name: str) -> None:
    assert figures[name] <= CEILINGS[name]
