"""The sort of a labelled identifier. Labels name none, so its form must tell; the names are those of mailflow's own sorts."""

import re

from mailflow.kinds.calendar_words import MONTH, WEEKDAY_IN_FULL

_DAYS = rf"{WEEKDAY_IN_FULL}|yesterday|today|last (?:night|week|month|term|year)|this (?:week|month|term)"
_FORMS = (
    ("email", r"\S+@\S+\.\w"),
    ("link", r"https?://|www\.|^@\w"),
    ("phone", r"^(?:ext\.?|extension)\s*\d|^\+?[\d ()-]{9,}$"),
    ("date-place", rf"(?i)\b(?:{MONTH}|{_DAYS}|\d{{1,2}}(?:st|nd|rd|th))\b"),
    ("room", r"\b(?:room|rm|office)\b.*\d|\b[A-Z]?\d{0,2}\.\d{1,3}\b"),
    ("number", r"^(?:\w+ ){0,2}[A-Za-z]{0,4}\d{4,}$"),
    ("group", r"(?i)\b(?:only|sole|one of|(?:team|group|class|cohort|office) of|(?:two|three|four|five|six) of)\b"),
    ("unit", r"\b(?:[Ll]ab|[Gg]roup|[Dd]epartment|[Ss]chool|[Ff]aculty|[Ii]nstitute|[Tt]eam|[Uu]nit|[Ss]ociety)$"),
    ("role", r"^(?:[a-z]|The\b|Our\b|My\b|A\b|Head of\b)"),
)
_SORTS = tuple((sort, re.compile(pattern)) for sort, pattern in _FORMS)


def sort_by_form(text: str) -> str:
    """email, link, phone, room, number, date-place, group, unit, role, or else name."""
    return next((sort for sort, pattern in _SORTS if pattern.search(text)), "name")
