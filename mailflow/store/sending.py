"""What leaves, once: queued, claimed, begun, and settled by what came of it.

A claimed mail is only sent after `begin`, which one holder wins; so a claim that was left behind can be told apart:
not begun, it goes back to the queue; begun, the server may have it, and it is in doubt until there is evidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Integer, and_, bindparam, exists, func, insert, or_, select, update

from mailflow.domain import OutgoingState, Purpose
from mailflow.store import resolving
from mailflow.store.columns import UtcDateTime
from mailflow.store.filing import record
from mailflow.store.leases import LEASE, is_gone
from mailflow.store.tables import attempts, cases, corrections, outgoings

# Longer than any server may take over one mail: ten minutes for its last answer alone (RFC 5321, 4.5.3.2.6).
BEGUN_LEASE = timedelta(minutes=30)
_URGENT = (Purpose.ALERT, Purpose.TROUBLE)
_TOLD = (OutgoingState.FAILED, OutgoingState.IN_DOUBT)

# Built once: SQLAlchemy takes longer to put them together than SQLite to carry them out, and each mail needs them.
_ours = outgoings.c.claimed_by == bindparam("holder")
_BEGIN = (
    update(outgoings)
    .where(outgoings.c.id.in_(bindparam("ids", expanding=True)), outgoings.c.state == OutgoingState.SENDING)
    .where(_ours, outgoings.c.begun_at.is_(None))
    .values(begun_at=bindparam("now"), claimed_until=bindparam("until"), attempts=outgoings.c.attempts + 1)
    .returning(outgoings.c.id)
)
_SETTLE = (
    update(outgoings)
    .where(outgoings.c.id == bindparam("mail"), outgoings.c.state.in_((OutgoingState.SENDING, OutgoingState.IN_DOUBT)))
    .where(_ours, outgoings.c.begun_at.is_not(None))
    .values(
        state=bindparam("outcome"),
        claimed_by=None,
        claimed_until=None,
        next_attempt_at=bindparam("again_at"),
        failure=bindparam("detail"),
        attempts=outgoings.c.attempts - bindparam("uncounted", type_=Integer),
        sent_at=func.coalesce(bindparam("sent", type_=UtcDateTime), outgoings.c.sent_at),
        remaining=func.coalesce(bindparam("left", type_=outgoings.c.remaining.type), outgoings.c.remaining),
    )
    .returning(outgoings.c.case_id)
)
_NOTE = insert(attempts)

_TRIED_AGAIN = (OutgoingState.DEFERRED, OutgoingState.QUEUED)
_corrected = exists().where(
    corrections.c.case_id == outgoings.c.case_id, corrections.c.sensitive, corrections.c.at > outgoings.c.decided_at
)
# An automatic reply on a case that is sensitive, where no person has let it go out knowing that.
_OVERTAKEN = and_(
    outgoings.c.purpose == Purpose.ACKNOWLEDGEMENT,
    exists().where(cases.c.id == outgoings.c.case_id, cases.c.sensitive),
    or_(outgoings.c.decided_at.is_(None), _corrected),
)


@dataclass(frozen=True, slots=True)
class ClaimedMail:
    """An outgoing mail that is ours to send. `recipients`: those who have not got it yet."""

    id: int
    purpose: Purpose
    recipients: tuple[str, ...] = field(repr=False)
    raw: bytes = field(repr=False)
    case_id: int | None
    attempts: int  # tries before this one


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of sending a mail. `queued`: the try never reached the point where the mail itself mattered."""

    state: OutgoingState  # sent, deferred, failed, in_doubt or queued
    detail: str | None = None  # why, without an address
    again_at: datetime | None = None  # not before this time
    remaining: tuple[str, ...] = field(default=(), repr=False)  # who has not got it, where others have
    reached: bool = False  # somebody has got it


def claim(db: Connection, holder: str, limit: int, now: datetime, replies: int | None = None) -> list[ClaimedMail]:
    """Claims up to `limit` mails that are to be sent now, alerts first, then the oldest; each belongs to `holder` alone.

    `replies`: how many automatic replies may be among them; they wait where it is 0 or less, and other mail does not.
    """
    ready = outgoings.c.state.in_((OutgoingState.QUEUED, OutgoingState.DEFERRED))
    wanted: list[ColumnElement[bool]] = [ready]
    if replies is not None and replies <= 0:
        wanted.append(outgoings.c.purpose != Purpose.ACKNOWLEDGEMENT)
    elif replies is not None:
        limit = min(limit, replies)
    due = (
        select(outgoings.c.id)
        .where(*wanted, or_(outgoings.c.next_attempt_at.is_(None), outgoings.c.next_attempt_at <= now))
        .order_by(outgoings.c.purpose.in_(_URGENT).desc(), outgoings.c.id)
        .limit(max(0, limit))
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    claimed = db.execute(
        update(outgoings)
        .where(ready, outgoings.c.id.in_(select(due.c.id)))
        .values(state=OutgoingState.SENDING, claimed_by=holder, claimed_until=now + LEASE, begun_at=None)
        .returning(
            outgoings.c.id,
            outgoings.c.purpose,
            outgoings.c.recipients,
            outgoings.c.remaining,
            outgoings.c.raw,
            outgoings.c.case_id,
            outgoings.c.attempts,
        )
    )
    mails = [
        ClaimedMail(row.id, row.purpose, tuple(row.remaining or row.recipients), row.raw, row.case_id, row.attempts)
        for row in claimed
    ]
    return sorted(mails, key=lambda mail: (mail.purpose not in _URGENT, mail.id))


def begin(db: Connection, ids: Sequence[int], holder: str, now: datetime) -> set[int]:
    """To be committed before claimed mails are sent. Returns those that may be sent: still ours, and not begun before."""
    values = {"ids": ids, "holder": holder, "now": now, "until": now + BEGUN_LEASE}
    return set(db.execute(_BEGIN, values).scalars()) if ids else set()


def settle(db: Connection, mail_id: int, holder: str, outcome: Outcome, now: datetime) -> bool:
    """Writes down what came of a mail that we began. False, and nothing changed, where it is no longer ours.

    A mail that `recover` put in doubt meanwhile is still ours: who sent it knows best. An automatic reply that is to be tried
    again is taken back instead where its case has become sensitive.
    """
    values = {
        "mail": mail_id,
        "holder": holder,
        "outcome": outcome.state,
        "again_at": outcome.again_at,
        "detail": outcome.detail,
        "uncounted": int(outcome.state is OutgoingState.QUEUED),
        "sent": now if outcome.state is OutgoingState.SENT or outcome.reached else None,
        "left": list(outcome.remaining) or None,
    }
    settled = db.execute(_SETTLE, values).one_or_none()
    if settled is None:
        return False
    _note_attempt(db, mail_id, settled.case_id, outcome.state, outcome.detail, now)
    if outcome.state in _TRIED_AGAIN and db.execute(select(outgoings.c.id).where(outgoings.c.id == mail_id, _OVERTAKEN)).first():
        resolving.cancel(db, mail_id, "mailflow", now, "Its case has become sensitive.")
    return True


def give_back(db: Connection, ids: Sequence[int], holder: str) -> None:
    """Puts mails that we claimed and did not begin back into the queue."""
    db.execute(
        update(outgoings)
        .where(
            outgoings.c.id.in_(ids),
            outgoings.c.state == OutgoingState.SENDING,
            outgoings.c.claimed_by == holder,
            outgoings.c.begun_at.is_(None),
        )
        .values(state=OutgoingState.QUEUED, claimed_by=None, claimed_until=None)
    )


def recover(db: Connection, now: datetime) -> list[int]:
    """Looks after mails whose holder died or fell silent. Returns those that are now in doubt; the others are queued again."""
    claimed = db.execute(
        select(outgoings.c.id, outgoings.c.case_id, outgoings.c.claimed_by, outgoings.c.claimed_until, outgoings.c.begun_at)
        .where(outgoings.c.state == OutgoingState.SENDING)
        .with_for_update(skip_locked=True)
    ).all()
    gone = {holder for holder in {row.claimed_by for row in claimed} if is_gone(holder)}
    left = [row for row in claimed if row.claimed_until < now or row.claimed_by in gone]
    by_holder: dict[str, list[int]] = {}
    for row in left:
        if row.begun_at is None:
            by_holder.setdefault(row.claimed_by, []).append(row.id)
    for holder, ids in by_holder.items():
        give_back(db, ids, holder)
    doubtful = [row for row in left if row.begun_at is not None]
    why = "mailflow was interrupted while sending it."
    for row in doubtful:
        db.execute(update(outgoings).where(outgoings.c.id == row.id).values(state=OutgoingState.IN_DOUBT, failure=why))
        _note_attempt(db, row.id, row.case_id, OutgoingState.IN_DOUBT, why, now)
    return [row.id for row in doubtful]


def trying_since(db: Connection, mail: ClaimedMail) -> datetime | None:
    """When the tries before this one began; None where this is the first since it was queued or retried."""
    if not mail.attempts:
        return None
    tries = (
        select(attempts.c.at)
        .where(attempts.c.outgoing_id == mail.id, attempts.c.outcome != OutgoingState.QUEUED)
        .order_by(attempts.c.id.desc())
        .limit(mail.attempts)
        .subquery()
    )
    first: datetime | None = db.execute(select(func.min(tries.c.at))).scalar_one()
    return first


def _note_attempt(
    db: Connection, mail_id: int, case_id: int | None, outcome: OutgoingState, detail: str | None, now: datetime
) -> None:
    db.execute(_NOTE, {"outgoing_id": mail_id, "at": now, "outcome": outcome, "detail": detail})
    if outcome in _TOLD:
        record(db, now, "mailflow", f"mail {outcome.value}", case_id=case_id, detail=f"mail {mail_id}")
