"""The word lists by which names are told from other words, read once from the files beside this module."""

import re
from functools import lru_cache
from importlib.resources import files

# No given name ends so, but for those that are on the list. Not "ing" and "ed": Xiaoming, Hamed.
_ENDING = re.compile(
    r"\w{3}(?:ly|ous|able|ible|ful|less|ness|tion|tions|sion|sions|ship|ships|ary|ics|ism|est)$|\w{4}ments?$"
    r"|(?:twen|thir|for|fif|six|seven|eigh|nine)(?:ty|teen)$"
)
_FLECTION = re.compile(r"(?:ing|ings|s|es|ed|er|ers)$")


@lru_cache(maxsize=1)
def given_names() -> tuple[frozenset[str], frozenset[str]]:
    """Given names in lower case: those that are nothing else, and those that are everyday words too."""
    clear, _, double = _read("given-names.txt").partition("\n# everyday")
    both = frozenset(double.partition("\n")[2].split())
    return frozenset(clear.split()) - both, both


@lru_cache(maxsize=1)
def ordinary_words() -> frozenset[str]:
    """Everyday words in lower case: one of these that opens a sentence is no name."""
    return frozenset(_read("ordinary-words.txt").split())


def is_everyday(word: str) -> bool:
    """Whether a word in lower case is an everyday one: by the lists, by its ending, or because each of its parts is one."""
    if "-" in word:
        return all(is_everyday(part) for part in word.split("-") if len(part) > 1)
    known = _known()
    stem = _FLECTION.sub("", word)
    return word in known or _ENDING.search(word) is not None or (len(stem) > 2 and not known.isdisjoint((stem, f"{stem}e")))


@lru_cache(maxsize=1)
def not_names() -> frozenset[str]:
    """Words in lower case, without apostrophes, that may have a capital anywhere and yet name nobody."""
    return frozenset(_read("not-names.txt").split())


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return ordinary_words() | not_names()


def _read(name: str) -> str:
    """A list without its first line, which says what it is."""
    return files("mailflow.kinds").joinpath("words", name).read_text(encoding="utf-8").partition("\n")[2]
