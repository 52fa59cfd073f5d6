"""What encoders said of the examples they had not been taught: kept, since teaching one takes an hour and torch.

With it, how far the encoder is to be trusted can be learnt anew on any machine, and without fooling ourselves.
"""

import hashlib
import json
from functools import cache
from pathlib import Path

from mailflow.classify.encoder import KINDS, load_encoder
from mailflow.classify.judgement import Opinion, to_chances

KEPT = Path(__file__).parent / "sense_unseen.json"


def read_unseen(subject: str, text: str) -> Opinion:
    """The opinion of an encoder that was not taught this message: the kept one, or of the shipped one where it is new to it."""
    scores = _kept().get(key(subject, text))
    if scores is None:
        return load_encoder().read(subject, text)
    return Opinion(to_chances(dict(zip(KINDS, scores, strict=False))), scores[-1])


def key(subject: str, text: str) -> str:
    """Names a message without showing it: the beginning of a SHA-256."""
    return hashlib.sha256(f"{subject}\n{text}".encode()).hexdigest()[:16]


@cache
def _kept() -> dict[str, list[float]]:
    found: dict[str, list[float]] = json.loads(KEPT.read_text(encoding="utf-8"))
    return found
