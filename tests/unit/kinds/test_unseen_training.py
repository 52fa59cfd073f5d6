"""Training mails of many hands, labelled before they were read: how much of each field is right, with floors below it."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

from mailflow.domain import Address, Email, Fold, FoldReason, Thread
from mailflow.domain.plain import details_to_json
from mailflow.kinds.training import read_details
from mailflow.rules import Rules

_LINES = (Path(__file__).parent / "unseen_training.jsonl").read_text(encoding="utf-8").splitlines()
_SMALL = {"department", "dept", "of", "the", "in", "and", "for", "s"}
_FLOORS = {"department": 0.86, "attendees": 0.95, "dates": 0.93, "format": 0.93, "contact": 0.96, "action": 0.95}
_PARTS = (("signature", FoldReason.SIGNATURE), ("quoted", FoldReason.QUOTE), ("forwarded", FoldReason.FORWARD))


def test_the_details_of_unseen_training_mails_stay_above_their_floors(rules: Rules) -> None:
    right, told = dict.fromkeys(_FLOORS, 0), dict.fromkeys(_FLOORS, 0)
    for line in _LINES:
        mail = json.loads(line)
        sent = datetime.fromisoformat(mail["sent"]).replace(hour=9, tzinfo=UTC)
        found = details_to_json(read_details(_written(mail, sent), rules, sent.date()))
        for field in _FLOORS.keys() & mail["expected"].keys():
            told[field] += 1
            right[field] += _agrees(field, mail["expected"][field], found.get(field))
    reached = {field: right[field] / told[field] for field in _FLOORS}
    assert {field: share for field, share in reached.items() if share < _FLOORS[field]} == {}


def _written(mail: dict, sent: datetime) -> Email:
    text, folds = mail["text"], []
    for part, reason in _PARTS:
        if part in mail:
            folds.append(Fold(len(text) + 1, len(text) + 1 + len(mail[part]), reason))
            text = f"{text}\n{mail[part]}"
    thread = Thread("<first@university.example>") if mail.get("answers") else Thread()
    sender = Address(mail.get("from", "Jo Marsh"), "j.marsh@university.example")
    return Email(
        None, sender, (), (), (), mail.get("subject", ""), sent, (), None, text, mail["text"], tuple(folds), thread=thread
    )


def _agrees(field: str, wanted: object, found: object) -> bool:
    """A department where at least half of all its telling words are shared, all else to the letter."""
    if field == "department" and wanted and found:
        ours, theirs = (set(re.findall(r"\w+", str(text).lower().replace("’", "'"))) - _SMALL for text in (found, wanted))
        return len(ours & theirs) >= 0.5 * len(ours | theirs)
    return (wanted or None) == (found or None)
