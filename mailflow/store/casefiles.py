"""A case as a person reads it: its messages with their bytes and verdicts, and our mails. Reading leaves an audit event."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select, update

from mailflow.domain import (
    CORRECTED,
    AutomaticSort,
    CaseState,
    Kind,
    MessageState,
    OutgoingState,
    Purpose,
    Reason,
    Role,
    highest,
    needed_to_read,
    reference,
)
from mailflow.domain.plain import reason_from_json
from mailflow.errors import UserError
from mailflow.store.bounces import IN_DOUBT, UNDELIVERED, blocked, blocked_by
from mailflow.store.filing import record
from mailflow.store.tables import cases, linked_cases, messages, outgoings, raws

MOST_MESSAGES = 20  # on one page: the first and the newest; a thread that ran wild must not fill the memory


@dataclass(frozen=True, slots=True)
class KeptMessage:
    """A message and what was decided about it. The caller reads `raw`."""

    id: int
    arrived: datetime
    state: MessageState
    kind: Kind | None
    confidence: float | None
    sensitive: bool
    automatic: AutomaticSort | None
    reasons: tuple[Reason, ...]
    hold: Reason | None
    silence: Reason | None
    failure: str | None
    case_id: int | None
    whole: bool  # False: it was too big, and `raw` is its header alone
    needs: Role  # of whoever reads it: by what it is, and by what its case is
    raw: bytes = field(repr=False)

    @property
    def by_person(self) -> bool:
        """Whether a person has said what it is."""
        return bool(self.reasons) and self.reasons[0].name == CORRECTED


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
    """A case with its messages and mails in the order they came. `left_out`: messages between the first and the newest.

    `blocked`: the addresses of its mails and messages that are not written to, because mail to them came back; `blocked_by`
    names those mails, EDI-0042 or mail 12.
    """

    case_id: int
    kind: Kind
    state: CaseState
    sensitive: bool
    opened_at: datetime
    due: date | None
    messages: tuple[KeptMessage, ...]
    mails: tuple[OurMail, ...]
    left_out: int
    blocked: tuple[str, ...] = field(default=(), repr=False)
    blocked_by: tuple[str, ...] = ()
    began_in: str | None = None  # the case in whose conversation this one began
    linked: tuple[str, ...] = ()  # the cases that began in its own
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
    def is_held(self) -> bool:
        """Whether a message on it waits for a person's decision."""
        return any(message.state is MessageState.HELD for message in self.messages)

    @property
    def drafts(self) -> tuple[int, ...]:
        """The numbers of our replies that wait for a person's approval."""
        return tuple(mail.id for mail in self.mails if mail.state is OutgoingState.DRAFT)


def case_file(db: Connection, case_id: int, by: str, now: datetime) -> CaseFile:
    """One case, and the audit event that `by` has read it. Raises UserError where there is none."""
    row = db.execute(select(cases).where(cases.c.id == case_id)).one_or_none()
    if row is None:
        raise UserError(f"There is no case {reference(case_id)}.")
    shown, left_out = messages_of(db, case_id)
    ours = select(outgoings).where(outgoings.c.case_id == case_id).order_by(outgoings.c.id).limit(MOST_MESSAGES)
    mails = db.execute(ours).all()
    shut = blocked(db, senders_of(db, case_id).union(*(mail.recipients for mail in mails)))
    record(db, now, by, _read(row.kind), case_id=case_id)
    began_in, linked = _linked(db, case_id)
    return CaseFile(
        case_id=row.id,
        kind=row.kind,
        state=row.state,
        sensitive=row.sensitive,
        opened_at=row.opened_at,
        due=row.due,
        messages=shown,
        mails=tuple(_our_mail(mail) for mail in mails),
        left_out=left_out,
        began_in=began_in,
        linked=linked,
        blocked=tuple(sorted(shut)),
        is_unsettled=_is_unsettled(db, case_id),
        blocked_by=tuple(dict.fromkeys(blocked_by(db, shut))),
    )


def message_file(db: Connection, message: int, by: str, now: datetime) -> KeptMessage:
    """One message, and the audit event that `by` has read it. Raises UserError where there is none."""
    kept = kept_message(db, message)
    record(db, now, by, _read(kept.kind), case_id=kept.case_id, message=message)
    return kept


def kept_message(db: Connection, message: int) -> KeptMessage:
    """One message, for mailflow itself to read. Raises UserError where there is none."""
    row = db.execute(_KEPT.where(messages.c.id == message)).one_or_none()
    if row is None:
        raise UserError(f"There is no message {message}.")
    return _kept(row)


def messages_of(db: Connection, case_id: int) -> tuple[tuple[KeptMessage, ...], int]:
    """The messages of a case, oldest first, and how many were left out between the first and the newest."""
    ids = list(db.execute(select(messages.c.id).where(messages.c.case_id == case_id).order_by(messages.c.id)).scalars())
    wanted = ids if len(ids) <= MOST_MESSAGES else [ids[0], *ids[1 - MOST_MESSAGES :]]
    rows = db.execute(_KEPT.where(messages.c.id.in_(wanted)).order_by(messages.c.id))
    return tuple(_kept(row) for row in rows), len(ids) - len(wanted)


def _linked(db: Connection, case_id: int) -> tuple[str | None, tuple[str, ...]]:
    """The case that began the conversation, where this one did not; and the cases that began in this one's."""
    link = linked_cases.c
    began_in = db.execute(select(link.began_in).where(link.case_id == case_id)).scalar_one_or_none()
    linked = select(link.case_id).where(link.began_in == case_id).order_by(link.case_id).limit(MOST_MESSAGES)
    return reference(began_in) if began_in else None, tuple(map(reference, db.execute(linked).scalars()))


def _is_unsettled(db: Connection, case_id: int) -> bool:
    found = select(outgoings.c.id).where(outgoings.c.case_id == case_id, or_(UNDELIVERED, IN_DOUBT))
    return db.execute(found.limit(1)).one_or_none() is not None


def senders_of(db: Connection, case_id: int) -> set[str]:
    """The addresses that the messages of a case came from."""
    of_case = messages.c.case_id == case_id, messages.c.sender.is_not(None)
    return set(db.execute(select(messages.c.sender).where(*of_case)).scalars())


def newest_message(db: Connection, case_id: int | None) -> int:
    """The number of the newest message on a case; 0 where there is none."""
    return db.execute(select(func.max(messages.c.id)).where(messages.c.case_id == case_id)).scalar_one() or 0


def deal_with(db: Connection, case_id: int, by: str, seen: int, now: datetime) -> None:
    """A person has dealt with a case: it is closed, and what was held on it no longer waits.

    `seen` is the newest message they have read. Raises UserError where another one has come since, or there is no such case.
    """
    case = select(cases.c.state).where(cases.c.id == case_id).with_for_update()
    state = db.execute(case).scalar_one_or_none()
    if state is None:
        raise UserError(f"There is no case {reference(case_id)}.")
    if newest_message(db, case_id) > seen:
        raise UserError(f"A new message has come on {reference(case_id)} since you opened it: read it first.")
    held = messages.c.case_id == case_id, messages.c.state == MessageState.HELD
    settled = db.execute(update(messages).where(*held).values(state=MessageState.FILED)).rowcount
    closes = state is not CaseState.CLOSED or _is_unsettled(db, case_id)
    if closes:
        db.execute(update(cases).where(cases.c.id == case_id).values(state=CaseState.CLOSED, closed_at=now))
    if settled or closes:
        record(db, now, by, "dealt with", case_id=case_id)


def _read(kind: Kind | None) -> str:
    return "read story" if kind is Kind.STORY else "read"


_KEPT = (
    select(*messages.c, raws.c.content, cases.c.kind.label("case_kind"), cases.c.sensitive.label("case_sensitive"))
    .join_from(messages, raws, raws.c.message_id == messages.c.id)
    .join(cases, cases.c.id == messages.c.case_id, isouter=True)
)


def _needed(row: Any) -> Role:
    """What could not be read may be anything."""
    unread = Role.ADVISER if row.kind is None else Role.READER
    return highest(unread, needed_to_read(row.kind, row.sensitive), needed_to_read(row.case_kind, bool(row.case_sensitive)))


def _kept(row: Any) -> KeptMessage:
    return KeptMessage(
        id=row.id,
        arrived=row.arrived,
        state=row.state,
        kind=row.kind,
        confidence=row.confidence,
        sensitive=row.sensitive,
        automatic=row.automatic,
        reasons=tuple(reason_from_json(reason) for reason in row.reasons or ()),
        hold=reason_from_json(row.hold) if row.hold else None,
        silence=reason_from_json(row.silence) if row.silence else None,
        failure=row.failure,
        case_id=row.case_id,
        whole=row.whole,
        needs=_needed(row),
        raw=row.content,
    )


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
