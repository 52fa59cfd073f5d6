"""What a contributor answers when asked whether a text may appear: only ever a suggestion, which a person confirms.

A yes is read only where nothing else is said: a wrong yes would publish what nobody has agreed to.
"""

import re
from collections.abc import Iterator
from enum import Enum, auto

from mailflow.domain import Agreement
from mailflow.kinds.agreement_words import (
    ABOUT_THE_TEXT,
    ALL_WELL,
    CHANGE,
    DOUBT,
    FILLERS,
    NO,
    READ_IT,
    STARTS_NO,
    THANKS_FOR_ASKING,
    WORD,
    YES,
    YES_ALONE,
)
from mailflow.kinds.refusing import keeps_back

_MOST_READ = 4_000  # characters: whoever writes more than two pages has not just agreed
_SPELT = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "?"})
_DOTS = re.compile(r"\.{2,}")  # somebody trails off
_ENDED = re.compile(r"(?<=[.!?])\s+|\n+|\s-+\s|;\s")
_GREETING = re.compile(r"^(?:hi|hello|dear|hey|good (?:morning|afternoon|evening))\b(?: [\w'-]+){0,3}(?:, ?|$)")
_CLOSING = re.compile(
    r"(?:(?:many |with )?(?:thanks|thank you|best|cheers|regards|yours|sincerely|kind|kindest|warm|all the best|take care|bw|xx?)"
    r"(?: (?:again|regards|wishes|best|so much|and regards|faithfully|sincerely|truly|very much|you|all))*)"
    r"(?:, ?[\w'-]+(?: [\w'-]+)?)?,?"
)
_REQUEST = re.compile(r"\b(?:could|can|would|will|may|might|please)\b")


class _Told(Enum):
    YES = auto()
    NO = auto()
    CHANGE = auto()
    DOUBT = auto()
    MORE = auto()  # something that is none of these


def read_agreement(new_text: str, writer: str = "") -> tuple[Agreement, str]:
    """What the answer seems to say, and a sentence that says why. Unclear wherever it says more than one thing.

    `writer`: the name of whoever answers, which may stand below.
    """
    if len(new_text) > _MOST_READ:
        return Agreement.UNCLEAR, "It is long: read it whole."
    own = FILLERS.union(WORD.findall(writer.lower()))
    told = {one for sentence in _sentences(new_text) for one in _told(sentence, own)}
    if _Told.DOUBT in told:
        return Agreement.UNCLEAR, "It asks something, hesitates, or sets a condition."
    if _Told.NO in told:
        mixed = not told.isdisjoint({_Told.YES, _Told.CHANGE})
        return (Agreement.UNCLEAR, "It says no, and something else besides.") if mixed else (Agreement.NO, "It says no.")
    if _Told.CHANGE in told:
        return Agreement.CHANGE, "It asks for a change."
    if told == {_Told.YES}:
        return Agreement.YES, "It says yes, and nothing else."
    return Agreement.UNCLEAR, "It says yes, and more than that." if _Told.YES in told else "No answer was found in it."


def _sentences(text: str) -> Iterator[str]:
    """In small letters, without the greeting, up to the closing."""
    plain = _DOTS.sub("? ", text.strip().translate(_SPELT).lower())
    for number, sentence in enumerate(_ENDED.split(plain)):
        words = " ".join(sentence.split()).strip(" .!")
        if number and _CLOSING.fullmatch(words):
            return
        if words := _GREETING.sub("", words):
            yield words


def _told(sentence: str, own: frozenset[str]) -> set[_Told]:
    plain = READ_IT.sub(" ", ALL_WELL.sub(" yes ", sentence)).strip()
    begins_no = STARTS_NO.match(plain) is not None
    refuses = begins_no or keeps_back(plain) or NO.search(plain) is not None
    changes = bool(CHANGE.search(NO.sub(" ", plain)) or (ABOUT_THE_TEXT.search(plain) and not refuses))
    if plain.endswith("?") and not (changes and _REQUEST.search(plain)):
        return {_Told.DOUBT}
    told = set[_Told]()
    if refuses and (begins_no or not changes):
        told.add(_Told.NO)
    elif _agrees(plain):
        told.add(_Told.YES)
    if changes:
        told.add(_Told.CHANGE)
    elif DOUBT.search(plain) and not refuses:
        told.add(_Told.DOUBT)
    elif not refuses and not own.issuperset(WORD.findall(_without_yes(plain))):
        told.add(_Told.MORE)
    return told


def _agrees(plain: str) -> bool:
    return YES.search(plain) is not None or any(YES_ALONE.fullmatch(part.strip()) for part in plain.split(","))


def _without_yes(plain: str) -> str:
    plain = THANKS_FOR_ASKING.sub(" ", YES.sub(" ", plain))
    parts = (part.strip() for part in plain.split(","))
    return " ".join(part for part in parts if not YES_ALONE.fullmatch(part))
