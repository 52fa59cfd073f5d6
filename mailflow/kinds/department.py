"""Which group of people a session is for: by the team's list, or by the forms such names take; close to the writer's words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from mailflow.kinds.phrases import one_of
from mailflow.rules import Department

_WORD = r"(?:[A-Z][\w’'&/.-]{0,30}|\d\w{0,3})"
_LINK = r"\s(?:of|and|&|for|in|the|at)(?:\sthe)?"
_NAME = rf"{_WORD}(?:{_LINK}\s{_WORD}|\s{_WORD}|,\s{_WORD}(?=\s(?:and|&)\s)){{0,6}}"
_HEADS = one_of(
    """
    (?:Department|Dept[.]?|School|Graduate School|Faculty|College|Division|Section|Institute)
    (?:Centre|Center|Office|Unit|Laboratory|CDT|Programme)
    """
)
_GROUPS = one_of(
    r"""
    (?:team|group|labs?|squad|committee|crew|club|society|soc|choir|orchestra|network|association|union|hub)
    (?:services?|department|dept|school|office|unit|section|centre|institute|faculty|division|library|desk|nursery|caf[eé]|workshop)
    (?:shift|staff|cohort|programme|leads|managers|captains|wardens|coordinators|porters|technicians|nurses|volunteers)
    (?:students|undergraduates|postgraduates|postdocs|phds|pgrs|gtas|teaching fellows|fellows|apprentices|reps)
    """
)
_LABELLED = re.compile(
    r"(?im)^[ \t>*-]*(?:audience|department(?:/group| or group)?|dept|group|team|for|who|school|unit|society)[ \t]?:[ \t]*([^\n]{2,80})"
)
_HEADED = re.compile(rf"\b{_HEADS}\s(?:of|for|in)\s(?:the\s)?{_NAME}")
_DEGREE = re.compile(rf"\b(?:MSc|MA|MRes|MBA|BSc|MEng|PGCE|MPhil|LLM)\s(?:in\s)?{_WORD}(?:\s(?:(?:and|of)\s)?{_WORD}){{0,3}}")
_TAILED = re.compile(rf"\b{_NAME}\s(?i:{_GROUPS}\s){{0,2}}(?i:{_GROUPS})\b")
_FOR_GROUP = re.compile(
    r"(?i)\b(?:for|with)\s(?:all\s)?(?:of\s)?(?:the|our|my|its|his|her)\s"
    rf"(?P<group>(?!own\b|whole\b|rest\b)[\w’'&/-]+(?:\s[\w’'&/-]+){{0,5}}?\s{_GROUPS}(?:\s{_GROUPS}){{0,2}})\b(?!\sroom)"
)
_SUBJECT = re.compile(
    r"(?i)\b(?:for|from)\s(?:the\s|our\s|my\s)?(?P<group>[^?!:–—\n-]{3,60}?)(?:\scohort|\speople)?\s*(?:[?!.:–—-]|$)"
)
_WITHIN = re.compile(
    r"(?i)(?:(?:first|second|third|final|new)[-\s]year\s)?"
    rf"(?:line\smanagers|{_GROUPS}(?:\sstudents)?)\s(?:in|of|from|at)\s(?:the\s)?$"
)
_PART = re.compile(
    rf"\s(?:(?:team|research|teaching|night|day|nursing|first-year|second-year|\w+'s)\s){{0,2}}{_GROUPS}\b", re.IGNORECASE
)
_SAME = re.compile(r"(?i)^(?:\s(?:team|department|dept|office|section|unit))?$")
_US = re.compile(
    r"(?i)\bEDI\s(?:Centre|team|office)\b|\bActive Bystander\b|^(?:dear|hi|hello|hey|thanks|could|would|we|i|our|the|your|this)\b"
)


@dataclass(frozen=True, slots=True)
class _Listed:
    """A name or alias of the team's list as it is searched, and the name the list gives it."""

    name: str
    written: str
    pattern: re.Pattern[str]


def name_department(text: str, signature: str, subject: str, departments: tuple[Department, ...]) -> str | None:
    """The group meant, from the text, else the subject, else the signature; as on the list where only shortened there."""
    if label := _LABELLED.search(text):
        return _tidy(label[1])
    for place in (text, subject):
        if (group := _FOR_GROUP.search(place)) and not _US.search(group["group"]):
            return _with_list(place, group, departments)
    for place in (text, subject):
        if found := _named(place, departments):
            return found
    if (group := _SUBJECT.search(subject)) and not _US.search(group["group"]) and not re.search(r"\d", group["group"]):
        return _tidy(group["group"])
    return _named(signature, departments)


def _named(text: str, departments: tuple[Department, ...]) -> str | None:
    """A degree programme, a group on the list, or a name of the usual forms, wherever it stands first."""
    if degree := _DEGREE.search(text):
        return _tidy(degree[0])
    if found := list(_listed(text, departments)):
        start, end, entry = min(found, key=lambda one: (one[0], -one[1]))
        return _widened(text, start, end, entry)
    names = (match[0] for pattern in (_HEADED, _TAILED) for match in pattern.finditer(text))
    return next((_tidy(name) for name in names if not _US.search(name)), None)


def _with_list(text: str, group: re.Match[str], departments: tuple[Department, ...]) -> str:
    """The group as written; in the list's words where it is on it, or with the department it belongs to."""
    written = _tidy(group["group"])
    for start, end, entry in _listed(text, departments):
        if start == group.start("group") and _SAME.match(text[end : group.end("group")]):
            return _full(entry)
    belongs = re.match(rf"\s(?:in|of|from)\s(?:the\s)?({_NAME})", text[group.end() :])
    return f"{written} in {_tidy(belongs[1])}" if belongs else written


def _listed(text: str, departments: tuple[Department, ...]) -> Iterator[tuple[int, int, _Listed]]:
    for entry in _entries(departments):
        if (match := entry.pattern.search(text)) and not _US.search(match[0]):
            yield match.start(), match.end(), entry


def _widened(text: str, start: int, end: int, entry: _Listed) -> str:
    """With the words around that say which part: "postdocs in the Department of Physics", "ICT Service Desk team leads"."""
    stop = end
    while tail := _PART.match(text, stop):
        stop = tail.end()
    if before := _WITHIN.search(text[max(0, start - 60) : start]):
        return _tidy(before[0] + text[start:stop])
    return _full(entry) if _SAME.match(text[end:stop]) else _tidy(text[start:stop])


def _full(entry: _Listed) -> str:
    """The list's name where what was written only shortens it; an alias in other words is kept, as it may name a part."""
    rest = iter(entry.name.lower().split())
    shortened = all(any(whole.startswith(part) for whole in rest) for part in entry.written.lower().split())
    return entry.name if shortened or entry.written.isupper() or len(entry.written) <= 4 else entry.written


@lru_cache(maxsize=8)
def _entries(departments: tuple[Department, ...]) -> tuple[_Listed, ...]:
    """Names and aliases, the longest first. One plain word must be written with a capital: "Music", not "music"."""
    names = [(written, entry.name) for entry in departments for written in (entry.name, *entry.aliases)]
    return tuple(
        _Listed(
            name,
            written,
            re.compile(rf"(?<![\w-]){re.escape(written)}(?![\w-])", re.IGNORECASE if " " in written else re.NOFLAG),
        )
        for written, name in sorted(names, key=lambda pair: -len(pair[0]))
    )


def _tidy(written: str) -> str:
    return " ".join(written.split()).strip(" .,;:-")
