"""What people have said messages are, read back to be learnt from. Their words stay where they are: among the bytes at rest."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from mailflow.domain import Kind
from mailflow.store.tables import cases, corrections, messages, raws


@dataclass(frozen=True, slots=True)
class Lesson:
    """A message, what a person said last that it is, and what mailflow had taken it for. The caller reads `raw`."""

    message: int
    case_id: int | None
    requester: str | None = field(repr=False)  # whose case it is: an address
    was: Kind
    kind: Kind
    sensitive: bool
    raw: bytes = field(repr=False)


def lessons(db: Connection) -> Iterator[Lesson]:
    """Every message that people have corrected or confirmed, oldest first; without those of which we have the header alone."""
    ends = select(corrections.c.message, func.min(corrections.c.id).label("first"), func.max(corrections.c.id).label("last"))
    by_message = ends.group_by(corrections.c.message).subquery()
    first, last = corrections.alias("first"), corrections.alias("last")
    found = (
        select(messages.c.id, messages.c.case_id, cases.c.requester, first.c.was, last.c.kind, last.c.sensitive, raws.c.content)
        .join_from(by_message, first, first.c.id == by_message.c.first)
        .join(last, last.c.id == by_message.c.last)
        .join(messages, messages.c.id == by_message.c.message)
        .outerjoin(cases, cases.c.id == messages.c.case_id)
        .join(raws, raws.c.message_id == messages.c.id)
        .where(messages.c.whole)
        .order_by(messages.c.id)
    )
    for row in db.execute(found):
        yield Lesson(*row)
