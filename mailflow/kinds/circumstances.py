"""Small groups, the one of a group, and units and events of few people: among whom it was."""

import re
from collections.abc import Iterator

from mailflow.kinds.phrases import WORD, one_of
from mailflow.kinds.sighting import Sighting

_IS = r"(?:\b(?:he|she|they|I|we)(?:['’](?:s|m|re)|\s(?:is|am|was|are|were))\s)?"
_ONLY = re.compile(
    _IS + r"\b(?:(?:the|their|our)\s(?:[\w-]{1,30}['’]s\s)?|(?=only\s(?:wo)?man\s(?:on|in|at|of)))(?:only|sole)\s"
    r"(?!thing|way|reason|time|problem|words?\b|laugh|other\sperson|post\b|question)"
    r"(?:(?:[\w’'-]{1,30}\s){1,4}?(?:on|in|at|of|who|among|from|with|to)(?:\s(?!(?:and|or|but|that|since|so|because)\s)[\w’'-]{1,30}){1,6}"
    r"|(?:[\w’'-]{1,30}\s){0,2}[\w’'-]{1,30})"
    rf"|{_IS}\bthe\sfirst\s(?:(?:[\w-]{{1,30}}\s)?(?:woman|man|person|girl|student|one)\s|(?=(?:from|in)\s(?:our|my)\s))(?:on|in|at|of|from|to)\s(?:[\w’'-]{{1,30}}\s?){{1,4}}",
    re.IGNORECASE,
)
_FEW = r"(?:two|three|four|five|six|seven|eight|nine|ten|[2-9])"
_BODY = (
    "(?:team|group|lab|crew|unit|collaboration|office|shift|desk|committee|department|section|workshop|kitchen|band|choir"
    "|party|household|class|cohort|expedition|delegation|squad|family|panel)"
)
_MEMBERS = (
    "(?:students|women|men|girls|boys|lads|people|staff|postdocs|residents|tenants|apprentices|trainees"
    r"|\w{3,30}(?:ers|ors|ists|icians))"
)
_IN_IT = rf"(?: in (?:the )?{WORD}(?: {WORD})?)"
_WITHIN_IT = rf"(?: in (?:the )?(?!room|car|lift|queue|meeting){WORD}(?: \d+)?)"
_GROUP = re.compile(
    one_of(
        rf"""
        (?:\bwe(?: are| were|['’]re) )?\ban? (?:(?:small|tiny|little|whole) )?{_BODY} of {_FEW}{_IN_IT}?
        \b{_FEW} of us in (?:the )?(?!room|car|lift|queue|meeting){WORD}
        (?<=,\s){_FEW} of us(?=[,.)])
        \b(?:only|just) {_FEW} of us(?: in (?:the )?{WORD})?
        \b(?:our|the) (?:one|{_FEW}) (?:male|female|(?-i:[A-Z]){WORD}|black|gay|deaf) (?!and\b|or\b){WORD}
        \b(?:our|only|the only) {_FEW} (?:{WORD} )?(?:students|women|men|girls|postdocs|technicians|apprentices|staff)
        \b(?:we are|we['’]re|it['’]s a group of) (?:only |just )?{_FEW}\b(?! (?:hours|minutes|days|weeks|years|months|lads|to))
        \b{_FEW} (?:technicians|postdocs|cleaners|apprentices|porters|gardeners|clerks)\b(?: in {WORD}(?: \d+)?)?
        \bthere(?: are| is|['’]re|['’]s) (?:only |just )?{_FEW} of us\b{_WITHIN_IT}?
        \bthere (?:were|was) only {_FEW} of us\b
        \b(?:one|{_FEW}) of (?:the|us|our) {_FEW}(?: {_MEMBERS}|(?=[,.]))(?:,? the {WORD}(?=[,.]))?
        \bthere(?: are|['’]re|['’]s| is) (?:only |just )(?:one|{_FEW}) {WORD}(?: {WORD})? (?:in|on|at|with|of) {WORD}(?: {WORD})?
        \b{_FEW} (?:staff|people|women|men)(?: and (?:one|{_FEW}) {WORD})? (?:in|on) (?:our|my|the) (?:{WORD} )?{_BODY}
        \b(?:one|{_FEW}) (?:women|men|woman|man) (?:and|among|in|to|out of) (?:\d+|{_FEW}|ten|twelve|twenty|thirty|forty)\b
        """
    ),
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\b(?:the|our)\s(?!Active|University|EDI|Monday|Tuesday|Wednesday|Thursday|Friday)[A-Z][\w’'-]{1,30}(?:\s[A-Z][\w’'-]{1,30})?"
    r"\s(?:group|lab|laboratory|team|field\scourse|conference|exchange|scheme|society|choir|orchestra)\b(?:\sin\s[A-Z]\w{1,30}(?:\s[A-Z]\w{1,30}){0,2})?"
    r"|\bthe\s(?:conference|symposium|field\scourse|summer\sschool|regatta|match|away\sday|retreat)\s(?:in|at)\s[A-Z]\w{1,30}(?:\s[A-Z]\w{1,30})?"
    r"|\b(?!The|Our|In|At)[A-Z][a-z]{2,20}\s(?i:stores|workshop|glasshouse|helpdesk|boathouse|observatory)\b"
    r"|\b[Tt]he\s(?:[A-Z][\w’'-]{1,30}\s){1,3}(?:Committee|Board|Panel|Society|Network|Fellowship|Project)\b"
    r"|\b(?!Great|Dining|Main|Town|Lecture|Music|Sports|City|Village|Concert|The)[A-Z][a-zé]{2,20}\s(?:Hall|Court|Lodge)\b"
)
_FORMS = (
    (_ONLY, "group", "There is only one of them."),
    (_GROUP, "group", "The group is so small that its members can be told."),
    (_UNIT, "unit", "A unit, a house or an event of this name has few members."),
)


def find_circumstances(text: str) -> Iterator[Sighting]:
    """Every small group, unit and event that may tell who was there."""
    for pattern, sort, reason in _FORMS:
        for found in pattern.finditer(text):
            yield Sighting(found.start(), found.start() + len(found[0].rstrip(" \n.,")), sort, reason)
