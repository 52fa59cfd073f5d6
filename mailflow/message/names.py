"""By which names a sender may sign, and what looks like the name of anybody at all."""

import re
import unicodedata

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_TITLE_WORDS = "dr prof professor mr mrs ms miss mx sir dame sister rev fr phd frs esq ma msc x xx xxx"
_TITLES = frozenset(_TITLE_WORDS.split())
_HEAD_END = re.compile(r"\s*(?:[,|·•(/&\[]|\s[-–—]\s|\band\b|\+?\d).*$")
_LONGEST_LINE = 100
_PET_NAME = re.compile(r"\w{3,5}(?:y|ie|i|ek)")

_NAME = r"(?:[^\W\d_a-z][\w'’.-]*)"
_LOOKS_LIKE_NAME = re.compile(rf"{_NAME}(?: (?:de|van|von|der|al|bin|el|la|le|&|and|und|et) ?|[ ]){{0,1}}(?:{_NAME} ?){{0,3}}")
# Capitalised, and yet the answer to "where?" or "when?".
_NOT_A_NAME = re.compile(
    r"(?i)\b(?:room|hall|building|theatre|floor|level|campus|department|school|faculty|centre|online|zoom|teams|yes|no|ok|none|any"
    r"|(?:mon|tues?|wednes|thurs?|fri|satur|sun)day|january|february|march|april|may|june|july|august|september|october|november|december)\b"
)


class SenderName:
    """The names by which a sender may sign: full, first, short, or as initials."""

    def __init__(self, sender: str) -> None:
        """`sender` is a display name, an address, or both."""
        address = re.search(r"([^\s<@]+)@", sender)
        local = _words(address[1]) if address else []
        named = [word for word in _words(re.sub(r"\S+@\S+", "", sender)) if word not in _TITLES]
        self._known = frozenset(named) | {word for word in local if len(word) > 2}
        self._initials = {word[0] for word in (*named, *local)}

    def signs(self, text: str) -> bool:
        """Whether a line is the sender's name, up to its first comma, bar or bracket."""
        text = text.partition("|")[0]
        if len(text) > _LONGEST_LINE:
            return False
        words = [word for word in _words(_head(text)) if word not in _TITLES]
        if len(words) == 1 and 1 < len(words[0]) <= 3 and set(words[0]) <= self._initials:
            return True
        return 0 < len(words) <= 6 and all(self._is_mine(word) for word in words)

    def is_all_of(self, text: str) -> bool:
        """Whether a line is the sender's name and nothing behind it."""
        return self.signs(text) and _head(text) == text.strip(" .!-–—*_")

    def _is_mine(self, word: str) -> bool:
        if word in self._known or (len(word) == 1 and word in self._initials):
            return True
        # Pam for Pamela; Terry for Terence, Tomek for Tomasz.
        short = len(word) >= 3 and any(known.startswith(word) for known in self._known)
        return short or (_PET_NAME.fullmatch(word) is not None and any(known[:3] == word[:3] for known in self._known))


def looks_like_a_name(text: str) -> bool:
    """Whether a line could be the name of a person or two: one to five capitalised words, no place, day or month."""
    if len(text) > 60 or re.search(r"[!?:;]|\w{3,}\.$", text):
        return False
    head = _head(text)
    return _LOOKS_LIKE_NAME.fullmatch(head) is not None and not _NOT_A_NAME.search(head)


def _head(text: str) -> str:
    return _HEAD_END.sub("", text).strip(" .!-–—*_")


def _words(text: str) -> list[str]:
    plain = "".join(char for char in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(char))
    return _WORD.findall(plain)
