"""What a person decides about the outbox: drafts to approve or to take back; what failed, came back or is in doubt to retry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from mailflow.domain import CaseState, OutgoingState, Purpose
from mailflow.store.bounces import NOT_DEALT_WITH, blocked, unblock
from mailflow.store.corrections import UNSENT
from mailflow.store.filing import record
from mailflow.store.holding import hold_mail
from mailflow.store.tables import cases, outgoings

_RETRIED = (OutgoingState.FAILED, OutgoingState.BOUNCED, OutgoingState.IN_DOUBT)


@dataclass(frozen=True, slots=True)
class ListedMail:
    """An outgoing mail that did not arrive, or may not have."""

    id: int
    case_id: int | None
    dealt_with: bool = False  # and so not listed any more


def failed(db: Connection) -> list[ListedMail]:
    """Mails that the server refused for good, oldest first, but for those to addresses that are not written to."""
    return [mail for mail, is_blocked in _failed(db) if not is_blocked]


def came_back(db: Connection) -> list[ListedMail]:
    """Mails that came back, and those that were given up because another mail to their address did, oldest first."""
    given_up = [mail for mail, is_blocked in _failed(db) if is_blocked]
    return sorted([*_listed(db, OutgoingState.BOUNCED), *given_up], key=lambda mail: mail.id)


def in_doubt(db: Connection) -> list[ListedMail]:
    """Mails of which nobody knows whether the server took them, oldest first."""
    return _listed(db, OutgoingState.IN_DOUBT)


def retry(db: Connection, ids: Sequence[int] | None, who: str, now: datetime) -> list[int]:
    """Queues failed, bounced and doubtful mails again, with the same bytes and Message-ID; None takes all. Returns which.

    To their addresses mail may be sent again, whatever came back from there.
    """
    chosen = [outgoings.c.state.in_(_RETRIED)]
    if ids is not None:
        chosen.append(outgoings.c.id.in_(ids))
    queued = {
        "state": OutgoingState.QUEUED,
        "attempts": 0,
        "next_attempt_at": None,
        "claimed_by": None,
        "claimed_until": None,
        "begun_at": None,
        "failure": None,
    }
    columns = outgoings.c.id, outgoings.c.case_id, outgoings.c.recipients
    rows = db.execute(update(outgoings).where(*chosen).values(queued).returning(*columns)).all()
    for row in rows:
        record(db, now, who, "mail retried", case_id=row.case_id, detail=f"mail {row.id}")
        unblock(db, row.recipients, who, now, case_id=row.case_id, detail=f"mail {row.id}")
    return sorted(row.id for row in rows)


def approve(db: Connection, mail_id: int, who: str, now: datetime, reason: str | None = None) -> bool:
    """Lets a draft go out. False where it is no draft (any more)."""
    return _let_go(db, mail_id, who, now, {"state": OutgoingState.QUEUED, "reason": reason}, "mail approved")


def answer(db: Connection, mail_id: int, who: str, now: datetime, reason: str | None, leaves_at: datetime) -> bool:
    """Lets a person's answer go out, not before its time. False where it is no draft (any more)."""
    values = {"state": OutgoingState.QUEUED, "reason": reason, "next_attempt_at": leaves_at}
    return _let_go(db, mail_id, who, now, values, "answered")


def rehearse(db: Connection, mail_id: int, who: str, now: datetime, reason: str | None) -> bool:
    """A person's answer would go out, but for the rehearsal. False where it is no draft (any more)."""
    return _let_go(db, mail_id, who, now, {"state": OutgoingState.REHEARSED, "reason": reason}, "answer rehearsed")


def take_up(db: Connection, mail_id: int, who: str, now: datetime) -> bool:
    """A person's answer that has not left is a draft again, and its case ours. False where it is too late."""
    waits = outgoings.c.id == mail_id, outgoings.c.purpose == Purpose.ANSWER, UNSENT, outgoings.c.state != OutgoingState.DRAFT
    again = dict.fromkeys(("decided_by", "decided_at", "reason", "next_attempt_at", "claimed_by", "claimed_until", "failure"))
    draft = {"state": OutgoingState.DRAFT, **again}
    hold_mail(db, mail_id)
    row = db.execute(update(outgoings).where(*waits).values(draft).returning(outgoings.c.case_id)).one_or_none()
    if row is None:
        return False
    db.execute(update(cases).where(cases.c.id == row.case_id).values(state=CaseState.OPEN, closed_at=None))
    record(db, now, who, "answer taken back", case_id=row.case_id, detail=f"mail {mail_id}")
    return True


def cancel(db: Connection, mail_id: int, who: str, now: datetime, reason: str | None = None) -> bool:
    """Takes a mail back before it is sent. False where it is too late. What a reply asked was not asked: its case is ours."""
    decided = {"state": OutgoingState.CANCELLED, "decided_by": who, "decided_at": now, "reason": reason}
    if not _decide(db, mail_id, UNSENT, decided | {"claimed_by": None, "claimed_until": None}, "mail cancelled"):
        return False
    reply = outgoings.c.id == mail_id, outgoings.c.purpose == Purpose.ACKNOWLEDGEMENT
    case = select(outgoings.c.case_id).where(*reply).scalar_subquery()
    asked = cases.c.id == case, cases.c.state == CaseState.WAITING
    db.execute(update(cases).where(*asked).values(state=CaseState.OPEN))
    return True


def _let_go(db: Connection, mail_id: int, who: str, now: datetime, values: dict[str, Any], what: str) -> bool:
    decided = {"decided_by": who, "decided_at": now, **values}
    return _decide(db, mail_id, outgoings.c.state == OutgoingState.DRAFT, decided, what)


def _decide(db: Connection, mail_id: int, can_be: ColumnElement[bool], decided: dict[str, Any], what: str) -> bool:
    change = update(outgoings).where(outgoings.c.id == mail_id, can_be).values(decided)
    row = db.execute(change.returning(outgoings.c.case_id)).one_or_none()
    if row is not None:
        record(db, decided["decided_at"], decided["decided_by"], what, case_id=row.case_id, detail=f"mail {mail_id}")
    return row is not None


def _failed(db: Connection) -> list[tuple[ListedMail, bool]]:
    """What was given up, and whether its address is one that is not written to."""
    rows = db.execute(
        select(outgoings.c.id, outgoings.c.case_id, ~NOT_DEALT_WITH, outgoings.c.recipients)
        .where(outgoings.c.state == OutgoingState.FAILED)
        .order_by(outgoings.c.id)
    ).all()
    shut = blocked(db, {address for row in rows for address in row.recipients})
    return [(ListedMail(*row[:3]), any(address.lower() in shut for address in row.recipients)) for row in rows]


def _listed(db: Connection, state: OutgoingState) -> list[ListedMail]:
    columns = outgoings.c.id, outgoings.c.case_id, ~NOT_DEALT_WITH
    rows = db.execute(select(*columns).where(outgoings.c.state == state).order_by(outgoings.c.id))
    return [ListedMail(*row) for row in rows]
