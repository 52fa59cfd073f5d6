"""Tells the team of a server that has been out of reach for a while, and once more when it is well again.

What is shorter than MAILFLOW_ALERT_AFTER_MINUTES is told to nobody; and what comes back before the server has been well for as
long is still the same trouble, so that a server that comes and goes does not fill anybody's mailbox. While no mail can leave
none is queued: what is over by then costs one mail that says how long it lasted.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import lru_cache

import structlog
from sqlalchemy import Connection

from mailflow.domain import SMTP, Mode, OutgoingMail, OutgoingState, Trouble, imap
from mailflow.errors import PermanentError, TemporaryError
from mailflow.render import Templates
from mailflow.reply.compose import compose_trouble, once_told
from mailflow.settings import Settings
from mailflow.store import pacing, queueing, receiving, troubles
from mailflow.store.database import Store

log = structlog.get_logger("mailflow.alarm")

POLLS_MISSED = 3
_HANGS = "No look into it has ended since then, well or not; the log of `mailflow run` says what it was doing."


class Move(Enum):
    """What is to be done about a trouble."""

    TELL = auto()  # that the server is not well
    TELL_OVER = auto()  # that it was, and is well again
    FORGET = auto()  # it was too short to be told


def next_move(trouble: Trouble, patience: timedelta, now: datetime, *, mail_leaves: bool) -> Move | None:
    """What is to be done now; None: nothing yet. Pure. `mail_leaves`: whether a mail that is queued now would be sent."""
    if trouble.over_at is None:
        lasts = now - trouble.since >= patience
        return Move.TELL if lasts and trouble.told_at is None and mail_leaves else None
    if trouble.told_at is None and trouble.over_at - trouble.since < patience:
        return Move.FORGET
    return Move.TELL_OVER if now - trouble.over_at >= patience and mail_leaves else None


def tell_troubles(
    store: Store, templates: Templates, settings: Settings, readers: Sequence[str], started: datetime, now: datetime
) -> bool:
    """Queues what `readers` are to be told now, each mail and the note that it was told in one transaction.

    Returns whether it did.

    `started`: since when this process runs, which is not to blame for what nobody did before. Cheap to ask often.
    Raises TemporaryError where the database is away.
    """
    with store.reading() as db:
        if not troubles.known(db) and _silent_since(db, settings, started, now) is None:
            return False
    told = False
    with store.writing() as db:
        _notice(db, settings, started, now)
        known = troubles.known(db)
        mail_leaves = not any(trouble.is_sending and trouble.over_at is None for trouble in known)
        for trouble in known:
            # A folder that this daemon does not watch is another's affair, or nobody's any more.
            if trouble.is_sending or trouble.server == imap(settings.imap_folder):
                told |= _carry_on(db, trouble, templates, settings, readers, now, mail_leaves)
    return told


def _notice(db: Connection, settings: Settings, started: datetime, now: datetime) -> None:
    """What no failure tells: that a look into the mailbox hangs; and that in rehearsal nobody needs the outgoing mail server."""
    silent_since = _silent_since(db, settings, started, now)
    if silent_since is not None:
        troubles.note(db, imap(settings.imap_folder), _HANGS, silent_since)
    if settings.mode is Mode.REHEARSAL:
        troubles.over(db, SMTP, now)


def _silent_since(db: Connection, settings: Settings, started: datetime, now: datetime) -> datetime | None:
    """Since when nobody has looked into the mailbox, where that is too long and no failure says why."""
    server = imap(settings.imap_folder)
    polled = receiving.polled_at(db, settings.ourselves.address, settings.imap_folder)
    last = max(polled, started) if polled else started
    longest = max(_patience(settings), POLLS_MISSED * timedelta(seconds=settings.poll_seconds))
    failing = any(trouble.server == server for trouble in troubles.standing(db))
    return last if now - last >= longest and not failing else None


def _carry_on(
    db: Connection,
    trouble: Trouble,
    templates: Templates,
    settings: Settings,
    readers: Sequence[str],
    now: datetime,
    mail_leaves: bool,
) -> bool:
    """Makes the next move with a trouble. Returns whether a mail was queued."""
    if trouble.over_at and trouble.told_at and queueing.take_back(db, once_told(trouble.server, trouble.told_at)):
        troubles.note_untold(db, trouble.server)
    move = next_move(trouble, _patience(settings), now, mail_leaves=mail_leaves)
    mail = None
    if move in (Move.TELL, Move.TELL_OVER):
        try:
            mail = _compose(db, trouble, templates, settings, readers, now)
        except (PermanentError, TemporaryError) as error:
            _say_once(trouble.server, trouble.since, str(error))
            return False
    match move:
        case Move.TELL:
            ours = troubles.note_told(db, trouble.server, now)
        case Move.TELL_OVER | Move.FORGET:
            ours = troubles.forget(db, trouble.server)
        case None:
            return False
    if not ours or mail is None:
        return False
    state = OutgoingState.REHEARSED if settings.mode is Mode.REHEARSAL else OutgoingState.QUEUED
    log.warning("the team is told", server=trouble.server, since=trouble.since.isoformat(), over=trouble.over_at is not None)
    return queueing.enqueue(db, mail, state, now)


def _compose(
    db: Connection, trouble: Trouble, templates: Templates, settings: Settings, readers: Sequence[str], now: datetime
) -> OutgoingMail | None:
    """None where nobody is named to read it."""
    if not readers:
        why = "Nobody is named to read it: set MAILFLOW_TEAM, or readers under [digest] in rules.toml."
        _say_once(trouble.server, trouble.since, why)
        return None
    waiting = pacing.count_waiting(db)
    return compose_trouble(trouble, waiting, readers, templates, settings.ourselves, now, settings.zone, settings.desk_url)


def _patience(settings: Settings) -> timedelta:
    return timedelta(minutes=settings.alert_after_minutes)


@lru_cache(maxsize=8)
def _say_once(server: str, since: datetime, why: str) -> None:
    log.warning("the team cannot be told", server=server, since=since.isoformat(), why=why)
