"""How often each of the team's rules has counted lately, and whether rightly: told from the reasons that were filed."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Connection, select

from mailflow.domain import DANGER, Kind, Role, highest, needed_to_read, reference
from mailflow.domain.decisions import SENSITIVE_WORDS
from mailflow.domain.plain import Json
from mailflow.store.tables import cases, messages

SINCE = timedelta(days=30)
MOST = 1_500  # messages: as telling as more would be, and read in a twentieth of a second
_SHOWN = 3  # references


@dataclass(slots=True)
class RuleHits:
    """How many messages a rule has fitted, and how many of these are of the kind that it is about, by the last word on them."""

    messages: int = 0
    as_kind: int = 0
    latest: list[str] = field(default_factory=list)  # references, the newest first: only of cases that whoever asks may read

    @property
    def share(self) -> float:
        """Of the messages that it fitted, those that are of its kind (0 to 1)."""
        return self.as_kind / self.messages if self.messages else 0.0


@dataclass(slots=True)
class Hits:
    """What the rules have fitted lately. What is missing has fitted nothing."""

    messages: int = 0  # that were looked at: those that arrived and were decided, or the newest of them
    since: datetime | None = None  # when the oldest of them arrived, where not all were looked at
    rules: dict[str, RuleHits] = field(default_factory=dict)  # by the rule's name
    alarms: Counter[tuple[str, str]] = field(default_factory=Counter)  # by the reason's name and its sentence


def hits(db: Connection, now: datetime, role: Role, most: int = MOST) -> Hits:
    """Of the messages that arrived in the time `SINCE`, the newest `most`. `role` is that of whoever looks.

    The reasons are read here and not by the database, which takes longer to take JSON apart.
    """
    of = messages.c
    lately = (
        select(of.case_id, of.kind, of.sensitive, of.arrived, of.reasons, cases.c.kind, cases.c.sensitive)
        .join_from(messages, cases, cases.c.id == of.case_id, isouter=True)
        .where(of.arrived > now - SINCE, of.reasons.is_not(None))
        .order_by(of.arrived.desc(), of.id.desc())
        .limit(most)
    )
    rows = db.execute(lately).all()
    found = Hits(len(rows), rows[-1].arrived if len(rows) == most else None)
    may_read = cache(lambda *what: role.includes(highest(needed_to_read(*what[:2]), needed_to_read(*what[2:]))))
    for case_id, kind, sensitive, _, reasons, case_kind, case_sensitive in rows:
        shown = None if case_id is None or not may_read(kind, sensitive, case_kind, case_sensitive) else case_id
        for reason in reasons:
            if "weight" in reason:
                _count(found.rules, reason, kind, shown)
            elif reason["name"] in (DANGER, SENSITIVE_WORDS):
                found.alarms[reason["name"], reason["text"]] += 1
    return found


def _count(rules: dict[str, RuleHits], reason: Json, kind: Kind, shown: int | None) -> None:
    rule = rules.get(reason["name"]) or rules.setdefault(reason["name"], RuleHits())
    rule.messages += 1
    rule.as_kind += reason.get("kind") == kind
    if shown is not None and len(rule.latest) < _SHOWN and (name := reference(shown)) not in rule.latest:
        rule.latest.append(name)
