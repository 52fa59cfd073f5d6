"""Which group of people a session is for: by the team's list, or by the forms such names take; close to the writer's words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from mailflow.kinds.phrases import one_of
from mailflow.rules import Department

_FIRST_WORD = re.compile(r"\w+")
_WORD = r"(?:[A-Z][\w’'&/-]{0,30})"
_LINK = r"\s(?:of|and|&|for|in|the|at)(?:\sthe)?"
_NAME = rf"{_WORD}(?:{_LINK}\s{_WORD}|\s{_WORD}|,\s{_WORD}(?=\s(?:and|&)\s)){{0,6}}"
_HEADS = one_of(
    """
    (?:Department|Dept[.]?|School|Graduate School|Faculty|College|Division|Section|Institute)
    (?:Centre|Center|Office|Unit|Laboratory|CDT|Programme)
    """
)
_UNITS = one_of(
    r"""
    (?:team|group|labs?|squad|committee|crew|club|society|soc|choir|orchestra|network|association|union|hub)
    (?:services?|department|dept|school|office|unit|section|centre|institute|faculty|division|library|desk|nursery|caf[eé]|workshop)
    (?:(?:night |day |early |late )?shift|programme|cohort)
    """
)
_MEMBERS = one_of(
    r"""
    (?:staff|team leads|leads|managers|captains|wardens|coordinators|porters|technicians|nurses|volunteers|trustees|scholars)
    (?:students|undergraduates|postgraduates|postdocs|phds|pgrs|gtas|teaching fellows|fellows|apprentices|reps)
    """
)
_GROUPS = rf"(?:{_UNITS}|{_MEMBERS})"
_LABELLED = re.compile(
    r"(?im)^[ \t>*-]*(?:audience|department(?:/group| or group)?|dept|group|team|for|who|school|unit)[ \t]?:[ \t]*([^\n]{2,80})"
)
_HEADED = re.compile(rf"\b(?:{_HEADS}|group|lab|section)\s(?:of|for|in)\s(?:the\s)?{_NAME}")
_DEGREE = re.compile(rf"\b(?:MSc|MA|MRes|MBA|BSc|MEng|PGCE|MPhil|LLM)\s(?:in\s)?{_WORD}(?:\s(?:(?:and|of)\s)?{_WORD}){{0,3}}")
_TAILED = re.compile(rf"(?<!\bat\s)(?<!\bat\sthe\s)\b{_NAME}\s(?i:{_GROUPS}\s){{0,2}}(?i:{_GROUPS})\b")
_FOR_GROUP = re.compile(
    r"(?i)\b(?:for|with|all)\s(?:all\s)?(?:of\s)?(?:the|our|my|its|his|her)\s"
    rf"(?P<group>(?!own\b|rest\b|whole\b|entire\b|normal\b|usual\b|head\b)[\w’'&/-]+(?:\s[\w’'&/-]+){{0,5}}?\s{_GROUPS}(?:\s{_GROUPS}){{0,2}})\b(?!\sroom)"
)
# A subject such as "training for our group, 3 dates" names nobody.
_NO_NAME = re.compile(rf"(?i)\d|^{_GROUPS}$")
_BELONGS = re.compile(rf"\s(?:in|of|from|at)\s(?:the\s)?{_NAME}")
_NAMED = re.compile(r"[A-Z][a-z]{3,}")
_MEMBERS_ONLY = re.compile(rf"(?i){_MEMBERS}$")
_SUBJECT = re.compile(
    r"(?i)\b(?:for|from)\s(?:the\s|our\s|my\s)?(?P<group>[^?!:–—\n-]{3,60}?)(?:\scohort|\speople)?\s*(?:[?!.:–—-]|$)"
)
_WITHIN = re.compile(
    r"(?i)(?:(?:first|second|third|final|new)[-\s]year\s)?"
    rf"(?:line\smanagers|{_MEMBERS}(?:\sstudents)?)\s(?:in|of|from|at)\s(?:the\s)?$"
)
_PART = re.compile(
    rf"\s(?:(?:team|research|teaching|night|day|nursing|first-year|second-year|\w+'s)\s){{0,2}}{_GROUPS}\b", re.IGNORECASE
)
_AND_ANOTHER = re.compile(rf"\s(?:&|and)\s(?!I\b){_WORD}(?:\s{_WORD})?")
# One plain word such as "English" or "Law" names a department after these only, or where a sentence or line begins.
_INTRODUCED = re.compile(
    r"(?i)(?:\b(?:in|from|at|of|for|the|to|and|with|whole|our|all|by)\s|[&,;:(/–—]\s?|[.!?]\s{1,3}|\n[ \t]*|^)$"
)
# "HR are dealing with it" says who acts, not whom the session is for.
_ACTS = re.compile(r"\s(?:is|are)\s\w+(?:ing|ed)\b")
_SOMEBODY_ELSES = re.compile(
    r"(?i)\b(?:your|(?:director|professor|reader|lecturer|secretary|degree|minister|head|phd|student)\s(?:of|in))\s$"
)
_I_RUN = re.compile(
    r"\b[Ii](?:\s(?:lead|run|chair|head|manage|coordinate|look\safter)|(?:[’']m|\sam)(?:\s\w+){0,3}\s(?:of|for|in))"
    rf"(?:\s[a-z]\w*){{0,4}}?\s(?:(?:for|in|of)\s)?(?:the\s)?(?P<group>{_NAME})"
)
_SAME = re.compile(r"(?i)^(?:\s(?:team|department|dept|office|section|unit))?$")
_US = re.compile(
    r"(?i)\bEDI\s(?:Centre|team|office)\b|\bActive\sBystander\b|^head\sof\sdepartment$|^\w+(?:ian|ese|ish)\s(?:students?|staff)$"
    r"|^(?:dear|hi|hello|hey|thanks|could|would|we|i|our|the|your|this)\b"
)


@dataclass(frozen=True, slots=True)
class _Listed:
    """A name or alias of the team's list as it is searched, and the name the list gives it."""

    name: str
    written: str


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
    if (group := _SUBJECT.search(subject)) and not _US.search(group["group"]) and not _NO_NAME.search(group["group"]):
        return _tidy(group["group"])
    return next((found for line in signature.splitlines() if (found := _named(line, departments))), None)


def _named(text: str, departments: tuple[Department, ...]) -> str | None:
    """A degree programme, a group on the list, or a name of the usual forms, wherever it stands first."""
    if degree := _DEGREE.search(text):
        return _tidy(degree[0])
    if found := list(_listed(text, departments)):
        start, end, entry = min(found, key=lambda one: (one[0], -one[1]))
        return _widened(text, start, end, entry)
    names = [match[0] for pattern in (_HEADED, _TAILED) for match in pattern.finditer(text)]
    names += [match["group"] for match in _I_RUN.finditer(text)]
    return next((_tidy(name) for name in names if not _US.search(name)), None)


def _with_list(text: str, group: re.Match[str], departments: tuple[Department, ...]) -> str:
    """The group as written; in the list's words where it is on it, or with the department it belongs to."""
    written = _tidy(group["group"])
    for start, end, entry in _listed(text, departments):
        if start == group.start("group") and _SAME.match(text[end : group.end("group")]):
            return _full(entry)
    if belongs := _BELONGS.match(text, group.end()):
        return f"{written} {_tidy(belongs[0])}"
    # "our first-year students" are told from others only by the department that stands elsewhere in the mail.
    whose = None if _NAMED.search(written) else next(_listed(text, departments), None)
    if whose is None or whose[2].written.lower() in written.lower() or not _MEMBERS_ONLY.search(written):
        return written
    return f"{written}, {_full(whose[2])}"


def _listed(text: str, departments: tuple[Department, ...]) -> Iterator[tuple[int, int, _Listed]]:
    """Each place where a name of the list stands, with the longest name that fits there."""
    entries = _entries(departments)
    for word in _FIRST_WORD.finditer(text):
        for entry in entries.get(word[0].lower(), ()):
            end = word.start() + len(entry.written)
            if _stands(text, word.start(), end, entry):
                yield word.start(), end, entry
                break


def _stands(text: str, start: int, end: int, entry: _Listed) -> bool:
    """Whether the name is there as a name. One plain word must have its capital, and be introduced: "in Music", not "music"."""
    written, before = " ".join(text[start:end].split()), text[max(0, start - 20) : start]
    if written.lower() != entry.written.lower() or text[end : end + 1].isalnum() or _SOMEBODY_ELSES.search(before):
        return False
    if _ACTS.match(text, end):
        return False
    return " " in written or (written == entry.written and _INTRODUCED.search(before) is not None)


def _widened(text: str, start: int, end: int, entry: _Listed) -> str:
    """With the words around that say which part: "postdocs in the Department of Physics", "ICT Service Desk team leads"."""
    stop = end
    while second := _AND_ANOTHER.match(text, stop):
        stop = second.end()
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
def _entries(departments: tuple[Department, ...]) -> dict[str, list[_Listed]]:
    """Names and aliases by their first word in lower case, the longest first."""
    names = [(written, entry.name) for entry in departments for written in (entry.name, *entry.aliases)]
    entries: dict[str, list[_Listed]] = {}
    for written, name in sorted(names, key=lambda pair: -len(pair[0])):
        entries.setdefault(_FIRST_WORD.findall(written.lower())[0], []).append(_Listed(name, written))
    return entries


def _tidy(written: str) -> str:
    return " ".join(written.split()).strip(" .,;:-")
