"""What came before: the cases that messages belong to by their threads, and how much was sent to whom lately."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, func, select

from mailflow.domain import DeliveryReport, Email, History, KnownCase, MessageState, OutgoingState, Plan, Purpose, reference
from mailflow.store.tables import bounced, cases, messages, outgoings

_PARENTS = 100  # a database takes some thousand values in one query, and a batch has fifty messages
_REFERENCE = re.compile(r"\bEDI-(\d{4,9})\b")


@dataclass(frozen=True, slots=True)
class _Ours:
    """A mail of ours: its number, its case, who it was for (lower-case), and its words."""

    id: int
    case: KnownCase | None
    recipients: frozenset[str] = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Past:
    """What the database knows of the past of a batch of messages."""

    cases: dict[str, KnownCase]  # by the Message-ID of any mail on them
    own: dict[tuple[int, str], KnownCase]  # by number and requester
    ids: Counter[str]  # how many messages bear a Message-ID
    replies: Counter[str]  # automatic replies of the last 24 hours, by mailbox
    ours: dict[str, _Ours]  # our mails, by their Message-ID
    bounced: frozenset[str]  # addresses of senders that mail to came back from

    def of(self, email: Email) -> History:
        """What the gate must know about one of the messages.

        The nearest known parent decides the case; where none is known, a reference in the subject of the case's own requester.
        """
        about = self._reported(email.report) if email.report else None
        return History(
            case=about.case if about else self._conversation(email),
            same_message_id=bool(email.message_id) and self.ids[email.message_id or ""] > 1,
            replies_to_sender=self.replies[email.sender.mailbox] if email.sender else 0,
            bounced=email.sender is not None and email.sender.address in self.bounced,
            our_copy=self._is_copy(email),
            about=about.id if about else None,
        )

    def _is_copy(self, email: Email) -> bool:
        """Whether it says what we wrote: whoever has a mail of ours can write another under its Message-ID."""
        ours = self.ours.get(email.message_id or "")
        return ours is not None and ours.text.split() == email.text.split()

    def _conversation(self, email: Email) -> KnownCase | None:
        known = [self.cases.get(parent) for parent in _parents(email)]
        if email.sender:
            known += [self.own.get((number, email.sender.address)) for number in _referenced(email)]
        return next((case for case in known if case), None)

    def _reported(self, report: DeliveryReport) -> _Ours | None:
        """The mail of ours that a report is about. Anybody can write one: it counts where we sent that mail to that address."""
        named = [self.ours[message_id] for message_id in report.message_ids if message_id in self.ours]
        addresses = {found.address for found in report.recipients}
        return next((mail for mail in named if mail.recipients & addresses), None)

    def note(self, plan: Plan | None) -> None:
        """A message of the batch was filed: its reply counts for the next message from the same sender."""
        if plan and plan.template and plan.email.sender:
            self.replies[plan.email.sender.mailbox] += 1


def undecided(db: Connection, emails: Mapping[int, Email]) -> dict[str, int]:
    """Of the messages that these answer: those that are not decided yet, by Message-ID, each with its number."""
    parents = {parent for email in emails.values() for parent in _parents(email)}
    waiting = select(messages.c.message_id, messages.c.id).where(messages.c.message_id.in_(parents))
    return {row[0]: row[1] for row in db.execute(waiting.where(messages.c.state == MessageState.RECEIVED))}


def recall(db: Connection, emails: Sequence[Email], now: datetime) -> Past:
    """The past of a batch, in eight queries whatever its size."""
    parents = list({parent for email in emails for parent in _parents(email)})
    named = [
        (row.message_id, row.case_id)
        for table in (messages, outgoings)
        for row in db.execute(
            select(table.c.message_id, table.c.case_id).where(table.c.message_id.in_(parents), table.c.case_id.is_not(None))
        )
    ]
    referenced = {number for email in emails for number in _referenced(email)}
    asked = select(cases.c.id, cases.c.requester).where(cases.c.id.in_(referenced))
    requesters = {row.id: row.requester for row in db.execute(asked)}
    own_ids = [email.message_id for email in emails if email.message_id]
    reported = [message_id for email in emails if email.report for message_id in email.report.message_ids]
    mail = outgoings.c.message_id, outgoings.c.id, outgoings.c.case_id, outgoings.c.recipients, outgoings.c.text
    ours = db.execute(select(*mail).where(outgoings.c.message_id.in_({*own_ids, *reported}))).all()
    known = _known_cases(db, {*(case_id for _, case_id in named), *requesters, *(row.case_id for row in ours if row.case_id)})
    seen = db.execute(
        select(messages.c.message_id, func.count()).where(messages.c.message_id.in_(own_ids)).group_by(messages.c.message_id)
    )
    senders = list({email.sender.mailbox for email in emails if email.sender})
    replies = db.execute(
        select(outgoings.c.recipient, func.count())
        .where(
            outgoings.c.recipient.in_(senders),
            outgoings.c.purpose == Purpose.ACKNOWLEDGEMENT,
            outgoings.c.state != OutgoingState.CANCELLED,
            outgoings.c.created_at > now - timedelta(hours=24),
        )
        .group_by(outgoings.c.recipient)
    )
    return Past(
        cases={message_id: known[case_id] for message_id, case_id in named},
        own={(number, requester): known[number] for number, requester in requesters.items() if requester},
        ids=Counter({row[0]: row[1] for row in seen}),
        replies=Counter({row[0]: row[1] for row in replies}),
        ours={row[0]: _Ours(row.id, known.get(row.case_id), frozenset(map(str.lower, row.recipients)), row.text) for row in ours},
        bounced=_bounced(db, {email.sender.address for email in emails if email.sender}),
    )


def _bounced(db: Connection, senders: set[str]) -> frozenset[str]:
    return frozenset(db.execute(select(bounced.c.address).where(bounced.c.address.in_(senders))).scalars())


def _parents(email: Email) -> tuple[str, ...]:
    return email.thread.parents[:_PARENTS]


def _referenced(email: Email) -> list[int]:
    return [int(number) for number in _REFERENCE.findall(email.subject)]


def _known_cases(db: Connection, ids: set[int]) -> dict[int, KnownCase]:
    if not ids:
        return {}
    # One that a person took back counts too: they decided that this case gets none.
    acknowledged = and_(outgoings.c.case_id == cases.c.id, outgoings.c.purpose == Purpose.ACKNOWLEDGEMENT)
    rows = db.execute(
        select(cases.c.id, cases.c.kind, select(outgoings.c.id).where(acknowledged).exists().label("acknowledged")).where(
            cases.c.id.in_(ids)
        )
    )
    return {row.id: KnownCase(row.id, reference(row.id), row.kind, row.acknowledged) for row in rows}
