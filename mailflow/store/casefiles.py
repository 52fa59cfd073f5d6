"""A case as a person reads it: its messages and their verdicts, our mails, notes and deeds. Reading leaves an audit event."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from mailflow.domain import (
    CaseState,
    Kind,
    MessageState,
    OutgoingState,
    Purpose,
    Role,
    TrainingDetails,
    highest,
    needed_to_read,
    reference,
)
from mailflow.domain.plain import details_from_json
from mailflow.errors import UserError
from mailflow.store.bounces import blocked, blocked_by
from mailflow.store.casework import CAME_BACK, Note, addresses_of, came_back, is_unsettled, notes_of, stands
from mailflow.store.deeds import Deed, deeds_of
from mailflow.store.filing import record
from mailflow.store.kept import MOST_MESSAGES, KeptMessage, find_opener, messages_of, reading
from mailflow.store.merging import came_into
from mailflow.store.opened import OpenedBy, others
from mailflow.store.seeing import may_be_told, readable_cases
from mailflow.store.tables import cases, linked_cases, messages, outgoings, trainings


@dataclass(frozen=True, slots=True)
class OurMail:
    """A mail of ours on a case. `decided_by` let it go out or took it back, and may have said why."""

    id: int
    purpose: Purpose
    state: OutgoingState
    created_at: datetime
    sent_at: datetime | None
    failure: str | None
    decided_by: str | None
    reason: str | None = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with all that is on it, each in the order it came. `left_out`: messages between the first and the newest.

    `blocked`: the addresses of its mails and messages that are not written to, because mail to them came back; `blocked_by`
    names those mails, EDI-0042 or mail 12.
    """

    case_id: int
    kind: Kind
    state: CaseState
    sensitive: bool
    opened_at: datetime
    due: date | None
    assigned: str | None
    snoozed_until: date | None
    messages: tuple[KeptMessage, ...]
    mails: tuple[OurMail, ...]
    notes: tuple[Note, ...] = ()
    deeds: tuple[Deed, ...] = ()
    others: tuple[OpenedBy, ...] = ()  # who has it open besides who reads it
    left_out: int = 0
    blocked: tuple[str, ...] = field(default=(), repr=False)
    blocked_by: tuple[str, ...] = ()
    came_back: str = ""  # names what came back: who decides on that says that it was so when they opened it
    began_in: str | None = None  # the case in whose conversation this one began
    linked: tuple[str, ...] = ()  # the cases that began in its own
    absorbed: tuple[str, ...] = ()  # the cases that were merged into it
    opener: int | None = None  # the number of the message that opened it
    details: TrainingDetails | None = None  # a training request's
    is_unsettled: bool = False  # a mail of ours on it did not arrive, or may not have, and nobody has dealt with that

    @property
    def reference(self) -> str:
        """EDI-0042."""
        return reference(self.case_id)

    @property
    def needs(self) -> Role:
        """The role that reading it asks for."""
        return highest(needed_to_read(self.kind, self.sensitive), *(message.needs for message in self.messages))

    @property
    def newest(self) -> int:
        """The number of the newest message: who settles the case says that this is the last one they have seen."""
        return self.messages[-1].id if self.messages else 0

    @property
    def stands(self) -> str:
        """How it stands: who assigns, snoozes or reopens it says that it was so when they opened it."""
        return stands(self.state, self.assigned, self.snoozed_until)

    @property
    def is_held(self) -> bool:
        """Whether a message on it waits for a person's decision."""
        return any(message.state is MessageState.HELD for message in self.messages)

    @property
    def may_be_sent_again(self) -> bool:
        """Whether a mail of ours on it was refused or came back."""
        return any(mail.state in CAME_BACK for mail in self.mails)

    @property
    def drafts(self) -> tuple[int, ...]:
        """The numbers of our replies that wait for a person's approval."""
        return tuple(mail.id for mail in self.mails if mail.state is OutgoingState.DRAFT)


def case_file(db: Connection, case_id: int, by: str, now: datetime, role: Role = Role.READER) -> CaseFile:
    """One case, and the audit event that `by` has read it; of other cases only those are named that their `role` may read.

    Raises UserError where there is none.
    """
    row = db.execute(select(cases).where(cases.c.id == case_id)).one_or_none()
    if row is None:
        raise UserError(f"There is no case {reference(case_id)}.")
    shown, left_out = messages_of(db, case_id)
    ours = select(outgoings).where(outgoings.c.case_id == case_id).order_by(outgoings.c.id).limit(MOST_MESSAGES)
    mails = db.execute(ours).all()
    shut = blocked(db, addresses_of(db, case_id))
    came = came_into(db, case_id)
    known = readable_cases(db, came, role)
    absorbed = tuple(one for one in came if one in known)
    deeds = deeds_of(db, (case_id, *absorbed), role)
    record(db, now, by, reading(row.kind), case_id=case_id)
    began_in, linked = _linked(db, case_id, role)
    return CaseFile(
        case_id=row.id,
        kind=row.kind,
        state=row.state,
        sensitive=row.sensitive,
        opened_at=row.opened_at,
        due=row.due,
        assigned=row.assigned,
        snoozed_until=row.snoozed_until,
        messages=shown,
        mails=tuple(_our_mail(mail) for mail in mails),
        notes=notes_of(db, case_id),
        deeds=deeds,
        others=others(db, case_id, by, now),
        left_out=left_out,
        began_in=began_in,
        linked=linked,
        absorbed=tuple(map(reference, absorbed)),
        opener=find_opener(db, case_id),
        details=_details(db, case_id),
        blocked=tuple(sorted(shut)),
        came_back=came_back(db, case_id),
        is_unsettled=is_unsettled(db, case_id),
        blocked_by=tuple(name for name in dict.fromkeys(blocked_by(db, shut)) if may_be_told(db, name, role)),
    )


def _details(db: Connection, case_id: int) -> TrainingDetails | None:
    plain = db.execute(select(trainings.c.details).where(trainings.c.case_id == case_id)).scalar_one_or_none()
    return None if plain is None else details_from_json(plain)


def _linked(db: Connection, case_id: int, role: Role) -> tuple[str | None, tuple[str, ...]]:
    """The case that began the conversation, where this one did not; and the cases that began in this one's."""
    link = linked_cases.c
    began_in = db.execute(select(link.began_in).where(link.case_id == case_id)).scalar_one_or_none()
    began_here = select(link.case_id).where(link.began_in == case_id).order_by(link.case_id).limit(MOST_MESSAGES)
    linked = list(db.execute(began_here).scalars())
    known = readable_cases(db, {*linked, *([began_in] if began_in else [])}, role)
    return reference(began_in) if began_in in known else None, tuple(reference(one) for one in linked if one in known)


def senders_of(db: Connection, case_id: int) -> set[str]:
    """The addresses that the messages of a case came from."""
    of_case = messages.c.case_id == case_id, messages.c.sender.is_not(None)
    return set(db.execute(select(messages.c.sender).where(*of_case)).scalars())


def _our_mail(row: Any) -> OurMail:
    return OurMail(
        id=row.id,
        purpose=row.purpose,
        state=row.state,
        created_at=row.created_at,
        sent_at=row.sent_at,
        failure=row.failure,
        decided_by=row.decided_by,
        reason=row.reason,
        subject=row.subject,
        text=row.text,
    )
