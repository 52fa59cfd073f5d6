"""Whose an identifier is: the writer's by what the sender is called, by who is spoken of before; else by the part they play."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from mailflow.domain import Address, Identifier, Whose
from mailflow.kinds.part_played import part_played
from mailflow.kinds.sighting import Sighting

_BEFORE = 90  # characters: as far back as a sentence is read for who it speaks of
_PASSAGE = 500
_SENTENCE = re.compile(r"(?<!\b[Nn]o)(?<!\b[DM]r)(?<!\bMrs)[.!?…]\s|\n\s*\n")
_I_AM = re.compile(
    r"(?:\b(?:I['’]?m|I\s(?:am|was)|we['’]?re|we\sare|my\s(?:full\s|own\s|real\s)?name(?:['’]?s|\sis|,)|(?:me|us),|call\sme|names?\sme"
    r"|sign\sit|signed)|\bmy\s(?:full\s|own\s|real\s)?name\b[^.!?\n]{0,25}[:,]|(?:^|\n)[ \t]*(?:your\s)?name:|\bI\s\()"
    r"\s?(?:only\s|just\s|also\s|still\s|called\s|the\s|an?\s){0,2}$",
    re.IGNORECASE,
)
_IN_THE_ROLE_OF = re.compile(r"\bas\s$", re.IGNORECASE)
_HELLO_THIS_IS = re.compile(r"\W*(?:\w{2,8}\W{1,3})?(?:it['’]?s|this\sis)\s", re.IGNORECASE)
_SELF_BEHIND = re.compile(r"\s?(?:here|speaking)\b", re.IGNORECASE)
_FIRST_PERSON = r"\b(?:I|I['’](?:m|ve|d|ll)|me|my|mine|we|us|our|ours|myself)\b"
_OTHERS = r"\b(?:he|she|they|him|her|hers|his|them|their|theirs|who|whose|you|your)\b"
_SPOKEN_OF = re.compile(rf"(?P<first>{_FIRST_PERSON})|(?P<others>{_OTHERS})", re.IGNORECASE)
_POSSESSED = re.compile(
    r"(?:(?P<first>\b(?:my|our)|(?:^|\n)[ \t]*your)|\b(?:his|her|their|\w{1,30}['’]s))\s(?:[\w-]{1,20}\s){0,2}?"
    r"(?:address|e-?mail|number|phone|mobile|extension|CID|room|office|flat|desk|login|handle|account|page)\b",
    re.IGNORECASE,
)
# "Mrs Bola Ajayi (ext 41877, b.ajayi@…)".
_BESIDE_A_NAME = re.compile(r"[A-Z][\w’'-]{1,30}\s?[,(]\s?(?:[\w.@ ]{1,40}[,:]?\s)?$")
_LABEL_WORDS = 2  # "Tel", "Student number": no sentence
_I_DO = re.compile(r"I(?:['’]m)?\s")
_OF_US = re.compile(r"\b(?:us|we)\b", re.IGNORECASE)
_REACHED_AT = frozenset({"email", "phone", "number", "link"})
_PEOPLE = frozenset({"name", "role"})
_PLAIN = re.compile(r"[^\W\d_]{2,}")


def own_words(writer: Address | None) -> frozenset[str]:
    """What the sender is called, in lower case: the address, and the words of the name and of the address's local part."""
    if writer is None:
        return frozenset()
    local = writer.address.partition("@")[0]
    return frozenset({writer.address, *(word.lower() for word in _PLAIN.findall(f"{writer.name} {local}"))})


def own_names(text: str, sightings: Iterable[Sighting]) -> frozenset[str]:
    """The words, in lower case, of the names by which the writer says who they are: "I'm Ivy", "my name is Ivy Brankovic"."""
    mine = (one for one in sightings if one.sort == "name" and whose_is(text, one, frozenset()) is Whose.WRITER)
    return frozenset(word.lower() for one in mine for word in _PLAIN.findall(text[one.start : one.end]))


def whose_is(text: str, one: Sighting, own: frozenset[str]) -> Whose:
    """Whose a sighting is. `own` is what the sender is called (see own_words)."""
    words = text[one.start : one.end].lower()
    if words in own or (one.sort == "name" and not own.isdisjoint(_PLAIN.findall(words)[:1])):
        return Whose.WRITER
    before = _same_sentence(text, one.start)
    if _is_quoted(text, one.start):
        return Whose.OTHER
    if _I_AM.search(before) or _is_said_otherwise(text, one, before):
        return Whose.WRITER
    if one.sort == "room" or (one.sort in _REACHED_AT and not _BESIDE_A_NAME.search(before)):
        return _by_who_is_spoken_of(before)
    if one.sort == "group":
        return Whose.GROUP
    return part_played(text, one.start, one.end) if one.sort in _PEOPLE else Whose.OTHER


def wherever_named(found: Sequence[Identifier]) -> list[Identifier]:
    """The same, with one part for each person who is named: the one that some clause gives them, where no other gives another."""
    parts: dict[str, set[Whose]] = {}
    for one in found:
        if one.sort == "name" and one.whose in (Whose.HELPED, Whose.CHALLENGED):
            parts.setdefault(_first_name(one), set()).add(one.whose)
    known = {name: next(iter(whose)) for name, whose in parts.items() if len(whose) == 1}
    return [
        replace(one, whose=known.get(_first_name(one), one.whose)) if one.sort == "name" and one.whose is Whose.OTHER else one
        for one in found
    ]


def _first_name(one: Identifier) -> str:
    return next(iter(_PLAIN.findall(one.text.lower())), one.text.lower())


def _is_said_otherwise(text: str, one: Sighting, before: str) -> bool:
    """As in "I run the kiosk", "this is Dez", "Rachel here", "put me down as the porter", "four of us"."""
    if _I_DO.match(text, one.start, one.end):
        return True
    match one.sort:
        case "name":
            return bool(_HELLO_THIS_IS.fullmatch(text, 0, one.start) or _SELF_BEHIND.match(text, one.end))
        case "role":
            return _IN_THE_ROLE_OF.search(before) is not None
        case "group":
            return _OF_US.search(text, one.start, one.end) is not None
        case _:
            return False


def _same_sentence(text: str, end: int) -> str:
    before = text[max(0, end - _BEFORE) : end]
    return _SENTENCE.split(before)[-1]


def _is_quoted(text: str, position: int) -> bool:
    """Whether somebody speaks there whose "I" is not the writer's."""
    passage = text[max(0, position - _PASSAGE) : position].rpartition("\n\n")[2]
    return passage.count('"') % 2 == 1 or passage.count("“") > passage.count("”")


def _by_who_is_spoken_of(before: str) -> Whose:
    """By whose number or room it is said to be; else by the nearest person that the sentence speaks of; else a bare "Tel:"."""
    for pattern in (_POSSESSED, _SPOKEN_OF):
        nearest = max(pattern.finditer(before), key=lambda found: found.start(), default=None)
        if nearest is not None:
            return Whose.WRITER if nearest["first"] else Whose.OTHER
    return Whose.WRITER if len(before.split()) <= _LABEL_WORDS else Whose.OTHER
