"""A training request and its session: what is understood, what a person has put right, what was agreed and who was invited."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from mailflow.domain import (
    AutomaticSort,
    CaseState,
    Kind,
    MessageState,
    OutgoingState,
    Purpose,
    Role,
    TrainingDetails,
    TrainingState,
    reference,
)
from mailflow.domain.training import (
    Method,
    PlannedSession,
    Step,
    Understood,
    method_of,
    understood_from_json,
    understood_to_json,
)
from mailflow.errors import UserError
from mailflow.store.bounces import blocked
from mailflow.store.filing import record
from mailflow.store.kept import MOST_MESSAGES, KeptMessage, kept_message, needed, newest_message, reading
from mailflow.store.tables import cases, messages, outgoings, raws, training_sessions, trainings

_UNSENT = (OutgoingState.CANCELLED, OutgoingState.REHEARSED)
LOOKED_FOR = (TrainingState.NEW, TrainingState.DETAILS_NEEDED)
# Where a request stands when this may be done with it.
STEPS: Mapping[Step, tuple[TrainingState, ...]] = {
    Step.CALL_OFF: (*LOOKED_FOR, TrainingState.SCHEDULED),
    Step.DELIVER: (TrainingState.SCHEDULED,),
    Step.UNDO: (TrainingState.DELIVERED,),
    Step.REOPEN: (TrainingState.SCHEDULED, TrainingState.CANCELLED),
}


@dataclass(frozen=True, slots=True)
class KeptSession:
    """What was agreed, as it is kept. `sequence` counts the changes since the first invitation (RFC 5545, 3.8.7.4)."""

    planned: PlannedSession
    uid: str
    sequence: int
    invited_at: datetime | None  # of this sequence
    cancelled_at: datetime | None


@dataclass(frozen=True, slots=True)
class InvitationMail:
    """A mail of ours that invited, told of a change, or called off."""

    id: int
    method: Method
    state: OutgoingState
    created_at: datetime
    sent_at: datetime | None
    recipients: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class TrainingFile:
    """A training request before a person. `correspondents`: who has written on its case, the requester first."""

    case_id: int
    token: str | None = field(repr=False)
    kind: Kind
    case_state: CaseState
    sensitive: bool
    opened_at: datetime
    requester: str | None = field(repr=False)
    requester_name: str | None = field(repr=False)
    state: TrainingState
    understood: Understood = field(repr=False)
    session: KeptSession | None
    mails: tuple[InvitationMail, ...]
    correspondents: tuple[str, ...] = field(repr=False)
    blocked: frozenset[str] = field(repr=False)  # of them, those that mail came back from
    needs: Role
    newest: int  # message on its case

    @property
    def reference(self) -> str:
        """EDI-0042."""
        return reference(self.case_id)

    @property
    def details(self) -> TrainingDetails:
        """As they are understood."""
        return self.understood.details

    @property
    def agreed(self) -> KeptSession | None:
        """The session that takes place, or took place."""
        return self.session if self.session and not self.session.cancelled_at else None

    @property
    def invited(self) -> tuple[str, ...]:
        """Who has the session in their calendar by a mail of ours."""
        sent = [mail for mail in self.mails if mail.state not in _UNSENT]
        return () if not sent or sent[-1].method is Method.CANCEL else sent[-1].recipients

    def allows(self, step: Step, now: datetime) -> bool:
        """Whether a person may do this with it now."""
        if self.state not in STEPS[step]:
            return False
        if step is Step.DELIVER:
            return self.agreed is not None and self.agreed.planned.starts <= now
        # Out of people's calendars it must be taken first.
        return step is not Step.REOPEN or not self.invited

    @property
    def seen(self) -> str:
        """What a person has before them, as a form carries it."""
        session = self.session and (
            self.session.uid,
            self.session.sequence,
            str(self.session.planned),
            str(self.session.invited_at),
        )
        before = json.dumps([self.newest, self.state, session, understood_to_json(self.understood)], sort_keys=True)
        return hashlib.sha256(before.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def training_file(db: Connection, case_id: int, by: str, now: datetime) -> TrainingFile:
    """A training request, and the audit event that `by` has read it. Raises UserError where there is none."""
    file = find(db, case_id)
    record(db, now, by, reading(file.kind), case_id=case_id)
    return file


def find(db: Connection, case_id: int) -> TrainingFile:
    """A training request, for mailflow itself. Raises UserError where there is none."""
    of_case = cases.c.token, cases.c.kind, cases.c.state.label("case_state"), cases.c.sensitive, cases.c.opened_at
    whose = cases.c.requester, cases.c.requester_name
    query = select(trainings.c.state, trainings.c.details, *of_case, *whose).join_from(trainings, cases)
    row = db.execute(query.where(trainings.c.case_id == case_id)).one_or_none()
    if row is None:
        raise UserError(f"{reference(case_id)} is no training request, or there is no such case.")
    correspondents = _correspondents(db, case_id, row.requester)
    return TrainingFile(
        case_id=case_id,
        token=row.token,
        kind=row.kind,
        case_state=row.case_state,
        sensitive=row.sensitive,
        opened_at=row.opened_at,
        requester=row.requester,
        requester_name=row.requester_name,
        state=row.state,
        understood=understood_from_json(row.details),
        session=_session(db, case_id),
        mails=_mails(db, case_id),
        correspondents=correspondents,
        blocked=frozenset(blocked(db, correspondents)),
        needs=needed(db, case_id),
        newest=newest_message(db, case_id),
    )


def latest_message(db: Connection, case_id: int) -> KeptMessage | None:
    """The newest message of a case that a person wrote: what is told goes on from there."""
    found = select(messages.c.id).where(*_by_people(case_id)).order_by(messages.c.id.desc()).limit(1)
    number = db.execute(found).scalar_one_or_none()
    return None if number is None else kept_message(db, number)


def calendar_mail(db: Connection, case_id: int) -> list[tuple[datetime, bytes]]:
    """What calendars have sent on a case: when it came, and its bytes, the newest first."""
    of_calendars = messages.c.case_id == case_id, messages.c.automatic == AutomaticSort.CALENDAR
    query = select(messages.c.arrived, raws.c.content).join(raws, raws.c.message_id == messages.c.id).where(*of_calendars)
    return [(row.arrived, row.content) for row in db.execute(query.order_by(messages.c.id.desc()).limit(MOST_MESSAGES))]


def _session(db: Connection, case_id: int) -> KeptSession | None:
    row = db.execute(select(training_sessions).where(training_sessions.c.case_id == case_id)).one_or_none()
    return None if row is None else _kept(row)


def _kept(row: Any) -> KeptSession:
    planned = PlannedSession(row.starts, row.ends, row.place, row.facilitator)
    return KeptSession(planned, row.uid, row.sequence, row.invited_at, row.cancelled_at)


def _mails(db: Connection, case_id: int) -> tuple[InvitationMail, ...]:
    mail = outgoings.c
    query = select(mail.id, mail.once, mail.state, mail.created_at, mail.sent_at, mail.recipients)
    rows = db.execute(query.where(mail.case_id == case_id, mail.purpose == Purpose.INVITATION).order_by(mail.id))
    return tuple(InvitationMail(row.id, method_of(row.once), *row[2:5], tuple(row.recipients)) for row in rows)


def _correspondents(db: Connection, case_id: int, requester: str | None) -> tuple[str, ...]:
    """The requester, and every person who has written on the case: machines are not invited."""
    query = select(messages.c.sender).where(*_by_people(case_id), messages.c.sender.is_not(None)).order_by(messages.c.id)
    senders = db.execute(query).scalars()
    return tuple(dict.fromkeys(address for address in (requester, *senders) if address))


def _by_people(case_id: int) -> tuple[ColumnElement[bool], ...]:
    return messages.c.case_id == case_id, messages.c.automatic.is_(None), messages.c.state != MessageState.FAILED
