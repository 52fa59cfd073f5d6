"""Learns the model's weights from labelled messages. The only module that needs scikit-learn (the `test` extra).

Deterministic: the same examples, in the same order, give the same bytes.
"""

import base64
import gzip
import json
import math
import struct
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from threadpoolctl import threadpool_limits

from mailflow.classify.features import extract_features
from mailflow.classify.match import Matcher
from mailflow.classify.model import Judgement, Model, Trust
from mailflow.classify.verdict import raise_alarm, weigh
from mailflow.classify.wording import deciding_text
from mailflow.domain import Email, Kind, Reason

_SCALES = {"words": 1.0, "letters": 1.0, "shape": 0.3, "families": 0.5}
_RAREST = {
    "words": 3,
    "letters": 3,
    "shape": 1,
    "families": 1,
}  # messages a feature must stand in: no single message can be read back
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
    # An output that nothing speaks for has only zeros.
    steps = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127
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
    """How far wording and rules are to be trusted, so that a confidence of 0.8 is right in eight of ten unseen messages."""
    matched: list[list[Reason]] = [matcher.match(example.email) if matcher else [] for example in examples]

    def share_out(trust: Trust) -> list[dict[Kind, float]]:
        return [weigh(judgement.evidence, reasons, trust) for judgement, reasons in zip(judgements, matched, strict=True)]

    def loss(trust: Trust) -> float:
        shares = share_out(trust)
        return -sum(math.log(max(share[example.kind], 1e-6)) for share, example in zip(shares, examples, strict=True))

    trust = min((Trust(wording / 10, 0.5) for wording in range(8, 24)), key=loss)
    if matcher:
        trust = min((replace(trust, rules_count=rules / 10) for rules in range(11)), key=loss)
    return _fit_alarm(examples, judgements, share_out(trust), trust)


def _fit_alarm(
    examples: Sequence[Example], judgements: Sequence[Judgement], shares: Sequence[Mapping[Kind, float]], trust: Trust
) -> Trust:
    """Makes the alarm the log-odds of being sensitive, and finds the bar for as many false alarms as are bearable."""
    known = [[judgement.alarm, *share.values()] for judgement, share in zip(judgements, shares, strict=True)]
    sensitive = [example.sensitive for example in examples]
    fitted = LogisticRegression(max_iter=1000).fit(known, sensitive)
    counts, *by_kind = (float(value) for value in fitted.coef_[0])
    # The shares add up to one, so that the intercept may be given to each kind.
    always = float(fitted.intercept_[0])
    adds = {kind: round(value + always, 2) for kind, value in zip(shares[0], by_kind, strict=True)}
    trust = replace(trust, alarm_counts=round(counts, 2), alarm_by_kind=adds)
    alarms = [raise_alarm(judgement, share, trust) for judgement, share in zip(judgements, shares, strict=True)]
    ordinary = sorted((alarm for alarm, bad in zip(alarms, sensitive, strict=True) if not bad), reverse=True)
    return replace(trust, alarm_from=round(ordinary[int(_FALSE_ALARMS * len(ordinary))], 2))


def _fit(matrix: csr_matrix, labels: Sequence[object]) -> LogisticRegression:
    # One thread: the sums then come out the same on every machine, and waiting threads take nobody's processor.
    with threadpool_limits(1):
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
