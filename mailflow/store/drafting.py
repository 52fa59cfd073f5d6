"""What people do with a reply that waits for them: write it, change it, send it, take it back."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select, update

from mailflow.domain import CaseState, MessageState, OutgoingMail, OutgoingState, Purpose, Role, highest, reference
from mailflow.errors import UserError
from mailflow.store import resolving
from mailflow.store.bounces import blocked, unblock
from mailflow.store.casework import check_seen
from mailflow.store.corrections import UNSENT
from mailflow.store.corresponding import count_answers, under_way
from mailflow.store.filing import record
from mailflow.store.holding import hold_mail
from mailflow.store.kept import message_needs, needed
from mailflow.store.merging import came_into
from mailflow.store.queueing import Queued, as_it_leaves, put
from mailflow.store.reviewing import LONGEST_REASON
from mailflow.store.tables import cases, events, messages, outgoings

_CHANGEABLE = (Purpose.ACKNOWLEDGEMENT, Purpose.ANSWER)
WRITTEN, CHANGED = "answer written", "draft changed"  # how the audit log calls it


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody had before them when they decided, as their form says: see the fields of DraftFile."""

    newest: int
    version: str
    answers: int = 0


def version_of(raw: bytes) -> str:
    """A name for the bytes of a mail."""
    return hashlib.sha256(raw).hexdigest()[:16]


def keep_draft(db: Connection, mail: OutgoingMail, case_id: int, answers: int, who: str, now: datetime) -> int:
    """Keeps what a person wrote, and gives its number; what they kept for the same occasion before makes way while it is a draft.

    Raises UserError where that was decided, or somebody else has changed it.
    """
    number = put(db, Queued(mail, OutgoingState.DRAFT, case_id, answers), now)
    if number is not None:
        record(db, now, who, WRITTEN, case_id=case_id, detail=f"mail {number}")
        return number
    kept = db.execute(select(outgoings).where(outgoings.c.once == mail.once).with_for_update()).one()
    _check_undecided(kept)
    if (kept.recipients, kept.subject, kept.text) != (list(mail.recipients), mail.subject, mail.text):
        if (writer := written_by(db, kept.id, case_id)) != who:
            raise UserError(f"{writer or 'Somebody'} has changed this reply since you wrote it: read it again.")
        change_draft(db, kept, mail, answers, who, now)
    return int(kept.id)


def needs_of(db: Connection, number: int) -> Role:
    """The role that reading a draft, and deciding on it, asks for: that of all that is on its case, and of what it answers.

    What is on no case goes to the team, and may name anybody. Raises UserError where there is no such mail.
    """
    row = db.execute(select(outgoings.c.case_id, outgoings.c.answers).where(outgoings.c.id == number)).one_or_none()
    if row is None:
        raise UserError(f"There is no draft {number}.")
    of_case = Role.ADVISER if row.case_id is None else needed(db, row.case_id)
    return of_case if row.answers is None else highest(of_case, message_needs(db, row.answers))


def open_draft(db: Connection, number: int, version: str) -> Any:
    """The row of a draft, which nobody changes until the transaction ends, nor its case.

    Raises UserError where there is none, somebody has decided or changed it meanwhile: `version` is what was read.
    """
    hold_mail(db, number)
    row = db.execute(select(outgoings).where(outgoings.c.id == number)).one_or_none()
    if row is None:
        raise UserError(f"There is no draft {number}.")
    _check_undecided(row)
    if version_of(row.raw) != version:
        who = written_by(db, number, row.case_id) or "Somebody"
        raise UserError(f"{who} has changed this reply since you opened it: read it again.")
    return row


def _check_undecided(row: Any) -> None:
    if row.state is not OutgoingState.DRAFT:
        done = "taken back" if row.state is OutgoingState.CANCELLED else "approved"
        raise UserError(f"{row.decided_by or 'Somebody'} has {done} this reply meanwhile: nothing is left to be decided.")


def change_draft(db: Connection, row: Any, mail: OutgoingMail, answers: int, who: str, now: datetime) -> None:
    """Another mail in the place of a draft that nobody else changes now, for the same occasion. `answers`: the message."""
    db.execute(update(outgoings).where(outgoings.c.id == row.id).values(as_it_leaves(mail) | {"answers": answers}))
    record(db, now, who, CHANGED, case_id=row.case_id, detail=f"mail {row.id}")


def is_changeable(purpose: Purpose) -> bool:
    """Whether a person may write other words for a draft of this sort: what was agreed to the letter stays as it is."""
    return purpose in _CHANGEABLE


def check(db: Connection, row: Any, seen: Seen, reason: str) -> str | None:
    """The reason as it is kept. Raises UserError where something has come on the case meanwhile, or the reason is too long."""
    check_seen(db, row.case_id, seen.newest)
    if count_answers(db, row.case_id) > seen.answers:
        raise UserError(f"Somebody has answered on {reference(row.case_id)} since you opened this reply: read the case first.")
    reason = reason.replace("\0", "").strip()  # PostgreSQL keeps no NUL in a text
    if len(reason) > LONGEST_REASON:
        raise UserError(f"The reason is longer than {LONGEST_REASON} characters: write a shorter one.")
    return reason or None


def let_arrive(db: Connection, row: Any, is_right: bool, who: str, now: datetime) -> None:
    """Where mail to its address came back, a person must say that the address `is_right`; raises UserError where they do not."""
    if not blocked(db, row.recipients):
        return
    if not is_right:
        raise UserError("Mail to this address came back: say that the address is right, or do not send it.")
    unblock(db, row.recipients, who, now, case_id=row.case_id, detail=f"mail {row.id}")


def take_back(db: Connection, number: int, by: str, reason: str, seen: Seen, now: datetime) -> int | None:
    """A draft is not sent; gives the case it is on. The reason is kept with the mail, not in the audit log.

    Raises UserError where somebody has decided or changed it meanwhile, or something has come on its case.
    """
    row = open_draft(db, number, seen.version)
    resolving.cancel(db, number, by, now, check(db, row, seen, reason))
    case_id: int | None = row.case_id
    return case_id


def answer_case(db: Connection, case_id: int, then: CaseState, by: str, now: datetime) -> None:
    """A person answers on a case: whose turn it is `then`, and nothing on it is held, nor acknowledged, any more."""
    for mail in under_way(db, case_id):
        if mail.purpose is Purpose.ACKNOWLEDGEMENT:
            resolving.cancel(db, mail.id, by, now, "A person answers instead.")
    held = messages.c.case_id == case_id, messages.c.state == MessageState.HELD
    db.execute(update(messages).where(*held).values(state=MessageState.FILED))
    closed = then is CaseState.CLOSED
    values = {"state": then, "closed_at": now if closed else None, **({"snoozed_until": None} if closed else {})}
    db.execute(update(cases).where(cases.c.id == case_id).values(values))


def check_none_waits(db: Connection, message: int) -> None:
    """Raises UserError where a reply to a message waits for a person, or an answer has not left: it names the case it is on."""
    mail = outgoings.c
    waits = mail.answers == message, UNSENT, or_(mail.state == OutgoingState.DRAFT, mail.purpose == Purpose.ANSWER)
    if db.execute(select(mail.id).where(*waits).limit(1)).first():
        raise UserError(f"A reply to message {message} has not left: send it, or take it back, first.")


def written_by(db: Connection, number: int, case_id: int | None) -> str | None:
    """Who wrote a draft, or changed it last; None where it is as mailflow made it."""
    of = events.c
    on_case = () if case_id is None else (case_id, *came_into(db, case_id))
    wrote = of.case_id.in_(on_case), of.what.in_((WRITTEN, CHANGED)), of.detail == f"mail {number}"
    who: str | None = db.execute(select(of.who).where(*wrote).order_by(of.id.desc()).limit(1)).scalar_one_or_none()
    return who
