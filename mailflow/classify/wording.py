"""The words of a message that may decide what it is: its new text, and what was forwarded for us to act on."""

import re
from dataclasses import dataclass

from mailflow.domain import Email, FoldReason

MOST_READ = 20_000  # characters of a body that are looked at: nobody states a request after twelve pages
FEW_WORDS = 60  # a note this short above a forwarded mail only passes it on

_WORD = re.compile(r"\w+")
_APOSTROPHES = re.compile("['’‘ʼ`´]")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Wording:
    """A text in the forms that are searched: `words` and `known` for phrases, `text` for regular expressions."""

    words: str  # lower case, one space around each word, no punctuation, "don't" as "dont"
    known: frozenset[str]  # the single words; with the empty one, that every phrase may begin with
    text: str  # lower case, apostrophes straight, one space for any white space

    @classmethod
    def of(cls, text: str) -> "Wording":
        """The wording of a text."""
        plain = _SPACES.sub(" ", _APOSTROPHES.sub("'", text[:MOST_READ].lower())).strip()
        words = split_words(plain)
        return cls(f" {' '.join(words)} ", frozenset(("", *words)), plain)


def split_words(text: str) -> list[str]:
    """The words of a text in lower case, without apostrophes, underscores or other punctuation."""
    return _WORD.findall(_APOSTROPHES.sub("", text.lower()).replace("_", " "))


def deciding_text(email: Email) -> str:
    """The new text; with the forwarded mail where the new text is only a short note above it."""
    forwarded = [email.text[fold.start : fold.end] for fold in email.folds if fold.reason is FoldReason.FORWARD]
    if forwarded and len(email.new_text.split()) < FEW_WORDS:
        return "\n".join((email.new_text, *forwarded))
    return email.new_text
