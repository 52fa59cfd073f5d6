"""Kinds and their confidence: a handful of messages, and the figures that belong to them."""

import pytest

from mailflow.domain import Kind
from mailflow.evaluation.confidence import calibration_error, score_confidence
from mailflow.evaluation.kinds import score_kinds


def test_the_figures_of_a_kind_are_those_of_its_row_and_column(judge_by_hand) -> None:
    judged = [judge_by_hand("training"), judge_by_hand("training"), judge_by_hand("training", "query"), judge_by_hand("query")]
    scores = score_kinds(judged)
    training, query = scores.by_kind[Kind.TRAINING], scores.by_kind[Kind.QUERY]

    assert scores.confusion[Kind.TRAINING, Kind.QUERY] == 1
    assert (training.precision, training.recall, training.f1) == (1, pytest.approx(2 / 3), pytest.approx(0.8))
    assert (query.precision, query.recall, query.f1) == (0.5, 1, pytest.approx(2 / 3))
    assert scores.macro_f1 == pytest.approx((0.8 + 2 / 3) / 2)
    assert scores.accuracy == 0.75


def test_a_kind_that_no_label_names_does_not_count_for_the_mean(judge_by_hand) -> None:
    scores = score_kinds([judge_by_hand("training"), judge_by_hand("training", "other")])
    assert scores.macro_f1 == pytest.approx(2 / 3)
    assert scores.by_kind[Kind.STORY].f1 is None
    assert scores.by_kind[Kind.OTHER].recall is None


def test_a_person_whose_mail_is_put_away_as_a_machines_is_counted_and_named(judge_by_hand) -> None:
    scores = score_kinds(
        [
            judge_by_hand("automatic"),
            judge_by_hand("query"),
            judge_by_hand("other", "automatic", name="lost.eml"),
            judge_by_hand("other", "automatic", sure=0.5, name="held.eml"),
        ]
    )
    assert scores.people_ignored == ("lost.eml",)
    assert scores.people_kept == pytest.approx(2 / 3)


def test_a_second_kind_counts_where_label_or_mailflow_name_one(judge_by_hand) -> None:
    both = judge_by_hand("training", second="query", also="query")
    scores = score_kinds([both, judge_by_hand("training", second="query"), judge_by_hand("training")])
    assert scores.also == 0.5


def test_bands_hold_how_sure_mailflow_was_and_how_often_right(judge_by_hand) -> None:
    judged = [judge_by_hand("query", sure=0.8), judge_by_hand("query", "story", sure=0.86), judge_by_hand("query", sure=1.0)]
    eighty, sure = score_confidence(judged)

    assert (eighty.low, eighty.high, eighty.messages, eighty.right) == (0.8, 0.9, 2, 1)
    assert eighty.confidence == pytest.approx(0.83)
    assert (sure.messages, sure.high) == (1, 1.0)
    assert calibration_error([eighty, sure]) == pytest.approx(0.66 / 3)
    assert calibration_error([]) is None
