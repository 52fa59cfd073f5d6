"""Training details, field by field."""

from datetime import date

import pytest

from mailflow.domain import Action, Format, TrainingDetails
from mailflow.evaluation.details import Match, match_details, score_details

LABELLED = {
    "department": "Department of Earth Sciences",
    "attendees": [15, 20],
    "dates": ["2026-02-09", ["2026-03-02", "2026-03-06"]],
    "contact": "Dr Bea Otieno",
    "action": "request",
}
RANGE = (date(2026, 3, 2), date(2026, 3, 6))


def test_each_field_is_right_wrong_missed_invented_or_silent(judge_by_hand) -> None:
    read = TrainingDetails("earth sciences", 15, (date(2026, 2, 9),), format=Format.ONLINE, action=Action.REQUEST)
    assert match_details(judge_by_hand("training", details=LABELLED, read=read)) == {
        "department": Match.RIGHT,
        "attendees": Match.WRONG,
        "dates": Match.WRONG,
        "format": Match.INVENTED,
        "contact": Match.MISSED,
        "action": Match.RIGHT,
    }


def test_the_order_of_dates_and_of_a_name_does_not_matter(judge_by_hand) -> None:
    read = TrainingDetails("School of Law", (15, 20), (RANGE, date(2026, 2, 9)), contact="Otieno, Dr Bea")
    matches = match_details(judge_by_hand("training", details=LABELLED, read=read))
    assert {field for field, match in matches.items() if match is not Match.RIGHT} == {"department", "format"}
    assert matches["format"] is Match.SILENT


def test_shares_are_of_all_training_mail_and_of_where_something_is_said(judge_by_hand) -> None:
    labelled = {"attendees": 12, "action": "request"}
    scores = score_details(
        [
            judge_by_hand("training", details=labelled, read=TrainingDetails(attendees=12)),
            judge_by_hand("training", details=labelled, read=TrainingDetails(attendees=13)),
            judge_by_hand("training", details={"action": "request"}, read=TrainingDetails()),
            judge_by_hand("training", "query", details=labelled),
            judge_by_hand("training"),
        ]
    )
    attendees = scores.by_field["attendees"]
    assert (scores.messages, scores.untaken) == (4, 1)
    assert attendees.right == 0.5
    assert scores.where_taken["attendees"].right == pytest.approx(2 / 3)
    assert attendees.right_where_said == pytest.approx(1 / 3)
    assert attendees.counts == {Match.RIGHT: 1, Match.WRONG: 1, Match.SILENT: 1, Match.MISSED: 1}
    assert scores.by_field["action"].right == 0.75
    assert scores.by_field["contact"].right_where_said is None
