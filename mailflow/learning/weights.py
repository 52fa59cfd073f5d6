"""Learns the weights of words and letter groups from labelled messages: logistic regression, as Model works it out again."""

import base64
import gzip
import json
import math
import struct
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from mailflow.classify.features import extract_features
from mailflow.classify.judgement import Trust
from mailflow.domain import Kind
from mailflow.learning.examples import Example

_SCALES = {"words": 1.0, "letters": 1.0, "shape": 0.3, "families": 0.5}
# Conversations that a feature must stand in: none can be read back, nor the name that stands below each of its messages.
_RAREST = {"words": 3, "letters": 3, "shape": 1, "families": 1}
_STRENGTH = 10.0  # inverse of the regularisation


def learn(examples: Sequence[Example], trust: Trust, moved: Mapping[Kind, Mapping[str, int]] | None = None) -> bytes:
    """The content of weights.json.gz: the same examples in the same order give the same bytes.

    `moved`: for a kind, in how many mails that people have moved there a word stood, for the words that are to be told.
    """
    features = [extract_features(example.subject, example.text) for example in examples]
    groups = [example.group for example in examples]
    blocks = {name: _Vocabulary.of([each[name] for each in features], groups, _RAREST[name]) for name in _SCALES}
    matrix = hstack([blocks[name].weigh([each[name] for each in features], scale) for name, scale in _SCALES.items()]).tocsr()
    counts = [example.counts for example in examples]
    kinds = _fit(matrix, [example.kind.value for example in examples], counts)
    alarm = _fit(matrix, [example.sensitive for example in examples], counts)
    weights = np.vstack([kinds.coef_, alarm.coef_]).T
    # An output that nothing speaks for has only zeros.
    steps = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127
    rows = np.rint(weights / steps).astype("int8")
    learnt: dict[str, object] = {
        "kinds": list(kinds.classes_),
        "bias": [round(float(value), 5) for value in (*kinds.intercept_, *alarm.intercept_)],
        "steps": [float(f"{step:.6g}") for step in steps],
        "trust": asdict(trust),
        "blocks": dict(_written(blocks, rows)),
        **({"moved": moved} if moved else {}),
    }
    return gzip.compress(json.dumps(learnt, ensure_ascii=False).encode(), mtime=0)


def _fit(matrix: csr_matrix, labels: Sequence[object], counts: Sequence[float]) -> LogisticRegression:
    # One thread: the sums then come out the same on every machine, and waiting threads take nobody's processor.
    with threadpool_limits(1):
        return LogisticRegression(C=_STRENGTH, class_weight="balanced", max_iter=1000).fit(matrix, labels, counts)


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    places: dict[str, int]
    rarity: list[float]  # rounded to a thousandth, as it is written

    @classmethod
    def of(cls, counted: Sequence[Counter[str]], groups: Sequence[str], rarest: int) -> "_Vocabulary":
        """The features that stand in enough groups, and their inverse document frequency (smoothed), a group being a document."""
        documents: dict[str, set[str]] = {}
        for group, counts in zip(groups, counted, strict=True):
            documents.setdefault(group, set()).update(counts)
        spread = Counter(term for terms in documents.values() for term in terms)
        terms = sorted(term for term, groups_with_it in spread.items() if groups_with_it >= rarest)
        rarity = [round(math.log((1 + len(documents)) / (1 + spread[term])) + 1, 3) for term in terms]
        return cls({term: place for place, term in enumerate(terms)}, rarity)

    def weigh(self, counted: Sequence[Counter[str]], scale: float) -> csr_matrix:
        """One row a message, of the given length: (1 + log count) times rarity, as Model.judge works it out."""
        rows: list[int] = []
        columns: list[int] = []
        values: list[float] = []
        for row, counts in enumerate(counted):
            known = {self.places[term]: 1 + math.log(count) for term, count in counts.items() if term in self.places}
            weights = {place: value * self.rarity[place] for place, value in known.items()}
            length = math.sqrt(sum(value * value for value in weights.values())) or 1.0
            rows += [row] * len(weights)
            columns += weights.keys()
            values += [value * scale / length for value in weights.values()]
        return csr_matrix((values, (rows, columns)), shape=(len(counted), len(self.places)))


def _written(blocks: dict[str, _Vocabulary], rows: "np.ndarray") -> Iterator[tuple[str, dict[str, object]]]:
    start = 0
    for name, block in blocks.items():
        end = start + len(block.places)
        yield (
            name,
            {
                "scale": _SCALES[name],
                "terms": "\n".join(block.places),
                "rarity": base64.b64encode(
                    struct.pack(f"<{len(block.rarity)}H", *(round(value * 1000) for value in block.rarity))
                ).decode(),
                "weights": base64.b64encode(rows[start:end].tobytes()).decode(),
            },
        )
        start = end
