"""Where everything stands at this moment, for whoever looks after mailflow."""

from datetime import datetime, timedelta, tzinfo

from sqlalchemy import Connection, func, select

from mailflow.domain import FolderStanding, MessageState, OutgoingState, ReportLine, Standing, working_days_between
from mailflow.store import bounces, leases, pacing, troubles
from mailflow.store.report_lines import MOST_LINES, count_undelivered, report_lists
from mailflow.store.reporting import last_digest
from mailflow.store.tables import cursors, messages, outgoings

LATE = timedelta(minutes=10)  # a message is decided within seconds

_WAITING = (MessageState.RECEIVED, MessageState.HELD, MessageState.FAILED)


def standing(db: Connection, mailbox: str, now: datetime, zone: tzinfo, most_an_hour: int | None = None) -> Standing:
    """The standing of a mailbox and of all that came of it; `now` (aware) and `zone` give the day.

    `most_an_hour`: the cap on replies, where there is one.
    """
    lists = report_lists(db, now, zone)
    count = func.count()
    waiting = select(messages.c.state, count).where(messages.c.state.in_(_WAITING)).group_by(messages.c.state)
    states: dict[MessageState, int] = {row[0]: row[1] for row in db.execute(waiting)}
    every = select(outgoings.c.state, count).group_by(outgoings.c.state)
    mails: dict[OutgoingState, int] = {row[0]: row[1] for row in db.execute(every)}
    undelivered = count_undelivered(db)
    late, late_in_all = _late(db, now, zone)
    return Standing(
        running=leases.is_running(db, now),
        folders=_folders(db, mailbox),
        troubles=troubles.standing(db),
        messages=tuple((state, states.get(state, 0)) for state in _WAITING),
        mails=tuple((state, mails[state]) for state in OutgoingState if state in mails),
        capped=pacing.capped(db, most_an_hour, now),
        overdue=lists.total("overdue"),
        stories=lists.total("stories"),
        held=lists.lines["held"],
        failed=lists.lines["failed"],
        undelivered=lists.lines["undelivered"],
        in_doubt=lists.lines["in_doubt"],
        in_doubt_in_all=lists.total("in_doubt"),
        refused=undelivered.get(OutgoingState.FAILED, 0),
        came_back=undelivered.get(OutgoingState.BOUNCED, 0),
        blocked=bounces.blocked_by(db),
        delayed=lists.lines["delayed"],
        delayed_in_all=lists.total("delayed"),
        late=late,
        late_in_all=late_in_all,
        last_digest=last_digest(db),
    )


def _late(db: Connection, now: datetime, zone: tzinfo) -> tuple[tuple[ReportLine, ...], int]:
    """Messages that were received and that nobody has decided for `LATE`, the oldest first, and their number."""
    today = now.astimezone(zone).date()
    undecided = messages.c.state == MessageState.RECEIVED
    columns = messages.c.id, messages.c.state, messages.c.arrived, func.count().over().label("total")
    query = select(*columns).where(undecided, messages.c.received_at < now - LATE).order_by(messages.c.id).limit(MOST_LINES)
    rows = db.execute(query).all()
    lines = (
        ReportLine(f"message {row.id}", None, row.state.value, working_days_between(row.arrived.astimezone(zone).date(), today))
        for row in rows
    )
    return tuple(lines), rows[0].total if rows else 0


def _folders(db: Connection, mailbox: str) -> tuple[FolderStanding, ...]:
    rows = db.execute(
        select(
            cursors.c.folder,
            cursors.c.polled_at,
            cursors.c.on_server,
            cursors.c.known,
            cursors.c.counted_at,
        )
        .where(cursors.c.mailbox == mailbox)
        .order_by(cursors.c.folder)
    )
    return tuple(FolderStanding(*row) for row in rows)
