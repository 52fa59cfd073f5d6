"""The people of one story, under neutral names: one person keeps one, and two are told apart.

"My colleague", "another colleague" and from then on "the other colleague"; "somebody", "somebody else", "this person".
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

_FIRST = ("a", "another", "a third", "a fourth", "a fifth", "one more")
_AGAIN = ("the", "the other", "the third", "the fourth", "the fifth", "this other")
_SAID_BY_THE_STORY = -1
_MOST_NAMESAKES = 20  # so that time does not grow with the square of a text


@dataclass
class _Met:
    words: set[str]  # by which they are named, in lower case
    noun: str
    place: int  # among those with this noun


class People:
    """Who has been spoken of so far."""

    def __init__(self) -> None:
        """Nobody yet."""
        self._by_word: dict[str, list[_Met]] = defaultdict(list)
        self._with_noun: Counter[str] = Counter()

    def known_as(self, words: set[str], phrase: str) -> None:
        """The story itself says who these words (lower case) name: "my flatmate"."""
        if self._find(words) is None:
            self._meet(_Met(words, phrase.lower(), _SAID_BY_THE_STORY))

    def called(self, words: set[str], noun: str) -> str:
        """What to call the person whom these words (lower case) name, where they are one of these."""
        if met := self._find(words):
            met.words |= words
            return _determined(_AGAIN, met.noun, met.place)
        self._meet(_Met(words, noun, self._with_noun[noun]))
        self._with_noun[noun] += 1
        return _determined(_FIRST, noun, self._with_noun[noun] - 1)

    def _meet(self, met: _Met) -> None:
        for word in met.words:
            self._by_word[word].append(met)

    def _find(self, words: set[str]) -> _Met | None:
        """Big Dave and Little Dave are two; Dave may be either, and is the first."""
        namesakes = (met for word in words for met in self._by_word[word][:_MOST_NAMESAKES])
        return next((met for met in namesakes if met.words <= words or words <= met.words), None)


def _determined(determiners: Sequence[str], noun: str, place: int) -> str:
    if place == _SAID_BY_THE_STORY:
        return noun
    if noun == "person":
        return "this person" if determiners is _AGAIN else "somebody else" if place else "somebody"
    if not place and noun == "colleague":
        return "my colleague"
    word = determiners[min(place, len(determiners) - 1)]
    return f"an {noun}" if word == "a" and noun[0] in "aeiou" else f"{word} {noun}"
