"""Which messages somebody may read by their role, as a condition of queries: what a message is counts, and what its case is."""

from sqlalchemy import ColumnElement, and_, true

from mailflow.domain import Kind, Role
from mailflow.store.tables import cases, messages


def readable(role: Role) -> ColumnElement[bool]:
    """Holds for the messages that somebody may read (KeptMessage.needs); the query joins their cases, where they have one."""
    if role.includes(Role.REVIEWER):
        return true()
    no_story = [table.c.kind.is_distinct_from(Kind.STORY) for table in (messages, cases)]
    if role.includes(Role.ADVISER):
        return and_(*no_story)
    # What could not be read may be anything.
    return and_(*no_story, messages.c.kind.is_not(None), ~messages.c.sensitive, cases.c.sensitive.is_not(True))
