"""What was done with a case, as the audit log tells it: who, what, when; and who has read it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, or_, select

from mailflow.domain import Role
from mailflow.store.opened import READ, READ_STORY
from mailflow.store.seeing import may_be_told, readable
from mailflow.store.tables import cases, events, messages

MOST_DEEDS = 200  # of one case, the newest


@dataclass(frozen=True, slots=True)
class Deed:
    """An entry of the audit log. `what` is a short verb phrase, `detail` holds no personal text."""

    at: datetime
    who: str
    what: str
    message: int | None = None
    detail: str | None = None

    @property
    def is_reading(self) -> bool:
        """Whether nothing was done but to read."""
        return self.what in (READ, READ_STORY)

    @property
    def by_person(self) -> bool:
        """Whether somebody did it, and not mailflow by itself."""
        return self.who != "mailflow"


def deeds_of(db: Connection, case_ids: Collection[int], role: Role) -> tuple[Deed, ...]:
    """What was done with these cases, the earliest first; of many the newest.

    Left out is what tells of a message, or of another case, that somebody with this role may not read.
    """
    of = events.c
    told = of.case_id.in_(case_ids), or_(of.message.is_(None), readable(role))
    newest = (
        select(of.at, of.who, of.what, of.message, of.detail)
        .join_from(events, messages, messages.c.id == of.message, isouter=True)
        .join(cases, cases.c.id == messages.c.case_id, isouter=True)
        .where(*told)
    )
    rows = db.execute(newest.order_by(of.id.desc()).limit(MOST_DEEDS)).all()
    return tuple(Deed(*row) for row in reversed(rows) if may_be_told(db, row.detail or "", role))
