"""What wording alone tells of a machine, on labelled texts without a header; the floor stands under what was measured."""

import json
from pathlib import Path

from mailflow.domain import Email, Ourselves
from mailflow.message.parse import read

EXAMPLES = Path(__file__).parents[3] / "mailflow" / "classify" / "examples"
US = Ourselves("edi.centre@university.example")


def as_mail(subject: str, text: str) -> Email:
    head = f"From: Jo <jo@university.example>\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n"
    return read(f"{head}{text}\n".encode(), US)


def test_wording_finds_most_machines_and_takes_no_person_for_one() -> None:
    lines = (line for path in sorted(EXAMPLES.glob("texts_*.jsonl")) for line in path.read_text("utf-8").splitlines())
    found = {True: [0, 0], False: [0, 0]}
    for text in map(json.loads, lines):
        tally = found[text["kind"] == "automatic"]
        tally[0] += as_mail(" ".join(text["subject"].split()), text["text"]).automatic is not None
        tally[1] += 1
    assert found[False][0] == 0
    assert found[True][0] / found[True][1] >= 0.7
