"""Answering and alarms: what needs no person, how rightly, and what becomes of sensitive mail."""

from dataclasses import replace

import pytest

from mailflow.evaluation.alarms import score_alarms
from mailflow.evaluation.answering import score_answering


@pytest.fixture
def judged(judge_by_hand):
    """Nine messages: five settled, three of those answered, of which one rightly; four wait for a person."""
    return [
        judge_by_hand("training", sure=0.95, name="answered rightly"),
        judge_by_hand("query", "story", sure=0.85, name="answered as a story"),
        judge_by_hand("story", sure=0.9, sensitive=True, name="sensitive and answered"),
        judge_by_hand("other", sure=0.9, name="filed"),
        judge_by_hand("automatic", sure=0.99, name="ignored"),
        judge_by_hand("query", sure=0.7, name="unsure"),
        judge_by_hand("other", sure=0.9, alarm=True, sensitive=True, name="alarm"),
        judge_by_hand("training", sure=0.9, alarm=True, name="false alarm"),
        judge_by_hand("query", sure=0.9, alarm=True, name="another"),
    ]


def test_what_needs_no_person_is_answered_filed_or_ignored(judged, house, now) -> None:
    as_it_is = score_answering(judged, house, now).now
    assert as_it_is.coverage == 5 / 9
    assert as_it_is.settled_precision == 3 / 5
    assert as_it_is.answered_share == 3 / 9
    assert as_it_is.reply_precision == pytest.approx(1 / 3)


def test_the_curve_tells_what_another_confidence_would_change(judged, house, now) -> None:
    curve = dict(score_answering(judged, house, now).curve)
    assert [curve[at].answered for at in (0.6, 0.7, 0.8, 0.9, 0.95, 0.975)] == [4, 4, 3, 2, 1, 0]
    assert curve[0.95].reply_precision == 1
    assert curve[0.975].reply_precision is None
    # What is not answered keeps the confidence of its own kind.
    assert curve[0.975].settled == 2


def test_at_the_confidence_of_rules_toml_the_curve_tells_what_is_so_now(judged, house, now) -> None:
    scores = score_answering(judged, house, now)
    assert dict(scores.curve)[0.8] == scores.now


def test_sensitive_mail_is_caught_missed_or_even_answered(judged) -> None:
    scores = score_alarms(judged)
    assert scores.recall == 0.5
    assert scores.false_alarm_rate == pytest.approx(2 / 7)
    assert scores.precision == pytest.approx(1 / 3)
    assert scores.missed == scores.answered == ("sensitive and answered",)


def test_what_cannot_be_read_waits_for_a_person(judge_by_hand, house, now) -> None:
    failed = replace(judge_by_hand("other", sensitive=True), plan=None, failure="Reading it failed.")
    scores = score_answering([failed], house, now)
    assert (scores.now.coverage, scores.now.answered_share, scores.now.reply_precision) == (0, 0, None)
    assert score_alarms([failed]).recall == 0
