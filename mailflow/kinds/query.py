"""The team's frequently asked questions that fit what somebody asks: the best one or two, or none where unsure."""

import re
from functools import lru_cache

from mailflow.domain import Answer, Email, QueryAnswers
from mailflow.rules import FrequentQuestion, Rules

MOST_READ = 10_000  # characters
_BAR = 0.5
_MOST_ANSWERS = 2
_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"[^.?!\n]*[.?!\n]?")
_COMMON = frozenset(
    _WORD.findall(
        """a an and any are as at be been but by can could come course do does for from get have how i if in is it its like
        may me my of on open or our session should so that the there they this to us was we what when where which who will with
        would you your"""
    )
)


def find_answers(email: Email, rules: Rules) -> QueryAnswers:
    """At most two agreed answers, best first, each with a score from the bar of 0.5 to 1."""
    sentences = _asked(f"{email.subject}\n{email.new_text[:MOST_READ]}")
    scored = (Answer(entry.question, entry.answer, _score(entry, sentences)) for entry in rules.questions)
    best = sorted((answer for answer in scored if answer.score >= _BAR), key=lambda answer: -answer.score)
    return QueryAnswers(tuple(best[:_MOST_ANSWERS]))


def _asked(text: str) -> list[tuple[str, bool]]:
    """Each sentence as bare words with a space around each, and whether it asks."""
    return [(_bare(part), part.rstrip().endswith("?")) for part in _SENTENCE.findall(text) if part.strip()]


def _score(entry: FrequentQuestion, sentences: list[tuple[str, bool]]) -> float:
    """How well an entry fits the sentence that fits it best: a longer phrase, more of the question's words, a question mark."""
    phrases, own = _known(entry)
    best = 0.0
    for words, asks in sentences:
        hits = [phrase for phrase in phrases if phrase in words]
        shared = own.intersection(words.split()) if own else own
        if not hits and len(shared) < 2:
            continue
        length = max((phrase.count(" ") for phrase in hits), default=0)
        said = min(0.15 + 0.1 * length, 0.45) if hits else 0.0
        share = 0.3 * len(shared) / len(own) if len(shared) > 1 else 0.15 * len(shared)
        best = max(best, said + share + (0.2 if asks else 0.0) + 0.05 * min(len(hits), 2))
    return round(min(best, 1.0), 2)


@lru_cache(maxsize=512)
def _known(entry: FrequentQuestion) -> tuple[tuple[str, ...], frozenset[str]]:
    """The phrases people ask with, and the telling words of the question itself."""
    own = frozenset(_bare(entry.question).split()) - _COMMON
    return tuple(_bare(words).rstrip() + ("" if words.endswith("*") else " ") for words in entry.words), own


def _bare(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.lower().replace('’', '').replace(chr(39), '')))} "
