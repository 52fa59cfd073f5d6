"""The audit log, read: who did what, when, to which case. Newest first, page by page."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from sqlalchemy import ColumnElement, Connection, select

from mailflow.domain import reference
from mailflow.domain.calendar import midnight
from mailflow.store.tables import events

PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: all, or those of one person, of one sort, on one case, of one day. `before`: older than this one."""

    who: str = ""
    what: str = ""
    case_id: int | None = None
    day: date | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that was done. `case` is the reference of the case it was done to, `message` the number of a message."""

    number: int
    at: datetime
    who: str
    what: str
    case: str | None
    message: int | None
    detail: str | None


def entries(db: Connection, wanted: Wanted, zone: tzinfo) -> tuple[list[Entry], bool]:
    """A page of the log, and whether there are older ones. `zone` says when a day begins."""
    column = events.c
    shown = column.id, column.at, column.who, column.what, column.case_id, column.message, column.detail
    query = select(*shown).where(*_limits(wanted, zone)).order_by(column.id.desc()).limit(PAGE + 1)
    rows = db.execute(query).all()
    found = [Entry(*row[:4], None if row.case_id is None else reference(row.case_id), *row[5:]) for row in rows[:PAGE]]
    return found, len(rows) > PAGE


def latest(db: Connection, who: str) -> tuple[str, str | None]:
    """What a person last did, besides reading: the word of the log and its detail; "" where they did nothing."""
    rows = select(events.c.what, events.c.detail).where(events.c.who == who, events.c.what.not_like("read%"))
    row = db.execute(rows.order_by(events.c.id.desc()).limit(1)).one_or_none()
    return (row.what, row.detail) if row else ("", None)


def _limits(wanted: Wanted, zone: tzinfo) -> list[ColumnElement[bool]]:
    column = events.c
    limits: list[ColumnElement[bool]] = []
    if wanted.who:
        limits.append(column.who == wanted.who)
    if wanted.what:
        limits.append(column.what == wanted.what)
    if wanted.case_id is not None:
        limits.append(column.case_id == wanted.case_id)
    if wanted.day is not None:
        begins = midnight(wanted.day, zone)
        limits += [column.at >= begins, column.at < begins + timedelta(days=1)]
    if wanted.before is not None:
        limits.append(column.id < wanted.before)
    return limits
