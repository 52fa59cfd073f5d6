"""The judges together: the model that counts words, and the encoder that reads a message as a whole."""

from functools import cache, cached_property
from importlib import resources

from mailflow.classify.encoder import load_encoder
from mailflow.classify.judgement import Judgement, Trust
from mailflow.classify.model import Model


class Judges:
    """Asks both about each message. The weights are read at the first message that needs them, not at start. Safe to share."""

    def __init__(self, weights: bytes) -> None:
        """`weights`: the content of a file like weights.json.gz."""
        self._weights = weights

    @property
    def trust(self) -> Trust:
        """How far each is trusted; the model's file says so, as it was learnt with the encoder in mind."""
        return self._model.trust

    def judge(self, subject: str, text: str) -> Judgement:
        """What they make of a message."""
        return Judgement(self._model.judge(subject, text), load_encoder().read(subject, text))

    def __reduce__(self) -> tuple[type["Judges"], tuple[bytes]]:
        """What goes to another process: the weights alone, whether they are read already or not."""
        return Judges, (self._weights,)

    @cached_property
    def _model(self) -> Model:
        return Model(self._weights)


@cache
def shipped_judges() -> Judges:
    """Those that mailflow comes with."""
    return Judges(shipped_weights())


@cache
def shipped_weights() -> bytes:
    """The content of weights.json.gz, as it is shipped."""
    return resources.files("mailflow.classify").joinpath("weights.json.gz").read_bytes()
