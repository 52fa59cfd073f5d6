"""Learns mailflow/classify/weights.json.gz anew from the corpus, and prints what it does to unseen messages.

Run as `PYTHONPATH=tests python -m bench.train_model`; with --keep it only prints, and leaves the file as it is.
"""

import sys
from pathlib import Path

from bench import learning
from bench.labelled import read_examples
from bench.unseen import classify_unseen, report
from mailflow import rules
from mailflow.classify.match import Matcher
from mailflow.classify.model import Model

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Cross-validate, report, learn from everything, write."""
    examples = read_examples()
    team = rules.load(ROOT / "rules.toml")
    judgements = learning.judge_unseen(examples)
    trust = learning.fit_trust(examples, judgements, Matcher(team))
    print(trust)
    print(report(examples, classify_unseen(examples, judgements, team, trust), team))
    if "--keep" not in sys.argv:
        written = learning.learn(examples, trust)
        Model(written)
        (ROOT / "mailflow/classify/weights.json.gz").write_bytes(written)
        print(f"{len(written):,} bytes")


if __name__ == "__main__":
    main()
