"""Makes the day's digest: one outgoing mail and one note that it was made, in one transaction."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

import structlog
from sqlalchemy import Connection

from mailflow.deciding import House
from mailflow.digest import schedule
from mailflow.domain import DayReport, DigestPeriod, Mode, OutgoingState
from mailflow.domain.failpoints import Failpoint, reached
from mailflow.errors import PermanentError, TemporaryError
from mailflow.render import Rendered
from mailflow.reply.compose import compose_digest
from mailflow.reply.values import digest_values
from mailflow.reply.variables import DIGEST_TEMPLATE
from mailflow.store import queueing, reporting
from mailflow.store.database import Store

log = structlog.get_logger("mailflow.digest")


def send_digest(
    store: Store, house: House, readers: Sequence[str], now: datetime, *, folder: str | None = None, early: bool = False
) -> bool:
    """Queues the digest if one is due, or with `early` if today has none yet. Returns whether it did; cheap to ask often.

    In rehearsal it is composed and never sent. Where nobody reads it, or it cannot be composed, none is made, the log says why
    once a day, and the next one covers what this one would have told. Raises TemporaryError where the database is away.
    """
    with store.reading() as db:
        last, began = reporting.last_digest(db), reporting.began(db)
    zone = house.zone
    period = schedule.so_far(zone, now, last, began) if early else schedule.due(house.rules.digest, zone, now, last, began)
    if period is None or (last and last.day >= period.day):
        return False
    if not readers:
        _tell_once(period.day, "Nobody is named to read it: set MAILFLOW_TEAM, or readers under [digest] in rules.toml.")
        return False
    state = OutgoingState.REHEARSED if house.mode is Mode.REHEARSAL else OutgoingState.QUEUED
    with store.writing() as db:
        # Another daemon may have made it since we looked.
        if reporting.digest_made(db, period.day):
            return False
        report = _report(db, house, period, folder)
        try:
            once = f"digest:{period.day}"
            mail = compose_digest(report, readers, house.templates, house.ourselves, zone, house.desk_url, once)
        except (PermanentError, TemporaryError) as error:
            _tell_once(period.day, str(error))
            return False
        if not queueing.enqueue(db, mail, state, now):
            return False
        reporting.note_digest(db, period)
        reached(Failpoint.DIGEST_QUEUED)
    reached(Failpoint.DIGEST_MADE)
    log.info("digest made", day=period.day.isoformat(), state=state.value, needs=report.needs)
    return True


def unreported(store: Store, house: House, now: datetime, *, folder: str | None = None) -> DayReport:
    """What a digest made at this moment would tell. Changes nothing."""
    with store.reading() as db:
        period = schedule.so_far(house.zone, now, reporting.last_digest(db), reporting.began(db))
        return _report(db, house, period, folder)


def preview(report: DayReport, house: House) -> Rendered:
    """The digest of a report, as its readers would see it. Raises TemporaryError where the template fails."""
    return house.templates.render(DIGEST_TEMPLATE, digest_values(report, house.ourselves, house.zone, house.desk_url))


def _report(db: Connection, house: House, period: DigestPeriod, folder: str | None) -> DayReport:
    cap = house.rules.replies.total_an_hour
    return reporting.day_report(db, period.since, period.until, house.zone, house.mode, house.ourselves.address, folder, cap)


@lru_cache(maxsize=8)
def _tell_once(day: date, why: str) -> None:
    log.warning("no digest", day=day.isoformat(), why=why)
