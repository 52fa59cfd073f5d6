"""The names of the team's list, and their aliases, as they stand in a text."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from mailflow.kinds.department_forms import ACTS, FIRST_WORD, GOES_ON, INTRODUCED, OPENS, SOMEBODY_ELSES
from mailflow.rules import Department


@dataclass(frozen=True, slots=True)
class Listed:
    """A name or alias of the team's list as it is searched, and the name the list gives it."""

    name: str
    written: str


def listed_names(text: str, departments: tuple[Department, ...]) -> Iterator[tuple[int, int, Listed]]:
    """Each place where a name of the list stands, with the longest name that fits there."""
    entries = _entries(departments)
    for word in FIRST_WORD.finditer(text):
        for entry in entries.get(word[0].lower(), ()):
            end = word.start() + len(entry.written)
            if _stands(text, word.start(), end, entry):
                yield word.start(), end, entry
                break


def in_full(entry: Listed) -> str:
    """The list's name where what was written only shortens it; an alias in other words is kept, as it may name a part."""
    rest = iter(entry.name.lower().split())
    shortened = all(any(whole.startswith(part) for whole in rest) for part in entry.written.lower().split())
    return entry.name if shortened or entry.written.isupper() or len(entry.written) <= 4 else entry.written


def _stands(text: str, start: int, end: int, entry: Listed) -> bool:
    """Whether the name is there as a name. One plain word must have its capital, and be introduced: "in Music", not "music"."""
    written, before = " ".join(text[start:end].split()), text[max(0, start - 40) : start]
    if written.lower() != entry.written.lower() or text[end : end + 1].isalnum() or SOMEBODY_ELSES.search(before):
        return False
    if ACTS.match(text, end):
        return False
    if " " in written:
        return True
    # "Planning ahead!" is no mail from Planning.
    opens = OPENS.search(before) is not None and GOES_ON.match(text, end) is not None
    return written == entry.written and INTRODUCED.search(before) is not None and not opens


@lru_cache(maxsize=8)
def _entries(departments: tuple[Department, ...]) -> dict[str, list[Listed]]:
    """Names and aliases by their first word in lower case, the longest first."""
    names = [(written, entry.name) for entry in departments for written in (entry.name, *entry.aliases)]
    entries: dict[str, list[Listed]] = {}
    for written, name in sorted(names, key=lambda pair: -len(pair[0])):
        entries.setdefault(FIRST_WORD.findall(written.lower())[0], []).append(Listed(name, written))
    return entries
