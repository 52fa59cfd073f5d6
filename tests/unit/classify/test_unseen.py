"""Floors on mail that the model has not learnt from (five folds; a little below what was measured)."""

import pytest

from bench.unseen import Figures, classify_unseen, measure
from mailflow.classify.judgement import Trust
from mailflow.classify.judges import load_judges
from mailflow.learning.examples import read_examples
from mailflow.learning.unseen import judge_unseen
from mailflow.learning.weights import learn


@pytest.fixture(scope="module")
def unseen(shipped) -> Figures:
    examples = read_examples()
    judgements = judge_unseen(examples)
    # The trust is that of the shipped file: a handful of numbers, fitted on these same folds.
    return measure(examples, classify_unseen(examples, judgements, shipped, load_judges().trust), shipped)


def test_kinds_are_told_apart(unseen):
    assert unseen.macro_f1 > 0.86


def test_what_is_answered_without_a_person_is_rightly_answered(unseen):
    assert unseen.answered_rightly > 0.94
    assert unseen.answered > 0.36
    assert unseen.sensitive_answered <= 7


def test_disclosures_are_caught_without_crying_wolf(unseen):
    assert unseen.sensitive_recall > 0.87
    assert unseen.false_alarms < 0.067


def test_a_person_is_not_taken_for_a_machine(unseen):
    assert unseen.humans_taken_for_machines <= 0.005


def test_the_same_examples_give_the_same_weights():
    examples = read_examples()[::10]
    assert learn(examples, Trust()) == learn(examples, Trust())
