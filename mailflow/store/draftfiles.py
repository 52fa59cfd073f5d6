"""A reply that waits for a person, or did, as they read it: beside the message that it answers. Reading is on record."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from mailflow.domain import Kind, OutgoingState, Purpose, Role, reference
from mailflow.errors import UserError
from mailflow.store.bounces import blocked
from mailflow.store.corresponding import UnderWay, count_answers, under_way
from mailflow.store.drafting import needs_of, version_of, written_by
from mailflow.store.filing import record
from mailflow.store.kept import KeptMessage, message_file, newest_message
from mailflow.store.tables import cases, messages, outgoings

_EVER_WAITED = or_(outgoings.c.state == OutgoingState.DRAFT, outgoings.c.decided_at.is_not(None))


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A reply that waits for approval, or did. `raw`: the bytes that leave; `version` names them."""

    id: int
    case_id: int | None
    kind: Kind | None  # its case's
    sensitive: bool
    purpose: Purpose
    state: OutgoingState
    template: str | None
    created_at: datetime
    failure: str | None
    decided_by: str | None
    decided_at: datetime | None
    not_before: datetime | None  # when it leaves, where that is to come
    reason: str | None = field(repr=False)
    recipients: tuple[str, ...] = field(repr=False)
    raw: bytes = field(repr=False)
    answered: KeptMessage | None = field(repr=False)
    needs: Role  # of whoever reads it
    later: int  # messages on its case since the one it answers
    unreachable: bool  # mail to its address came back
    newest: int  # the number of the newest message on its case: who decides says that this is the last one they know of
    answers: int  # that people have sent on its case: who decides says that they know of so many
    besides: tuple[UnderWay, ...]  # what else of ours has not left on its case
    written_by: str | None  # who wrote it or changed it last; None: it is as mailflow made it

    @property
    def reference(self) -> str | None:
        """EDI-0042."""
        return None if self.case_id is None else reference(self.case_id)

    @property
    def waits(self) -> bool:
        """Whether it is still to be decided."""
        return self.state is OutgoingState.DRAFT

    @property
    def by_person(self) -> bool:
        """Whether it is a person's answer, and no automatic reply."""
        return self.purpose is Purpose.ANSWER

    @property
    def version(self) -> str:
        """Names these very bytes: who decides on them, or changes them, says which they had before them."""
        return version_of(self.raw)


def draft_file(db: Connection, number: int, by: str, now: datetime) -> DraftFile:
    """One draft, and the audit event that `by` has read it. Raises UserError for a mail that never waited for anybody."""
    mail = outgoings.c
    row = db.execute(
        select(outgoings, cases.c.kind, cases.c.sensitive)
        .join_from(outgoings, cases, cases.c.id == mail.case_id, isouter=True)
        .where(mail.id == number, _EVER_WAITED)
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
        purpose=row.purpose,
        state=row.state,
        template=row.template,
        created_at=row.created_at,
        failure=row.failure,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        not_before=row.next_attempt_at if row.state is OutgoingState.QUEUED else None,
        reason=row.reason,
        recipients=tuple(row.recipients),
        raw=row.raw,
        answered=answered,
        needs=needs_of(db, number),
        later=db.execute(later).scalar_one() if answered else 0,
        unreachable=bool(blocked(db, row.recipients)),
        newest=newest_message(db, row.case_id),
        answers=count_answers(db, row.case_id),
        besides=under_way(db, row.case_id, but=row.id) if row.case_id else (),
        written_by=written_by(db, number, row.case_id),
    )


def bytes_of(db: Connection, number: int, by: str, now: datetime) -> tuple[Role, bytes]:
    """The bytes of a draft, and the role that reading them asks for; the reading is on record. Raises UserError as above."""
    mail = select(outgoings.c.case_id, outgoings.c.raw).where(outgoings.c.id == number, _EVER_WAITED)
    row = db.execute(mail).one_or_none()
    if row is None:
        raise UserError(f"There is no draft {number}.")
    record(db, now, by, "read", case_id=row.case_id, detail=f"mail {number}")
    return needs_of(db, number), row.raw


def next_draft(db: Connection, number: int, role: Role) -> tuple[int, str | None] | None:
    """Another draft that waits, and its case's reference: the next after this one that the role may read, or else the first."""
    mail = outgoings.c
    waits = select(mail.id, mail.case_id).where(mail.state == OutgoingState.DRAFT, mail.id != number)
    rows = db.execute(waits.order_by(mail.id <= number, mail.id).limit(50))
    mine = (row for row in rows if role.includes(needs_of(db, row.id)))
    found = next(mine, None)
    return None if found is None else (found.id, None if found.case_id is None else reference(found.case_id))
