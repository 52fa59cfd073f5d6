"""What somebody may read by their role: of messages, as a condition of queries; of cases, and of what names them.

What a message is counts, and what its case is.
"""

import re
from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, and_, true

from mailflow.domain import Kind, Role
from mailflow.store.kept import needed
from mailflow.store.tables import cases, messages

_REFERENCE = re.compile(r"EDI-(\d+)")  # as the audit log writes it


def readable(role: Role) -> ColumnElement[bool]:
    """Holds for the messages that somebody may read (KeptMessage.needs); the query joins their cases, where they have one."""
    if role.includes(Role.REVIEWER):
        return true()
    no_story = [table.c.kind.is_distinct_from(Kind.STORY) for table in (messages, cases)]
    if role.includes(Role.ADVISER):
        return and_(*no_story)
    # What could not be read may be anything.
    return and_(*no_story, messages.c.kind.is_not(None), ~messages.c.sensitive, cases.c.sensitive.is_not(True))


def readable_cases(db: Connection, case_ids: Collection[int], role: Role) -> frozenset[int]:
    """Those of some cases that somebody may read with all that is on them; of the others they are not even told."""
    if role.includes(Role.REVIEWER):
        return frozenset(case_ids)
    return frozenset(case_id for case_id in case_ids if role.includes(needed(db, case_id)))


def may_be_told(db: Connection, text: str, role: Role) -> bool:
    """Whether a text of ours names only cases that somebody may read."""
    named = {int(number) for number in _REFERENCE.findall(text)}
    return readable_cases(db, named, role) == named
