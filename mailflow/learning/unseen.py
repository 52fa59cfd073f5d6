"""How the judges do on messages that they have not learnt from."""

from collections.abc import Sequence

from mailflow.classify.judgement import Judgement, Trust
from mailflow.classify.model import Model
from mailflow.learning.examples import Example
from mailflow.learning.folds import FOLDS, split
from mailflow.learning.sense import read_unseen
from mailflow.learning.weights import learn


def judge_unseen(examples: Sequence[Example], folds: int = FOLDS) -> list[Judgement]:
    """What the judges make of each example when they have learnt from the others only. Takes some seconds a thousand."""
    found: dict[int, Judgement] = {}
    for seen, judged in split(examples, folds):
        model = Model(learn([examples[place] for place in seen], Trust()))
        for place in judged:
            subject, text = examples[place].subject, examples[place].text
            found[place] = Judgement(model.judge(subject, text), read_unseen(subject, text))
    return [found[place] for place in range(len(examples))]
