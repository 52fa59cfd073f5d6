"""The judges together: the model that counts words, and the encoder that reads a message as a whole."""

from functools import cache
from importlib import resources

from mailflow.classify.encoder import Encoder, load_encoder
from mailflow.classify.judgement import Judgement
from mailflow.classify.model import Model


class Judges:
    """Asks both about each message. Safe to share."""

    def __init__(self, model: Model, encoder: Encoder) -> None:
        """How far each is trusted, the model's file says: it was learnt with the encoder in mind."""
        self.trust = model.trust
        self._model = model
        self._encoder = encoder

    def judge(self, subject: str, text: str) -> Judgement:
        """What they make of a message."""
        return Judgement(self._model.judge(subject, text), self._encoder.read(subject, text))


@cache
def load_judges() -> Judges:
    """Those that are shipped; read at the first message that needs them, not at start."""
    weights = resources.files("mailflow.classify").joinpath("weights.json.gz").read_bytes()
    return Judges(Model(weights), load_encoder())
