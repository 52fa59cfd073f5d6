"""What the templates are told."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from mailflow.domain import SMTP, Action, Format, Ourselves, Plan, TrainingDetails, Trouble
from mailflow.reply.values import SESSIONS_SHOWN, Detail, acknowledgement_values, trouble_values, upcoming_sessions
from mailflow.rules import Rules

TODAY = date(2026, 11, 24)


def values(plan: Plan, details: TrainingDetails, rules: Rules, ourselves: Ourselves) -> dict[str, object]:
    return dict(acknowledgement_values(replace(plan, understanding=details), "EDI-0042", rules, ourselves, TODAY, 35))


def test_the_limit_to_a_messages_size_is_the_one_that_is_set(training: Plan, rules: Rules, ourselves: Ourselves) -> None:
    told = acknowledgement_values(training, "EDI-0042", rules, ourselves, TODAY, 2.5)
    assert told["limit"] == "2.5 MB"


def test_only_sessions_to_come_are_named_soonest_first_and_six_at_most(rules: Rules) -> None:
    dates = [session.date for session in upcoming_sessions(rules, TODAY)]
    assert len(dates) == SESSIONS_SHOWN
    assert dates[0] == "Thu 26 Nov 2026"
    assert upcoming_sessions(rules, date(2026, 11, 26))[0].date == "Wed 2 Dec 2026"
    assert upcoming_sessions(rules, date(2999, 1, 1)) == []


def test_every_detail_that_was_understood_is_repeated(training: Plan, rules: Rules, ourselves: Ourselves) -> None:
    details = TrainingDetails(
        department="Physics",
        attendees=12,
        dates=(date(2027, 1, 14), (date(2027, 1, 18), date(2027, 1, 22))),
        dates_in_words=("after Easter",),
        format=Format.IN_PERSON,
        contact="Sam Reed",
    )
    assert values(training, details, rules, ourselves)["details"] == [
        Detail("Department or group", "Physics"),
        Detail("Number of people", "12"),
        Detail("Dates", "Thursday 14 January 2027; Monday 18 January 2027 to Friday 22 January 2027; after Easter"),
        Detail("Format", "in person"),
        Detail("Contact", "Sam Reed"),
    ]
    assert values(training, details, rules, ourselves)["missing"] == []


def test_only_what_is_missing_is_asked_for(training: Plan, rules: Rules, ourselves: Ourselves) -> None:
    details = TrainingDetails(department="Physics", format=Format.ONLINE)
    assert values(training, details, rules, ourselves)["missing"] == [
        "roughly how many people would come",
        "two or three possible dates, with times",
    ]


def test_dates_that_could_not_be_pinned_are_repeated_and_asked_for(training: Plan, rules: Rules, ourselves: Ourselves) -> None:
    told = values(training, TrainingDetails("Physics", 12, (), ("after Easter",), Format.ONLINE), rules, ourselves)
    assert Detail("Dates", "after Easter") in told["details"]  # type: ignore[operator]
    assert told["missing"] == ["two or three possible dates, with times"]


def test_whoever_changes_cancels_or_confirms_is_asked_for_nothing(training: Plan, rules: Rules, ourselves: Ourselves) -> None:
    for action in (Action.CHANGE, Action.CANCEL, Action.CONFIRM):
        assert values(training, TrainingDetails(action=action), rules, ourselves)["missing"] == ()


def test_a_range_of_people_is_told_as_one(training: Plan, rules: Rules, ourselves: Ourselves) -> None:
    told = values(training, TrainingDetails(attendees=(15, 20)), rules, ourselves)["details"]
    assert told == [Detail("Number of people", "15 to 20")]


def test_a_detail_with_a_link_is_not_repeated(training: Plan, rules: Rules, ourselves: Ourselves) -> None:
    assert values(training, TrainingDetails(department="Win: http://evil.example"), rules, ourselves)["details"] == []


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0.2, "1 minute"),
        (2, "2 minutes"),
        (60, "1 hour"),
        (125, "2 hours and 5 minutes"),
        (1440, "1 day"),
        (2 * 1440 + 61, "2 days and 1 hour"),
        (1441, "1 day and 1 minute"),
    ],
)
def test_how_long_a_trouble_lasted_is_said_as_people_say_it(minutes: float, said: str, ourselves: Ourselves) -> None:
    since = datetime(2026, 11, 24, 8, tzinfo=UTC)
    trouble = Trouble(SMTP, since, "Away.", over_at=since + timedelta(minutes=minutes))
    assert trouble_values(trouble, 0, ourselves, UTC, None)["lasted"] == said
