"""What a date means that is told from a month: "the second half of May", "any Thursday in March", "by the end of January"."""

import re
from dataclasses import replace
from datetime import date, timedelta

from mailflow.domain import DateOrRange
from mailflow.kinds.calendar_words import WEEKDAY, coming_month, last_of, month_of, weekday_of
from mailflow.kinds.date_meanings import Mention, range_of_days, year_of


def weekdays_in_month(match: re.Match[str], sent: date) -> Mention:
    """ "any Tues or Thurs pm in March": every such day that is still to come."""
    first = coming_month(month_of(match["month"]), sent, year_of(match))
    if first is None:
        return Mention(match.start(), match.end(), (), past=True)
    return Mention(
        match.start(), match.end(), _weekdays_of(match["weekdays"], max(first, sent), last_of(first.year, first.month))
    )


def weekdays_in_range(match: re.Match[str], sent: date) -> Mention:
    """ "any Friday between 6 and 27 March", both ends included."""
    whole = range_of_days(match, sent)
    if not whole.days or not isinstance(whole.days[0], tuple):
        return whole
    return replace(whole, days=_weekdays_of(match["weekdays"], *whole.days[0]))


def _weekdays_of(names: str, first: date, last: date) -> tuple[date, ...]:
    wanted = {weekday_of(word) for word in re.findall(WEEKDAY, names, re.IGNORECASE)}
    days = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    return tuple(day for day in days if day.weekday() in wanted)


_PLACES = {
    "first": 0,
    "1st": 0,
    "second": 1,
    "2nd": 1,
    "third": 2,
    "3rd": 2,
    "fourth": 3,
    "4th": 3,
    "last": -1,
    "front": 0,
    "back": 1,
    "latter": 1,
    "other": 1,
}


def part_of_month(match: re.Match[str], sent: date) -> Mention | None:
    """ "the first half of May", "the second week of March", "the last Friday in June"."""
    first = coming_month(month_of(match["month"]), sent, year_of(match))
    if first is None:
        return Mention(match.start(), match.end(), (), past=True)
    place, part, end = _PLACES[match["place"].lower()], match["part"].lower(), last_of(first.year, first.month)
    days: tuple[DateOrRange, ...] = ()
    if part == "half" or part.startswith(("fortnight", "two")):
        middle = first + timedelta(days=14 if part == "half" else 13)
        days = ((first, middle),) if place == 0 else ((middle + timedelta(days=1), end),)
    elif part == "week":
        begin = end - timedelta(days=6) if place == -1 else first + timedelta(days=7 * place)
        days = ((begin, min(begin + timedelta(days=6), end)),)
    else:
        every = [first + timedelta(days=ahead) for ahead in range(end.day)]
        days = ([day for day in every if day.weekday() == weekday_of(part)][place],)
    return Mention(match.start(), match.end(), days)


def by_month_end(match: re.Match[str], sent: date) -> Mention:
    """ "by the end of January": from the mail on."""
    first = coming_month(month_of(match["month"]), sent, year_of(match))
    return Mention(match.start(), match.end(), ((sent, last_of(first.year, first.month)),) if first else (), past=first is None)


def whole_month(match: re.Match[str], sent: date) -> Mention | None:
    """ "November"."""
    first = coming_month(month_of(match["month"]), sent, year_of(match))
    if first is None:
        return None
    days: tuple[DateOrRange, ...] = ((max(first, sent), last_of(first.year, first.month)),)
    return Mention(match.start(), match.end(), days, vague=True)
