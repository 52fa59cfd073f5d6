"""Posts and descriptions that point to one person for whoever knows the unit."""

import re
from collections.abc import Iterator

from mailflow.kinds.posts import OF_OURS, POST, UNIT
from mailflow.kinds.sighting import Sighting
from mailflow.kinds.singled_out import SINGLED_OUT

_KNOWN_BY_POST = "Who knows the unit knows who holds this role."
_BETWEEN = (
    "(?!(?:the|a|an|of|in|on|at|to|and|or|that|my|our|his|her|their|whether|what|i|he|she|it|was|is|had|by|for|with|as|from|time"
    r"|asked|told|said|sent|made|gave|let|got|who|which)\s)[\w’'-]{1,30}\s{1,3}"
)
_ROLES = re.compile(
    r"\b(?P<owner>the|our|her|his|their|your|my|an?|one|two|one\sof\s(?:the|our))\s{1,3}"
    rf"(?:{_BETWEEN}){{0,2}}?{POST}(?P<unit>{UNIT}?)(?![\w-])",
    re.IGNORECASE,
)
# "My field assistant" is one person; "my supervisor", and "a technician", most people have or know.
_COMMON_OWNER = re.compile(r"(?i)(?:an?|my)\s(?!(?:field|lab|research|night|studio|head)\s)")
_OURS = re.compile(
    rf"\b(?:our|(?:the\s)?(?-i:[A-Z])\w{{1,30}}['’]s)\s{{1,3}}(?:{_BETWEEN}){{0,2}}?(?:{OF_OURS}|{POST}){UNIT}?(?![\w-])",
    re.IGNORECASE,
)
_MINE = re.compile(
    r"\b(?:I['’]m|I\sam|I\swas|as)\s(?:only\s|just\s|also\s|still\s)?"
    rf"(?P<role>(?:the\s|their\s|its\s)?(?:(?!an?\s|my\s)[\w-]{{1,30}}\s){{0,2}}?{POST}{UNIT}?)(?![\w-])",
    re.IGNORECASE,
)
_I_AM_THE = re.compile(
    r"\bI(?:['’]m|\sam|\swas)\s(?:only\s|just\s)?(?P<role>(?:the|their|its|your)\s"
    r"(?!(?:one|same|first|last|type|kind|sort|person|only|worst|best|other|next|wrong|right|very)\b)"
    r"(?:[\w-]{1,30}\s){0,2}?(?!(?:one|junior)\b)[\w-]{3,})(?=[,.;:)!]|\s(?:here|there|in|on|at|of|for|and|so|who|but|now)\b)",
    re.IGNORECASE,
)
_OPENING = re.compile(
    rf"(?:^|(?<=[.!?]\s))(?:[A-Z][\w-]{{1,30}}\s)?{POST}(?=\s(?:\w{{1,30}}(?:ed|s)|went|said|told|came|on|in|saw)\b)",
    re.MULTILINE | re.IGNORECASE,
)
_BARE = re.compile(
    r"\b(?<!\bin\s)[Tt]he\s(?:(?:chair|head|leader|captain|secretary)\s(?:of|for)\s(?:the|our|my|this)\s\w{1,30}|manager|sister|Colonel|Major|Canon|Sister|Father|Reader|Proctor|Marshal|Speaker|Librarian|Chair)\b(?!\s[A-Z])"
)
_FIELD = r"[A-Z][\w’'-]{1,30}(?:\s(?:and\s)?[A-Z][\w’'-]{1,30}){0,3}"
_HELD = re.compile(
    r"\b(?:Head|Dean|Director|Chair|President|Captain|Master|Warden|Reader|Lecturer|Senior\sLecturer|Professor|Secretary|Treasurer"
    rf"|Curator|Manager)\s(?:of|in)\s(?:the\s)?{_FIELD}"
    r"|\b(?:[A-Z][\w’'-]{1,30}\s(?:and\s|of\s)?){1,3}(?:Manager|Officer|Advis[eo]r|Co-?ordinator|Administrator|Technician|Librarian|Director"
    r"|Warden|Secretary)\b"
    r"|\b(?:[A-Z][\w’'-]{1,30}\s){1,2}(?:Curator|Engineer|Lecturer|Registrar|Tutor|Superintendent|Bursar|Analyst|Conservator)\b"
    r"|\b(?i:captain|hooker|secretary|president|treasurer|chair|keeper|goalie)\s(?:of|for)\sthe\s(?!session|meeting|day)"
    r"[\w’']{1,30}(?:\s[\w’']{1,30})?"
)
_FORMS = (
    (_OURS, _KNOWN_BY_POST),
    (_OPENING, _KNOWN_BY_POST),
    (_BARE, _KNOWN_BY_POST),
    (_HELD, "Only one person holds this post."),
    (SINGLED_OUT, "What is said of this person singles them out."),
)


def find_roles(text: str) -> Iterator[Sighting]:
    """Every post and description that may point to one person."""
    for role in _ROLES.finditer(text):
        if role["unit"] or not _COMMON_OWNER.match(role[0]):
            yield _sight(role, _KNOWN_BY_POST)
    for mine in (*_MINE.finditer(text), *_I_AM_THE.finditer(text)):
        yield Sighting(*mine.span("role"), "role", _KNOWN_BY_POST)
    for pattern, reason in _FORMS:
        for found in pattern.finditer(text):
            yield _sight(found, reason)


def _sight(found: re.Match[str], reason: str) -> Sighting:
    return Sighting(found.start(), found.start() + len(found[0].rstrip(" \n.,")), "role", reason)
