"""Roles, small groups and days with places: words that point to one person for somebody who knows the unit."""

import re
from collections.abc import Iterator

from mailflow.kinds.calendar_words import MONTH, WEEKDAY
from mailflow.kinds.sighting import Sighting

_ROLE = (
    r"(?:bursar|dean|vice-dean|provost|rector|chancellor|chaplain|rabbi|imam|treasurer|captain|president|vice-president|secretary|sec|porter|warden|cook|chef|"
    r"bosun|skipper|clerk|administrator|technician|intern|apprentice|storekeeper|registrar|consultant|matron|sister|PI|CTO|CEO|COO|HoD|head|director|chair|"
    r"convenor|convener|orator|speaker|caretaker|receptionist|conservator|curator|archivist|goalie|coach|accompanist|conductor|rep|assessor|examiner|librarian|"
    r"lady|lodger|steward|timekeeper|cox|gardener|groundsman|nurse|midwife|physio|surgeon|anaesthetist|optician|therapist|trustee|founder|professor|boss|"
    r"leader|manager|assistant|officer|supervisor|tenor|soprano|drummer|storeman|driver|cleaner|night assistant|Reader|Lecturer|Fellow)"
)
_OWNER = r"(?:the|our|her|his|their|your|my|a|one of (?:the|our))"
_ROLES = re.compile(
    rf"\b(?P<owner>{_OWNER})\s(?P<kind>(?:[\w’-]+\s){{0,3}}?){_ROLE}(?P<of>\s(?:of|in|for|with|on|from|off)\s(?:the\s)?(?:[A-Z][\w’'-]+|bad\s\w+)(?:\s(?:and\s)?[A-Z][\w’'-]+){{0,2}})?(?![\w-])",
    re.IGNORECASE,
)
_HELD = re.compile(
    r"\b(?:Head|Dean|Director|Chair|President|Captain|Master|Warden|Reader|Lecturer|Senior Lecturer|Professor|Secretary|Treasurer|Curator)\s(?:of|in)\s(?:the\s)?[A-Z][\w’'-]+(?:\s(?:and\s)?[A-Z][\w’'-]+){0,3}"
)
_ONLY = re.compile(
    r"\b(?:the|their|our)\sonly\s(?!thing|way|reason|one\swho\sever|time|problem|words?\b)(?:[\w’'-]+\s?){1,3}(?:\s?(?:on|in|at|of|who|among|from|with|to)\s(?:[\w’'-]+\s?){1,6})?",
    re.IGNORECASE,
)
_NUMBER = r"(?:two|three|four|five|six|seven|eight|nine|ten|\d)"
_GROUP = re.compile(
    rf"\b(?:an?\s(?:(?:small|tiny|little)\s)?(?:team|group|lab|crew|unit|collaboration|office|shift|desk|committee|cohort|department)\sof\s{_NUMBER}(?:\s(?:people|of\sus))?(?:\sin\s(?:the\s)?[\w’-]+(?:\s[\w’-]+)?)?"
    rf"|{_NUMBER}\sof\sus(?:\sin\s(?:the\s)?[\w’-]+)?|our\s{_NUMBER}\s(?:[\w’-]+\s)?(?:students|women|men|girls|postdocs|technicians|apprentices)"
    rf"|(?:we\sare|we[’']re|there\sare|it[’']s\sa\sgroup\sof)\s(?:only\s)?{_NUMBER}\b(?!\s(?:hours|minutes|days|weeks|years|o[’']clock))"
    rf"|{_NUMBER}\s(?:technicians|postdocs|cleaners|apprentices|fellows)\sin\s[\w’-]+(?:\s\d+)?)",
    re.IGNORECASE,
)
_SINGLED = re.compile(
    r"\b(?:our|the)\s(?:new|youngest|oldest|foreign|gay|lesbian|trans|deaf|blind|[A-Z][a-z]+(?:ese|ish|ian|ean|an))\s(?:\w+\s)?(?:student|postdoc|colleague|lass|lad|girl|boy|guy|woman|man|tenor|soprano|administrator|technician|conservator|starter|intern|member|rep|phd|tenant|one)\b"
    r"|\b(?:the|that)\s(?:lad|girl|guy|man|woman|lady|bloke|student|porter|one|person)\s(?:with|in)\sthe\s[\w’-]+(?:\s[\w’-]+)?"
)
_DATED = rf"(?:(?:on|the)\s){{0,2}}(?:(?:{WEEKDAY}),?\s(?:(?:night|morning|evening|afternoon)\s)?)?(?:the\s)?(?:\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{MONTH}(?:\s20\d\d)?|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?)"
_DAY_AND_PLACE = re.compile(
    rf"\b{_DATED}(?P<place>,?\s(?:(?:about|around)\s[\d.:]+\s)?(?:in|at)\s(?:the\s)?[A-Z][\w’'-]+(?:\s(?:of\s)?[A-Z\d][\w’'.-]*){{0,4}}(?:\s(?:station|hall|building|room|observatory|street)){{0,2}})?",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\b(?:the|our)\s[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+)?\s(?:group|lab|laboratory|team|field\scourse|conference)\b(?:\sin\s[A-Z]\w+(?:\s[A-Z]\w+){0,2})?"
)

_ORDINARY_OWNERS = re.compile(r"(?:a|my)\s", re.IGNORECASE)


def find_roles(text: str) -> Iterator[Sighting]:
    """Every role, group and day that may point to one person."""
    for role in _ROLES.finditer(text):
        if not _ORDINARY_OWNERS.match(role[0]) or role["of"]:
            yield _sight(role, "role", "Who knows the unit knows who holds this role.")
    for pattern, sort, reason in _FORMS:
        for found in pattern.finditer(text):
            yield _sight(found, sort, reason)


_FORMS = (
    (_HELD, "role", "Only one person holds this post."),
    (_ONLY, "group", "There is only one of them."),
    (_GROUP, "group", "The group is so small that its members can be told."),
    (_SINGLED, "role", "What is said of this person singles them out."),
    (_DAY_AND_PLACE, "date-place", "The day, and the place with it, tell who was there."),
    (_UNIT, "unit", "A unit of this name has few members."),
)


def _sight(found: re.Match[str], sort: str, reason: str) -> Sighting:
    return Sighting(found.start(), found.start() + len(found[0].rstrip()), sort, reason)
