"""Which words of a message to name when the model is asked why: those that counted most and say something to a reader."""

from collections.abc import Iterable
from functools import cache

_TOLD = 4  # words that an explanation names
_SENTENCE_WORDS = (
    "about after again also another anything because been before being both come could didnt does doesnt doing dont down "
    "each else even every from have having here hers however into isnt just know like made make many mine more most much "
    "need only other ours over really said same shall should some something such sure than that thats their them then there "
    "these they thing think this those through under until upon very want wasnt well went were what when where whether "
    "which while will with within without wont would your youre yours"
)
_LITTLE_WORDS = frozenset(_SENTENCE_WORDS.split())


@cache
def _says_something(term: str) -> bool:
    """Whether a reader learns anything from a term: more than little words, or that there was a number."""
    words = term.removeprefix("s:").split()
    return "0" not in words and any(len(word) > 3 and word not in _LITTLE_WORDS for word in words)


def most_telling(counted: Iterable[tuple[str, float]]) -> tuple[str, ...]:
    """The terms that counted most, best first; none that says nothing, and none that is part of another one named."""
    chosen: list[str] = []
    for amount, term in sorted((-amount, term) for term, amount in counted):
        if amount >= 0 or len(chosen) == _TOLD:
            break
        shown = term.removeprefix("s:")
        if _says_something(term) and not any(f" {shown} " in f" {other} " or f" {other} " in f" {shown} " for other in chosen):
            chosen.append(shown)
    return tuple(chosen)
