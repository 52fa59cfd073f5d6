from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from filed import filed_case
from mailflow.domain import Kind
from mailflow.store.database import Store
from mailflow.store.weekly import by_week

LONDON = ZoneInfo("Europe/London")
WEDNESDAY = date(2026, 11, 25)


def test_cases_are_counted_by_kind_in_the_week_that_they_were_opened_in(store: Store) -> None:
    with store.writing() as db:
        for day in (17, 18, 23):
            filed_case(db, Kind.QUERY, opened_at=datetime(2026, 11, day, 12, tzinfo=UTC))
        filed_case(db, Kind.STORY, opened_at=datetime(2026, 11, 25, 9, tzinfo=UTC))
        before, this = by_week(db, WEDNESDAY, LONDON)[-2:]
    assert (before.begins, before.opened, before.all) == (date(2026, 11, 16), {Kind.QUERY: 2}, 2)
    assert (this.begins, this.opened, this.all) == (date(2026, 11, 23), {Kind.QUERY: 1, Kind.STORY: 1}, 2)


def test_a_week_begins_at_midnight_of_the_teams_monday(store: Store) -> None:
    monday = date(2026, 6, 15)
    with store.writing() as db:
        filed_case(db, opened_at=datetime(2026, 6, 14, 22, 59, tzinfo=UTC))
        filed_case(db, opened_at=datetime(2026, 6, 14, 23, 0, tzinfo=UTC))  # 00:00 in London, by summer time
        before, this = by_week(db, monday, LONDON)[-2:]
    assert (before.all, this.all) == (1, 1)


def test_twelve_weeks_are_told_and_what_is_older_is_not(store: Store) -> None:
    with store.writing() as db:
        filed_case(db, opened_at=datetime(2026, 9, 6, 12, tzinfo=UTC))
        filed_case(db, opened_at=datetime(2026, 9, 7, 12, tzinfo=UTC))
        weeks = by_week(db, WEDNESDAY, LONDON)
    assert (len(weeks), weeks[0].begins) == (12, date(2026, 9, 7))
    assert [week.all for week in weeks] == [1] + [0] * 11
