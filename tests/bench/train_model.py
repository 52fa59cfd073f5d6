"""Learns mailflow/classify/weights.json.gz anew from the examples. Run as `PYTHONPATH=tests python -m bench.train_model`."""

from pathlib import Path

from mailflow import rules
from mailflow.classify.model import Model
from mailflow.learning.examples import read_examples
from mailflow.learning.retrain import retrain

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Learn from everything, and write."""
    written = retrain(read_examples(), rules.load(ROOT / "rules.toml"))
    print(Model(written).trust)
    (ROOT / "mailflow/classify/weights.json.gz").write_bytes(written)
    print(f"{len(written):,} bytes")


if __name__ == "__main__":
    main()
