"""When a digest is due: once a day that has one, whatever the clocks and the daemon do, and nothing is left unreported."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailflow.digest.schedule import SETTLING, due, moment, so_far
from mailflow.domain import DigestPeriod
from mailflow.rules import DigestRules

LONDON = ZoneInfo("Europe/London")
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WORKING_DAYS = DigestRules()
EVERY_NIGHT = DigestRules(time=time(1, 30), days=WEEK)
MONDAY = DigestPeriod(date(2026, 11, 23), datetime(2026, 11, 20, 8, tzinfo=UTC), datetime(2026, 11, 23, 8, tzinfo=UTC))
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
STEP = timedelta(minutes=7)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=LONDON)


def test_a_digest_is_due_once_its_time_has_come_and_all_before_it_is_committed() -> None:
    assert due(WORKING_DAYS, LONDON, at(24, 8), MONDAY, LONG_AGO) is None
    settled = at(24, 8) + SETTLING
    assert due(WORKING_DAYS, LONDON, settled, MONDAY, LONG_AGO) == DigestPeriod(date(2026, 11, 24), MONDAY.until, at(24, 8))


def test_the_day_that_has_its_digest_gets_no_second_one() -> None:
    assert due(WORKING_DAYS, LONDON, at(23, 23, 59), MONDAY, LONG_AGO) is None


def test_a_day_without_a_digest_is_passed_over() -> None:
    friday = DigestPeriod(date(2026, 11, 20), LONG_AGO, at(20, 8))
    assert due(WORKING_DAYS, LONDON, at(21, 9), friday, LONG_AGO) is None
    assert due(WORKING_DAYS, LONDON, at(22, 9), friday, LONG_AGO) is None
    assert due(WORKING_DAYS, LONDON, at(23, 9), friday, LONG_AGO) == DigestPeriod(
        date(2026, 11, 23), friday.until, at(23, 9) - SETTLING
    )


def test_after_an_outage_one_digest_covers_every_day_that_was_missed() -> None:
    back = at(27, 15)
    found = due(WORKING_DAYS, LONDON, back, MONDAY, LONG_AGO)
    assert found == DigestPeriod(date(2026, 11, 27), MONDAY.until, back - SETTLING)
    assert due(WORKING_DAYS, LONDON, back + timedelta(hours=1), found, LONG_AGO) is None


def test_the_first_digest_comes_at_its_time_and_covers_everything() -> None:
    began = at(24, 10)
    assert due(WORKING_DAYS, LONDON, at(24, 10, 30), None, began) is None
    found = due(WORKING_DAYS, LONDON, at(25, 8, 1), None, began)
    assert found == DigestPeriod(date(2026, 11, 25), began, at(25, 8, 1) - SETTLING)


def test_where_no_message_ever_came_there_is_nothing_to_tell() -> None:
    assert due(WORKING_DAYS, LONDON, at(24, 9), None, None) is None


def test_a_team_may_want_no_digest() -> None:
    assert due(DigestRules(days=()), LONDON, at(24, 9), MONDAY, LONG_AGO) is None


def test_a_clock_that_was_set_back_brings_no_second_digest_and_no_period_that_ends_before_it_begins() -> None:
    ahead = DigestPeriod(date(2026, 11, 24), LONG_AGO, at(24, 20))
    assert due(WORKING_DAYS, LONDON, at(24, 9), ahead, LONG_AGO) is None
    assert so_far(LONDON, at(24, 9), ahead, LONG_AGO) == DigestPeriod(date(2026, 11, 24), at(24, 20), at(24, 20))


@pytest.mark.parametrize(
    ("day", "when"),
    [
        (date(2026, 3, 29), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # 01:30 does not exist; it is 02:30 by the wall clock
        (date(2026, 10, 25), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # 01:30 comes twice; the first
        (date(2026, 6, 1), datetime(2026, 6, 1, 0, 30, tzinfo=UTC)),
        (date(2026, 12, 1), datetime(2026, 12, 1, 1, 30, tzinfo=UTC)),
    ],
)
def test_half_past_one_when_the_clocks_change(day: date, when: datetime) -> None:
    assert moment(day, EVERY_NIGHT, LONDON) == when


def walk(rules: DigestRules, zone: ZoneInfo, outages: list[tuple[datetime, datetime]]) -> list[DigestPeriod]:
    """The digests of 2026 where the daemon asks every seven minutes, but in an outage. All it remembers is the last digest."""
    made: list[DigestPeriod] = []
    began = now = datetime(2025, 12, 31, 12, tzinfo=UTC)
    while now < datetime(2027, 1, 1, 12, tzinfo=UTC):
        away = [end for start, end in outages if start <= now < end]
        if not away and (found := due(rules, zone, now, made[-1] if made else None, began)):
            made.append(found)
        now += STEP
    assert [period.since for period in made[:1]] in ([began], [])
    for earlier, later in pairwise(made):
        assert later.since == earlier.until < later.until
    return made


@pytest.mark.parametrize("clock", [time(0, 0), time(1, 30), time(8, 0), time(23, 59)])
def test_every_day_of_a_year_has_exactly_one_digest(clock: time) -> None:
    made = walk(DigestRules(time=clock, days=WEEK), LONDON, [])
    days = [period.day for period in made]
    assert [day for day in days if day.year == 2026] == [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert len(days) == len(set(days))


@settings(max_examples=6, deadline=None)
@given(
    clock=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    days=st.sets(st.sampled_from(WEEK), min_size=1).map(lambda found: tuple(day for day in WEEK if day in found)),
    zone=st.sampled_from(["Europe/London", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia"]).map(ZoneInfo),
    stops=st.lists(st.tuples(st.integers(0, 365 * 24 * 60), st.integers(1, 6 * 24 * 60)), max_size=12),
)
def test_a_daemon_that_stops_and_starts_makes_one_digest_a_day_and_leaves_nothing_out(
    clock: time, days: tuple[str, ...], zone: ZoneInfo, stops: list[tuple[int, int]]
) -> None:
    rules = DigestRules.model_validate({"time": clock, "days": days})
    start = datetime(2026, 1, 1, tzinfo=UTC)
    outages = [(start + timedelta(minutes=a), start + timedelta(minutes=a + length)) for a, length in stops]
    made = walk(rules, zone, outages)
    found = [period.day for period in made]
    assert len(found) == len(set(found))
    assert all(WEEK[day.weekday()] in days for day in found)
    for day in (date(2026, 1, 2) + timedelta(days=n) for n in range(363)):
        if WEEK[day.weekday()] in days and not any(
            moment(day, rules, zone) < end and begin < moment(day, rules, zone) + SETTLING + STEP for begin, end in outages
        ):
            assert day in found
