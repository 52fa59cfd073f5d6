"""Who has a case open: whoever has read it within the last quarter of an hour, as the audit log tells."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, select

from mailflow.store.tables import events

OPEN_FOR = timedelta(minutes=15)  # after the last reading
READ, READ_STORY = "read", "read story"  # how the audit log calls it


@dataclass(frozen=True, slots=True)
class OpenedBy:
    """Who has read a case, and when they last did."""

    who: str
    at: datetime


def others(db: Connection, case_id: int, person: str, now: datetime) -> tuple[OpenedBy, ...]:
    """Who else than this person has the case open, the latest first."""
    last = func.max(events.c.at).label("last")
    reading = events.c.case_id == case_id, *_lately(now), events.c.who != person
    query = select(events.c.who, last).where(*reading).group_by(events.c.who).order_by(last.desc(), events.c.who)
    return tuple(OpenedBy(row.who, row.last) for row in db.execute(query))


def openers(db: Connection, case_ids: Collection[int], now: datetime, but: str | None = None) -> dict[int, OpenedBy]:
    """Who opened each of these cases last, by its number, where somebody has it open; `but` this person, where given."""
    reading = [events.c.case_id.in_(case_ids), *_lately(now)]
    if but is not None:
        reading.append(events.c.who != but)
    rows = db.execute(select(events.c.case_id, events.c.who, events.c.at).where(*reading).order_by(events.c.at, events.c.id))
    return {row.case_id: OpenedBy(row.who, row.at) for row in rows}


def _lately(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return events.c.at > now - OPEN_FOR, events.c.what.in_((READ, READ_STORY))
