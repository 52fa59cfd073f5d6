"""Identifiers that show by their form: e-mail addresses, links and handles, telephone, room and University numbers."""

import re
from collections.abc import Iterator

from mailflow.kinds.sighting import Sighting

_ROOMS = r"(?:room|rm|flat|lab|bay|ward|block|row|office|basement|bench|gate|theatre|floor|poster|house|locker|desk|seat|studio|corridor)"
_FORMS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    (
        "email",
        "An e-mail address belongs to one person.",
        re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"),
    ),
    ("link", "A link can lead to a person's page.", re.compile(r"\b(?:https?://|www\.)[^\s<>\"]{1,300}[^\s<>\".,;:!?)]")),
    (
        "link",
        "A handle belongs to one person.",
        re.compile(r"(?<![\w@.])@\w{2,30}\b|\b[a-z]{2,20}_\d{1,6}\b|\b[a-z]{2,15}_[a-z]{2,15}\b"),
    ),
    (
        "phone",
        "A telephone number leads to one person or desk.",
        re.compile(
            r"(?<![\w+])(?:(?:\+44|0044)\s?(?:\(0\)\s?)?|\(?0)\d(?:[\s().-]{0,2}\d){8,9}(?!\d)|\b(?:ext(?:ension|n)?\.?|x)\s?\d{3,6}\b",
            re.IGNORECASE,
        ),
    ),
    (
        "number",
        "A number of this form names one student, member of staff or candidate.",
        re.compile(
            r"\b(?:(?:candidate|student|staff|cid|college|id|payroll|employee|card|library)\s(?:(?:number|no\.?|id)\s)?)?\d{7,9}\b",
            re.IGNORECASE,
        ),
    ),
    ("number", "A login of this form belongs to one person.", re.compile(r"\b[a-z]{2,4}\d{2,6}\b")),
    (
        "room",
        "A room, ward or bay says where somebody works or lives.",
        re.compile(
            rf"\b(?i:{_ROOMS})\s(?:no\.?\s?)?(?:[A-Z]{{1,2}}\.?)?\d{{1,4}}(?:\.\d{{1,3}})?[A-Za-z]?\b(?:\sof\sthe\s[A-Z]\w+(?:\s[A-Z]?\w+)?)?|\b(?i:{_ROOMS})\s[A-Z]\b(?!['’.])"
        ),
    ),
    (
        "room",
        "A building and a room number say where somebody works or lives.",
        re.compile(r"\b[A-Z][A-Za-z]{2,15}\s(?:\d{1,2}\.\d{2}|[A-Z]{0,2}\d{3})\b"),
    ),
)


def find_marks(text: str) -> Iterator[Sighting]:
    """Every mark in a text; patterns are bounded, so that the time is linear in its length."""
    for sort, reason, pattern in _FORMS:
        for found in pattern.finditer(text):
            yield Sighting(found.start(), found.end(), sort, reason)
