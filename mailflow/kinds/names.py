"""People's names in a text: after a title or a greeting, by a capital where no sentence begins, or by a list of given names."""

import re
from collections.abc import Iterator

from mailflow.kinds.phrases import one_of
from mailflow.kinds.sighting import Sighting
from mailflow.kinds.wordlists import given_names, not_names, ordinary_words

_CAPITAL = r"[^\W\d_a-zà-öø-ÿ]"
# The counts are possessive: "She’ll" must not be read as "Sh".
_WORD = rf"{_CAPITAL}[^\W\d_]{{1,30}}+(?:['’]{_CAPITAL}[^\W\d_]{{1,30}}+|-[^\W\d_]{{2,30}}+){{0,3}}+(?!['’][^\Ws])"
_IRISH = rf"(?:(?:O['’]|Ó\s|Ní\s){_CAPITAL}[^\W\d_]{{1,30}})"
_PARTICLE = r"(?:van|von|de|der|den|da|di|del|della|bin|ibn|al|el|la|le|ap|ter|ten|dos|du)"
_NEXT = rf"(?:\s{{1,3}}(?:{_PARTICLE}\s){{0,2}}(?:{_IRISH}|{_WORD}))"
_RUN = re.compile(rf"(?<![\w@.'’-])(?P<first>{_IRISH}|{_WORD})(?P<rest>{_NEXT}{{0,3}})(?P<initial>\s[A-Z]\b\.?(?!['’]))?")
_TITLE = one_of(
    """
    (?:Dr|Prof|Professor|Mr|Mrs|Ms|Miss|Mx|Sir|Dame|Lord|Lady|Frau|Herr|Madame|Mme|Señora?|Uncle|Auntie|Aunt|Coach)
    (?:Sister|Sr|Brother|Father|Fr|Rev|Revd|Reverend|Canon|Rabbi|Imam|Nurse|Matron)
    (?:Captain|Capt|Major|Colonel|Sergeant|Sgt|(?:First |Second )?Officer|PC|Cadet|Constable|Warden)
    """
)
_TITLED = re.compile(
    rf"\b{_TITLE}\b\.?\s{{1,3}}(?:(?:Dr|Canon|Sir)\.?\s|{_PARTICLE}\s)?(?:(?:{_IRISH}|{_WORD}){_NEXT}{{0,2}}(?:\s[A-Z]\b\.?)?|[A-Z]\b\.?)"
)
_HELLO = "(?:dear|hi|hello|hey|hiya|hallo|good (?:morning|afternoon|evening|day)|morning|afternoon|evening)"
_GREETED = re.compile(
    rf"(?im)^[ \t]*{_HELLO}(?:,? (?:there|dear|both))?,? (?P<names>[^\W\d_]{{2,20}}(?:(?: and |, | & )[^\W\d_]{{2,20}}){{0,3}})"
    r"(?=\s?[,!.:–—-]|\s*$)"
)
_INITIALS = re.compile(
    r"(?<![\w.])(?:[A-Z]\.\s?){1,3}[A-Z]\.(?!\w)|(?<![\w.])[A-Z]\.\s?[A-Z][a-z]\w+|^[ \t]*[A-Z]\.[ \t]*$", re.MULTILINE
)
_LOWER = re.compile(r"(?<![\w@.'’/-])[^\W\d_A-Z]{3,20}(?![\w@’'/-]|\.\w)")
_OPENING = re.compile(r"(?:^|[.!?…:\n•*>(\[]|--?|–|—)[\s\"“”‘’'(\[*_]*$|(?:^|\s)[\"“‘'(]+$")
_PLACE_AFTER = re.compile(
    r"\s{1,3}(?i:building|campus|caf[eé]|street|road|square|lane|station|line|airport|park|bridge|university|college|lecture|ward)\b"
)


def find_names(text: str) -> Iterator[Sighting]:
    """Every stretch that may be a name."""
    for titled in _TITLED.finditer(text):
        yield Sighting(titled.start(), titled.end(), "name", "A name with a title tells who it is.")
    for initials in _INITIALS.finditer(text):
        start = initials.end() - len(initials[0].lstrip())
        yield Sighting(start, start + len(initials[0].strip()), "name", "Initials tell colleagues who it is.")
    yield from _greeted(text)
    yield from _capitalised(text)
    yield from _uncapitalised(text)


def _greeted(text: str) -> Iterator[Sighting]:
    names = frozenset().union(*given_names())
    for greeting in _GREETED.finditer(text):
        for word in re.finditer(r"[^\W\d_]{2,20}", greeting["names"]):
            plain = word[0].lower()
            if plain not in not_names() and (plain in names or (word[0][0].isupper() and plain not in ordinary_words())):
                start = greeting.start("names") + word.start()
                yield Sighting(start, start + len(word[0]), "name", "The greeting names somebody.")


def _capitalised(text: str) -> Iterator[Sighting]:
    for run in _RUN.finditer(text):
        start, end = run.span()
        if _opens_sentence(text, start) and not _begins_with_name(run):
            start += len(run["first"])
        start, end = _trimmed(text, start, end)
        if end > start and not _PLACE_AFTER.match(text, end):
            yield Sighting(start, end, "name", "A capital where no sentence begins, or a known name.")


def _opens_sentence(text: str, position: int) -> bool:
    return _OPENING.search(text[max(0, position - 12) : position]) is not None


def _begins_with_name(run: re.Match[str]) -> bool:
    """Whether a word that has its capital from the beginning of the sentence is a name all the same."""
    clear, both = given_names()
    plain = _bare(run["first"])
    return plain in clear or plain not in ordinary_words() or (plain in both and bool(run["rest"]))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The run without words at its ends that name nobody: days, places, subjects, abbreviations."""
    words = [(start + word.start(), start + word.end(), word[0]) for word in re.finditer(r"\S+", text[start:end])]
    while words and _names_nobody(words[0][2]):
        words.pop(0)
    while words and _names_nobody(words[-1][2]) and not (len(words) > 1 and len(words[-1][2].strip(".")) == 1):
        words.pop()
    return (words[0][0], words[-1][1]) if words else (start, start)


def _names_nobody(word: str) -> bool:
    bare = _bare(word)
    shouted = len(word) > 1 and word.isupper() and bare not in given_names()[0]
    return bare in not_names() or shouted or word[:1].islower() or len(bare) == 1


def _uncapitalised(text: str) -> Iterator[Sighting]:
    """Given names as people write them who use no capitals."""
    clear, _ = given_names()
    for word in _LOWER.finditer(text):
        if word[0] in clear and word[0] not in ordinary_words():
            yield Sighting(word.start(), word.end(), "name", "A given name, in lower case.")


def _bare(word: str) -> str:
    plain = word.lower().replace("’", "'").strip(".")
    return plain.removesuffix("'s").replace("'", "")
