"""What the digest tells, by a few queries on indexes; and which digests were made. Counts and references, no words of mail."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, func, insert, select

from mailflow.domain import (
    OUR_OWN_COPY,
    AutomaticSort,
    DayReport,
    DigestPeriod,
    Kind,
    MessageState,
    Mode,
    OutgoingState,
    Purpose,
    Trouble,
    imap,
)
from mailflow.store import pacing, troubles
from mailflow.store.report_lines import report_lists
from mailflow.store.tables import cursors, digests, messages, outgoings

Counted = TypeVar("Counted")
_REPLIES = (Purpose.ACKNOWLEDGEMENT, Purpose.ANSWER)
_UNSENT = (OutgoingState.QUEUED, OutgoingState.DEFERRED)


def day_report(
    db: Connection,
    since: datetime,
    until: datetime,
    zone: tzinfo,
    mode: Mode,
    mailbox: str,
    folder: str | None = None,
    most_an_hour: int | None = None,
) -> DayReport:
    """Where everything stands, and what happened from `since` up to, and without, `until` (aware); days are those of `zone`.

    `mailbox` and `folder` name what is watched; without a folder, every folder of the mailbox that was ever read.
    `most_an_hour`: the cap on replies, where there is one.
    """
    lists = report_lists(db, until, zone)
    kinds, sorts = _decided(db, since, until)
    on_server, known, counted_at = _counted(db, since, mailbox, folder)
    # Not by state as well: SQLite would then read every mail that was ever sent.
    sent = outgoings.c.sent_at >= since, outgoings.c.sent_at < until
    return DayReport(
        since=since,
        until=until,
        mode=mode,
        new=kinds,
        automatic=sorts,
        undecided=_count(db, messages.c.state == MessageState.RECEIVED),
        replies_sent=_count(db, *sent, outgoings.c.purpose.in_(_REPLIES)),
        silences=_silences(db, since, until),
        unsent=_count(db, outgoings.c.state.in_(_UNSENT), outgoings.c.purpose.in_(_REPLIES)),
        capped=pacing.capped(db, most_an_hour, until),
        drafts=_count(db, outgoings.c.state == OutgoingState.DRAFT),
        **lists.lines,
        in_mailbox=on_server,
        known=known,
        counted_at=counted_at,
        trouble=_troubles(db, folder),
        left_out=tuple(lists.left_out.items()),
        beyond=lists.beyond,
    )


def began(db: Connection) -> datetime | None:
    """When the first message came to rest here; None where none did."""
    return db.execute(select(messages.c.received_at).order_by(messages.c.id).limit(1)).scalar_one_or_none()


def last_digest(db: Connection) -> DigestPeriod | None:
    """The latest digest that was made."""
    row = db.execute(
        select(digests.c.day, digests.c.since, digests.c.until).order_by(digests.c.day.desc()).limit(1)
    ).one_or_none()
    return DigestPeriod(*row) if row else None


def digest_made(db: Connection, day: date) -> bool:
    """Whether that day has its digest."""
    return db.execute(select(digests.c.day).where(digests.c.day == day)).first() is not None


def note_digest(db: Connection, period: DigestPeriod) -> None:
    """A digest was made. Raises IntegrityError where its day has one."""
    db.execute(insert(digests).values(day=period.day, since=period.since, until=period.until))


def _decided(
    db: Connection, since: datetime, until: datetime
) -> tuple[tuple[tuple[Kind, int], ...], tuple[tuple[AutomaticSort, int], ...]]:
    """How many messages were decided, by kind, and by the sort of machine that wrote them; but for copies of our own mail."""
    others = func.coalesce(messages.c.silence["name"].as_string(), "") != OUR_OWN_COPY
    rows = db.execute(
        select(messages.c.kind, messages.c.automatic, func.count())
        .where(messages.c.decided_at >= since, messages.c.decided_at < until, messages.c.kind.is_not(None), others)
        .group_by(messages.c.kind, messages.c.automatic)
    ).all()
    kinds, sorts = Counter[Kind](), Counter[AutomaticSort]()
    for kind, sort, count in rows:
        kinds[kind] += count
        if kind is Kind.AUTOMATIC and sort is not None:
            sorts[sort] += count
    return _in_order(Kind, kinds), _in_order(AutomaticSort, sorts)


def _in_order(choices: Iterable[Counted], counts: Counter[Counted]) -> tuple[tuple[Counted, int], ...]:
    return tuple((choice, counts[choice]) for choice in choices if counts[choice])


def _silences(db: Connection, since: datetime, until: datetime) -> tuple[tuple[str, int], ...]:
    """Why people's messages got no automatic reply, by the reason's name, the commonest first."""
    name = messages.c.silence["name"].as_string().label("name")
    window = messages.c.decided_at >= since, messages.c.decided_at < until, messages.c.kind != Kind.AUTOMATIC
    # A subquery, because PostgreSQL takes two renderings of the JSON path for two expressions.
    reasons = select(name).where(*window).subquery()
    count = func.count()
    rows = db.execute(
        select(reasons.c.name, count)
        .where(reasons.c.name.is_not(None))
        .group_by(reasons.c.name)
        .order_by(count.desc(), reasons.c.name)
    )
    return tuple((row[0], row[1]) for row in rows)


def _counted(db: Connection, since: datetime, mailbox: str, folder: str | None) -> tuple[int | None, int | None, datetime | None]:
    """How many messages the server has counted since then, how many of them we know, and when (of several, the earliest)."""
    watched = cursors.c.mailbox == mailbox, *([cursors.c.folder == folder] if folder else [])
    totals = func.sum(cursors.c.on_server), func.sum(cursors.c.known), func.min(cursors.c.counted_at)
    on_server, known, counted_at = db.execute(select(*totals).where(*watched, cursors.c.counted_at >= since)).one()
    return (None if on_server is None else int(on_server)), (None if known is None else int(known)), counted_at


def _troubles(db: Connection, folder: str | None) -> tuple[Trouble, ...]:
    """The servers that are not well; of folders only the one that is watched, where it is named."""
    found = troubles.standing(db)
    return tuple(trouble for trouble in found if folder is None or trouble.is_sending or trouble.server == imap(folder))


def _count(db: Connection, *where: ColumnElement[bool]) -> int:
    return db.execute(select(func.count()).where(*where)).scalar_one()
