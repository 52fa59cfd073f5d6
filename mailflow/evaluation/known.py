"""Which labelled messages are among those that mailflow has learnt from: figures on these flatter it."""

from collections import defaultdict
from collections.abc import Sequence

from mailflow.classify.wording import deciding_text, split_words
from mailflow.evaluation.judging import Judged
from mailflow.learning.examples import Example, read_examples

_ENDS = 5  # words at the beginning, or the end, that two readings of one message have in common at least
_ALIKE = 0.7  # of all their words, those that both have


class KnownExamples:
    """Examples that can be found again by their words, also where a message is read a little differently by now."""

    def __init__(self, examples: Sequence[Example]) -> None:
        """Found are the places of `examples`."""
        self._words: list[frozenset[str]] = []
        self._places: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for place, example in enumerate(examples):
            words = split_words(example.text)
            self._words.append(frozenset((*split_words(example.subject), *words)))
            for end in _ends(words):
                self._places[end].append(place)

    def find(self, subject: str, text: str) -> int | None:
        """The place of the example that is this message; None where it is new."""
        words = split_words(text)
        said = frozenset((*split_words(subject), *words))
        candidates = (place for end in _ends(words) for place in self._places.get(end, ()))
        return next((place for place in candidates if _alike(said, self._words[place])), None)


def count_known(judged: Sequence[Judged]) -> int:
    """How many of the messages mailflow has learnt from, as it is shipped."""
    known = KnownExamples(read_examples())
    emails = [one.plan.email for one in judged if one.plan]
    return sum(known.find(email.subject, deciding_text(email)) is not None for email in emails)


def _ends(words: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(words[:_ENDS]), tuple(words[-_ENDS:])


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= _ALIKE * len(one | other)
