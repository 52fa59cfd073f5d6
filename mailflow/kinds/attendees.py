"""How many people a session is for, as somebody writes it: "15-20", "a dozen", "9 of us + 2", "all 43 of us"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS = {word: number for number, word in enumerate(_ONES.split(), 1)} | {
    word: number for number, word in zip(range(20, 100, 10), _TENS.split(), strict=True)
}
_ONE_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
# At most four digits: the University has no larger room. Not part of a time, a date, a sum of money or a share.
_DIGITS = r"(?<![\d/.:£$€#-])\d{1,4}(?![\d/:%]|[.]\d|(?:st|nd|rd|th|am|pm)\b)"
_N = (
    rf"(?:{_DIGITS}|(?:half\sa|a|an|one|two|three)\sdozen|a\shundred|(?:{_TENS.replace(' ', '|')})[-\s](?:{_ONES.replace(' ', '|')})\b"
    rf"|\b(?:{_ONE_WORD})\b)"
)
_SPAN = rf"(?P<n>{_N})(?:\s?(?:-|–|—|to|or)\s?(?:up\sto\s)?(?P<m>{_N}))?"
_PEOPLE = (
    r"(?:people|persons?|staff|students?|postdocs?|post-docs?|members?|participants?|attendees|delegates|colleagues|employees|girls|boys|"
    r"women|men|lads|players|practitioners|nurses|doctors|teachers|tutors|managers|leads|engineers|researchers|academics|"
    r"technicians|wardens|porters|volunteers|officers|trainees|apprentices|undergraduates|undergrads|postgraduates|postgrads|freshers|"
    r"phds?|pgrs?|gtas?|pis?|heads|names|librarians|cleaners|drivers|assistants|regulars|supervisors|committee|folk|bodies|souls|lecturers)"
)
_ABOUT = r"(?:(?:about|around|roughly|approximately|approx\.?|some|circa|c\.|ca\.?|maybe|perhaps|probably|nearly|almost|up\sto|over|~|only|just|now|all|the|at\sleast|at\smost|somewhere\sbetween|between|say|in\stotal|likely)\s?){0,3}"
_KINDS_OF = r"(?:\s[\w’'-]+){0,3}?"


@dataclass(frozen=True, slots=True)
class _Count:
    position: int
    weight: int
    low: int
    high: int | None


def _form(weight: int, written: str) -> tuple[int, re.Pattern[str]]:
    return weight, re.compile(written, re.IGNORECASE)


_FORMS = (
    _form(
        9,
        rf"^[ \t>*-]*(?:(?:expected|approx\w*|estimated|total|likely)\s)?(?:numbers?|attendees|participants|group\ssize|headcount|size)(?:\s(?:of\s)?(?:people|attendees|participants))?\s?[:=]\s?{_ABOUT}{_SPAN}",
    ),
    _form(8, rf"\bbetween\s(?P<n>{_N})\sand\s(?P<m>{_N})\b"),
    _form(8, rf"(?P<n>{_N})\sof\sus\b[^.!?\n]{{0,30}}\bno\smore\sthan\s(?P<m>{_N})"),
    _form(
        8,
        rf"\b(?:so|making|makes|total(?:s|ling|\sof)?|call\sit|(?:is|are|we[’']re)\snow(?:\sall)?|down\sto|up\sto)\s{_ABOUT}{_SPAN}(?=\s?(?:[.,;:)!?]|$|of\b|in\b|people\b|altogether\b|now\b|\sand\b))",
    ),
    _form(8, rf"{_SPAN}\s(?:of\sus\s)?(?:in\s(?:all|total|number)|altogether|all\stold|on\sthe\sbooks)\b"),
    _form(7, rf"{_SPAN}(?:ish)?\s(?:of\s(?:us|them|you)|{_PEOPLE})\b"),
    _form(
        6,
        rf"\b(?:we\sare|we[’']re|we\swill\sbe|we[’']ll\sbe|we\sshould\sbe|we\swould\sbe|we\sexpect|there\sare|there[’']s|there\swill\sbe|there[’']ll\sbe|there\swould\sbe|intake\sis|cohort\sis|it[’']?s|it\swould\sbe|it[’']d\sbe|would\sbe|should\sbe|will\sbe|i\sexpect|i\swould\ssay|for|group\sof|team\sof|cohort\sof|all|still|shd\sbe|release)\s{_ABOUT}{_SPAN}(?:ish|-odd)?(?=[\s.,;:)!?]|$)",
    ),
    _form(5, rf"{_SPAN}(?:ish)?{_KINDS_OF}\s{_PEOPLE}\b"),
    _form(2, rf"^[ \t>*-]*{_SPAN}(?:ish)?(?=\s?(?:,|$|\.))"),
)
_SUM = re.compile(rf"(?P<n>{_N})(?:\sof\sus|\s[\w’'-]+){{0,3}}\s?(?:\+|plus)\s?(?P<m>{_N})(?=\s)", re.IGNORECASE)
_GROUPS = re.compile(rf"(?:cohorts|groups|classes|shifts|teams)(?:,|:|\sof|\s-)\s(?P<n>{_N})\sand\s(?P<m>{_N})\b", re.IGNORECASE)
_OTHER_UNIT = re.compile(
    r"(?i)^[-\s]?(?:minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|yrs?|groups?|sessions?|times?|slots?|runs?|cohorts|floors?|rooms?|"
    r"o[’']?clock|per\scent|percent|miles|dates?|sites?|campuses|pm|am|mornings?|afternoons?|pounds|questions?|points?|things?|screens|or\smore\srows|"
    r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|other|others|half|a\.m|p\.m|kiosks|countries|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)\w*"
)
_NOT_THEM = re.compile(
    r"(?i)(?:\b(?:told\syou|said|originally|original|seats?|holds?|capacity(?:\sis|\sof)?|fits?|takes|groups\sof|instead\sof|was|were|used\sto\sbe|not|rather\sthan|"
    r"room(?:\sfor)?|lost|of\sthe|in|page|item|floor|level|building|only\sthree|one\sof|half|of\sthose|lift|bus|ward|year|week|room|no\.|ext\.?|x|extension|"
    r"at|after|from|until|before|past|by)\s{1,2}(?:about\s|around\s|the\s|up\sto\s)?)$"
)


def count_attendees(text: str) -> int | tuple[int, int] | None:
    """The number of people, or its range; None where no number is said, or only one of something else."""
    sums = [_total(match) for pattern in (_SUM, _GROUPS) for match in pattern.finditer(text)]
    found = list(_counts(text))
    best = max(found, key=lambda count: (count.weight, count.position), default=None)
    if sums and (best is None or best.weight < 8):
        return sums[0]
    if best is None:
        return None
    return (best.low, best.high) if best.high and best.high > best.low else best.low


def _counts(text: str) -> Iterator[_Count]:
    for weight, pattern in _FORMS:
        for match in pattern.finditer(text):
            end = match.end("m") if match["m"] else match.end("n")
            low, high = _value(match["n"]), _value(match["m"]) if match["m"] else None
            if low < 2 or _NOT_THEM.search(text[max(0, match.start() - 40) : match.start()]):
                continue
            if not _OTHER_UNIT.match(text[end : end + 20]):
                yield _Count(match.start("n"), weight, low, high)


def _total(match: re.Match[str]) -> int:
    return _value(match["n"]) + _value(match["m"])


def _value(written: str) -> int:
    """The number a word or some digits stand for."""
    word = written.lower().replace("-", " ")
    if "dozen" in word:
        return {"half": 6, "two": 24, "three": 36}.get(word.split()[0], 12)
    if word == "a hundred":
        return 100
    return int(word) if word.isdigit() else sum(_WORDS[part] for part in word.split())
