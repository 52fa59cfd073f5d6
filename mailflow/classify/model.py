"""The learnt model: how the wording of a message speaks for each kind, and for it being sensitive.

Logistic regression over weighted words and letter groups, worked out in plain Python. Its weights are learnt by
learning.py; the file holds single features of at least three messages, never a message.
"""

import base64
import gzip
import json
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from operator import itemgetter, mul
from typing import Protocol

from mailflow.classify.features import extract_features
from mailflow.classify.telling import most_telling
from mailflow.domain import Kind

_TOLD_KINDS = 2  # the kinds whose words are looked up: the likeliest, and the one it may be taken for


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


_Counted = tuple[str, int, float]  # a term, its place in the block, and how much of it there is


@dataclass(frozen=True, slots=True)
class _Block:
    scale: float
    places: dict[str, int]
    rarity: Sequence[float]  # inverse document frequency
    columns: Sequence[Sequence[float]]  # the weights for each kind, and the last for sensitive

    def weigh(self, counts: Mapping[str, int]) -> list[_Counted]:
        """The known terms: (1 + log count) times rarity, the whole scaled to the block's length."""
        places, rarity = self.places, self.rarity
        found = [
            (term, place, (1 + math.log(count)) * rarity[place])
            for term, count in counts.items()
            if (place := places.get(term)) is not None
        ]
        length = math.sqrt(sum(value * value for _, _, value in found)) or 1.0
        return [(term, place, value / length * self.scale) for term, place, value in found]


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
        words: list[_Counted] = []
        for name, counts in extract_features(subject, text).items():
            block = self._blocks[name]
            counted = block.weigh(counts)
            if counted:
                factors = [factor for _, _, factor in counted]
                # One more place than factors, as itemgetter with a single place gives no tuple; map leaves it out.
                pick = itemgetter(*(place for _, place, _ in counted), 0)
                scores = [
                    score + sum(map(mul, factors, pick(column))) for score, column in zip(scores, block.columns, strict=True)
                ]
            if name == "words":
                words = counted
        return self._conclude(scores, words)

    def _conclude(self, scores: list[float], words: list["_Counted"]) -> Judgement:
        total = math.log(sum(math.exp(score) for score in scores[:-1]))
        evidence = {kind: score - total for kind, score in zip(self.kinds, scores, strict=False)}
        likeliest = sorted(self.kinds, key=lambda kind: -evidence[kind])[:_TOLD_KINDS]
        return Judgement(
            evidence=evidence,
            alarm=scores[-1],
            telling={kind: self._tell(words, self.kinds.index(kind)) for kind in likeliest},
            alarming=self._tell(words, len(self.kinds)),
        )

    def _tell(self, words: list["_Counted"], output: int) -> tuple[str, ...]:
        """The words that spoke most for an output; for a kind, more than they did for the kinds on average."""
        *kinds, alarm = self._blocks["words"].columns
        if output == len(kinds):
            return most_telling((term, factor * alarm[place]) for term, place, factor in words)
        wanted = kinds[output]
        return most_telling(
            (term, factor * (wanted[place] - sum(column[place] for column in kinds) / len(kinds)))
            for term, place, factor in words
        )


def _read_block(block: dict[str, str | float], steps: list[float]) -> _Block:
    weights = memoryview(base64.b64decode(str(block["weights"]))).cast("b")
    rarity = base64.b64decode(str(block["rarity"]))
    return _Block(
        scale=float(block["scale"]),
        places={term: place for place, term in enumerate(str(block["terms"]).split("\n"))},
        rarity=[value / 1000 for (value,) in struct.iter_unpack("<H", rarity)],
        columns=[[value * step for value in weights[output :: len(steps)]] for output, step in enumerate(steps)],
    )


@cache
def load_model() -> Model:
    """The model that is shipped; read at the first message that needs it, not at start."""
    return Model(resources.files("mailflow.classify").joinpath("weights.json.gz").read_bytes())
