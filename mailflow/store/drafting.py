"""A reply that waits for a person: read beside the message it answers, then sent or taken back. Reading is on record."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from mailflow.domain import Kind, OutgoingState, Role, highest, needed_to_read, reference
from mailflow.errors import UserError
from mailflow.store import resolving
from mailflow.store.bounces import blocked
from mailflow.store.casefiles import KeptMessage, message_file, newest_message
from mailflow.store.filing import record
from mailflow.store.reviewing import LONGEST_REASON
from mailflow.store.tables import cases, messages, outgoings


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A reply that waits for approval, or did. `raw`: the bytes that leave."""

    id: int
    case_id: int | None
    kind: Kind | None  # its case's
    sensitive: bool
    state: OutgoingState
    template: str | None
    created_at: datetime
    failure: str | None
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None = field(repr=False)
    recipients: tuple[str, ...] = field(repr=False)
    raw: bytes = field(repr=False)
    answered: KeptMessage | None = field(repr=False)
    later: int  # messages on its case since the one it answers
    unreachable: bool  # mail to its address came back
    newest: int  # the number of the newest message on its case: who decides says that this is the last one they know of

    @property
    def reference(self) -> str | None:
        """EDI-0042."""
        return None if self.case_id is None else reference(self.case_id)

    @property
    def needs(self) -> Role:
        """The role that reading it asks for."""
        of_case = needed_to_read(self.kind, self.sensitive)
        return highest(of_case, self.answered.needs) if self.answered else of_case

    @property
    def waits(self) -> bool:
        """Whether it is still to be decided."""
        return self.state is OutgoingState.DRAFT


def draft_file(db: Connection, number: int, by: str, now: datetime) -> DraftFile:
    """One draft, and the audit event that `by` has read it. Raises UserError for a mail that never waited for anybody."""
    mail = outgoings.c
    row = db.execute(
        select(outgoings, cases.c.kind, cases.c.sensitive)
        .join_from(outgoings, cases, cases.c.id == mail.case_id, isouter=True)
        .where(mail.id == number, or_(mail.state == OutgoingState.DRAFT, mail.decided_at.is_not(None)))
    ).one_or_none()
    if row is None:
        raise UserError(f"There is no draft {number}.")
    answered = None
    if row.answers is None:
        record(db, now, by, "read", case_id=row.case_id, detail=f"mail {number}")
    else:
        answered = message_file(db, row.answers, by, now)
    later = select(func.count()).where(messages.c.case_id == row.case_id, messages.c.id > (row.answers or 0))
    return DraftFile(
        id=row.id,
        case_id=row.case_id,
        kind=row.kind,
        sensitive=bool(row.sensitive),
        state=row.state,
        template=row.template,
        created_at=row.created_at,
        failure=row.failure,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
        recipients=tuple(row.recipients),
        raw=row.raw,
        answered=answered,
        later=db.execute(later).scalar_one() if answered else 0,
        unreachable=bool(blocked(db, row.recipients)),
        newest=newest_message(db, row.case_id),
    )


def decide(db: Connection, number: int, *, send: bool, by: str, reason: str, seen: int, now: datetime) -> int | None:
    """Lets a draft go out, or takes it back, and gives the case it is on. The reason is kept with the mail, not in the audit log.

    `seen` is what `DraftFile.newest` said when they opened it. Raises UserError where somebody has decided meanwhile, where a
    message has come meanwhile, or where there is no such draft.
    """
    mail = select(outgoings.c.state, outgoings.c.decided_by, outgoings.c.case_id).where(outgoings.c.id == number)
    row = db.execute(mail.with_for_update()).one_or_none()
    if row is None:
        raise UserError(f"There is no draft {number}.")
    if row.state is not OutgoingState.DRAFT:
        done = "taken back" if row.state is OutgoingState.CANCELLED else "approved"
        raise UserError(f"{row.decided_by or 'Somebody'} has {done} this reply meanwhile: nothing is left to be decided.")
    if newest_message(db, row.case_id) > seen:
        raise UserError(f"A new message has come on {reference(row.case_id)} since you opened this reply: read it first.")
    reason = reason.replace("\0", "").strip()  # PostgreSQL keeps no NUL in a text
    if len(reason) > LONGEST_REASON:
        raise UserError(f"The reason is longer than {LONGEST_REASON} characters: write a shorter one.")
    settle = resolving.approve if send else resolving.cancel
    settle(db, number, by, now, reason or None)
    case_id: int | None = row.case_id
    return case_id
