"""How many people a session is for, as somebody writes it: "15-20", "a dozen", "9 of us + 2", "all 43 of us"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailflow.kinds.phrases import one_of

_ONES = [
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"),
    *("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = {word: number for number, word in enumerate(_ONES, 1)} | {word: 10 * number for number, word in enumerate(_TENS, 2)}
_DOZENS = {"half a dozen": 6, "a dozen": 12, "two dozen": 24, "a couple of dozen": 24, "three dozen": 36}
_SPELT = re.compile(
    rf"\b(?P<hundred>(?:a|one)\shundred(?:\sand)?\b\s?)?(?:(?P<dozen>(?:half\sa|a\scouple\sof|a|two|three)\sdozen)"
    rf"|(?P<tens>{'|'.join(_TENS)})(?:[-\s](?P<digit>{'|'.join(_ONES[:9])}))?|(?P<one>{'|'.join(reversed(_ONES))}))\b|\ba\shundred\b",
    re.IGNORECASE,
)

# At most four digits: the University has no larger room. Not part of a time, a date, a sum of money or a share.
_M = r"\d{1,4}(?![\d/:%]|[.]\d|(?:st|nd|rd|th|am|pm)\b)"
_N = rf"(?<![\d/.:£$€#-]){_M}"
_SPAN = rf"(?P<n>{_N})(?:\s?(?:-|–|—|to|or)\s?(?:up\sto\s)?(?P<m>{_M})|\sor\sso\b|\+)?"
_ABOUT = (
    r"(?:(?:about|around|roughly|approximately|approx\.?|some|circa|ca?\.|maybe|perhaps|probably|nearly|almost|up\sto|over|~"
    r"|only|just|now|all|the|at\sleast|at\smost|upwards\sof|(?:no|not)\smore\sthan|a\smax(?:imum)?\sof|somewhere\sbetween|between|say|likely)\s?){0,3}"
)
_PEOPLE = one_of(
    r"""
    (?:people|persons?|ppl|humans|singers|folk|souls|names|girls|boys|women|men|lads|players|regulars|freshers)
    (?:staff|colleagues|employees|members|reps|solicitors|ambassadors|mentors|scholars|participants|attendees|delegates|volunteers|officers)
    (?:consultants|registrars|tutors|fellows|partners|guests|pupils|second-years|first-years|(?:first|second|third|final)[-\s]years)
    (?:students?|undergrad\w*|postgrad\w*|phds?|pgrs?|gtas?|postdocs?|post-docs?|trainees|apprentices)
    (?:practitioners|nurses|doctors|midwives|teachers|tutors|lecturers|researchers|academics|pis?|heads|supervisors)
    (?:managers|leads|engineers|technicians|wardens|porters|librarians|cleaners|drivers|assistants|administrators|chefs)
    """
)
_COUNTED = one_of(
    r"""
    we(?: are|['’]re| will be|['’]ll be| should be| would be| expect|['’]d be| number)
    there(?: are|['’]s|['’]re| is| will be|['’]ll be| would be|['’]d be| should be)
    (?:intake|cohort|team|group|total|number|count|headcount) (?:is|are|will be|would be)
    (?:it['’]?s|it would be|it['’]d be|would be|should be|shd be|will be|to be)
    (?:(?:i|we|i['’]d|we['’]d|i would|we would) )?(?:expect|say|reckon|think|guess|estimate)
    (?:group|team|cohort|total) of
    for
    (?:lot|they) are
    all
    still
    release
    """
)
_LABEL = (
    r"(?:(?:expected|approx\w*|estimated|total|likely)\s)?(?:numbers?|attendees|participants|group\ssize|headcount|how\smany)"
)
_COME = one_of(
    r"""
    (?:have|are|['’]ve|['’]re) (?:now |already )?(?:signed up|coming|booked|registered|said yes|down to come)
    (?:(?:will|would|can|could|are likely to|are due to|usually|normally) )?(?:attend|turn up|be there|show up|come|take part)
    ['’](?:ll|d) (?:attend|turn up|be there|show up|come|take part)
    who(?: will|['’]ll| would|['’]d| can)? (?:be|come|attend|turn up)
    (?:max|maximum|at (?:the )?most|tops|signed up|attending)
    """
)
_END = r"(?=[\s.,;:)!?]|$)"


def _form(written: str) -> re.Pattern[str]:
    return re.compile(written, re.IGNORECASE | re.MULTILINE)


# The most telling first: what is said by a form with more weight stands, and of equals what is said last.
_FORMS = (
    (
        9,
        _form(rf"(?:^[ \t>*-]*|[.;]\s){_LABEL}(?:\s(?:of\s)?(?:people|attendees|participants))?\s?(?:[:=]\s?|\s){_ABOUT}{_SPAN}"),
    ),
    (8, _form(rf"(?P<n>{_N})\s(?:min(?:imum)?|at\sleast)\b[^.!?]{{0,10}}?(?P<m>{_M})\s(?:max(?:imum)?|at\smost)\b")),
    (8, _form(rf"\b(?:numbers?|headcount|cohort|group|team)\s(?:\w+\s){{0,3}}from\s{_N}\sto\s(?P<n>{_M})(?P<m>(?!))?")),
    (8, _form(rf"\bbetween\s(?P<n>{_N})\sand\s(?P<m>{_M})\b")),
    (8, _form(rf"(?P<n>{_N})\sof\sus\b[^.!?]{{0,30}}\bno\smore\sthan\s(?P<m>{_M})")),
    (
        8,
        _form(
            rf"\b(?:so|making|makes|total(?:s|ling)?|call\sit|(?:is|are|[’']s|[’']re)\snow|down\sto|(?:gone|grown|went)\sup\sto)\s{_ABOUT}{_SPAN}{_END}"
        ),
    ),
    (8, _form(rf"{_SPAN}\s(?:of\sus\s)?(?:in\s(?:all|total|number)|altogether|all\stold|on\sthe\sbooks)\b")),
    (7, _form(rf"{_SPAN}(?:ish|-odd)?\s{_PEOPLE}\b")),
    (6, _form(rf"{_SPAN}(?:ish|-odd)?\sof\s(?:us|them)\b")),
    (7, _form(rf"\b{_COUNTED}\s{_ABOUT}{_SPAN}(?:ish|-odd)?{_END}")),
    (7, _form(rf"{_SPAN}\s{_COME}\b")),
    (7, _form(rf"\b(?:we|i)(?:\shave|['’]ve)(?:\sgot)?\s{_ABOUT}{_SPAN}(?=\s(?:of|in|down|who|coming|signed)\b|[.,;])")),
    (6, _form(rf"\baround\sthe\s{_SPAN}\smark\b")),
    (5, _form(rf"\b(?:no\smore\sthan|not\smore\sthan|upwards\sof)\s{_SPAN}{_END}")),
    (5, _form(rf"{_SPAN}(?:ish)?(?:\s[\w’'-]+){{1,3}}\s{_PEOPLE}\b")),
    (8, _form(rf"\banywhere\s(?:from|between)\s(?P<n>{_N})\s(?:to|and)\s(?P<m>{_M}){_END}")),
    (5, _form(rf"\bmax(?:imum)?\.?:?\s{_SPAN}{_END}")),
    (4, _form(rf"[,;]\s(?:about|around|roughly|approximately|some|say|perhaps|maybe|probably)\s{_SPAN}(?:ish)?(?=\s?[.,;)]|$)")),
    (2, _form(rf"^[ \t>*-]*{_SPAN}(?:ish)?(?=\s?(?:,|$|\.))")),
)
_SUM = _form(rf"(?P<n>{_N})(?:\sof\sus|\s[\w’'-]+){{0,3}}\s?(?:\+|plus)\s?(?:the\s|about\s)?(?P<m>{_M})(?=\s)")
_BOTH = _form(
    rf"(?P<n>{_N})(?:\s[\w’'-]+){{0,2}}?\s{_PEOPLE}\s?(?:,|and|plus|\+|&)\s(?:the\s|about\s)?(?P<m>{_M})(?:\s[\w’'-]+){{0,2}}?\s{_PEOPLE}\b"
)
_GROUPS = _form(rf"(?:cohorts|groups|classes|shifts|teams)(?:,|:|\sof|\s-)\s(?P<n>{_N})\sand\s(?P<m>{_M})\b")
# "two groups of 25", "4 sessions of 12": said alone, they are added up.
_TIMES = _form(
    rf"(?P<n>{_N})\s(?:[\w’'-]+\s)?(?:groups|cohorts|sessions|runs|classes|batches|lots)\sof\s{_ABOUT}(?P<m>{_M}){_END}"
)
_AND_ME = _form(rf"\b(?:me|myself|I)\s(?:and|plus|\+)\s{_ABOUT}(?P<n>{_N})\s(?:others|more|colleagues|people|friends|of\smy)\b")
_UNITS = one_of(
    r"""
    (?:minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|yrs?|o['’]?clock|[ap]m|[ap][.]m|mornings?|afternoons?|evenings?)
    (?:groups?|sessions?|times?|slots?|runs?|cohorts|dates?|questions?|points?|things?|other|others|half)
    (?:floors?|rooms?|sites?|campuses|screens|miles|pounds|per cent|percent|countries|kiosks)
    (?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|(?:janu|febru)ary|march|april|june|july|august|(?:septem|octo|novem|decem)ber)
    (?:mon|tues|wednes|thurs|fri|satur|sun)day
    """
)
_OTHER_UNIT = re.compile(rf"(?i)^[-\s]?(?:{_UNITS})\b")
_WATCHED = re.compile(r"\s(?:who\s)?(?:heard|saw|watch(?:ed)?|laughed|stood|told|came|went|attended|did|loved)\b")
_ELSE = one_of(
    r"""
    told you
    said
    original(?:ly)?
    (?:seats?|holds?|fits?|takes|capacity(?: is| of)?|room for)
    (?:groups|cohorts|runs|sessions|classes|batches|lots|one|half) of
    (?:instead of|rather than|was|were|used to be|not|lost)
    (?:in|at|after|from|until|before|past|by|of the|of those|only three)
    (?:page|item|floor|level|building|lift|bus|ward|year|week|room|no[.]|ext[.]?|extension)
    """
)
_NOT_THEM = re.compile(rf"(?i)\b{_ELSE}\s{{1,2}}(?:about\s|around\s|the\s|up\sto\s)?$")


@dataclass(frozen=True, slots=True)
class _Count:
    position: int
    weight: int
    low: int
    high: int | None


def count_attendees(text: str) -> int | tuple[int, int] | None:
    """The number of people, or its range; None where no number is said, or only one of something else."""
    text = _SPELT.sub(_in_digits, text)
    best = max(_counts(text), key=lambda count: (count.weight, count.position), default=None)
    added = next((match for pattern in (_SUM, _BOTH, _GROUPS) for match in pattern.finditer(text)), None)
    if added and (best is None or best.weight < 8):
        return int(added["n"]) + int(added["m"])
    if best is None or best.weight < 6:
        if times := _TIMES.search(text):
            return int(times["n"]) * int(times["m"])
        if others := _AND_ME.search(text):
            return int(others["n"]) + 1
    if best is None:
        return None
    return (best.low, best.high) if best.high and best.high > best.low else best.low


def _counts(text: str) -> Iterator[_Count]:
    for weight, pattern in _FORMS:
        for match in pattern.finditer(text):
            end = match.end("m") if match["m"] else match.end("n")
            low, high = int(match["n"]), int(match["m"]) if match["m"] else None
            # "between nine and one" tells the time.
            if low < 2 or (high or low) < low or _NOT_THEM.search(text[max(0, match.start() - 40) : match.start()]):
                continue
            if not _OTHER_UNIT.match(text[end : end + 20]) and not _WATCHED.match(text[match.end() : match.end() + 12]):
                yield _Count(match.start("n"), weight, low, high)


def _in_digits(match: re.Match[str]) -> str:
    """A number in words as digits: "a dozen", "forty-five", "a hundred and ninety"."""
    if match["dozen"]:
        return str(_DOZENS[" ".join(match["dozen"].lower().split())])
    words = [match[name].lower() for name in ("tens", "digit", "one") if match[name]]
    return str(sum(_WORDS[word] for word in words) + (100 if match["hundred"] or not words else 0))
