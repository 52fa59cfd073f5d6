"""Whose an identifier is, the writer's or somebody else's: by what the sender is called, else by who is spoken of before."""

import re
from collections.abc import Iterable

from mailflow.domain import Address, Whose
from mailflow.kinds.sighting import Sighting

_BEFORE = 90  # characters: as far back as a sentence is read for who it speaks of
_PASSAGE = 500
_SENTENCE = re.compile(r"[.!?…]\s|\n\s*\n")
_I_AM = re.compile(
    r"(?:\b(?:I['’]?m|I\s(?:am|was)|we['’]?re|we\sare|my\s(?:full\s|own\s|real\s)?name(?:['’]?s|\sis|,)|(?:me|us),|call\sme|names?\sme|as|sign\sit|signed)"
    r"|\bmy\s(?:full\s|own\s|real\s)?name\b[^.!?\n]{0,25}[:,]\s$|\bI\s\($"
    r"|^\W*(?:it['’]?s|this\sis))\s(?:only\s|just\s|also\s|still\s|called\s|the\s|an?\s){0,2}$",
    re.IGNORECASE,
)
_SELF_BEHIND = re.compile(r"\s?(?:here\b|speaking\b|again\b(?=[,.!]))", re.IGNORECASE)
_FIRST_PERSON = r"\b(?:I|I['’](?:m|ve|d|ll)|me|my|mine|we|us|our|ours|myself)\b"
_OTHERS = r"\b(?:he|she|they|him|her|hers|his|them|their|theirs|who|whose|you|your)\b"
_SPOKEN_OF = re.compile(rf"(?P<first>{_FIRST_PERSON})|(?P<others>{_OTHERS})", re.IGNORECASE)
_OF_US = re.compile(r"\b(?:us|our|we|we['’]re|my|I['’]m)\b", re.IGNORECASE)
_REACHED_AT = frozenset({"email", "phone", "number", "link", "room"})
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
    if _I_AM.search(before) or (one.sort == "name" and _SELF_BEHIND.match(text, one.end)):
        return Whose.WRITER
    if one.sort == "group" and _OF_US.search(words):
        return Whose.WRITER
    if one.sort in _REACHED_AT:
        return _by_who_is_spoken_of(before, own_where_silent=one.sort in {"email", "phone", "number"})
    return Whose.OTHER


def _same_sentence(text: str, end: int) -> str:
    before = text[max(0, end - _BEFORE) : end]
    return _SENTENCE.split(before)[-1]


def _is_quoted(text: str, position: int) -> bool:
    """Whether somebody speaks there whose "I" is not the writer's."""
    passage = text[max(0, position - _PASSAGE) : position].rpartition("\n\n")[2]
    return passage.count('"') % 2 == 1 or passage.count("“") > passage.count("”")


def _by_who_is_spoken_of(before: str, *, own_where_silent: bool) -> Whose:
    nearest = max(_SPOKEN_OF.finditer(before), key=lambda found: found.start(), default=None)
    if nearest is None:
        return Whose.WRITER if own_where_silent else Whose.OTHER
    return Whose.WRITER if nearest["first"] else Whose.OTHER
