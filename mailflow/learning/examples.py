"""The labelled messages that mailflow learns from: those it comes with, and what they say of themselves."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

from mailflow.domain import Email, Kind


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled text, as Classifier would judge it. Those of one `group` (a conversation) are never split between folds."""

    subject: str
    text: str  # what may decide: see classify.wording.deciding_text
    kind: Kind
    sensitive: bool
    group: str
    counts: float = 1.0  # as so many examples, when weights are learnt

    def email(self) -> Email:
        """A message with this subject and this text, all of it new, and nothing else."""
        return Email(None, None, (), (), (), self.subject, None, (), None, self.text, self.text)


def read_examples() -> list[Example]:
    """Every example that mailflow comes with, in the order of the files' names and lines."""
    folder = resources.files("mailflow.classify") / "examples"
    written = sorted((file for file in folder.iterdir() if file.name.endswith(".jsonl")), key=lambda file: file.name)
    return [example for file in written for example in _read(file.read_text(encoding="utf-8"))]


def _read(lines: str) -> Iterator[Example]:
    for line in lines.splitlines():
        label = json.loads(line)
        yield Example(label["subject"], label["text"], Kind(label["kind"]), label["sensitive"], label.get("group", label["id"]))
