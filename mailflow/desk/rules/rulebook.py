"""The team's rules as they are in use, what each has counted for lately, and what is wrong with a file that is not."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, Response

from mailflow.desk.access import SignedIn
from mailflow.desk.room import Room, TheRoom
from mailflow.domain import DANGER, Kind, Ourselves
from mailflow.domain.decisions import SENSITIVE_WORDS
from mailflow.errors import UserError
from mailflow.render import Templates
from mailflow.reply.sample import check_templates
from mailflow.rules import Alarms, Rule, Rules, load, saving
from mailflow.store import audit, rule_hits

router = APIRouter()

_DEEDS = {"saved": "changed rules", "undone": "put the former rules back"}  # as the audit log names them
_FOUND = re.compile("“([^”]*)”")


@dataclass(frozen=True, slots=True)
class Standing:
    """The file on disk, beside the rules in use. `waits`: it has no mistake, and is about to be taken up."""

    name: str
    saved_at: datetime | None
    problems: tuple[str, ...] = ()
    waits: bool = False


@dataclass(frozen=True, slots=True)
class AlarmHits:
    """What words that raise an alarm were found in: by the word; `otherwise` by patterns, and by words not in the list now."""

    alarms: Alarms
    words: Mapping[str, int]
    otherwise: int


@router.get("/rules")
def rules_in_use(room: TheRoom, session: SignedIn, done: str = "") -> Response:
    """All of them. `done` says what whoever looks has just done to the file: `saved` or `undone`."""
    rules = room.house().rules
    with room.store.reading() as db:
        hits = rule_hits.hits(db, room.clock(), session.role)
        is_so = bool(done) and audit.latest(db, session.person)[0] == _DEEDS.get(done)
    sensitive = _alarms(rules.sensitive, SENSITIVE_WORDS, hits), _alarms(rules.sensitive.danger, DANGER, hits)
    return room.page(
        "rules",
        session,
        rules=rules,
        by_kind=_by_kind(rules),
        hits=hits,
        none_found=rule_hits.RuleHits(),
        sensitive=sensitive[0],
        danger=sensitive[1],
        file=stand(room),
        former=saving.before(room.settings.rules).exists(),
        seen=_fingerprint(room.settings.rules),
        done=done if is_so else None,
    )


def stand(room: Room) -> Standing:
    """How the file on disk stands to the rules in use."""
    path, templates = room.settings.rules, room.settings.templates
    files = room.settings.team_files
    stamps = tuple(file.stat().st_mtime_ns for file in files if file.exists())
    read = _read(path, templates, room.ourselves, stamps)
    saved_at = datetime.fromtimestamp(path.stat().st_mtime, UTC) if path.exists() else None
    if isinstance(read, Rules):
        return Standing(path.name, saved_at, waits=read != room.house().rules)
    return Standing(path.name, saved_at, problems=read)


@lru_cache(maxsize=1)
def _read(path: Path, templates: Path, ourselves: Ourselves, stamps: tuple[int, ...]) -> Rules | tuple[str, ...]:
    """The rules of the file, or what is wrong with it; read again once a file has another time stamp."""
    try:
        rules = load(path)
        check_templates(Templates.load(templates), rules, ourselves)
    except UserError as error:
        return tuple(error.problems)
    return rules


def _by_kind(rules: Rules) -> dict[Kind, list[Rule]]:
    """Those that count most come first."""
    ordered = sorted(rules.rules, key=lambda rule: -rule.weight)
    return {kind: [rule for rule in ordered if rule.kind is kind] for kind in Kind}


def _alarms(alarms: Alarms, name: str, hits: rule_hits.Hits) -> AlarmHits:
    """The words that the team wrote are shown; what a pattern found stands in somebody's mail, and is only counted."""
    words: Counter[str] = Counter()
    for (reason, sentence), number in hits.alarms.items():
        if reason == name:
            found = _FOUND.search(sentence)
            words[found[1] if found and found[1] in alarms.words else ""] += number
    return AlarmHits(alarms, words, words.pop("", 0))


def _fingerprint(path: Path) -> str:
    """Of the file as it is now; of one that cannot be read there is none, and nothing can be put in its place."""
    try:
        return saving.look(path).fingerprint
    except UserError:
        return ""
