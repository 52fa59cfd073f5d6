"""Whether mailflow is as sure as it may be: of what it is 80 % sure of, eight in ten should be right."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from mailflow.evaluation.judging import Judged
from mailflow.evaluation.shares import share

_EDGES = (0.0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)


@dataclass(frozen=True, slots=True)
class Band:
    """The messages of a confidence from `low` to just below `high`: how many, how sure on average, how many of them right."""

    low: float
    high: float
    messages: int
    confidence: float
    right: int


def score_confidence(judged: Sequence[Judged]) -> tuple[Band, ...]:
    """The bands that hold messages, the least sure first."""
    bands = []
    for low, high in pairwise(_EDGES):
        inside = [one for one in judged if low <= one.confidence < high]
        if inside:
            sure = sum(one.confidence for one in inside) / len(inside)
            bands.append(Band(low, min(high, 1.0), len(inside), sure, sum(one.kind is one.label.kind for one in inside)))
    return tuple(bands)


def calibration_error(bands: Sequence[Band]) -> float | None:
    """How far confidence and truth are apart, on average over all messages (expected calibration error); 0 is perfect."""
    apart = sum(abs(band.messages * band.confidence - band.right) for band in bands)
    return share(apart, sum(band.messages for band in bands))
