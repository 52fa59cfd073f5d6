"""Where everything stands at this moment, for whoever looks after mailflow."""

from datetime import datetime, tzinfo

from sqlalchemy import Connection, func, select

from mailflow.domain import FolderStanding, MessageState, OutgoingState, Standing
from mailflow.store.report_lines import report_lists
from mailflow.store.reporting import last_digest
from mailflow.store.tables import cursors, messages, outgoings

_WAITING = (MessageState.RECEIVED, MessageState.HELD, MessageState.FAILED)


def standing(db: Connection, mailbox: str, now: datetime, zone: tzinfo) -> Standing:
    """The standing of a mailbox and of all that came of it; `now` (aware) and `zone` give the day."""
    lists = report_lists(db, now, zone)
    count = func.count()
    waiting = select(messages.c.state, count).where(messages.c.state.in_(_WAITING)).group_by(messages.c.state)
    states: dict[MessageState, int] = {row[0]: row[1] for row in db.execute(waiting)}
    every = select(outgoings.c.state, count).group_by(outgoings.c.state)
    mails: dict[OutgoingState, int] = {row[0]: row[1] for row in db.execute(every)}
    return Standing(
        folders=_folders(db, mailbox),
        messages=tuple((state, states.get(state, 0)) for state in _WAITING),
        mails=tuple((state, mails[state]) for state in OutgoingState if state in mails),
        overdue=lists.total("overdue"),
        stories=lists.total("stories"),
        held=lists.lines["held"],
        failed=lists.lines["failed"],
        undelivered=lists.lines["undelivered"],
        in_doubt=lists.lines["in_doubt"],
        last_digest=last_digest(db),
    )


def _folders(db: Connection, mailbox: str) -> tuple[FolderStanding, ...]:
    rows = db.execute(
        select(
            cursors.c.folder,
            cursors.c.polled_at,
            cursors.c.failing_since,
            cursors.c.failure,
            cursors.c.on_server,
            cursors.c.known,
            cursors.c.counted_at,
        )
        .where(cursors.c.mailbox == mailbox)
        .order_by(cursors.c.folder)
    )
    return tuple(FolderStanding(*row) for row in rows)
