"""What a date means that a pattern has found: the days, seen from the day of the mail. One function a form of writing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from mailflow.domain import DateOrRange
from mailflow.kinds.calendar_words import (
    DAY,
    MONTH,
    WEEKDAY,
    coming,
    coming_number,
    month_of,
    weekday_of,
    working_week,
)


@dataclass(frozen=True, slots=True)
class Leaning:
    """What a date says that needs another to be full: "the 16th" its number, "the following Monday" its weekday (0 to 6).

    `same_week`: "Mon to Weds that week", from `weekday` to `until`.
    """

    number: int | None = None
    weekday: int | None = None
    until: int | None = None
    same_week: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """A date as somebody wrote it: `text[start:end]`, and the days it means; none where it cannot be pinned.

    `vague`: a whole month, a day without a month, or a relative day, which counts only where a date is asked for or offered.
    """

    start: int
    end: int
    days: tuple[DateOrRange, ...]
    vague: bool = False
    past: bool = False  # a well-formed date that has been: it is neither offered nor unclear
    leans: Leaning | None = None


def number_of(word: str) -> int:
    """The number in "16th"; 0 where there is none."""
    found = re.search(r"\d{1,2}", word)
    return int(found[0]) if found else 0


def year_of(match: re.Match[str]) -> int | None:
    """The year a match names, in full."""
    written = match.groupdict().get("year")
    return int(written) + (2000 if len(written) == 2 else 0) if written else None


def _each(text: str) -> Iterator[tuple[int, int | None]]:
    """The day numbers of a list, each with the weekday before it."""
    for found in re.finditer(rf"(?:({WEEKDAY}),?\s{{1,3}})?(?:the\s{{1,3}})?({DAY})", text, re.IGNORECASE):
        yield number_of(found[2]), weekday_of(found[1]) if found[1] else None


def _each_with_month(text: str) -> Iterator[tuple[int, int | None]]:
    """The day numbers of a list, each with the month that follows it at once or later in the list."""
    found = re.findall(rf"({DAY})(?:\s{{1,3}}(?:of\s{{1,3}})?({MONTH}))?", text, re.IGNORECASE)
    month: int | None = None
    pairs: list[tuple[int, int | None]] = []
    for day, word in reversed(found):
        month = month_of(word) if word else month
        pairs.append((number_of(day), month))
    return reversed(pairs)


def list_of_days(match: re.Match[str], sent: date) -> Mention:
    """ "7, 8 and 10 September", "Dec 4th"."""
    month, year = month_of(match["month"]), year_of(match)
    wanted = list(_each(match["days"]))
    days = [coming(day, month, sent, year, weekday) for day, weekday in wanted]
    # A date without its weekday tells a slip in the weekday, which is unclear, from a day that has been.
    slip = any(found is None and coming(day, month, sent, year) for (day, _), found in zip(wanted, days, strict=True))
    known = tuple(day for day in days if day)
    return Mention(match.start(), match.end(), () if slip else known, past=not slip and not known)


def range_of_days(match: re.Match[str], sent: date) -> Mention:
    """ "27 April to 8 May", "6-10 July"; what is past of it is cut off."""
    month, year = month_of(match["month"]), year_of(match)
    last = coming(number_of(match["last"]), month, sent, year)
    first_month = month_of(match["first_month"]) if match["first_month"] else month
    if last is None:
        return Mention(match.start(), match.end(), (), past=True)
    try:
        first = date(last.year - (first_month > month), first_month, number_of(match["first"]))
    except ValueError:
        return Mention(match.start(), match.end(), ())
    first = max(first, sent)
    return Mention(match.start(), match.end(), ((first, last),) if first < last else (last,))


# "Pemberton 2.04." ends a sentence with a room.
_ROOM = re.compile(r"[1-9]\.0\d\.")


def numeric_day(match: re.Match[str], sent: date) -> Mention | None:
    """ "03/02" is 3 February."""
    day, month = int(match["day"]), int(match["month"])
    if not (1 <= day <= 31 and 1 <= month <= 12) or (_ROOM.fullmatch(match[0])):
        return None
    found = coming(day, month, sent, year_of(match))
    return Mention(match.start(), match.end(), (found,) if found else (), past=found is None)


def iso_day(match: re.Match[str], sent: date) -> Mention | None:
    """ "2026-02-03"."""
    try:
        found = date.fromisoformat(match[0])
    except ValueError:
        return None
    return Mention(match.start(), match.end(), (found,) if found >= sent else (), past=found < sent)


def weeks(match: re.Match[str], sent: date) -> Mention:
    """ "w/c 9th Feb", "the week of 2 March or the one after", "the fortnight commencing 3 November": Monday to Friday."""
    year, days = year_of(match), []
    if slashed := re.fullmatch(r"(\d{1,2})[/.](\d{1,2})\.?", match["days"].strip()):
        written = [(int(slashed[1]), int(slashed[2]) if 1 <= int(slashed[2]) <= 12 else None)]
    else:
        written = list(_each_with_month(match["days"]))
    for day, month in written:
        days.append(coming(day, month, sent, year) if month else coming_number(day, sent))
    weeks = [working_week(_monday(day)) for day in days if day]
    if match["fortnight"]:
        weeks = [(first, last + timedelta(days=7)) for first, last in weeks]
    if weeks and match["next"]:
        first, last = weeks[-1]
        weeks.append((first + timedelta(days=7), last + timedelta(days=7)))
    to_come = tuple((max(first, sent), last) for first, last in weeks if last > sent)
    return Mention(match.start(), match.end(), to_come, past=not to_come)


def _monday(day: date) -> date:
    """A week that is said to begin on a Saturday or Sunday begins on the Monday after."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() > 4 else day


def in_words(match: re.Match[str], sent: date) -> Mention:
    """What cannot be pinned: "before the exams", "early March"."""
    return Mention(match.start(), match.end(), (), vague=True)
