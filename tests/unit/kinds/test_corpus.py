"""The labelled corpus: how much of it is understood, with floors under what was reached."""

import re
from datetime import UTC, datetime

from mailflow.domain.plain import details_to_json
from mailflow.kinds.story import read_story
from mailflow.kinds.training import read_details
from mailflow.rules import Rules

_SMALL = {"department", "of", "the", "in", "and", "for"}
_FLOORS = {"department": 0.92, "attendees": 0.94, "dates": 0.94, "format": 0.94, "contact": 0.94, "action": 0.96}


def test_the_details_of_training_messages_stay_above_their_floors(training_messages, rules: Rules) -> None:
    right = dict.fromkeys(_FLOORS, 0)
    for label, email in training_messages:
        sent = (email.date or datetime(2026, 1, 1, tzinfo=UTC)).date()
        found = details_to_json(read_details(email, rules, sent))
        for field in _FLOORS:
            right[field] += _agrees(field, label["details"].get(field), found.get(field))
    reached = {field: count / len(training_messages) for field, count in right.items()}
    assert {field: share for field, share in reached.items() if share < _FLOORS[field]} == {}


def test_the_identifiers_of_stories_are_found(stories) -> None:
    wanted = found = marked = rightly = 0
    for label, email in stories:
        identifiers = read_story(email).identifiers
        places = {text: [hit.start() for hit in re.finditer(re.escape(text), email.new_text)] for text in label["identifiers"]}
        spans = [(start, start + len(text)) for text, starts in places.items() for start in starts]
        for text, starts in places.items():
            wanted += bool(starts)
            found += any(one.start < start + len(text) and start < one.end for one in identifiers for start in starts)
        marked += len(identifiers)
        rightly += sum(any(one.start < end and start < one.end for start, end in spans) for one in identifiers)
    assert found / wanted >= 0.9
    assert rightly / marked >= 0.8


def test_what_the_writers_of_stories_allow_is_read(stories) -> None:
    right = sum(read_story(email).consent == label["consent"] for label, email in stories)
    assert right / len(stories) >= 0.96


def _agrees(field: str, wanted: object, found: object) -> bool:
    """Whether a field is right; a department, where at least half of all the telling words are shared."""
    if field == "department" and wanted and found:
        ours, theirs = (set(re.findall(r"\w+", str(text).lower())) - _SMALL for text in (found, wanted))
        return len(ours & theirs) >= 0.5 * len(ours | theirs)
    return (wanted or None) == (found or None)
