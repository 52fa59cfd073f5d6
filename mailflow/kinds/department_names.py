"""The names of groups that a text holds, by the team's list or by the forms such names take."""

from collections.abc import Iterator

from mailflow.kinds.department_forms import (
    AND_ANOTHER,
    AT_PLACE,
    COMMON_ROOM,
    DEGREE,
    DEGREE_TAIL,
    HEADED,
    LAB,
    OWN_PART,
    PART,
    PLAIN_WORDS,
    RUN,
    SAME,
    SOCIETY,
    SOMEBODY_ELSES,
    TAIL,
    THE,
    US,
    WITHIN,
)
from mailflow.kinds.department_list import Listed, in_full, listed_names
from mailflow.rules import Department

Span = tuple[int, int]


def first_group(text: str, departments: tuple[Department, ...]) -> str | None:
    """A degree programme, a group on the list, or a name of the usual forms, wherever it stands first."""
    if degree := DEGREE.search(text) or DEGREE_TAIL.search(text):
        return tidy(degree[0])
    names = [span for span in _forms(text) if _is_a_group(text, *span)]
    if found := min(listed_names(text, departments), key=lambda one: (one[0], -one[1]), default=None):
        start, end, entry = found
        longer = [span for span in names if span[0] <= start and end <= span[1] and span[1] - span[0] > end - start]
        longest = max(longer, key=lambda span: span[1] - span[0], default=None)
        whole = THE.sub("", tidy(text[slice(*longest)])) if longest else _widened(text, start, end, entry)
        return f"{lab}, {whole}" if (lab := _lab_beside(text, start, end)) else whole
    return next((THE.sub("", tidy(text[start:end])) for start, end in names), None)


def tidy(written: str) -> str:
    """A name on one line, without the marks around it."""
    return " ".join(written.split()).strip(" .,;:-")


def _forms(text: str) -> Iterator[Span]:
    for pattern in (HEADED, COMMON_ROOM, AT_PLACE):
        yield from (match.span() for match in pattern.finditer(text))
    yield from _tailed(text)
    yield from (match.span("group") for match in SOCIETY.finditer(text))


def _tailed(text: str) -> Iterator[Span]:
    """ "Quantum Optics group": the longest part of each run of capitals that is followed by what makes it a group."""
    for run in RUN.finditer(text):
        cuts = [place for place in range(run.start(), run.end()) if text[place].isspace()]
        tails = (TAIL.match(text, cut) for cut in (run.end(), *reversed(cuts)))
        if tail := next((tail for tail in tails if tail), None):
            yield run.start(), tail.end()


def _is_a_group(text: str, start: int, end: int) -> bool:
    written = tidy(THE.sub("", text[start:end]))
    theirs = SOMEBODY_ELSES.search(text[max(0, start - 40) : start])
    return not theirs and not US.search(written) and not PLAIN_WORDS.fullmatch(written)


def _lab_beside(text: str, start: int, end: int) -> str | None:
    """The lab that is named just before or after a department of the list, and is not called after it."""
    first = max(0, start - 60)
    for match in LAB.finditer(text[first : end + 60]):
        name = THE.sub("", f"{match['head']}'s group" if match["head"] else match["lab"])
        apart = first + match.end() <= start or first + match.start() >= end
        if apart and not US.search(name):
            return tidy(name)
    return None


def _widened(text: str, start: int, end: int, entry: Listed) -> str:
    """With the words around that say which part: "postdocs in the Department of Physics", "ICT Service Desk team leads"."""
    stop = end
    while second := AND_ANOTHER.match(text, stop):
        stop = second.end()
    while tail := PART.match(text, stop) or OWN_PART.match(text, stop):
        stop = tail.end()
    if before := WITHIN.search(text[max(0, start - 60) : start]):
        return tidy(before[0] + text[start:stop])
    return in_full(entry) if SAME.match(text[end:stop]) else tidy(text[start:stop])
