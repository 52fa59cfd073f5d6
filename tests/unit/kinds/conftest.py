"""Mails and rules made by hand, and the labelled corpus as it is read."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailflow.domain import Address, Email, Fold, FoldReason, Ourselves, Thread
from mailflow.message.parse import read
from mailflow.rules import Rules, load

CORPUS = Path(__file__).parents[2] / "corpus"
EXAMPLES = Path(__file__).parents[3] / "mailflow/classify/examples"
OURSELVES = Ourselves("edi.centre@university.example")

Labelled = list[tuple[dict, Email]]
Write = Callable[..., Email]


@pytest.fixture(scope="session")
def rules() -> Rules:
    return load(Path(__file__).parents[3] / "rules.toml")


@pytest.fixture(scope="session")
def write() -> Write:
    """Writes a mail of Monday 12 January 2026 in which every word is new but for a signature and a forwarded part."""

    def write_email(
        new_text: str,
        subject: str = "",
        *,
        signature: str = "",
        forwarded: str = "",
        answers: bool = False,
        cc: tuple[Address, ...] = (),
    ) -> Email:
        text = "\n".join((new_text, signature, forwarded))
        end = len(new_text) + 1 + len(signature)
        folds = [Fold(len(new_text) + 1, end, FoldReason.SIGNATURE)] if signature else []
        folds += [Fold(end + 1, len(text), FoldReason.FORWARD)] if forwarded else []
        sent = datetime(2026, 1, 12, 9, 30, tzinfo=UTC)
        thread = Thread("<first@university.example>") if answers else Thread()
        sender = Address("Jo Marsh", "j.marsh@university.example")
        return Email(None, sender, (), (), cc, subject, sent, (), None, text, new_text, tuple(folds), thread=thread)

    return write_email


@pytest.fixture(scope="session")
def training_messages() -> Labelled:
    return [(label, email) for label, email in _messages() if label["kind"] == "training"]


@pytest.fixture(scope="session")
def stories() -> Labelled:
    """The stories among the messages, and those of the extra texts that have their identifiers labelled."""
    found = [(label, email) for label, email in _messages() if label["kind"] == "story"]
    for name in ("b", "c"):
        labels = _lines(EXAMPLES / f"texts_{name}.jsonl")
        found += [(label, _read_text(label["text"])) for label in labels if label["kind"] == "story"]
    return found


def _messages() -> Iterator[tuple[dict, Email]]:
    for label in _lines(CORPUS / "labels.jsonl"):
        yield label, read((CORPUS / "messages" / label["file"]).read_bytes(), OURSELVES)


def _read_text(text: str) -> Email:
    head = b"From: someone@university.example\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    return read(head + text.encode(), OURSELVES)


def _lines(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
