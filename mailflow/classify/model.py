"""The model that counts words: how the wording of a message speaks for each kind, and for it being sensitive.

Logistic regression over weighted words and letter groups, worked out in plain Python. Its weights are learnt by
learning/weights.py; the file holds single features of at least three conversations, never a message.
"""

import base64
import gzip
import json
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter, mul
from typing import Any

from mailflow.classify.features import extract_features
from mailflow.classify.judgement import ByWords, Trust, to_chances
from mailflow.classify.telling import most_telling
from mailflow.domain import Kind

_TOLD_KINDS = 2  # the kinds whose words are looked up: the likeliest, and the one it may be taken for


_SHIFT = 128
_SHIFTED = bytes((byte + _SHIFT) % 256 for byte in range(256))  # signed bytes to unsigned ones


@dataclass(frozen=True, slots=True)
class _Counted:
    """The terms of a message that a block knows: their places in it, and how much there is of each."""

    terms: Sequence[str]
    places: Sequence[int]
    factors: Sequence[float]


@dataclass(frozen=True, slots=True)
class _Block:
    scale: float
    places: dict[str, int]
    rarity: Sequence[float]  # inverse document frequency
    columns: Sequence[bytes]  # the weights for each kind, and the last for sensitive: in steps, plus 128
    steps: Sequence[float]  # of each column

    def weigh(self, counts: Mapping[str, int]) -> _Counted:
        """The known terms: (1 + log count) times rarity, the whole scaled to the block's length."""
        places, rarity = self.places, self.rarity
        known = [(term, places[term]) for term in counts if term in places]
        values = [
            rarity[place] if (count := counts[term]) == 1 else (1 + math.log(count)) * rarity[place] for term, place in known
        ]
        length, scale = math.sqrt(sum(map(mul, values, values))) or 1.0, self.scale
        return _Counted([term for term, _ in known], [place for _, place in known], [value / length * scale for value in values])


class Model:
    """The weights in memory (read once, about 5 MB); safe to share."""

    def __init__(self, written: bytes) -> None:
        """`written`: the content of weights.json.gz."""
        learnt = json.loads(gzip.decompress(written))
        self.kinds = tuple(Kind(name) for name in learnt["kinds"])
        self.trust = _read_trust(learnt["trust"])
        self._bias: list[float] = learnt["bias"]
        self._blocks = {name: _read_block(block, learnt["steps"]) for name, block in learnt["blocks"].items()}
        self._telling = _compared(self._blocks["words"])
        self._moved: dict[str, dict[str, int]] = learnt.get("moved", {})

    def judge(self, subject: str, text: str) -> ByWords:
        """What the wording speaks for. Takes about a millisecond for a page."""
        scores = list(self._bias)
        words = _Counted((), (), ())
        for name, counts in extract_features(subject, text).items():
            block = self._blocks[name]
            counted = block.weigh(counts)
            if counted.terms:
                # One more place than factors, as itemgetter with a single place gives no tuple; map leaves it out.
                pick = itemgetter(*counted.places, 0)
                shift = _SHIFT * sum(counted.factors)
                scores = [
                    score + step * (sum(map(mul, counted.factors, pick(column))) - shift)
                    for score, column, step in zip(scores, block.columns, block.steps, strict=True)
                ]
            if name == "words":
                words = counted
        return self._conclude(scores, words)

    def _conclude(self, scores: list[float], words: _Counted) -> ByWords:
        evidence = to_chances(dict(zip(self.kinds, scores, strict=False)))
        likeliest = sorted(self.kinds, key=lambda kind: -evidence[kind])[:_TOLD_KINDS]
        telling = {kind: self._tell(words, self.kinds.index(kind)) for kind in likeliest}
        return ByWords(
            evidence=evidence,
            alarm=scores[-1],
            telling=telling,
            alarming=self._tell(words, len(self.kinds)),
            moved={kind: count for kind, told in telling.items() if (count := self._count_moved(kind, told))},
        )

    def _count_moved(self, kind: Kind, told: Sequence[str]) -> int:
        """In how many mails that people have moved to a kind the word of these stood that stood in most."""
        return max((self._moved.get(kind.value, {}).get(word, 0) for word in told), default=0)

    def _tell(self, words: _Counted, output: int) -> tuple[str, ...]:
        """The words that spoke most for an output; for a kind, more than they did for the kinds on average."""
        column = self._telling[output]
        return most_telling(zip(words.terms, map(mul, words.factors, map(column.__getitem__, words.places)), strict=True))


def _compared(block: _Block) -> list[Sequence[float]]:
    """The weights for each kind above their average over the kinds; the last column, for sensitive, as it is."""
    *kinds, alarm = (
        [(weight - _SHIFT) * step for weight in column] for column, step in zip(block.columns, block.steps, strict=True)
    )
    average = [sum(weights) / len(kinds) for weights in zip(*kinds, strict=True)]
    return [*([weight - mean for weight, mean in zip(kind, average, strict=True)] for kind in kinds), alarm]


def _read_trust(written: dict[str, Any]) -> Trust:
    by_kind = {name: {Kind(kind): adds for kind, adds in written[name].items()} for name in ("kinds_add", "alarm_by_kind")}
    return Trust(**{**written, **by_kind})


def _read_block(block: dict[str, str | float], steps: list[float]) -> _Block:
    # As bytes, the weights of a message's terms are in the processor's cache, and cost no number of their own each.
    weights = base64.b64decode(str(block["weights"])).translate(_SHIFTED)
    rarity = base64.b64decode(str(block["rarity"]))
    return _Block(
        scale=float(block["scale"]),
        places={term: place for place, term in enumerate(str(block["terms"]).split("\n"))},
        rarity=[value / 1000 for (value,) in struct.iter_unpack("<H", rarity)],
        columns=[weights[output :: len(steps)] for output in range(len(steps))],
        steps=steps,
    )
