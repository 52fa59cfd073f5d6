"""How much may leave now: automatic replies an hour, and mails a minute, counted over every daemon on this database."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from mailflow.domain import OutgoingState, Purpose
from mailflow.store.leases import CLAIMING, take_turns
from mailflow.store.tables import outgoings

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)

_mail = outgoings.c
_reply = _mail.purpose == Purpose.ACKNOWLEDGEMENT
_waiting = _mail.state.in_((OutgoingState.QUEUED, OutgoingState.DEFERRED))


def replies_left(db: Connection, most_an_hour: int, now: datetime) -> int:
    """How many automatic replies may be claimed now; 0 or less: none.

    Until the transaction ends nobody else is told, so that several senders keep to one cap.
    """
    take_turns(db, CLAIMING)
    return most_an_hour - _replies_lately(db, now)


def mails_left(db: Connection, most_a_minute: int, now: datetime) -> int:
    """How many mails may be claimed now; 0 or less: none. What is claimed counts until it is sent, and for a minute after.

    Until the transaction ends nobody else is told, so that several senders keep to one pace.
    """
    take_turns(db, CLAIMING)
    return most_a_minute - _count(db, or_(_claimed(now), _mail.begun_at > now - MINUTE))


def capped(db: Connection, most_an_hour: int | None, now: datetime) -> int:
    """How many automatic replies wait for nothing but the cap; 0 where it is not reached, or there is none."""
    if most_an_hour is None or _replies_lately(db, now) < most_an_hour:
        return 0
    return _count(db, _reply, _waiting, or_(_mail.next_attempt_at.is_(None), _mail.next_attempt_at <= now))


def count_waiting(db: Connection) -> int:
    """How many mails of any sort are to be sent, now or at their time."""
    return _count(db, _waiting)


def _replies_lately(db: Connection, now: datetime) -> int:
    """How many automatic replies left in the last hour, or may have, or are about to."""
    begun = and_(_mail.state.in_((OutgoingState.SENDING, OutgoingState.IN_DOUBT)), _mail.begun_at > now - HOUR)
    return _count(db, _reply, or_(_mail.sent_at > now - HOUR, begun, _claimed(now)))


def _claimed(now: datetime) -> ColumnElement[bool]:
    """Somebody is about to send it."""
    return and_(_mail.state == OutgoingState.SENDING, _mail.begun_at.is_(None), _mail.claimed_until >= now)


def _count(db: Connection, *where: ColumnElement[bool]) -> int:
    return db.execute(select(func.count()).select_from(outgoings).where(*where)).scalar_one()
