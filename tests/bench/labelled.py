"""The labelled corpus as examples: the 200 messages as they are read, and the 800 texts without mail around them."""

import json
from pathlib import Path

from bench.learning import Example
from mailflow.domain import Email, Kind, Ourselves
from mailflow.message.parse import read

CORPUS = Path(__file__).parents[1] / "corpus"
OURSELVES = Ourselves("edi.centre@university.example")


def read_examples() -> list[Example]:
    """Every labelled message and text, in the order of the files; a conversation is one group."""
    examples = [_example(label, _read(label["file"]), label.get("thread", label["file"])) for label in _lines("labels.jsonl")]
    for name in ("extra/a.jsonl", "extra/b.jsonl", "extra/c.jsonl"):
        examples += [_example(label, write_email(label["subject"], label["text"]), label["id"]) for label in _lines(name)]
    return examples


def write_email(subject: str, text: str) -> Email:
    """An Email with nothing but a subject and a body, all of it new."""
    return Email(None, None, (), (), (), subject, None, (), None, text, text)


def _lines(name: str) -> list[dict]:
    return [json.loads(line) for line in (CORPUS / name).read_text(encoding="utf-8").splitlines()]


def _read(name: str) -> Email:
    return read((CORPUS / "messages" / name).read_bytes(), OURSELVES)


def _example(label: dict, email: Email, group: str) -> Example:
    also = Kind(label["also"]) if label.get("also") else None
    return Example(email, Kind(label["kind"]), label["sensitive"], group, also)
