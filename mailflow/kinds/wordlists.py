"""The word lists by which names are told from other words, read once from the files beside this module."""

from functools import lru_cache
from importlib.resources import files


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


@lru_cache(maxsize=1)
def not_names() -> frozenset[str]:
    """Words in lower case, without apostrophes, that may have a capital anywhere and yet name nobody."""
    return frozenset(_read("not-names.txt").split())


def _read(name: str) -> str:
    """A list without its first line, which says what it is."""
    return files("mailflow.kinds").joinpath("words", name).read_text(encoding="utf-8").partition("\n")[2]
