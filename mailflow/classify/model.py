"""The learnt model: how the wording of a message speaks for each kind, and for it being sensitive.

Logistic regression over weighted words and letter groups, worked out in plain Python. Its weights are learnt by
learning.py; the file holds single features of at least three messages, never a message.
"""

import base64
import gzip
import json
import math
import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from operator import add
from typing import Protocol

from mailflow.classify.features import extract_features
from mailflow.domain import Kind

_TOLD = 4  # words that an explanation names
_COMMON = 2.0  # inverse document frequency below which a word explains nothing to a reader
_LITTLE_WORDS = frozenset(
    re.findall(
        r"\w+",
        "about after again also another anything because been before being both come could didnt does doesnt doing dont down "
        "each else even every from have having here hers however into isnt just know like made make many mine more most much "
        "need only other ours over really said same shall should some something such sure than that thats their them then there "
        "these they thing think this those through under until upon very want wasnt well went were what when where whether "
        "which while will with within without wont would your youre yours",
    )
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the model makes of one message: the logarithm of each kind's chance, and the log-odds of its being sensitive."""

    evidence: dict[Kind, float]
    alarm: float
    telling: dict[Kind, tuple[str, ...]]  # the words that spoke most for each kind
    alarming: tuple[str, ...]  # the words that spoke most for sensitive


@dataclass(frozen=True, slots=True)
class Trust:
    """How far the parts are trusted. An alarm counts for less in what is surely a story, as most of these are over."""

    wording_counts: float = 1.0
    rules_count: float = 1.0
    alarm_counts: float = 1.0
    alarm_by_kind: Mapping[Kind, float] = field(default_factory=dict)  # added to the alarm, by the share of each kind
    alarm_from: float = 0.0  # log-odds from which a message is called sensitive


class Judge(Protocol):
    """Whoever judges the wording of messages: the shipped Model, or one that has learnt from other mail."""

    trust: Trust

    def judge(self, subject: str, text: str) -> Judgement:
        """What the wording speaks for."""
        ...


@dataclass(frozen=True, slots=True)
class _Block:
    scale: float
    places: dict[str, int]
    rarity: Sequence[float]  # inverse document frequency
    rows: Sequence[tuple[float, ...]]  # a weight for each kind, and the last for sensitive


class Model:
    """The weights in memory (read once, about 20 MB); safe to share."""

    def __init__(self, written: bytes) -> None:
        """`written`: the content of weights.json.gz."""
        learnt = json.loads(gzip.decompress(written))
        self.kinds = tuple(Kind(name) for name in learnt["kinds"])
        by_kind = {Kind(name): value for name, value in learnt["trust"].pop("alarm_by_kind").items()}
        self.trust = Trust(**learnt["trust"], alarm_by_kind=by_kind)
        self._bias: list[float] = learnt["bias"]
        self._blocks = {name: _read_block(block, learnt["steps"]) for name, block in learnt["blocks"].items()}

    def judge(self, subject: str, text: str) -> Judgement:
        """What the wording speaks for. Takes about a millisecond for a page."""
        scores = list(self._bias)
        told: list[tuple[str, list[float]]] = []
        for name, counts in extract_features(subject, text).items():
            block = self._blocks[name]
            seen = [
                (term, place, 1 + math.log(count))
                for term, count in counts.items()
                if (place := block.places.get(term)) is not None
            ]
            values = [weight * block.rarity[place] for _, place, weight in seen]
            length = math.sqrt(sum(value * value for value in values)) or 1.0
            for (term, place, _), value in zip(seen, values, strict=True):
                factor = value / length * block.scale
                parts = [factor * weight for weight in block.rows[place]]
                scores = list(map(add, scores, parts))
                if name == "words" and block.rarity[place] >= _COMMON and _says_something(term):
                    told.append((term, parts))
        return self._conclude(scores, told)

    def _conclude(self, scores: list[float], told: list[tuple[str, list[float]]]) -> Judgement:
        total = math.log(sum(math.exp(score) for score in scores[:-1]))
        return Judgement(
            evidence={kind: score - total for kind, score in zip(self.kinds, scores, strict=False)},
            alarm=scores[-1],
            telling={
                kind: _most_telling([(term, parts[output] - sum(parts[:-1]) / (len(parts) - 1)) for term, parts in told])
                for output, kind in enumerate(self.kinds)
            },
            alarming=_most_telling([(term, parts[-1]) for term, parts in told]),
        )


@cache
def _says_something(term: str) -> bool:
    """Whether a reader learns anything from a term: it has a word that is not one of the little words of every sentence."""
    return any(len(word) > 3 and word not in _LITTLE_WORDS for word in term.removeprefix("s:").split())


def _most_telling(counted: list[tuple[str, float]]) -> tuple[str, ...]:
    """The words that counted most, without those that are part of another one named."""
    chosen: list[str] = []
    for term, _ in sorted((pair for pair in counted if pair[1] > 0), key=lambda pair: (-pair[1], pair[0])):
        shown = term.removeprefix("s:")
        if shown != "0" and not any(f" {shown} " in f" {other} " or f" {other} " in f" {shown} " for other in chosen):
            chosen.append(shown)
        if len(chosen) == _TOLD:
            break
    return tuple(chosen)


def _read_block(block: dict[str, str | float], steps: list[float]) -> _Block:
    weights = base64.b64decode(str(block["weights"]))
    rarity = base64.b64decode(str(block["rarity"]))
    return _Block(
        scale=float(block["scale"]),
        places={term: place for place, term in enumerate(str(block["terms"]).split("\n"))},
        rarity=[value / 1000 for (value,) in struct.iter_unpack("<H", rarity)],
        rows=[
            tuple(value * step for value, step in zip(row, steps, strict=True))
            for row in struct.iter_unpack(f"{len(steps)}b", weights)
        ],
    )


@cache
def load_model() -> Model:
    """The model that is shipped; read at the first message that needs it, not at start."""
    return Model(resources.files("mailflow.classify").joinpath("weights.json.gz").read_bytes())
