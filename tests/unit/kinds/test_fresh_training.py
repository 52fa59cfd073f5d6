"""Training mails that were not there when the reading was written: what each says was put down before it was read."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailflow.domain import Address, Email, Fold, FoldReason, Thread
from mailflow.domain.plain import details_to_json
from mailflow.kinds.training import read_details
from mailflow.rules import Rules

_LINES = (Path(__file__).parent / "fresh_training.jsonl").read_text(encoding="utf-8").splitlines()
_SMALL = {"department", "of", "the", "in", "and", "for", "s"}


@pytest.mark.parametrize("line", _LINES, ids=[json.loads(line)["text"][:40] for line in _LINES])
def test_a_fresh_mail_is_read_as_it_was_meant(line: str, rules: Rules) -> None:
    mail = json.loads(line)
    sent = datetime.fromisoformat(mail["sent"]).replace(hour=9, tzinfo=UTC)
    found = details_to_json(read_details(_written(mail, sent), rules, sent.date()))
    wrong = {
        field: {"wanted": wanted, "found": found.get(field)}
        for field, wanted in mail["expected"].items()
        if not _agrees(field, wanted, found.get(field))
    }
    assert wrong == {}


def _written(mail: dict, sent: datetime) -> Email:
    new_text, signature = mail["text"], mail.get("signature", "")
    text = f"{new_text}\n{signature}"
    folds = (Fold(len(new_text) + 1, len(text), FoldReason.SIGNATURE),) if signature else ()
    thread = Thread("<first@university.example>") if mail.get("answers") else Thread()
    sender = Address("Jo Marsh", "j.marsh@university.example")
    return Email(None, sender, (), (), (), mail.get("subject", ""), sent, (), None, text, new_text, folds, thread=thread)


def _agrees(field: str, wanted: object, found: object) -> bool:
    """A department where half of its telling words are shared, wishes where each holds the other, all else to the letter."""
    if field == "department" and wanted and found:
        ours, theirs = (set(re.findall(r"\w+", str(text).lower().replace("’", "'"))) - _SMALL for text in (found, wanted))
        return len(ours & theirs) >= 0.5 * len(ours | theirs)
    if field == "dates_in_words":
        pairs = zip(wanted or [], found or [], strict=False)
        return len(wanted or []) == len(found or []) and all(a.lower() in b.lower() or b.lower() in a.lower() for a, b in pairs)
    return (wanted or None) == (found or None)
