"""Learns mailflow/classify/weights.json.gz anew from the examples. Run as `PYTHONPATH=tests python -m bench.train_model`."""

from pathlib import Path

from mailflow import rules
from mailflow.classify.match import Matcher
from mailflow.classify.model import Model
from mailflow.learning.examples import read_examples
from mailflow.learning.trusting import fit_trust
from mailflow.learning.unseen import judge_unseen
from mailflow.learning.weights import learn

ROOT = Path(__file__).parents[2]


def main() -> None:
    """How far to trust the judges is found on messages new to them; then they learn from everything. Takes half a minute."""
    examples, matcher = read_examples(), Matcher(rules.load(ROOT / "rules.toml"))
    written = learn(examples, fit_trust(examples, judge_unseen(examples), matcher))
    print(Model(written).trust)
    (ROOT / "mailflow/classify/weights.json.gz").write_bytes(written)
    print(f"{len(written):,} bytes")


if __name__ == "__main__":
    main()
