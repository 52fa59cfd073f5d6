"""Dates and ranges in British usage, found in a text: "w/c 9th Feb", "any Tues or Thurs in March", "03/02", "before Easter"."""

import re
from collections.abc import Callable
from datetime import date

from mailflow.kinds.calendar_words import DAY, MONTH, MONTH_ALONE, WEEKDAY, WEEKDAY_IN_FULL
from mailflow.kinds.date_meanings import Mention, in_words, iso_day, list_of_days, numeric_day, range_of_days, weeks
from mailflow.kinds.month_dates import by_month_end, part_of_month, weekdays_in_month, weekdays_in_range, whole_month
from mailflow.kinds.relative_dates import (
    before_feast,
    day_alone,
    following,
    part_of_week,
    relative_day,
    weekday_alone,
    weeks_from,
)

Meaning = Callable[[re.Match[str], date], Mention | None]

_AND = r"\s{0,3}(?:,|/|&|\+|and|or)(?:\s{0,3}(?:and|or))?\s{0,3}"
_AND_A = rf"{_AND}(?:(?:an?|any|on)\s{{1,3}}){{0,2}}"
_YEAR = r"(?:,?\s{1,3}(?P<year>20\d\d))?"
_ONE = rf"(?:{WEEKDAY},?\s{{1,3}})?(?:the\s{{1,3}})?{DAY}"
_DATE = rf"{_ONE}(?:\s{{1,3}}(?:of\s{{1,3}})?{MONTH})?"
_FEAST = r"(?:easter|christmas|xmas)"
_PART_OF_DAY = r"(?:am|pm|mornings?|afternoons?|evenings?|lunchtimes?|lunch\s?times?)"
_WEEKDAYS = rf"(?P<weekdays>{WEEKDAY}(?:{_AND_A}{WEEKDAY}){{0,4}})\s{{0,3}}(?:{_PART_OF_DAY}\s{{1,3}})?"
_FIRST = rf"(?:{WEEKDAY},?\s{{1,3}})?(?:the\s{{1,3}})?(?P<first>{DAY})(?:\s{{1,3}}(?:of\s)?(?P<first_month>{MONTH}))?"
_LAST = rf"(?:{WEEKDAY},?\s{{1,3}})?(?:the\s{{1,3}})?(?P<last>{DAY})\s{{1,3}}(?:of\s)?(?P<month>{MONTH}){_YEAR}"
_TERM = r"(?:spring|summer|autumn|winter|michaelmas|hilary|lent|trinity|new\syear|reading\sweek)"
# Not "mon", "sat" and "sun", which are words.
_ONE_WEEKDAY = rf"(?:{WEEKDAY_IN_FULL}|tues?|weds?|thurs?|fri)\b"


def _pattern(written: str, case: bool = False) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{written})", re.NOFLAG if case else re.IGNORECASE)


# In this order, the more telling first; what one has taken the next does not read again.
_RECOGNISERS: tuple[tuple[re.Pattern[str], Meaning], ...] = (
    (_pattern(r"20\d\d-[01]\d-[0-3]\d\b"), iso_day),
    (
        _pattern(
            rf"(?:w/?c\.?|w/b|weeks?\s{{1,3}}(?:commencing|begin+ing|starting|of)|(?P<fortnight>fortnight\s{{1,3}}(?:commencing|begin+ing|starting|from)))"
            rf":?\s{{1,3}}(?P<days>\d{{1,2}}[/.]\d{{1,2}}\b\.?|{_DATE}(?:{_AND}(?:w/?c\s)?{_DATE}){{0,5}})"
            rf"{_YEAR}"
            r"(?P<next>[^.!?\n]{0,50}?\bor\b[^.!?\n]{0,50}?\bthe\s(?:week|one)\s(?:after|following))?"
        ),
        weeks,
    ),
    (
        _pattern(rf"{_WEEKDAYS}(?:from|between)\s{{1,3}}{_FIRST}\s{{0,3}}(?:-|–|—|to|and|until|till)\s{{0,3}}{_LAST}"),
        weekdays_in_range,
    ),
    (
        _pattern(
            rf"(?P<between>between\s)?{_FIRST}\s{{0,3}}(?:-|–|—|to|until|till|through|(?(between)and|(?!)))\s{{0,3}}{_LAST}"
        ),
        range_of_days,
    ),
    (_pattern(rf"(?P<days>{_ONE}(?:{_AND}{_ONE}){{0,9}})\s{{0,3}}(?:of\s{{1,3}})?(?P<month>{MONTH}){_YEAR}"), list_of_days),
    (
        _pattern(rf"(?P<month>{MONTH})\s{{1,3}}(?P<days>{_ONE}(?:{_AND}{_ONE}){{0,9}}){_YEAR}(?!\s?(?:am|pm|people|of\sus)\b)"),
        list_of_days,
    ),
    (
        _pattern(r"(?<![\d/.-])(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>20\d\d|\d\d))?(?![\d/]|\s?(?:of|am|pm)\b)"),
        numeric_day,
    ),
    (_pattern(r"(?<![\d/.-])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>20\d\d|\d\d)?(?![\d/])"), numeric_day),
    (
        _pattern(
            rf"(?P<place>first|1st|second|2nd|third|3rd|fourth|4th|last|(?:front|back|latter|other)(?=\s{{1,3}}half))\s{{1,3}}(?P<part>half|fortnight|two\sweeks|week|{WEEKDAY})"
            rf"\s{{1,3}}(?:of|in)\s{{1,3}}(?P<month>{MONTH}){_YEAR}"
        ),
        part_of_month,
    ),
    (
        _pattern(rf"{_WEEKDAYS}(?:in|of|during|throughout)\s{{1,3}}(?P<month>{MONTH}){_YEAR}"),
        weekdays_in_month,
    ),
    (_pattern(rf"(?:by|before)\s{{1,3}}(?:the\s{{1,3}})?end\s{{1,3}}of\s{{1,3}}(?P<month>{MONTH}){_YEAR}"), by_month_end),
    (
        _pattern(
            rf"(?:(?P<week>(?:the\s)?week\sbefore)|before|b4|by|ahead\sof|between\snow\sand|this\sside\sof)\s{{1,3}}(?P<feast>{_FEAST})\b"
        ),
        before_feast,
    ),
    (
        _pattern(
            rf"(?:early|mid|late|(?:the\s)?(?:beginning|start|middle|end)\s(?:of|in))[\s-]{{1,3}}(?:{MONTH}|(?:the\s)?(?:\w+\s)?term\b)"
            r"|(?:before|after|by|once)\s{1,3}(?:the\s|our\s)?(?:end\sof\s)?(?:the\s)?(?:\w+\s)?"
            r"(?:exam(?:ination)?s?|term|semester|half[\s-]term|reading\sweek|easter|christmas|xmas|new\syear|summer|vacation|holidays|"
            r"graduation|year\send)\b(?:\s(?:exam(?:ination)?s?|break|holidays|vacation|term))?"
            r"|(?:the\s)?weeks?\s(?:after|before|following|of)\s(?:the\s|our\s)?(?:exams|half[\s-]term|reading\sweek|graduation|start\sof\sterm)\b"
            rf"|(?:in|during|over|sometime\sin|this|next|early\sin|late\sin|early|late|mid)[\s-]{{1,3}}(?:the\s)?(?:new\s|early\s|late\s)?"
            rf"{_TERM}(?:\s(?:term|semester|vacation))?\b"
            r"|(?:in|during|by|before)\sweeks?\s\d{1,2}\b(?:\sof\s(?:the\s)?(?:\w+\s)?(?:term|semester)\b)?"
            r"|(?:before|after)\sthe\s(?:\w+\s)?bank\sholiday\b"
            r"|(?:semester|term)\s(?:[1-3]|one|two|three)\b"
            r"|next\s(?:term|semester|month|academic\syear|half[\s-]term)\b"
        ),
        in_words,
    ),
    (
        _pattern(rf"(?:(?P<weekday>{WEEKDAY}),?\s{{1,3}})?(?:the\s{{1,3}})?(?P<day>3[01]|[12]\d|[1-9])\s?(?:st|nd|rd|th)\b"),
        day_alone,
    ),
    (_pattern(rf"(?P<weekday>{WEEKDAY})\s{{1,3}}(?P<day>3[01]|[12]\d|[1-9])\b(?![:.]\d|\s?(?:am|pm)\b)"), day_alone),
    (
        _pattern(
            rf"(?:the\s)?(?P<first>{WEEKDAY})(?:\s?(?:-|–|to|till|until|through)\s?(?P<last>{WEEKDAY}))?,?\s"
            rf"(?:(?:of|in)\s)?(?:that|the\ssame)\sweek\b"
            rf"|(?P<of_first>{WEEKDAY})\s?(?:-|–|to|till|until|through)\s?(?P<of_last>{WEEKDAY}),?\s(?:(?:of|in)\s)?(?=w/?c\b|the\sweek\b|week\s)"
        ),
        part_of_week,
    ),
    (_pattern(rf"the\sfollowing\s(?:week\b|(?P<weekday>{WEEKDAY}))"), following),
    (
        _pattern(
            rf"(?:an?\s)?(?P<span>week|fortnight|(?:two|three|four)\sweeks)\s(?:today\b|on\s(?P<weekday>{WEEKDAY}))"
            rf"|(?P<day_weekday>{WEEKDAY})\s(?P<day_span>fortnight)\b"
        ),
        weeks_from,
    ),
    (
        _pattern(
            rf"(?P<tomorrow>tomorrow)\b|(?P<week_after>the\sweek\safter\snext)\b|(?P<day_week>{WEEKDAY})\sweek\b"
            rf"|next\s(?:(?P<next_week>week\b)|(?P<next_day>{WEEKDAY}(?:{_AND_A}{WEEKDAY}){{0,3}}))|this\s(?:coming\s)?(?P<this_day>{WEEKDAY})"
        ),
        relative_day,
    ),
    (
        _pattern(
            rf"(?:(?<=\bon\s)|(?<=\bfor\s)|(?<=^))(?P<weekday>{_ONE_WEEKDAY})(?!['’s-])(?!\s(?:am|pm|\w+noon|\w+ning|lunch\w*)s\b)"
            rf"|(?P<whose>{_ONE_WEEKDAY})['’]s(?=\s(?:session|workshop|training|booking|course)\b)"
        ),
        weekday_alone,
    ),
    (_pattern(rf"(?P<month>{MONTH_ALONE})\b{_YEAR}", case=True), whole_month),
)


def find_mentions(text: str, sent: date) -> list[Mention]:
    """Every date in a text, in order, as meant by somebody who wrote it on `sent`. Linear in the text's length."""
    found: list[Mention] = []
    taken = bytearray(len(text))
    for pattern, meaning in _RECOGNISERS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(taken[start:end]) or (mention := meaning(match, sent)) is None:
                continue
            taken[start:end] = b"\1" * (end - start)
            found.append(mention)
    return sorted(found, key=lambda mention: mention.start)
