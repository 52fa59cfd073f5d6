"""Writes mailflow/classify/examples/messages.jsonl: the labelled messages of the corpus as texts to learn from.

Run as `PYTHONPATH=tests python -m bench.list_messages` whenever tests/corpus or the reading of mail has changed.
"""

import json
from pathlib import Path

from mailflow.classify.wording import deciding_text
from mailflow.domain import Ourselves
from mailflow.message.parse import read

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests/corpus"
LIST = ROOT / "mailflow/classify/examples/messages.jsonl"
OURSELVES = Ourselves("edi.centre@university.example")


def main() -> None:
    """Reads each message as the daemon would, and replaces the list."""
    labels = map(json.loads, (CORPUS / "labels.jsonl").read_text(encoding="utf-8").splitlines())
    LIST.write_text("".join(json.dumps(_text(label), ensure_ascii=False) + "\n" for label in labels), encoding="utf-8")


def _text(label: dict) -> dict:
    email = read((CORPUS / "messages" / label["file"]).read_bytes(), OURSELVES)
    kept = {name: label[name] for name in ("kind", "also", "sensitive") if name in label}
    group = {"group": label["thread"]} if "thread" in label else {}
    return {"id": label["file"].removesuffix(".eml"), **group, **kept, "subject": email.subject, "text": deciding_text(email)}


if __name__ == "__main__":
    main()
