"""How the judges do on messages that they have not learnt from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mailflow.classify.judgement import Judgement, Trust
from mailflow.classify.model import Model
from mailflow.learning.examples import Example
from mailflow.learning.folds import FOLDS, split
from mailflow.learning.sense import read_unseen
from mailflow.learning.weights import learn


@dataclass(frozen=True, slots=True)
class Recalled:
    """A judge that repeats what was said of each message, by its subject and text, when it was new."""

    said: Mapping[tuple[str, str], Judgement]
    trust: Trust

    def judge(self, subject: str, text: str) -> Judgement:
        """What was said of it."""
        return self.said[subject, text]


def judge_unseen(examples: Sequence[Example], folds: int = FOLDS) -> list[Judgement]:
    """What the judges make of each example when they have learnt from the others only. Takes some seconds a thousand."""
    found: dict[int, Judgement] = {}
    for seen, judged in split(examples, folds):
        found |= judge_others(examples, seen, judged)
    return [found[place] for place in range(len(examples))]


def judge_others(examples: Sequence[Example], seen: Sequence[int], judged: Sequence[int]) -> dict[int, Judgement]:
    """What the judges make of the examples at the places `judged` when they have learnt from those at `seen`; by place."""
    model = Model(learn([examples[place] for place in seen], Trust()))
    texts = {place: (examples[place].subject, examples[place].text) for place in judged}
    return {place: Judgement(model.judge(*text), read_unseen(*text)) for place, text in texts.items()}
