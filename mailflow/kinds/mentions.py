"""A person as the story mentions them, in one stretch: "our gardener Lachlan", "wee Magda off the cleaning team"."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from mailflow.kinds.calendar_words import MONTH, WEEKDAY
from mailflow.kinds.phrases import one_of
from mailflow.kinds.sighting import Sighting

_WORKPLACE = one_of(
    r"""
    (?:(?:the|our|your) )?(?:security|estates|transport|catering|reception|accounts|payroll|finance|stores|maintenance)
    (?:the|our|your) (?:\w+ )?(?:team|desk|office|shop|shift|crew|lodge|park|room|kitchen|canteen|caff?|caf[eé])
    (?:the|our|your) (?:\w+ )?(?:workshop|library|lab|gym|bar)
    (?:next door|upstairs|downstairs)
    the (?:year|floor|office|lab|flat) (?:above|below|next door|opposite)
    """
)
_CAPITALISED = rf"(?!(?i:{MONTH}|{WEEKDAY}))[A-Z][\w’'&-]{{1,30}}"
_NAMED_UNIT = rf"(?:the\s)?{_CAPITALISED}(?:\s(?:and\s)?{_CAPITALISED}){{0,2}}"
_OF_UNIT = re.compile(rf"\s(?:from|in|off|of|at|on)\s(?:{_NAMED_UNIT}|(?i:{_WORKPLACE})\b)")
_YEAR = r"(?:\d(?:st|nd|rd|th)|[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|[Ff]ifth|[Ff]inal)[\s-][Yy]ears?"
_SUBJECT = (
    rf"(?:(?:{_CAPITALISED}\s(?:(?:and|&)\s)?){{0,3}}(?:[A-Z]\w{{1,30}}(?:ology|[aei]cs|istry|eering|aphy|onomy|ences?|aths|ture|guages|ishing|istory|edicine)"
    r"|Sci|Eng|Law|Music|Nursing|Arts?|Classics|Studies|Estates|Security|Catering|Registry|HR|Finance|Admissions|Library|Office|Services|Systems|Team|Department)\b)"
)
# "Mateusz, 2nd year Comp Sci", "Gerald P., Civil Engineering, class of '74".
_STUDIES = re.compile(
    rf"(?:,?\s\(?(?:(?:from|in|the|our)\s)?{_YEAR}(?:\s(?:in\s)?(?:{_SUBJECT}|{_CAPITALISED}))?\)?|,\s{_SUBJECT}|,?\s\(?[Cc]lass\sof\s['’]?\d{{2,4}}\)?){{1,3}}(?:,(?=\s[a-z]))?"
)
_ENDEARING = re.compile(r"(?:\b(?:our|your|the)\s)?\b(?:wee|young|old|big|little|poor|our)\s{1,3}$", re.IGNORECASE)
_JOINT = re.compile(r",?\s{1,3}")
_CLOSED = re.compile(r"\s?(?:[,;.):–—]|$)")
_WHERE = frozenset({"room", "unit"})
_ABOUT_A_PERSON = frozenset({"role", "group"})


def whole_mentions(text: str, sightings: Iterable[Sighting]) -> Iterator[Sighting]:
    """The sightings, each name together with the role before or behind it and the unit it comes from. In any order, apart."""
    waiting: Sighting | None = None
    for one in sorted(sightings, key=lambda one: one.start):
        whole = _with_its_surroundings(text, one) if one.sort == "name" else one
        if waiting is not None and (joined := _joined(text, waiting, whole)):
            waiting = joined
            continue
        if waiting is not None:
            yield waiting
        waiting = whole
    if waiting is not None:
        yield waiting


def _with_its_surroundings(text: str, name: Sighting) -> Sighting:
    before = _ENDEARING.search(text, max(0, name.start - 20), name.start)
    behind = _OF_UNIT.match(text, name.end)
    end = behind.end() if behind else name.end
    studies = _STUDIES.match(text, end)
    return replace(name, start=before.start() if before else name.start, end=studies.end() if studies else end)


def _joined(text: str, first: Sighting, second: Sighting) -> Sighting | None:
    """The two as one where they tell of the same person; None where they do not."""
    if second.start < first.end:
        return replace(first, end=max(first.end, second.end))
    if not (joint := _JOINT.fullmatch(text, first.end, second.start)):
        return None
    if first.sort in _WHERE and second.sort in _WHERE:
        return replace(first, end=second.end)
    alike = second.sort == "name" and first.sort == "role"
    reversed_ = first.sort == "name" and second.sort in _ABOUT_A_PERSON
    closed = "," not in joint[0] or _CLOSED.match(text, second.end) is not None
    if (alike or reversed_) and closed:
        return Sighting(first.start, second.end, "name", "A name with what the person does tells who it is.")
    return None
