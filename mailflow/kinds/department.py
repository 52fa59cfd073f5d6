"""Which group of people a session is for: by the words that point to it, by the team's list, or by the forms of such names.

What is returned keeps close to the writer's words; a name that only shortens one of the list is given in full.
"""

from mailflow.domain.markings import without_prefixes
from mailflow.kinds.department_cues import cued_names, is_generic
from mailflow.kinds.department_forms import (
    COMMITTEE_OF,
    LABELLED,
    NO_NAME,
    PLAIN_WORDS,
    SAME,
    SIGN_OFF,
    SUBJECT,
    THE,
    US,
    WHOLE_NAME,
    WHOLE_SUBJECT,
)
from mailflow.kinds.department_list import in_full, listed_names
from mailflow.kinds.department_names import first_group, tidy
from mailflow.kinds.number_words import in_digits
from mailflow.rules import Department

_SURE = 7  # the weight of a cue from which what it names is the group, whatever else is named
_READ = 6_000  # characters: who writes more has named the group by then
_STEM = 7  # letters: receptionists are in a reception


def name_department(
    text: str, signature: str, subject: str, departments: tuple[Department, ...], earlier: str = ""
) -> str | None:
    """The group meant: from the text, else the subject, else the signature, else `earlier` messages of the sender's."""
    if label := LABELLED.search(text):
        return tidy(label[1])
    text = text[:_READ]
    cued, of_title = _cued(text), _cued(subject)
    sure = _sure(cued)
    plain = [written for written in (*sure, *_sure(of_title)) if PLAIN_WORDS.fullmatch(written)]
    unit = next((_with_list(written, departments) for written in sure if not PLAIN_WORDS.fullmatch(written)), None)
    unit = unit or _more_of(first_group(text, departments), subject) or _of_subject(subject, of_title, departments)
    unit = unit or _of_lines(signature, departments) or _of_sign_off(text, departments)
    unit = unit or (name_department(earlier, "", "", departments) if earlier else None)
    if plain and unit and not _within(plain[0], unit):
        return f"{plain[0]}, {unit}"
    return unit or next(iter(plain), None) or next((written for written, _ in (*cued, *of_title)), None)


def _cued(text: str) -> list[tuple[str, int]]:
    """What the words of a text point to, the most telling first and of equals the first, each with its weight."""
    counted = in_digits(text)
    found = sorted(cued_names(counted), key=lambda cued: (-cued.weight, cued.start))
    named = ((tidy(counted[cued.start : cued.end]), cued.weight) for cued in found)
    return [(written, weight) for written, weight in named if not US.search(written)]


def _sure(cued: list[tuple[str, int]]) -> list[str]:
    return [written for written, weight in cued if weight >= _SURE]


def _within(members: str, unit: str) -> bool:
    """Whether the unit's name says who the people are: "hall wardens" in "hall wardens and subwardens, Ashdown Court"."""
    return members.lower().split()[-1][:_STEM] in unit.lower()


def _with_list(written: str, departments: tuple[Department, ...]) -> str:
    """The group as written, without the committee that asks for it; in the list's words where it is on it."""
    group = COMMITTEE_OF.sub("", THE.sub("", written))
    listed = next(((start, end, entry) for start, end, entry in listed_names(group, departments)), None)
    return in_full(listed[2]) if listed and listed[0] == 0 and SAME.match(group[listed[1] :]) else group


def _of_subject(subject: str, cued: list[tuple[str, int]], departments: tuple[Department, ...]) -> str | None:
    """The group that a subject names: "Training for the wardens", "Postdocs in Hut C"."""
    title = tidy(without_prefixes(subject))
    if WHOLE_SUBJECT.match(title) or (WHOLE_NAME.match(title) and not is_generic(title) and not _is_plain(title)):
        return title
    if named := next((written for written in _sure(cued) if not PLAIN_WORDS.fullmatch(written)), None):
        return named
    if found := first_group(subject, departments):
        return found
    if (group := SUBJECT.search(subject)) and not US.search(group["group"]) and not NO_NAME.search(group["group"]):
        return tidy(group["group"])
    return None


def _is_plain(title: str) -> bool:
    return PLAIN_WORDS.fullmatch(title[0].lower() + title[1:]) is not None


def _more_of(unit: str | None, subject: str) -> str | None:
    """The unit by the longer name that the subject gives it: "Estates project managers"."""
    title = without_prefixes(subject)
    return tidy(title) if unit and title.startswith(unit) and WHOLE_NAME.match(title) else unit


def _of_sign_off(text: str, departments: tuple[Department, ...]) -> str | None:
    """The unit beside the name at the end: "Catherine, Theatre recovery"."""
    if signed := SIGN_OFF.search(text):
        return first_group(signed["unit"], departments) or tidy(signed["unit"])
    return None


def _of_lines(text: str, departments: tuple[Department, ...]) -> str | None:
    """The first name in lines that stand for themselves, as in a signature."""
    return next((found for line in text.splitlines() if len(line) < 90 and (found := first_group(line, departments))), None)
