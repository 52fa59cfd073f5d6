"""The encoder: reads a message as a whole, and says how it speaks for each kind and for it being sensitive.

A small sentence encoder (MiniLM, six layers), fine-tuned by tests/bench/train_encoder.py and run by onnxruntime from a file in
the package: nothing is ever fetched. It knows sense where the wording model knows words.
"""

from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from mailflow.classify.judgement import Opinion, to_chances
from mailflow.domain import Kind

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

KINDS = (Kind.TRAINING, Kind.QUERY, Kind.STORY, Kind.OTHER, Kind.AUTOMATIC)  # the order of the outputs; the last is the alarm
MOST_TOKENS = 192  # about 140 words, as it was taught: by then people have said what they want
_MOST_SUBJECT = 48  # tokens: so that a subject of a page leaves room for the text
_ENOUGH_CHARACTERS = 4_000  # of a text: more cannot be among the tokens that are read


class Encoder:
    """The network in memory (about 120 MB with the library that runs it); safe to share."""

    def __init__(self, session: "InferenceSession", tokenizer: "Tokenizer") -> None:
        """`tokenizer` must neither cut nor pad."""
        self._session = session
        self._tokenizer = tokenizer

    def read(self, subject: str, text: str) -> Opinion:
        """What it makes of one message. Takes 10 to 20 ms on one core."""
        import numpy as np

        tokens = np.array([cut(self._ids(subject), self._ids(text))], dtype=np.int64)
        (found,) = self._session.run(None, {"tokens": tokens, "mask": np.ones_like(tokens)})
        *scores, alarm = (float(score) for score in found[0])
        return Opinion(to_chances(dict(zip(KINDS, scores, strict=True))), alarm)

    def _ids(self, text: str) -> Sequence[int]:
        # Half a surrogate pair, as broken mail holds, is no text to the tokenizer.
        whole = text[:_ENOUGH_CHARACTERS].encode(errors="replace").decode()
        return self._tokenizer.encode(whole).ids


def cut(subject: Sequence[int], text: Sequence[int]) -> list[int]:
    """The tokens that are read, from those of the two parts, [CLS] … [SEP] each: [CLS] subject [SEP] text [SEP]."""
    title = list(subject[: _MOST_SUBJECT + 1])
    end = subject[-1]
    if title[-1] != end:
        title.append(end)
    body = text[1:-1]
    return [*title, *body[: MOST_TOKENS - len(title) - 1], end]


@cache
def load_encoder() -> Encoder:
    """The encoder that is shipped; read at the first message that needs it, not at start. Takes a third of a second."""
    from onnxruntime import InferenceSession, SessionOptions
    from tokenizers import Tokenizer

    folder = resources.files("mailflow.classify") / "network"
    options = SessionOptions()
    # One thread: a message is quickly read, and the other core has mail to fetch and to send.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = InferenceSession((folder / "encoder.onnx").read_bytes(), options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_str((folder / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return Encoder(session, tokenizer)
