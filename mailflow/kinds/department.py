"""Which group of people a session is for: by the team's list, or by the forms such names take; close to the writer's words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from mailflow.kinds.department_forms import (
    ACTS,
    AMONG,
    AND_ANOTHER,
    AT_PLACE,
    BELONGS,
    COMMON_ROOM,
    COUNTED,
    DEGREE,
    DEGREE_TAIL,
    FIRST_WORD,
    FOR_GROUP,
    HEADED,
    I_RUN,
    INTRODUCED,
    IS_FOR,
    LAB,
    LABELLED,
    MEMBERS_ONLY,
    NAMED,
    NO_NAME,
    OWN_PART,
    PART,
    SAME,
    SOCIETY,
    SOMEBODY_ELSES,
    SUBJECT,
    TAILED,
    THE,
    TRADE,
    US,
    WITHIN,
)
from mailflow.rules import Department


@dataclass(frozen=True, slots=True)
class _Listed:
    """A name or alias of the team's list as it is searched, and the name the list gives it."""

    name: str
    written: str


def name_department(text: str, signature: str, subject: str, departments: tuple[Department, ...]) -> str | None:
    """The group meant, from the text, else the subject, else the signature; as on the list where only shortened there."""
    if label := LABELLED.search(text):
        return _tidy(label[1])
    for place in (text, subject):
        if (group := FOR_GROUP.search(place)) and not US.search(group["group"]):
            return _with_list(place, group, departments)
    for place in (text, subject):
        if found := _named(place, departments):
            return found
    if (group := SUBJECT.search(subject)) and not US.search(group["group"]) and not NO_NAME.search(group["group"]):
        return _tidy(group["group"])
    return next((found for line in signature.splitlines() if (found := _named(line, departments))), None)


def _named(text: str, departments: tuple[Department, ...]) -> str | None:
    """A degree programme, a group on the list, or a name of the usual forms, wherever it stands first."""
    if degree := DEGREE.search(text) or DEGREE_TAIL.search(text):
        return _tidy(degree[0])
    if found := list(_listed(text, departments)):
        start, end, entry = min(found, key=lambda one: (one[0], -one[1]))
        whole = _widened(text, start, end, entry)
        return f"{lab}, {whole}" if (lab := _lab_beside(text, start, end)) else whole
    names = [match["group"] for match in COUNTED.finditer(text)]
    names += [THE.sub("", match[0]) for pattern in (HEADED, TAILED, COMMON_ROOM) for match in pattern.finditer(text)]
    names += [match["group"] for pattern in (I_RUN, AMONG, SOCIETY, AT_PLACE, TRADE) for match in pattern.finditer(text)]
    return next((_tidy(name) for name in names if not US.search(name)), None)


def _lab_beside(text: str, start: int, end: int) -> str | None:
    """The lab that is named just before or after a department of the list, and is not called after it."""
    first = max(0, start - 60)
    for match in LAB.finditer(text[first : end + 60]):
        name = THE.sub("", f"{match['head']}'s group" if match["head"] else match["lab"])
        apart = first + match.end() <= start or first + match.start() >= end
        if apart and not US.search(name):
            return _tidy(name)
    return None


def _with_list(text: str, group: re.Match[str], departments: tuple[Department, ...]) -> str:
    """The group as written; in the list's words where it is on it, or with the department it belongs to."""
    written = _tidy(group["group"])
    for start, end, entry in _listed(text, departments):
        if start == group.start("group") and SAME.match(text[end : group.end("group")]):
            return _full(entry)
    if belongs := BELONGS.match(text, group.end()) or IS_FOR.match(text, group.end()):
        return f"{written} {_tidy(belongs[0])}"
    # "our first-year students" are told from others only by the department that stands elsewhere in the mail.
    whose = None if NAMED.search(written) else next(_listed(text, departments), None)
    if whose is None or whose[2].written.lower() in written.lower() or not MEMBERS_ONLY.search(written):
        return written
    return f"{written}, {_full(whose[2])}"


def _listed(text: str, departments: tuple[Department, ...]) -> Iterator[tuple[int, int, _Listed]]:
    """Each place where a name of the list stands, with the longest name that fits there."""
    entries = _entries(departments)
    for word in FIRST_WORD.finditer(text):
        for entry in entries.get(word[0].lower(), ()):
            end = word.start() + len(entry.written)
            if _stands(text, word.start(), end, entry):
                yield word.start(), end, entry
                break


def _stands(text: str, start: int, end: int, entry: _Listed) -> bool:
    """Whether the name is there as a name. One plain word must have its capital, and be introduced: "in Music", not "music"."""
    written, before = " ".join(text[start:end].split()), text[max(0, start - 20) : start]
    if written.lower() != entry.written.lower() or text[end : end + 1].isalnum() or SOMEBODY_ELSES.search(before):
        return False
    if ACTS.match(text, end):
        return False
    return " " in written or (written == entry.written and INTRODUCED.search(before) is not None)


def _widened(text: str, start: int, end: int, entry: _Listed) -> str:
    """With the words around that say which part: "postdocs in the Department of Physics", "ICT Service Desk team leads"."""
    stop = end
    while second := AND_ANOTHER.match(text, stop):
        stop = second.end()
    while tail := PART.match(text, stop) or OWN_PART.match(text, stop):
        stop = tail.end()
    if before := WITHIN.search(text[max(0, start - 60) : start]):
        return _tidy(before[0] + text[start:stop])
    return _full(entry) if SAME.match(text[end:stop]) else _tidy(text[start:stop])


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
        entries.setdefault(FIRST_WORD.findall(written.lower())[0], []).append(_Listed(name, written))
    return entries


def _tidy(written: str) -> str:
    return " ".join(written.split()).strip(" .,;:-")
