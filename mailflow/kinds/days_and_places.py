"""Days with places, and events of one day: "on 3 May in the boathouse", "last night outside the bar", "Friday's team lunch"."""

import re
from collections.abc import Iterator

from mailflow.kinds.calendar_words import MONTH, WEEKDAY
from mailflow.kinds.noun_phrases import A_PLACE, A_UNIT, A_WORD, CAPITALS, OF_IT
from mailflow.kinds.phrases import WORD
from mailflow.kinds.sighting import Sighting

_PLACE = (
    r"(?:,?\s{1,3}(?:(?:at|about|around)\s[\d.:]+(?:\s?[ap]m)?\s)?(?:in|at|on)\s(?:the\s)?(?-i:[A-Z](?!\s))[\w’'-]{1,30}"
    r"(?:\s(?:of\s)?(?-i:[A-HJ-Z\d]|I(?=\w))[\w’'.-]*){0,4}(?:\s(?:station|hall|building|room|observatory|street)){0,2})"
)
_DATE = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{MONTH}(?:\s20\d\d)?|{MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?\b"
    r"|(?<![\d/])\d{1,2}/\d{1,2}/(?:20)?\d\d\b|(?<![\d/])[0-3]\d/[01]\d\b(?!/)(?<!10/10))"
)
_PART = r"(?:(?:night|morning|evening|afternoon|lunchtime)\b\s?)"
_DAY = rf"(?:the\s)?(?:{WEEKDAY},?\s{_PART}?)?(?:the\s)?{_DATE}"
_IN_FULL = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"  # "sat" and "sun" are words too
_LATELY = rf"(?:(?:yesterday|last\snight|this\s(?:morning|afternoon)|(?:last\s|this\s)?{_IN_FULL})(?:\s{_PART})?)"
_SPOT = rf"(?:(?:(?<=\s)|\s{{1,3}})(?:in|at|on|outside|inside|near|behind|opposite|by)\s(?-i:{A_UNIT}{OF_IT}?)){{1,2}}"
_THERE = rf"(?:\s(?:in|at)\s(?:{A_PLACE}|(?:the|our)\s{A_WORD}))"
_EVENT = (
    r"(?:meeting|seminar|lecture|tutorial|show|match|dinner|lunch|party|drinks|round|rehearsal|practical|class|session|briefing"
    r"|handover|shift|viva|exam|talk|race|game|service|gig|quiz|training|workshop|interview|panel|assembly|reception|conference)"
)
_OF_SOMEWHERE = (
    rf"(?:the\s(?:{WORD}\s){{1,2}}of\s(?:the\s)?"
    rf"|(?-i:(?=[A-Z][\w’'-]{{1,30}}\s(?:of\s)?(?!(?i:{_IN_FULL}))[A-Z]))(?!(?:active|university|the|on|in|at|by|after)\b))"
)
_FORMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:on\s)?{_DAY}(?:{_SPOT}|{_PLACE}|{_THERE})?",
        rf"\b(?:on\s)?(?:last\s)?{WEEKDAY}\s{_PART}?{_PLACE}|\b(?:on\s)?{_LATELY}{_SPOT}",
        rf"\blast\s{WEEKDAY}(?:\sbut\sone)?(?!['’]s)|\b{WEEKDAY}\snight\b",
        rf"\b(?:(?:last|this)\s{_IN_FULL}['’]s|{_IN_FULL}['’]s\s{WORD})\s(?:{WORD}\s)?{_EVENT}\b(?:{_SPOT}|{_PLACE})?",
        rf"\b(?:(?:in|at|outside)\s)?{_OF_SOMEWHERE}(?-i:{CAPITALS}),?\s(?:on\s)?(?:{_DAY}|{_LATELY})(?!['’\w])",
        rf"\b(?-i:[A-Z])[\w’'-]{{1,30}}\s{_EVENT}\s(?:on|of)\s{_DAY}",
        r"\b(?:session|dinner|meeting|match|seminar)\son\sthe\s\d+(?:st|nd|rd|th)\b",
    )
)


def find_days(text: str) -> Iterator[Sighting]:
    """Every day that, with or without its place, may tell who was there."""
    for pattern in _FORMS:
        for found in pattern.finditer(text):
            end = found.start() + len(found[0].rstrip(" \n.,"))
            yield Sighting(found.start(), end, "date-place", "The day, and the place with it, tell who was there.")
