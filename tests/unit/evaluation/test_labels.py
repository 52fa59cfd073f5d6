"""Reading a labelled set: which message a line is about, and what is said of a line that is wrong."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mailflow.domain import Consent, Kind, Ourselves
from mailflow.errors import UserError
from mailflow.evaluation.labels import read_labels
from mailflow.message.parse import read

Write = Callable[..., Path]
US = Ourselves("edi.centre@university.example")
GOOD = {"file": "a.eml", "kind": "query", "sensitive": False}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes lines, each an object or a text, beside a message a.eml; gives back the file's path."""
    (tmp_path / "a.eml").write_bytes(b"Subject: hello\n\nbeside\n")

    def write(*lines: Any, name: str = "labels.jsonl") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
        return path

    return write


def complaints(path: Path) -> list[str]:
    with pytest.raises(UserError) as mistake:
        read_labels([path])
    return list(mistake.value.problems)


def test_a_file_is_found_in_messages_before_it_is_found_beside_the_labels(write: Write, tmp_path: Path) -> None:
    labels = write(GOOD)
    (beside,) = read_labels([labels])
    (tmp_path / "messages").mkdir()
    (tmp_path / "messages" / "a.eml").write_bytes(b"Subject: hello\n\nin messages\n")
    (within,) = read_labels([labels])

    assert b"beside" in beside.read_raw()
    assert b"in messages" in within.read_raw()


def test_a_text_becomes_a_mail_of_somebodys_that_says_the_same(write: Write) -> None:
    text = "Über 20 of us.\n\n> not quoted? yes\nFrom here on: 再见\n"
    (labelled,) = read_labels([write({"id": "x1", "kind": "training", "sensitive": False, "subject": "A\nB ☂", "text": text})])
    email = read(labelled.read_raw(), US)

    assert email.subject == "A B ☂"
    assert email.text.split() == text.split()
    assert email.sender
    assert not US.includes(email.sender)
    assert email.automatic is None


def test_everything_that_may_be_labelled_is_read(write: Write) -> None:
    details = {
        "attendees": [15, 20],
        "dates": ["2026-02-09", ["2026-03-02", "2026-03-06"]],
        "format": "online",
        "action": "change",
    }
    line = {**GOOD, "also": "story", "thread": "t", "details": details, "identifiers": ["Bea"], "consent": "named", "note": "x"}
    (labelled,) = read_labels([write(line)])

    label = labelled.label
    assert (label.kind, label.also, labelled.group, label.identifiers) == (Kind.QUERY, Kind.STORY, "t", ("Bea",))
    assert label.consent is Consent.NAMED
    assert label.details
    assert label.details.attendees == (15, 20)
    assert label.details.dates == (date(2026, 2, 9), (date(2026, 3, 2), date(2026, 3, 6)))


def test_a_message_of_a_set_that_tells_endings_has_no_new_text_where_its_label_tells_none(write: Write, tmp_path: Path) -> None:
    (tmp_path / "b.eml").write_bytes(b"\n")
    told = read_labels([write({**GOOD, "new_text_ends_with": "the end"}, {**GOOD, "file": "b.eml"})])
    untold = read_labels([write(GOOD)])

    assert [one.ending for one in (*told, *untold)] == ["the end", "", None]


def test_a_line_end_of_unicode_within_a_text_ends_no_line(write: Write) -> None:
    line = json.dumps({"kind": "query", "sensitive": False, "text": "one\u2028two\x85three"}, ensure_ascii=False)
    (labelled,) = read_labels([write(line)])
    assert labelled.name == "labels.jsonl:1"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{not json", "labels.jsonl line 2: it is no JSON object; write one a line, with names and texts between double quotes."),
        ("[1, 2]", "labels.jsonl line 2: it is no JSON object; write one a line, such as {…}."),
        ({**GOOD, "kind": "question"}, "`kind` is none of those there are; write training, query, story, other or automatic."),
        ({"file": "a.eml", "kind": "query"}, "`sensitive` is missing; add it."),
        ({**GOOD, "sensitive": "yes"}, "`sensitive` must be true or false, without quotes."),
        ({**GOOD, "also": "both"}, "`also` is none of those there are"),
        ({**GOOD, "identifiers": "Bea"}, "`identifiers` must be a list between [ and ]."),
        ({**GOOD, "consent": "maybe"}, "`consent` is none of those there are; write named, anonymous, none or unstated."),
        ({**GOOD, "details": {"attendee": 3}}, "`details` cannot hold `attendee`; write department, attendees,"),
        ({**GOOD, "details": {"dates": ["9 Feb"]}}, "`details.dates` holds no date; write 2026-02-09, or [first, last]"),
        ({**GOOD, "details": {"attendees": "few"}}, "`details.attendees` must be a whole number, or [lowest, highest]."),
        ({"kind": "query", "sensitive": False}, "it needs either `file`, the name of a message, or `text`"),
        ({**GOOD, "file": "z.eml"}, "line 2: there is no file z.eml, neither in messages/ beside it nor beside it."),
        ({**GOOD}, "line 2: a.eml stands in line 1 already; take one of them out."),
    ],
)
def test_a_line_that_is_wrong_is_told_with_its_number_and_what_to_write(write: Write, line: Any, complaint: str) -> None:
    told = complaints(write(GOOD, line))
    assert len(told) == 1
    assert complaint in told[0]
    assert "line 2" in told[0]


def test_what_stands_in_a_wrong_line_is_not_repeated(write: Write) -> None:
    told = complaints(write({**GOOD, "consent": "ask Bea first", "details": {"dates": ["her birthday"]}}))
    assert "Bea" not in str(told)
    assert "birthday" not in str(told)


def test_ten_wrong_lines_are_told_and_the_others_counted(write: Write) -> None:
    told = complaints(write(*["{"] * 14))
    assert len(told) == 11
    assert told[-1] == "labels.jsonl: 4 more lines are wrong."


def test_a_set_that_cannot_be_read_or_is_empty_is_told(write: Write, tmp_path: Path) -> None:
    (tmp_path / "latin.jsonl").write_bytes('{"text": "é"}'.encode("latin-1"))

    assert "holds no labels" in complaints(write("", " "))[0]
    assert "cannot be read" in complaints(tmp_path / "nowhere.jsonl")[0]
    assert "not UTF-8" in complaints(tmp_path / "latin.jsonl")[0]
