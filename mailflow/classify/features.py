"""What the learnt model looks at in a message: its words, letters, shape and word families. The same in training and at work."""

import math
import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise

from mailflow.classify.families import FAMILY_NAMES, families_of
from mailflow.classify.wording import MOST_READ, split_words

Features = dict[str, Counter[str]]

_PERSONS = {
    "i": frozenset(["i", "my", "me", "im", "ive", "id"]),
    "we": frozenset(["we", "our", "us", "were", "weve", "wed"]),
    "they": frozenset(["he", "she", "him", "her", "his", "they", "them"]),
    "you": frozenset(["you", "your", "youre"]),
}
# Not markings.answers: the learnt weights have counted "re" alone.
_REPLY = re.compile(r"\s*re\b", re.IGNORECASE)
_SMALL_NUMBER = re.compile(r"\b\d{1,3}\b")


def extract_features(subject: str, text: str) -> Features:
    """The counted features of a message, by block. Numbers count as one word: which number it is decides nothing."""
    text = text[:MOST_READ]
    title, body = (["0" if word.isdigit() else word for word in split_words(part)] for part in (subject, text))
    words = Counter(title + body)
    words.update(map(" ".join, pairwise(title)))
    words.update(map(" ".join, pairwise(body)))
    words.update("s:" + word for word in title)
    letters: Counter[str] = Counter()
    for word in title + body:
        letters.update(_letter_groups(word))
    return {
        "words": words,
        "letters": letters,
        "shape": Counter(_shape(subject, text, body)),
        "families": Counter(_families(title + body)),
    }


@lru_cache(maxsize=20_000)
def _letter_groups(word: str) -> tuple[str, ...]:
    """Groups of three and four letters, so that "trainings" and "tranining" are still known."""
    if word.isdigit():
        return ()
    padded = f" {word} "
    return tuple(padded[start : start + size] for size in (3, 4) for start in range(len(padded) - size + 1))


def _families(words: list[str]) -> list[str]:
    """How often each family of words is met, and how large its share is, in steps."""
    met = Counter(name for word in words for name in families_of(word))
    counted = [f"{name} {min(4, int(math.log2(met[name] + 1)))} times" for name in FAMILY_NAMES]
    return counted + [f"{name} share {min(5, int(met[name] / (len(words) + 1) * 40))}" for name in FAMILY_NAMES]


def _shape(subject: str, text: str, body: list[str]) -> list[str]:
    """How a message is built: its length, its questions, who speaks of whom."""
    shape = [
        f"length {min(6, int(math.log2(len(body) + 1)))}",
        f"questions {min(text.count('?'), 3)}",
        f"numbers {min(3, len(_SMALL_NUMBER.findall(text)))}",
        "asks in the subject" if "?" in subject else "does not ask in the subject",
        "is an answer" if _REPLY.match(subject) else "is no answer",
        "has a link" if "http" in text else "has no link",
        "quotes speech" if "“" in text or '"' in text else "quotes no speech",
    ]
    for person, pronouns in _PERSONS.items():
        share = sum(word in pronouns for word in body) / (len(body) + 1)
        shape.append(f"{person} {min(5, int(share * 40))}")
    return shape
