"""Learns the model's weights from labelled messages. The only module that needs scikit-learn (the `test` extra).

Deterministic: the same examples, in the same order, give the same bytes.
"""

import base64
import gzip
import json
import math
import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from mailflow.classify.features import extract_features
from mailflow.classify.match import Matcher
from mailflow.classify.model import Judgement, Model, Trust
from mailflow.classify.verdict import weigh
from mailflow.classify.wording import deciding_text
from mailflow.domain import Email, Kind, Reason

_SCALES = {"words": 1.0, "letters": 1.0, "shape": 0.3}
_RAREST = {"words": 3, "letters": 3, "shape": 1}  # messages a feature must stand in: no single message can be read back
_STRENGTH = 10.0  # inverse of the regularisation
_FALSE_ALARMS = 0.06  # the share of ordinary mail that the model may call sensitive


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled message. Examples of one `group` (a conversation) are never split between learning and judging."""

    email: Email
    kind: Kind
    sensitive: bool
    group: str
    also: Kind | None = None


def learn(examples: Sequence[Example], trust: Trust | None = None) -> bytes:
    """The content of weights.json.gz. Without `trust`, it is found by cross-validation first."""
    trust = trust or fit_trust(examples, judge_unseen(examples))
    features = [extract_features(example.email.subject, deciding_text(example.email)) for example in examples]
    blocks = {name: _Vocabulary.of([each[name] for each in features], _RAREST[name]) for name in _SCALES}
    matrix = hstack([blocks[name].weigh([each[name] for each in features], scale) for name, scale in _SCALES.items()]).tocsr()
    kinds = _fit(matrix, [example.kind.value for example in examples])
    alarm = _fit(matrix, [example.sensitive for example in examples])
    weights = np.vstack([kinds.coef_, alarm.coef_]).T
    steps = np.abs(weights).max(axis=0) / 127
    rows = np.rint(weights / steps).astype("int8")
    learnt: dict[str, object] = {
        "kinds": list(kinds.classes_),
        "bias": [round(float(value), 5) for value in (*kinds.intercept_, *alarm.intercept_)],
        "steps": [float(f"{step:.6g}") for step in steps],
        "trust": asdict(trust),
        "blocks": dict(_written(blocks, rows)),
    }
    return gzip.compress(json.dumps(learnt, ensure_ascii=False).encode(), mtime=0)


def judge_unseen(examples: Sequence[Example], folds: int = 5) -> list[Judgement]:
    """What the model makes of each example when it has learnt from the others only."""
    labels = [f"{example.kind} {example.sensitive}" for example in examples]
    split = StratifiedGroupKFold(folds, shuffle=True, random_state=1)
    found: dict[int, Judgement] = {}
    for seen, unseen in split.split(examples, labels, [example.group for example in examples]):
        model = Model(learn([examples[index] for index in seen], Trust()))
        for index in unseen:
            email = examples[index].email
            found[int(index)] = model.judge(email.subject, deciding_text(email))
    return [found[index] for index in range(len(examples))]


def fit_trust(examples: Sequence[Example], judgements: Sequence[Judgement], matcher: Matcher | None = None) -> Trust:
    """How much the model counts beside the rules, so that a confidence of 0.8 is right in eight of ten unseen messages."""
    matched: list[list[Reason]] = [matcher.match(example.email) if matcher else [] for example in examples]

    def loss(wording: float, rules: float) -> float:
        shares = (
            weigh(judgement.evidence, reasons, Trust(wording, rules))
            for judgement, reasons in zip(judgements, matched, strict=True)
        )
        return -sum(math.log(max(share[example.kind], 1e-6)) for share, example in zip(shares, examples, strict=True))

    tries = [
        (wording / 10, rules / 10) for wording in range(6, 24) for rules in ((0, 2, 3, 4, 5, 6, 7, 8, 10) if matcher else (5,))
    ]
    wording, rules = min(tries, key=lambda pair: loss(*pair))
    ordinary = sorted(
        (each.sensitive for each, example in zip(judgements, examples, strict=True) if not example.sensitive), reverse=True
    )
    return Trust(wording, rules, round(ordinary[int(_FALSE_ALARMS * len(ordinary))], 3))


def _fit(matrix: csr_matrix, labels: Sequence[object]) -> LogisticRegression:
    return LogisticRegression(C=_STRENGTH, class_weight="balanced", max_iter=1000).fit(matrix, labels)


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    places: dict[str, int]
    rarity: list[float]  # rounded to a thousandth, as it is written

    @classmethod
    def of(cls, counted: Sequence[Counter[str]], rarest: int) -> "_Vocabulary":
        """The features that stand in enough messages, and their inverse document frequency (smoothed)."""
        spread = Counter(term for counts in counted for term in counts)
        terms = sorted(term for term, messages in spread.items() if messages >= rarest)
        rarity = [round(math.log((1 + len(counted)) / (1 + spread[term])) + 1, 3) for term in terms]
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
