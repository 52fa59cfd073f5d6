"""Dates that lean on one named before them: "3 March or failing that the 5th", "Thursday 5th", "the following week"."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from mailflow.domain import DateOrRange
from mailflow.kinds.calendar_words import working_week
from mailflow.kinds.date_meanings import Leaning, Mention

_NEAR = 120  # characters between a date and another one offered instead
_INSTEAD = re.compile(
    r"(?i)(?:[,/&;]|\b(?:or|and|then|otherwise|else|alternatively|failing\s(?:that|those|which)|perhaps|possibly))"
    r"\s{0,2}(?:on\s)?(?:the\s)?$"
)


def lean_on_the_last(mentions: Iterable[Mention], text: str, sent: date, anchor: date | None = None) -> Iterator[Mention]:
    """The mentions, each bare day in the month of the full date before it; `anchor`: a full date that precedes the text."""
    last: Mention | None = None
    for mention in mentions:
        full = mention
        if mention.leans and anchor and (when := _seen_from(anchor, mention.leans, sent)):
            offered = last if last and last.days and mention.start - last.end <= _NEAR else None
            instead = offered and _INSTEAD.search(text[max(0, mention.start - 25) : mention.start])
            full = replace(mention, days=(when,), vague=offered.vague if offered and instead else True)
        if full.days and (full.leans or not full.vague):
            anchor = _last(full.days[-1])
        last = full
        yield full


def _seen_from(anchor: date, leaning: Leaning, sent: date) -> DateOrRange | None:
    """The day of that number nearest to the anchor, on its weekday where one is named; else of the week that follows."""
    if leaning.number:
        reach = (anchor + timedelta(days=ahead) for ahead in range(-31, 63))
        fitting = [day for day in reach if day >= sent and day.day == leaning.number]
        fitting = [day for day in fitting if leaning.weekday in (None, day.weekday())]
        return min(fitting, key=lambda day: (abs(day - anchor), day < anchor), default=None)
    monday, friday = working_week(anchor if leaning.same_week else anchor + timedelta(days=7))
    if leaning.weekday is None:
        return monday, friday
    first = monday + timedelta(days=leaning.weekday)
    return (first, monday + timedelta(days=leaning.until)) if leaning.until else first


def _last(when: DateOrRange) -> date:
    return when[1] if isinstance(when, tuple) else when
