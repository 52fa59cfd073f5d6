"""Working days in England."""

from datetime import date

import pytest

from mailflow.domain import add_working_days, is_working_day, working_days_between
from mailflow.domain.calendar import in_words


def test_weekends_and_bank_holidays_are_no_working_days() -> None:
    assert is_working_day(date(2026, 11, 24))
    assert not is_working_day(date(2026, 11, 28))
    assert not is_working_day(date(2026, 12, 25))
    assert not is_working_day(date(2026, 8, 31)), "the summer bank holiday"


def test_boxing_day_on_a_saturday_moves_to_the_monday() -> None:
    assert not is_working_day(date(2026, 12, 28))


@pytest.mark.parametrize(
    ("day", "days", "found"),
    [
        (date(2026, 11, 24), 1, date(2026, 11, 25)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),
        (date(2026, 11, 28), 1, date(2026, 11, 30)),
        (date(2026, 12, 23), 3, date(2026, 12, 30)),
        (date(2026, 11, 24), 0, date(2026, 11, 24)),
        (date(2026, 11, 28), 0, date(2026, 11, 30)),
    ],
)
def test_a_deadline_falls_on_a_working_day(day: date, days: int, found: date) -> None:
    assert add_working_days(day, days) == found


def test_days_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_working_days(date(2026, 11, 24), -1)


def test_counting_days_undoes_adding_them() -> None:
    start = date(2026, 12, 18)
    assert all(working_days_between(start, add_working_days(start, days)) == days for days in range(1, 30))


def test_no_working_day_lies_between_a_day_and_itself_or_an_earlier_one() -> None:
    assert working_days_between(date(2026, 11, 24), date(2026, 11, 24)) == 0
    assert working_days_between(date(2026, 11, 24), date(2026, 11, 20)) == 0
    assert working_days_between(date(2026, 11, 27), date(2026, 11, 29)) == 0


def test_a_day_is_written_as_the_british_write_it() -> None:
    assert in_words(date(2026, 11, 4)) == "Wednesday 4 November 2026"
    assert in_words(date(2026, 11, 4), year=False) == "Wednesday 4 November"
