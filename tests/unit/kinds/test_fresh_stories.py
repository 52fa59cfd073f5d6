"""Forty stories written after the recognisers: what is found in them, and what is proposed instead gives nobody away."""

import json
import re
from pathlib import Path

from mailflow.kinds.identifiers import find_identifiers
from mailflow.kinds.neutral import with_wordings

STORIES = [json.loads(line) for line in Path(__file__).with_name("fresh_stories.jsonl").read_text(encoding="utf-8").splitlines()]


def test_what_tells_who_somebody_is_is_found_and_not_much_else() -> None:
    wanted = found = marked = rightly = 0
    for story in STORIES:
        identifiers = find_identifiers(story["text"])
        spans = [[hit.span() for hit in re.finditer(re.escape(label), story["text"])] for label in story["identifiers"]]
        wanted += len(spans)
        found += sum(any(one.start < end and start < one.end for one in identifiers for start, end in places) for places in spans)
        marked += len(identifiers)
        rightly += sum(
            any(one.start < end and start < one.end for places in spans for start, end in places) for one in identifiers
        )
    assert found / wanted >= 0.94
    assert rightly / marked >= 0.8


def test_what_is_found_is_not_in_what_is_proposed() -> None:
    for story in STORIES:
        identifiers = find_identifiers(story["text"])
        shown = with_wordings(story["text"], identifiers)
        names = {one.text for one in identifiers if one.sort in {"name", "email", "phone", "number"}}
        assert [name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", shown)] == []
