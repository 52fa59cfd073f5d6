"""Which group of people a session is for: by the team's list and the forms such names take, as close to the writer's words as can be."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from mailflow.rules import Department

_WORD = r"(?:[A-Z][\w’'&/.-]{0,30}|\d\w{0,3})"
_NAME = rf"{_WORD}(?:\s(?:of|and|&|for|in|the|at)(?:\sthe)?\s{_WORD}|\s{_WORD}|,\s{_WORD}(?=\s(?:and|&)\s)){{0,6}}"
_HEADS = r"(?:Department|Dept\.?|School|Faculty|Centre|Center|Institute|Division|Section|College|Office|CDT|Programme|Graduate School|Laboratory|Unit)"
_TAILS = (
    r"(?:[Ss]ociety|[Ss]oc|[Cc]lub|[Tt]eam|[Gg]roup|[Ll]abs?|[Ss]quad|[Cc]ommittee|[Ss]ervices?|[Dd]epartment|[Dd]ept|[Ss]chool|[Oo]ffice|[Pp]rogramme|"
    r"[Cc]rew|[Cc]ohort|[Uu]nit|[Ss]ection|[Cc]entre|[Ii]nstitute|[Uu]nion|[Ff]aculty|[Dd]ivision|[Ss]hift|[Nn]etwork|[Ww]orkshop|[Ll]ibrary|[Dd]esk|"
    r"[Pp]ostdocs|[Pp]hDs|PGRs|GTAs|[Cc]aptains|[Nn]ursery|[Cc]oordinators|[Pp]orters|[Aa]ssociation|[Hh]ub|[Cc]af[eé]|[Cc]hoir|[Oo]rchestra)"
)
_LABELLED = re.compile(
    r"(?im)^[ \t>*-]*(?:audience|department(?:/group)?|dept|group|team|for|who|school|unit|society|department or group)[ \t]?:[ \t]*([^\n]{2,80})"
)
_HEADED = re.compile(rf"\b{_HEADS}\s(?:of|for|in)\s(?:the\s)?{_NAME}")
_MASTERS = re.compile(rf"\b(?:MSc|MA|MRes|MBA|BSc|MEng|PGCE|MPhil|LLM)\s(?:in\s)?{_WORD}(?:\s(?:(?:and|of)\s)?{_WORD}){{0,3}}")
_TAILED = re.compile(
    rf"\b(?!The\b|Our\b|We\b|Your\b|My\b|This\b){_NAME}(?<!\bThe)\s(?:{_TAILS}\s){{0,2}}{_TAILS}\b(?:\s(?:team\sleads|leads|managers|committee|captains|staff|crew))?"
)
_FOR_GROUP = re.compile(
    r"(?i)\b(?:active\sbystander|bystander|workshop|session|training|course|one|it)\b(?:\s(?:session|workshop|training|course|thing|stuff|programme))?\s(?:just\s)?(?:for|with|to)\s"
    r"(?:all\s)?(?:of\s)?(?:the|our|my|its)\s(?P<group>[\w’'&/-]+(?:\s[\w’'&/-]+){0,5}?\s"
    r"(?:team|group|lab|labs|squad|committee|crew|club|society|shift|staff|cohort|desk|leads|managers|captains|wardens|students|postdocs|phds|pgrs|gtas|fellows|technicians|nurses|volunteers|programme))\b"
)
_QUALIFIED = r"(?P<who>(?:(?:first|second|third|final|new)[-\s]year\s)?(?:PhDs?(?:\sstudents)?|PGRs|GTAs|postdocs|postgraduates|undergraduates|line\smanagers|technicians|students|staff))\s(?:in|of|from|at)\s(?:the\s)?"
_LOWER_FIRST = frozenset(
    [
        "dear",
        "hi",
        "hello",
        "hey",
        "thanks",
        "regards",
        "hope",
        "could",
        "would",
        "please",
        "we",
        "i",
        "our",
        "the",
        "a",
        "an",
        "and",
    ]
)


@dataclass(frozen=True, slots=True)
class _Listed:
    """A name or alias of the team's list, and the name the list gives it."""

    name: str
    pattern: re.Pattern[str]
    written: str


def name_department(text: str, signature: str, subject: str, departments: tuple[Department, ...]) -> str | None:
    """The group meant; a name on the list in full, others as written. Looked for in the text, then the subject, then the signature."""
    for place, signed in ((text, False), (subject, False), (signature, True)):
        if found := _in(place, departments, signed):
            return found
    return None


def _in(text: str, departments: tuple[Department, ...], signed: bool) -> str | None:
    if label := _LABELLED.search(text):
        return _tidy(label[1])
    listed = list(_listed(text, departments))
    if not signed and (group := _FOR_GROUP.search(text)):
        return _tidy(group["group"])
    if listed:
        start, end, entry = min(listed, key=lambda found: (found[0], -found[1]))
        return _widened(text, start, end, entry)
    for pattern in (_HEADED, _MASTERS, _TAILED):
        for match in pattern.finditer(text):
            if match[0].split()[0].lower() not in _LOWER_FIRST:
                return _tidy(match[0])
    return None


def _listed(text: str, departments: tuple[Department, ...]) -> Iterator[tuple[int, int, _Listed]]:
    for entry in _entries(departments):
        if match := entry.pattern.search(text):
            yield match.start(), match.end(), entry


def _widened(text: str, start: int, end: int, entry: _Listed) -> str:
    """With the words around that say which part of it: "postdocs in the Department of Physics", "ICT Service Desk team leads"."""
    tail = re.compile(
        rf"\s(?:{_TAILS}\b|team\b|leads\b|managers\b|teaching\b|fellows\b|and\sGTAs\b|night\b|nursing\b|research\b|\w+ students\b){{1}}"
    ).match(text, end)
    stop = end
    while tail:
        stop = tail.end()
        tail = tail.re.match(text, stop)
    before = re.search(_QUALIFIED + r"$", text[max(0, start - 60) : start], re.IGNORECASE)
    if before:
        return _tidy(before[0] + text[start:stop])
    widened = text[start:stop]
    plain = re.fullmatch(re.escape(text[start:end]) + r"(?i:\s(?:team|department|dept|office|section|unit))?", widened)
    return _full(entry) if plain else _tidy(widened)


def _full(entry: _Listed) -> str:
    """The list's name where what was written only shortens it; an alias of other words is kept, as it may name a part."""
    name, alias = entry.name.lower().split(), entry.written.lower().split()
    rest = iter(name)
    shortened = all(any(whole.startswith(part.rstrip(".")) for whole in rest) for part in alias)
    return entry.name if shortened or entry.written.isupper() or len(entry.written) <= 4 else entry.written


@lru_cache(maxsize=8)
def _entries(departments: tuple[Department, ...]) -> tuple[_Listed, ...]:
    """The longest names first. One plain word must be written with a capital: "Music", not "music"."""
    names = [(written, entry.name) for entry in departments for written in (entry.name, *entry.aliases)]
    return tuple(
        _Listed(
            name,
            re.compile(rf"(?<![\w-]){re.escape(written)}(?![\w-])", re.NOFLAG if " " not in written else re.IGNORECASE),
            written,
        )
        for written, name in sorted(names, key=lambda pair: -len(pair[0]))
    )


def _tidy(written: str) -> str:
    return " ".join(written.split()).strip(" .,;:-")
