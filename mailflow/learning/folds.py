"""How examples are split for cross-validation: each is judged once, by what has learnt from the others only."""

import warnings
from collections.abc import Iterator, Sequence

from sklearn.model_selection import StratifiedGroupKFold

from mailflow.learning.examples import Example

FOLDS = 5


def split(examples: Sequence[Example], folds: int = FOLDS) -> Iterator[tuple[list[int], list[int]]]:
    """The places of the examples to learn from, and of those to judge; `folds` times. Seeded; kinds are spread evenly."""
    labels = [f"{example.kind} {example.sensitive}" for example in examples]
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=1)
    with warnings.catch_warnings():
        # Of few messages of a sort, some folds have none: nobody needs to be told.
        warnings.filterwarnings("ignore", "The least populated class", UserWarning)
        parts = list(splitter.split(examples, labels, [example.group for example in examples]))
    for seen, judged in parts:
        yield [int(place) for place in seen], [int(place) for place in judged]
