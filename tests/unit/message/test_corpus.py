"""What reading is worth on the corpus; the floors stand a little under what was measured."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from mailflow.domain import Email, Ourselves
from mailflow.message.parse import read

CORPUS = Path(__file__).parents[2] / "corpus"
US = Ourselves("edi.centre@university.example")


@pytest.fixture(scope="module")
def labels() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CORPUS / "labels.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def emails(labels: list[dict[str, Any]]) -> list[Email]:
    return [read((CORPUS / "messages" / label["file"]).read_bytes(), US) for label in labels]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def test_new_text_ends_where_the_senders_words_end(labels: list[dict[str, Any]], emails: list[Email]) -> None:
    hits = 0
    for label, email in zip(labels, emails, strict=True):
        last, new = words(label.get("new_text_ends_with") or ""), words(email.new_text)
        hits += new[-len(last) :] == last if last else not new
    assert hits / len(labels) >= 0.95


def test_every_machine_is_found_and_no_person_is_taken_for_one(labels: list[dict[str, Any]], emails: list[Email]) -> None:
    pairs = list(zip(labels, emails, strict=True))
    assert [label["file"] for label, email in pairs if label["kind"] != "automatic" and email.automatic] == []
    machines = [email.automatic is not None for label, email in pairs if label["kind"] == "automatic"]
    assert sum(machines) / len(machines) >= 0.95


def test_every_message_has_a_sender_a_date_and_no_surprise(emails: list[Email]) -> None:
    assert all(email.sender and email.date for email in emails)
    assert sum(bool(email.defects) for email in emails) <= 3
