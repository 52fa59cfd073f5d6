"""The messages of late, for trying other rules on them, and how they may be named to people."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, case, null, or_, select

from mailflow.domain import Kind, MessageState, reference
from mailflow.store.tables import cases, messages

_DECIDED = (MessageState.FILED, MessageState.HELD, MessageState.IGNORED)
_private = or_(messages.c.sensitive, messages.c.kind == Kind.STORY, cases.c.sensitive, cases.c.kind == Kind.STORY)
_subject = case((_private, null()), else_=messages.c.subject)


@dataclass(frozen=True, slots=True)
class Named:
    """A message in a list. Its subject is None where it, or its case, is sensitive or a story: that is read once it is opened."""

    message: int
    case: str | None  # EDI-0042
    arrived: datetime
    subject: str | None = field(repr=False)


def decided(db: Connection, most: int) -> list[int]:
    """The numbers of the newest messages that the rules were asked about: what bears a machine's marks needs no rule."""
    asked = messages.c.state.in_(_DECIDED), messages.c.automatic.is_(None)
    return list(db.execute(select(messages.c.id).where(*asked).order_by(messages.c.id.desc()).limit(most)).scalars())


def named(db: Connection, numbers: Collection[int]) -> dict[int, Named]:
    """These messages by number, as they may stand in a list."""
    wanted = select(messages.c.id, messages.c.case_id, messages.c.arrived, _subject)
    rows = db.execute(
        wanted.join_from(messages, cases, cases.c.id == messages.c.case_id, isouter=True).where(messages.c.id.in_(numbers))
    )
    return {row[0]: Named(row[0], reference(row[1]) if row[1] else None, row[2], row[3]) for row in rows}
