"""Identifiers that show by their form: e-mail addresses, links and handles, telephone, room and University numbers."""

import re
from collections.abc import Iterator

from mailflow.kinds.sighting import Sighting

_ROOM = (
    r"(?i:room|rm|flat|lab|bay|ward|block|row|office|basement|bench|gate|theatre|floor|poster|locker|desk|seat|studio|stand|stall|booth"
    r"|table|carriage|staircase|kitchen|hut|lt)"
)
_EMAIL = r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"
_LINK = r"\b(?:https?://|www\.)[^\s<>\"]{1,300}[^\s<>\".,;:!?)]"
_HANDLE = r"(?<![\w@.])@\w{2,30}\b|\b[a-z]{2,20}_\d{1,6}\b|\b[a-z]{2,15}_[a-z]{2,15}\b"
_PHONE = (
    r"(?<![\w+])(?:(?:\+44|0044)\s?(?:\(0\)\s?)?|\(?0)\d(?:[\s().-]{0,2}\d){8,9}(?!\d)"
    r"|(?<!\w)\+[1-9]\d{0,2}(?:[\s().-]{0,2}\d){7,12}(?!\d)"
)
_EXTENSION = r"\b(?i:ext(?:ension|n)?\.?|internal|x)\s?\d{3,6}\b"
_NUMBER = r"(?<![\w./])(?!(?:19|20)\d\d[01]\d[0-3]\d\b)\d{7,9}\b"
_WHO = (
    r"(?i:student|staff|employee|payroll|candidate|participant|applicant|volunteer|member|trainee|cadet|recruit|patient|respondent)"
    r"(?:\s(?i:nurse|doctor|midwife|officer|member|number|no\.?|id)){0,2}"
)
_COUNTED = rf"\b{_WHO}\s?[:#]?\s?\d{{1,7}}\b(?![.:]\d)(?!\s(?i:of|to|in|and|or|out)\b)"
_GROUP = r"\b(?i:group|team|cohort|syndicate|tutorial|squad|crew|panel|stream)\s(?:no\.?\s|#)?\d{1,3}[A-Za-z]?\b(?![.:]\d)"
_LOGIN = r"\b[a-z]{2,4}\d{2,6}\b"
_HOUSE = r"(?:(?!(?i:in|at|on|from|to|the|and|by|of|near|outside)\b)[A-Z][a-z]{2,20}\s){0,2}"
_ROOM_NUMBER = (
    rf"\b{_HOUSE}{_ROOM}\s{{0,1}}(?:no\.?\s?)?(?:[A-Z]{{1,2}}\.?)?\d{{1,4}}(?:\.\d{{1,3}})?[A-Za-z]?\b(?:\sof\sthe\s[A-Z]\w+(?:\s[A-Z]?\w+)?)?"
    rf"|\b{_HOUSE}{_ROOM}\s[A-HJ-Z]\b(?!['’.])|(?<=\b(?:in|at)\s)\d{{1,3}}[A-Z]\b|\b[A-Z][a-z]{{2,20}}\s(?:House|Court|Hall)\s\d{{1,3}}\b"
)
_BUILDING_AND_ROOM = r"\b[A-Z][A-Za-z]{2,15}\s(?:\d{1,2}\.\d{2}|[A-Z]{0,2}\d{3}|\d{1,2}[A-H]|\d{1,2}(?=,\s(?:room|flat|floor)))\b"

_FORMS = tuple(
    (sort, reason, re.compile(pattern))
    for sort, reason, pattern in (
        ("email", "An e-mail address belongs to one person.", _EMAIL),
        ("link", "A link can lead to a person's page.", _LINK),
        ("link", "A handle belongs to one person.", _HANDLE),
        ("phone", "A telephone number leads to one person or desk.", _PHONE),
        ("phone", "An extension leads to one desk.", _EXTENSION),
        ("number", "A number of this length names one student, member of staff or candidate.", _NUMBER),
        ("number", "Who has the list knows whose number this is.", _COUNTED),
        ("unit", "A group of this number has few members.", _GROUP),
        ("number", "A login of this form belongs to one person.", _LOGIN),
        ("room", "A room, ward or bay says where somebody works or lives.", _ROOM_NUMBER),
        ("room", "A building and a room number say where somebody works or lives.", _BUILDING_AND_ROOM),
    )
)


def find_marks(text: str) -> Iterator[Sighting]:
    """Every mark in a text; the patterns are bounded, so that the time is linear in its length."""
    for sort, reason, pattern in _FORMS:
        for found in pattern.finditer(text):
            yield Sighting(found.start(), found.end(), sort, reason)
