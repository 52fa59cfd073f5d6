"""Neutral words in the place of each identifier, such that the sentence stays readable: "my colleague", "a lab on campus"."""

import re
from collections.abc import Iterable, Sequence

from mailflow.domain import Consent, Identifier, Whose
from mailflow.kinds.neutral_words import CALLINGS, NOT_SHOWN, PLACES, TITLES, first_of, some_day, some_group, some_team
from mailflow.kinds.people import People

_BEFORE = 60  # characters that decide which wording fits behind them
_HELLO = r"^[ \t]*(?:dear|hi|hello|hey|hiya|hallo|good \w+|morning|afternoon|evening)\b[^.!?\n]{0,40}$"
_GREETING = re.compile(_HELLO, re.IGNORECASE)
_GREETING_ONLY = re.compile(r"[ \t]*[\w ]{2,20}\s$")
_ADDRESSED = re.compile(r",\s$|^\s*$")
_I_AM = re.compile(r"\b(?:I['’]?m|I\sam|this\sis)\s$", re.IGNORECASE)
_RELATION = (
    r"(?:friend|mate|flatmate|housemate|roommate|labmate|teammate|neighbour|colleague|partner|wife|husband|brother|sister|cousin|uncle"
    r"|aunt|nan|kid|student|postdoc|supervisor|manager|tutor|lecturer|demonstrator|professor|technician|nurse|porter|client|captain"
    r"|girl|lad|lass|boy|guy|woman|man|lady|bloke)"
)
_HAS_NOUN = re.compile(
    rf"\b(?P<noun>(?:my|our|his|her|their|this|that)\s(?:[\w-]+\s)?{_RELATION})(?:,?\scalled)?\s$", re.IGNORECASE
)
_NAME_IS = re.compile(
    r"\b(?:names?(?:['’]s|\s(?:is|was))|call(?:ed|s)?(?:\s(?:me|him|her|them))?|sign\sit|signed)\W{1,3}$", re.IGNORECASE
)
_NUMBER_OF = re.compile(
    r"\b(?:candidate|student|staff|cid|college|id|payroll|employee|card|library|number|no\.?)(?:\s(?:number|no\.?|id))?\s$",
    re.IGNORECASE,
)
_SAID_TO_BE = re.compile(r"(?:\b(?:is|was|are)|[:=])\s{0,3}$")
_PAGE = re.compile(r"https?:|www\.")
_OPENS = re.compile(r"(?:^|[.!?][\"”’')]{0,2}\s{1,3}|\n\s*)[\"“‘'(]?$")
_TITLE = re.compile(r"\b(?:Dr|Prof|Professor|Mr|Mrs|Ms|Miss|Mx|Sir|Dame|Sister|Sr|Nurse|Captain|Revd?|Canon|Officer)\b\.?")
_BEYOND_NAME = re.compile(r"(?<=\w)\s(?:from|in|off|of|at|on|with|for)\s[^,]*")
_DESCRIPTION = re.compile(r"(?<!\bone)\s(?:of|for|from|on|in|at|who|that)\s.*", re.IGNORECASE | re.DOTALL)
_WORDS = re.compile(r"[^\W\d_][\w’'-]+")
_SMALL = frozenset({"the", "our", "my", "your", "his", "her", "their", "an", "one", "of", "and", "new", "senior", "junior"})


def put_neutrally(text: str, found: Sequence[Identifier]) -> list[str]:
    """The wording for each identifier, in order; it is empty where the sentence is whole without."""
    people = People()
    return [_opening(text, one, _wording(text, one, people)) for one in found]


def proposed_wording(one: Identifier, consent: Consent) -> str:
    """What is proposed in its place: a writer who agreed to be named keeps their name."""
    kept = consent is Consent.NAMED and one.sort == "name" and one.whose is Whose.WRITER
    return one.text if kept else one.wording


def with_wordings(text: str, found: Iterable[Identifier]) -> str:
    """The text with the wording of each of these in its place. Where there is none, the sentence closes over it."""
    pieces, position = list[str](), 0
    for one in found:
        if one.file is not None or one.start < position:
            continue
        before = text[position : one.start]
        position = one.end
        if not one.wording:
            between_commas = text.startswith(",", one.end) and before.rstrip().endswith(",")
            greets = _GREETING.search(before.rpartition("\n")[2])
            before = _without_joint(before.rstrip()) if between_commas or greets else before.rstrip(" ")
            position += between_commas
        pieces += [before, one.wording]
    return "".join((*pieces, text[position:]))


def _without_joint(before: str) -> str:
    """What stands before a name that goes, without the comma or the "and" that led to it."""
    return before.removesuffix(",").removesuffix(" and").removesuffix(" &")


def _opening(text: str, one: Identifier, wording: str) -> str:
    return wording[:1].upper() + wording[1:] if _OPENS.search(text[max(0, one.start - 6) : one.start]) else wording


def _wording(text: str, one: Identifier, people: People) -> str:
    before = text[max(0, one.start - _BEFORE) : one.start]
    if one.sort == "name":
        return _instead_of_name(text, one, before, people)
    if one.sort == "role":
        who = _DESCRIPTION.sub("", one.text)
        post = _BEYOND_NAME.sub("", who).split()[-1].lower()  # which alone is said the second time
        return people.called({post}, first_of(CALLINGS, who, "member of staff"))
    if one.sort in NOT_SHOWN:
        return _instead_of_mark(one, before, people)
    return {
        "group": some_group(one.text),
        "room": first_of(PLACES, one.text, "a room on campus"),
        "unit": some_team(one.text),
    }.get(one.sort, some_day(one.text))


def _instead_of_mark(one: Identifier, before: str, people: People) -> str:
    if one.sort == "number" and _NUMBER_OF.search(before):
        return ""
    if _SAID_TO_BE.search(before):
        return "not shown"
    if one.sort == "link" and not _PAGE.match(one.text):
        return people.called({one.text}, "person")
    return NOT_SHOWN[one.sort]


def _instead_of_name(text: str, one: Identifier, before: str, people: People) -> str:
    if _NAME_IS.search(before):
        return "[name]"
    if one.whose is Whose.WRITER:
        return "a member of the University" if _I_AM.search(before) else "the writer"
    line = before.rpartition("\n")[2]
    if _GREETING.search(line) or (_ADDRESSED.search(before) and text.startswith(",", one.end)):
        return "Hello" if not line.strip() else "all" if _GREETING_ONLY.match(line) else ""
    words = _named(one.text)
    if said := _HAS_NOUN.search(before):
        people.known_as(words, said["noun"])
        return ""
    return people.called(words, first_of(TITLES, one.text, "") or first_of(CALLINGS, one.text, "colleague"))


def _named(name: str) -> set[str]:
    """The words, in lower case, by which the same person is called again: of the name and the role, not of title and unit."""
    person = _BEYOND_NAME.sub("", _TITLE.sub("", name))
    return {word.lower() for word in _WORDS.findall(person) if word.lower() not in _SMALL} or {name.lower()}
