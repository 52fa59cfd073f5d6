"""Working days: Monday to Friday without the bank holidays of England."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import cast

_DAY = timedelta(days=1)
# Days outside these say nothing about mail, and some have no time in any zone.
_FIRST, _LAST = date(1970, 1, 1), date(2199, 12, 31)


@lru_cache(maxsize=1)
def _bank_holidays() -> Mapping[date, str]:
    # Imported when first asked: it costs a tenth of a second that most commands need not spend.
    from holidays import country_holidays

    return cast(Mapping[date, str], country_holidays("GB", subdiv="ENG"))


def is_working_day(day: date) -> bool:
    """Whether the team works on that day."""
    return day.weekday() < 5 and day not in _bank_holidays()


def bank_holiday(day: date) -> str | None:
    """The name of the bank holiday of England on that day."""
    return _bank_holidays().get(day)


def add_working_days(day: date, days: int) -> date:
    """The working day that is `days` working days after `day`; for 0, `day` itself or the next working day."""
    if days < 0:
        raise ValueError("days must not be negative")
    if days == 0:
        return day if is_working_day(day) else next(_working_days_after(day))
    return next(found for count, found in enumerate(_working_days_after(day), 1) if count == days)


def working_days_between(first: date, last: date) -> int:
    """How many working days lie after `first`, up to and including `last`; 0 where `last` is not later."""
    return sum(is_working_day(first + _DAY * ahead) for ahead in range(1, (last - first).days + 1))


def midnight(day: date, zone: tzinfo) -> datetime:
    """When a day begins in a zone; a day before 1970 or after 2199 is taken for the nearest of those between."""
    return datetime.combine(min(max(day, _FIRST), _LAST), time(), zone)


def in_words(day: date, year: bool = True) -> str:
    """A day as the British write it: "Tuesday 24 November 2026"."""
    return f"{day:%A} {day.day} {day:%B}" + (f" {day.year}" if year else "")


def _working_days_after(day: date) -> Iterator[date]:
    while True:
        day += _DAY
        if is_working_day(day):
            yield day
