"""Makes the day's digest: one outgoing mail and one note that it was made, in one transaction."""

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from functools import lru_cache

import structlog

from mailflow.digest import schedule
from mailflow.domain import DayReport, Mode, Ourselves, OutgoingState
from mailflow.domain.failpoints import Failpoint, reached
from mailflow.errors import PermanentError, TemporaryError
from mailflow.render import Rendered, Templates
from mailflow.reply.compose import compose_digest
from mailflow.reply.values import digest_values
from mailflow.reply.variables import DIGEST_TEMPLATE
from mailflow.rules import Rules
from mailflow.store import queueing, reporting
from mailflow.store.database import Store

log = structlog.get_logger("mailflow.digest")


def send_digest(
    store: Store,
    rules: Rules,
    templates: Templates,
    ourselves: Ourselves,
    readers: Sequence[str],
    mode: Mode,
    now: datetime,
    zone: tzinfo,
    desk_url: str | None,
    *,
    folder: str | None = None,
    early: bool = False,
) -> bool:
    """Queues the digest if one is due, or with `early` if today has none yet. Returns whether it did; cheap to ask often.

    In rehearsal it is composed and never sent. Where nobody reads it, or it cannot be composed, none is made, the log says why
    once a day, and the next one covers what this one would have told. Raises TemporaryError where the database is away.
    """
    with store.reading() as db:
        last, began = reporting.last_digest(db), reporting.began(db)
    period = schedule.so_far(zone, now, last, began) if early else schedule.due(rules.digest, zone, now, last, began)
    if period is None or (last and last.day >= period.day):
        return False
    if not readers:
        _tell_once(period.day, "Nobody is named to read it: set MAILFLOW_TEAM, or readers under [digest] in rules.toml.")
        return False
    state = OutgoingState.REHEARSED if mode is Mode.REHEARSAL else OutgoingState.QUEUED
    with store.writing() as db:
        # Another daemon may have made it since we looked.
        if reporting.digest_made(db, period.day):
            return False
        report = reporting.day_report(
            db, period.since, period.until, zone, mode, ourselves.address, folder, rules.replies.total_an_hour
        )
        try:
            once = f"digest:{period.day}"
            mail = compose_digest(report, readers, templates, ourselves, zone, desk_url, once)
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


def unreported(
    store: Store,
    ourselves: Ourselves,
    mode: Mode,
    now: datetime,
    zone: tzinfo,
    *,
    folder: str | None = None,
    most_an_hour: int | None = None,
) -> DayReport:
    """What a digest made at this moment would tell. Changes nothing."""
    with store.reading() as db:
        period = schedule.so_far(zone, now, reporting.last_digest(db), reporting.began(db))
        return reporting.day_report(db, period.since, period.until, zone, mode, ourselves.address, folder, most_an_hour)


def preview(report: DayReport, templates: Templates, ourselves: Ourselves, zone: tzinfo, desk_url: str | None) -> Rendered:
    """The digest of a report, as its readers would see it. Raises TemporaryError where the template fails."""
    return templates.render(DIGEST_TEMPLATE, digest_values(report, ourselves, zone, desk_url))


@lru_cache(maxsize=8)
def _tell_once(day: date, why: str) -> None:
    log.warning("no digest", day=day.isoformat(), why=why)
