"""The judges together: the model that counts words, and the encoder that reads a message as a whole."""

from functools import cache, cached_property
from importlib import resources

from mailflow.classify.encoder import Encoder, load_encoder
from mailflow.classify.judgement import Judgement, Trust
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


class JudgesBy:
    """Judges by other weights than those that are shipped; made of them at the first message that needs them. Safe to share."""

    def __init__(self, weights: bytes) -> None:
        """`weights`: the content of a file like weights.json.gz."""
        self._weights = weights

    @property
    def trust(self) -> Trust:
        """How far each judge is trusted."""
        return self._judges.trust

    def judge(self, subject: str, text: str) -> Judgement:
        """What they make of a message."""
        return self._judges.judge(subject, text)

    @cached_property
    def _judges(self) -> Judges:
        return Judges(Model(self._weights), load_encoder())


@cache
def load_judges() -> Judges:
    """Those that are shipped; read at the first message that needs them, not at start."""
    return Judges(Model(shipped_weights()), load_encoder())


def shipped_weights() -> bytes:
    """The content of weights.json.gz, as it is shipped."""
    return resources.files("mailflow.classify").joinpath("weights.json.gz").read_bytes()
