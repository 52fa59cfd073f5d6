"""Roles, small groups and days with places: words that point to one person for somebody who knows the unit."""

import re
from collections.abc import Iterator

from mailflow.kinds.calendar_words import MONTH, WEEKDAY
from mailflow.kinds.phrases import one_of
from mailflow.kinds.sighting import Sighting

# Posts that a unit has one of, or few; a "driver", a "head" or a "chair" by itself is mostly something else.
_POST = one_of(
    r"""
    (?:vice-)?(?:dean|chancellor|president|principal|provost|rector|captain|master)
    (?:bursar|registrar|chaplain|rabbi|imam|orator|warden|sub-?warden|porter|steward|caretaker|cook|chef)
    (?:treasurer|secretary|sec|convenor|convener|rep|skipper|cox|goalie|bosun|timekeeper|accompanist|conductor|drummer|tenor|soprano)
    (?:clerk|administrator|receptionist|technician|storekeeper|storeman|intern|apprentice|timetabler|librarian|archivist|curator|conservator)
    (?:matron|consultant|physio|surgeon|anaesthetist|therapist|midwife|pharmacist|PIs?|CTO|CEO|COO|HoD|boss|professor|reader)
    (?:director|leader|assessor|examiner|trustee|founder|speaker|night assistant|gardener|groundsman)
    (?:line manager|pool manager|practice manager|office manager|bar manager|lab manager|section head|head of \w+|session chair)
    (?:supervisors?|postdocs?|manager|officer|foreman|housekeeper|organist|lodger|cleaner|nurse)
    (?:\w+ driver|\w+ lady|\w+ coach|new starter)
    """
)
_NOT_BETWEEN = (
    "(?:the|a|an|of|in|on|at|to|and|or|that|my|our|his|her|their|whether|what|i|he|she|it|was|is|had|by|for|with|as|from|time)"
)
_ROLES = re.compile(
    rf"\b(?P<owner>the|our|her|his|their|your|my|an?|one|two|one\sof\s(?:the|our))\s{{1,3}}(?:(?!{_NOT_BETWEEN}\s)[\w’'-]+\s{{1,3}}){{0,2}}?"
    rf"{_POST}(?P<unit>\s(?:of|in|for|with|on|off)\s(?:the\s)?(?-i:[A-Z])[\w’'-]+(?:\s(?:and\s)?(?-i:[A-Z])[\w’'-]+){{0,2}})?(?![\w-])",
    re.IGNORECASE,
)
_OPENING = re.compile(
    rf"(?:^|(?<=[.!?]\s))(?:[A-Z][\w-]+\s)?{_POST}(?=\s(?:\w+(?:ed|s)|went|said|told|came|on|in|saw)\b)",
    re.MULTILINE | re.IGNORECASE,
)
_COMMON_OWNER = re.compile(r"(?i)(?:an?|my)\s")
_HELD = re.compile(
    r"\b(?:Head|Dean|Director|Chair|President|Captain|Master|Warden|Reader|Lecturer|Senior\sLecturer|Professor|Secretary|Treasurer|Curator)"
    r"\s(?:of|in)\s(?:the\s)?[A-Z][\w’'-]+(?:\s(?:and\s)?[A-Z][\w’'-]+){0,3}"
    r"|\b(?i:captain|hooker|secretary|president|treasurer|chair|keeper)\s(?:of|for)\sthe\s[\w’']+(?:\s[\w’']+)?"
)
_ONLY = re.compile(
    r"\b(?:the|their|our)\sonly\s(?!thing|way|reason|time|problem|words?\b|laugh|other\sperson)"
    r"(?:(?:[\w’'-]+\s){1,4}?(?:on|in|at|of|who|among|from|with|to)\s(?:[\w’'-]+\s?){1,6}|(?:[\w’'-]+\s){0,2}[\w’'-]+)",
    re.IGNORECASE,
)
_FEW = r"(?:two|three|four|five|six|seven|eight|nine|ten|[2-9])"
_BODY = "(?:team|group|lab|crew|unit|collaboration|office|shift|desk|committee|department)"
_GROUP = re.compile(
    one_of(
        rf"""
        \ban? (?:(?:small|tiny|little) )?{_BODY} of {_FEW}(?: in (?:the )?[\w’-]+(?: [\w’-]+)?)?
        \b{_FEW} of us in (?:the )?[\w’-]+
        \b(?:our|only) {_FEW} (?:[\w’-]+ )?(?:students|women|men|girls|postdocs|technicians|apprentices)
        \b(?:we are|we['’]re|it['’]s a group of) (?:only )?{_FEW}\b(?! (?:hours|minutes|days|weeks|years|months|of the))
        \b{_FEW} (?:technicians|postdocs|cleaners|apprentices|fellows|women|girls)\b(?: in [\w’-]+(?: \d+)?)?
        \b{_FEW} of us\b
        """
    ),
    re.IGNORECASE,
)
_PERSON = (
    "(?:student|postdoc|colleague|lass|lad|girl|boy|guy|woman|man|lady|bloke|chap|tenor|starter|intern|member|rep|phd|tenant)"
)
_UNLIKE = "(?:new|youngest|oldest|newest|foreign|gay|lesbian|trans|deaf|blind|(?-i:[A-Z])[a-z]+(?:ese|ish|ian|ean|an))"
_SINGLED = re.compile(
    one_of(
        rf"""
        \b(?:our|the|a) {_UNLIKE} (?:\w+ )?{_PERSON}\b
        \b(?:the|that) (?:{_PERSON}|one|person|porter) (?:with|in) (?:the|a) [\w’-]+(?: [\w’-]+)?
        \b(?:the|that|one|a) {_PERSON} (?:in|from|off|at) (?:the )?(?:\w+['’]s \w+|till|desk|partner \w+|stores|kitchen|lodge)
        \b(?:the|that|one|a) {_PERSON} (?:in|with) (?:the |a )?(?:hijab|headscarf|turban|wheelchair|stick)
        \bone of (?:our|the) [\w’-]+ (?:assistants|technicians|postdocs|apprentices|years?|porters|cleaners)\b(?: who['’]s \w+)?
        """
    ),
    re.IGNORECASE,
)
_PLACE = (
    r"(?:,?\s{1,3}(?:(?:at|about|around)\s[\d.:]+(?:\s?[ap]m)?\s)?(?:in|at|on)\s(?:the\s)?(?-i:[A-Z])[\w’'-]+"
    r"(?:\s(?:of\s)?(?-i:[A-Z\d])[\w’'.-]*){0,4}(?:\s(?:station|hall|building|room|observatory|street)){0,2})"
)
_DATE = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{MONTH}(?:\s20\d\d)?"
    rf"|{MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?\b|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?)"
)
_DAY = rf"(?:(?:on|the)\s){{0,2}}(?:{WEEKDAY},?\s(?:(?:night|morning|evening|afternoon)\s)?)?(?:the\s)?{_DATE}"
_DATED = re.compile(
    rf"\b{_DAY}{_PLACE}?|\b(?:(?:on|last)\s)?{WEEKDAY}\s(?:(?:night|morning|evening|afternoon)\s)?{_PLACE}|\blast\s{WEEKDAY}|\b{WEEKDAY}\snight\b|\b(?:session|dinner|meeting)\son\sthe\s\d+(?:st|nd|rd|th)\b",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\b(?:the|our)\s(?!Active|University|Monday|Tuesday|Wednesday|Thursday|Friday)[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+)?"
    r"\s(?:group|lab|laboratory|team|field\scourse|conference)\b(?:\sin\s[A-Z]\w+(?:\s[A-Z]\w+){0,2})?"
    r"|\bthe\s(?:conference|symposium|field\scourse|summer\sschool|regatta|match)\s(?:in|at)\s[A-Z]\w+(?:\s[A-Z]\w+)?"
)
_FORMS = (
    (_OPENING, "role", "Who knows the unit knows who holds this role."),
    (_HELD, "role", "Only one person holds this post."),
    (_ONLY, "group", "There is only one of them."),
    (_GROUP, "group", "The group is so small that its members can be told."),
    (_SINGLED, "role", "What is said of this person singles them out."),
    (_DATED, "date-place", "The day, and the place with it, tell who was there."),
    (_UNIT, "unit", "A unit or an event of this name has few members."),
)


def find_roles(text: str) -> Iterator[Sighting]:
    """Every role, group, unit and day that may point to one person."""
    for role in _ROLES.finditer(text):
        if role["unit"] or not _COMMON_OWNER.match(role[0]):
            yield _sight(role, "role", "Who knows the unit knows who holds this role.")
    for pattern, sort, reason in _FORMS:
        for found in pattern.finditer(text):
            yield _sight(found, sort, reason)


def _sight(found: re.Match[str], sort: str, reason: str) -> Sighting:
    return Sighting(found.start(), found.start() + len(found[0].rstrip(" \n.,")), sort, reason)
