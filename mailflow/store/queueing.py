"""What is to leave, put into the outbox: each mail once for its occasion, its bytes and its Message-ID fixed from here on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, String, cast, literal, update
from sqlalchemy.dialects import postgresql, sqlite

from mailflow.domain import Address, OutgoingMail, OutgoingState
from mailflow.store.tables import outgoings

FREED = "taken back: mail "  # before the occasion of a mail that a correction took back, so that another may be made for it


@dataclass(frozen=True, slots=True)
class Queued:
    """A mail for the outbox. `answers`: the message it answers."""

    mail: OutgoingMail
    state: OutgoingState  # queued, draft or rehearsed
    case_id: int | None = None
    answers: int | None = None


def enqueue(db: Connection, mail: OutgoingMail, state: OutgoingState, now: datetime) -> bool:
    """Puts a mail into the outbox. False, and nothing done, where a mail was made for its occasion before.

    Raises IntegrityError where its Message-ID was used for another occasion.
    """
    return put(db, Queued(mail, state), now) is not None


def put(db: Connection, queued: Queued, now: datetime) -> int | None:
    """Puts a mail into the outbox, as `enqueue` does, and gives its number; None where one was made for its occasion before."""
    number: int | None = db.execute(
        _insert_once(db.dialect.name).returning(outgoings.c.id), _row(queued, now)
    ).scalar_one_or_none()
    return number


def enqueue_all(db: Connection, mails: Sequence[Queued], now: datetime) -> None:
    """Puts mails into the outbox, but for those that were made for their occasion before.

    Raises IntegrityError where a Message-ID was used for another occasion.
    """
    if mails:
        db.execute(_insert_once(db.dialect.name), [_row(queued, now) for queued in mails])


def enqueue_anew(db: Connection, queued: Queued, now: datetime) -> int | None:
    """Puts a mail into the outbox, and gives its number; None, and nothing done, where one for its occasion leaves or has left.

    One that was only rehearsed, or was taken back, makes way.
    """
    never_left = outgoings.c.once == queued.mail.once, outgoings.c.state.in_((OutgoingState.REHEARSED, OutgoingState.CANCELLED))
    freed = literal(FREED) + cast(outgoings.c.id, String) + ", " + outgoings.c.once
    db.execute(update(outgoings).where(*never_left).values(once=freed))
    number: int | None = db.execute(
        _insert_once(db.dialect.name).returning(outgoings.c.id), _row(queued, now)
    ).scalar_one_or_none()
    return number


def take_back(db: Connection, once: str) -> bool:
    """Cancels the mail of an occasion that has passed. False where it is on its way already, or there is none."""
    unsent = outgoings.c.once == once, outgoings.c.state.in_((OutgoingState.QUEUED, OutgoingState.DEFERRED))
    return db.execute(update(outgoings).where(*unsent).values(state=OutgoingState.CANCELLED)).rowcount > 0


def as_it_leaves(mail: OutgoingMail) -> dict[str, Any]:
    """What is kept of a mail as it leaves, by the columns of its row."""
    return {
        "message_id": mail.message_id,
        "recipients": list(mail.recipients),
        "recipient": Address("", mail.recipients[0]).mailbox,
        "subject": mail.subject,
        "text": mail.text,
        "raw": mail.raw,
    }


def _row(queued: Queued, now: datetime) -> dict[str, Any]:
    mail = queued.mail
    return {
        **as_it_leaves(mail),
        "once": mail.once,
        "case_id": queued.case_id,
        "answers": queued.answers,
        "purpose": mail.purpose,
        "template": mail.template,
        "state": queued.state,
        "attempts": 0,
        "created_at": now,
    }


@cache
def _insert_once(dialect: str) -> postgresql.Insert | sqlite.Insert:
    statement = postgresql.insert(outgoings) if dialect == "postgresql" else sqlite.insert(outgoings)
    return statement.on_conflict_do_nothing(index_elements=["once"])
