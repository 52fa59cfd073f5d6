"""What a person has put right of a training request stays, and what is said otherwise later is kept for them to see."""

from datetime import UTC, date, datetime

import pytest

from mailflow.domain import Action, Format, TrainingDetails
from mailflow.domain.training import (
    Method,
    PlannedSession,
    Understood,
    method_of,
    occasion,
    understood_from_json,
    understood_to_json,
)

ASKED = Understood(TrainingDetails("Chemistry", 20, (date(2027, 1, 14),), ("after the exams",)))


def test_what_nobody_has_touched_follows_the_latest_message() -> None:
    later = ASKED.later(TrainingDetails(attendees=(15, 25), format=Format.ONLINE))
    assert (later.details.department, later.details.attendees, later.details.format) == ("Chemistry", (15, 25), Format.ONLINE)
    assert later.since is None


def test_what_a_person_has_put_right_stays_and_the_rest_follows() -> None:
    right = ASKED.put_right(TrainingDetails("Department of Chemistry", 20, (date(2027, 1, 14),), ("after the exams",)))
    assert right.by_person == ("department",)
    later = right.later(TrainingDetails("Physics", 30))
    assert (later.details.department, later.details.attendees) == ("Department of Chemistry", 30)
    assert later.since == TrainingDetails("Physics")


def test_the_same_said_again_is_no_contradiction() -> None:
    right = ASKED.put_right(TrainingDetails("Physics", 20))
    assert right.later(TrainingDetails("Physics")).since is None


def test_of_two_requests_that_are_one_what_a_person_has_put_right_in_either_stands() -> None:
    right = Understood(TrainingDetails("Physics", 12)).put_right(TrainingDetails("Department of Physics", 12))
    since = right.later(TrainingDetails("Chemistry"))
    other = Understood(TrainingDetails("School of Phys", 30, format=Format.ONLINE))
    for one in (since.joined(other), other.joined(since)):
        assert (one.details.department, one.details.format) == ("Department of Physics", Format.ONLINE)
        assert (one.by_person, one.since) == (("department",), TrainingDetails("Chemistry"))
    assert (since.joined(other).details.attendees, other.joined(since).details.attendees) == (12, 30)
    both = right.joined(other.put_right(TrainingDetails("Maths", 40, format=Format.ONLINE)))
    assert (both.details.department, both.details.attendees) == ("Department of Physics", 40)


def test_what_a_person_has_struck_out_is_not_brought_back_by_another_request() -> None:
    struck = ASKED.put_right(TrainingDetails("Chemistry", 20))
    for one in (struck.joined(ASKED), ASKED.joined(struck)):
        assert (one.details.dates, one.details.dates_in_words) == ((), ())


def test_days_and_the_words_for_days_are_one_thing() -> None:
    right = ASKED.put_right(TrainingDetails("Chemistry", 20, (date(2027, 2, 3),), ("after the exams",)))
    later = right.later(TrainingDetails(dates_in_words=("in spring",)))
    assert later.details == right.details
    assert later.since == TrainingDetails(dates_in_words=("in spring",))


def test_what_a_person_has_emptied_stays_empty() -> None:
    right = ASKED.put_right(TrainingDetails("Chemistry"))
    assert right.later(TrainingDetails(attendees=99)).details.attendees is None


def test_who_puts_it_right_again_has_seen_what_was_said_since() -> None:
    later = ASKED.put_right(TrainingDetails("Physics", 20)).later(TrainingDetails("Biology"))
    assert later.since
    again = later.put_right(TrainingDetails("Biology", 20))
    assert (again.since, "department" in again.by_person) == (None, True)


def test_what_a_message_wants_done_is_always_heard() -> None:
    right = ASKED.put_right(TrainingDetails("Physics", action=Action.CONFIRM))
    assert right.later(TrainingDetails(action=Action.CANCEL)).details.action is Action.CANCEL
    assert right.later(TrainingDetails(action=Action.REQUEST)).details.action is Action.CONFIRM


@pytest.mark.parametrize(
    "understood",
    [Understood(TrainingDetails()), ASKED, ASKED.put_right(TrainingDetails("Physics")).later(TrainingDetails("Biology", 3))],
)
def test_it_is_kept_as_plain_json(understood: Understood) -> None:
    assert understood_from_json(understood_to_json(understood)) == understood


def test_an_occasion_says_what_calendars_were_told() -> None:
    assert {method_of(occasion(method, "EDI-0042", 3)) for method in Method} == set(Method)
    assert occasion(Method.REQUEST, "EDI-0042", 3) == "invitation:case:EDI-0042:3"


@pytest.mark.parametrize(
    ("place", "is_link"),
    [("https://x.example/a", True), ("Room https://x.example", False), ("https://x.example or Room 1", False)],
)
def test_a_place_is_a_link_or_is_none(place: str, is_link: bool) -> None:

    now = datetime(2027, 1, 14, tzinfo=UTC)
    assert bool(PlannedSession(now, now, place).link) is is_link
