"""British day and month names and numbers as patterns, and the day they mean, seen from the day of a mail."""

from calendar import monthrange
from datetime import date, timedelta

MONTH = (
    r"(?:jan(?:uary)?|feb(?:r?uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
# As written with a capital; not "Mar", "Jun" and the like, which are also names.
MONTH_ALONE = (
    "(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Sept?|Oct|Nov|Dec)"
)
WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday|snesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)s?\b\.?"
)
WEEKDAY_IN_FULL = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:\s?(?:st|nd|rd|th)\b|(?![\d:.]\d|\d|\w))"

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
# Without a year the next such day is meant; one that would be ten months away is one that has just been.
_AHEAD = timedelta(days=300)


def month_of(word: str) -> int:
    """1 to 12 for a month's name, however shortened."""
    return _MONTHS.index(word[:3].lower()) + 1


def weekday_of(word: str) -> int:
    """0 for Monday to 6 for Sunday, however shortened."""
    return _WEEKDAYS.index(word[:3].lower())


def last_of(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def coming(day: int, month: int, sent: date, year: int | None = None, weekday: int | None = None) -> date | None:
    """The day meant by a day and a month in a mail of `sent`; None where there is none, or it is past.

    A weekday decides between this year and the next; one that fits neither is a slip, and no day can be told.
    """
    for candidate in (year,) if year else (sent.year, sent.year + 1):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if found < sent or weekday not in (None, found.weekday()):
            continue
        return found if year or weekday is not None or found - sent <= _AHEAD else None
    return None


def coming_month(month: int, sent: date, year: int | None = None) -> date | None:
    """The first day of a month that is not over on `sent`; None where it has just been."""
    for candidate in (year,) if year else (sent.year, sent.year + 1):
        first = date(candidate, month, 1)
        if last_of(candidate, month) >= sent and (year or first - sent <= _AHEAD):
            return first
    return None


def coming_number(day: int, sent: date, weekday: int | None = None) -> date | None:
    """The day meant by "the 18th": the next one, within two months, that falls on the weekday where one is named."""
    for ahead in range(63):
        found = sent + timedelta(days=ahead)
        if found.day == day and weekday in (None, found.weekday()):
            return found
    return None


def working_week(day: date) -> tuple[date, date]:
    """Monday to Friday of the week that holds a day."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=4)
