"""People's names in a text: after a title or a greeting, by a capital where no sentence begins, or by a list of given names."""

import re
from collections.abc import Iterable, Iterator

from mailflow.kinds.phrases import one_of
from mailflow.kinds.sighting import Sighting
from mailflow.kinds.wordlists import given_names, is_everyday, not_names, ordinary_words

_CAPITAL = r"[^\W\d_a-zà-öø-ÿ]"
# The counts are possessive: "She’ll" must not be read as "Sh".
_WORD = rf"{_CAPITAL}[^\W\d_]{{1,30}}+(?:['’]{_CAPITAL}[^\W\d_]{{1,30}}+|-[^\W\d_]{{2,30}}+){{0,3}}+(?!['’][^\Ws])"
_IRISH = rf"(?:(?:O['’]|Ó\s|Ní\s){_CAPITAL}[^\W\d_]{{1,30}})"
_PARTICLE = r"(?:van|von|de|der|den|da|di|del|della|bin|ibn|al|el|la|le|ap|ter|ten|dos|du)"
_NEXT = rf"(?:\s{{1,3}}(?:{_PARTICLE}\s){{0,2}}(?:{_IRISH}|{_WORD}))"
_RUN = re.compile(rf"(?<![\w@.'’-])(?P<first>{_IRISH}|{_WORD})(?P<rest>{_NEXT}{{0,3}})(?P<initial>\s[A-HJ-Z]\b\.?(?!['’]))?")
_TITLE = one_of(
    """
    (?:Dr|Prof|Professor|Mr|Mrs|Ms|Miss|Mx|Sir|Dame|Lord|Lady|Frau|Herr|Madame|Mme|Señora?|Uncle|Auntie|Aunt|Coach)
    (?:Sister|Sr|Brother|Father|Fr|Rev|Revd|Reverend|Canon|Rabbi|Imam|Nurse|Matron)
    (?:Captain|Capt|Major|Colonel|Sergeant|Sgt|(?:First |Second )?Officer|PC|Cadet|Constable|Warden)
    """
)
_LETTERS = re.compile("[A-Z]s")  # "how many Ls is it"
_TITLE_ONLY = re.compile(_TITLE)
_WORDS = re.compile(r"(?<![\w@.-])[^\W\d_][^\W\d_-]{1,30}(?:-[^\W\d_]{2,30}){0,3}(?![\w-]|\.\w|@)")
_TITLED = re.compile(
    rf"\b{_TITLE}\b\.?\s{{1,3}}(?:(?:Dr|Canon|Sir)\.?\s|{_PARTICLE}\s)?(?:(?:{_IRISH}|{_WORD}){_NEXT}{{0,2}}(?:\s[A-HJ-Z]\b\.?)?|[A-HJ-Z]\b\.?)"
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
_LOWER_AFTER = re.compile(
    r"\b(?:(?P<title>mr|mrs|ms|miss|dr|prof|professor)\.?|(?:[Mm]y|[Oo]ur|his|her|their)\s(?:mate|friend|flatmate|housemate|roommate|labmate|colleague))"
    r"\s(?P<name>[^\W\d_A-Z]{3,20})(?![\w@’'/-]|\.\w)"
)
_OPENING = re.compile(r"(?:^|[.!?…:\n•*>(\[]|--?|–|—)[\s\"“”‘’'(\[*_]*$|(?:^|\s)[\"“‘'(]+$")
# "a Filipino nurse", "the Crown": what has an article before it is no single person's name.
_ARTICLE = re.compile(r"(?:^|[^\w])(?:the|an?|this|that|these|those|every|each|no|some|any)\s{1,3}$", re.IGNORECASE)
# "in Gdynia", "we're from Walsall", "the train to Carlisle": a place.
_SOMEWHERE = re.compile(
    r"(?:\b(?:in|near|outside|inside|via|through|across|throughout|around|beyond)"
    r"|\b(?:I|he|she|they|we|who|people|students?|nurse|family)(?:['’](?:m|s|re)| am| is| was| were| are)? (?:originally )?from"
    r"|\b(?:came|comes?|coming|live[ds]?|back|up|down|over|home|train|bus|coach|flight|drive|way|journey|trip) (?:from|to|in|at)"
    r"|\b(?:moved|travel+ed|drove|flew) to)\s{1,3}$",
    re.IGNORECASE,
)
_ACTS = re.compile(
    r"\s(?:said|says|asked|told|looked|laughed|went|came|smiled|nodded|turned|stood|stepped|shouted|replied|answered|apologised|thanked|just|never|then"
    r"|took|gave|put|sat|walked|ran|left|stopped|who|and\sI|is|was|has|had|did|does|knows?|wants?|works?|on\s(?:my|our))\b|\s\(|,\swho\b"
)
_OWNS = re.compile(r"['’]s\b")
_MONTHS = frozenset({"april", "may", "june", "august"})
_PLACE_AFTER = re.compile(
    r"(?:['’]s)?\s{1,3}(?i:building|campus|caf[eé]|street|road|square|lane|station|line|airport|park|bridge|university|college|lecture|ward|court|museum|gallery|palace|cross|hill|green|theatre|stadium|club|soc)\b"
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


def again(text: str, names: Iterable[Sighting]) -> Iterator[Sighting]:
    """Where the words of a name that was found stand once more, also at the beginning of a sentence."""
    words = {word for one in names for word in _WORDS.findall(text[one.start : one.end]) if not _TITLE_ONLY.fullmatch(word)}
    words = {word for word in words if word[0].isupper() and not _names_nobody(word)}
    if not words:
        return
    for found in _WORDS.finditer(text):
        if found[0] in words:
            yield Sighting(found.start(), found.end(), "name", "This name stands elsewhere in the story too.")


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
        begin = start + len(text[start:end]) - len(text[start:end].lstrip())
        if not _is_somebody(text, run):
            start, end = _trimmed(text, start, end)
        if end > start and not _PLACE_AFTER.match(text, end) and not _names_a_thing(text, begin, start, end):
            yield Sighting(start, end, "name", "A capital where no sentence begins, or a known name.")


def _opens_sentence(text: str, position: int) -> bool:
    return _OPENING.search(text[max(0, position - 12) : position]) is not None


def _is_somebody(text: str, run: re.Match[str]) -> bool:
    """Whether one word that is a name and something else (June, Christian) does, owns or is called something."""
    plain = _bare(run["first"])
    if run["rest"] or run["initial"] or plain not in given_names()[1]:
        return False
    owns = _OWNS.match(text, run.end()) and plain not in _MONTHS
    is_called = text.startswith(",", run.end()) and text[max(0, run.start() - 2) : run.start()] == ", "
    return bool(_ACTS.match(text, run.end()) or owns or is_called)


def _names_a_thing(text: str, begin: int, start: int, end: int) -> bool:
    """Whether the words before say that it is a place or a thing, and no word of it is known as a name.

    What has a capital begins at `begin`: in "the Brown Bag" that is before the bag.
    """
    clear, _ = given_names()
    if text[end : end + 2] in {"'s", "’s"} or any(_bare(word) in clear for word in text[start:end].split()):
        return False
    before = text[max(0, begin - 40) : begin]
    return bool(_ARTICLE.search(before) or _SOMEWHERE.search(before))


def _begins_with_name(run: re.Match[str]) -> bool:
    """Whether a word that has its capital from the beginning of the sentence is a name all the same."""
    clear, both = given_names()
    plain = _bare(run["first"])
    likely = plain in both and (bool(run["rest"]) or _ACTS.match(run.string, run.end()) is not None)
    return plain in clear or not is_everyday(plain) or likely


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
    return bare in not_names() or shouted or word[:1].islower() or len(bare) == 1 or _LETTERS.fullmatch(word) is not None


def _uncapitalised(text: str) -> Iterator[Sighting]:
    """Given names as people write them who use no capitals."""
    clear, _ = given_names()
    for word in _LOWER.finditer(text):
        if word[0] in clear and word[0] not in ordinary_words():
            yield Sighting(word.start(), word.end(), "name", "A given name, in lower case.")
    for named in _LOWER_AFTER.finditer(text):
        if not is_everyday(named["name"]):
            start = named.start() if named["title"] else named.start("name")
            yield Sighting(start, named.end(), "name", "A title or a relation, and then no everyday word: a name in lower case.")


def _bare(word: str) -> str:
    plain = word.lower().replace("’", "'").strip(".")
    return plain.removesuffix("'s").replace("'", "")
