"""What came before: the cases that messages belong to by their threads, and how much was sent to whom lately."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, func, or_, select

from mailflow.domain import DeliveryReport, Email, History, KnownCase, MessageState, OutgoingState, Plan, Purpose, reference
from mailflow.store.corresponding import NOT_SENT
from mailflow.store.joining import Joined, join, named, parents
from mailflow.store.merging import merged_into
from mailflow.store.queueing import FREED
from mailflow.store.tables import bounced, cases, linked_cases, messages, outgoings, trainings


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
    numbered: dict[int, KnownCase]  # by the number that a reference gives
    merged: dict[int, KnownCase]  # the cases that others went into, by the numbers of those
    subjects: dict[str, str] = field(repr=False)  # of mails and messages, by their Message-ID; of cases, by their reference
    ids: Counter[str]  # how many messages bear a Message-ID
    replies: Counter[str]  # automatic replies of the last 24 hours, by mailbox
    ours: dict[str, _Ours]  # our mails, by their Message-ID
    bounced: frozenset[str]  # addresses of senders that mail to came back from

    def of(self, email: Email) -> History:
        """What the gate must know about one of the messages. A report belongs to the case of the mail that it is about."""
        about = self._reported(email.report) if email.report else None
        joined = Joined(about.case) if about else join(email, self.cases, self.numbered, self.merged)
        return History(
            case=joined.case,
            another=joined.another,
            subjects=self._subjects(email, joined.case) if joined.case else (),
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

    def _subjects(self, email: Email, case: KnownCase) -> tuple[str, ...]:
        earlier = (case.reference, *parents(email))
        return tuple(dict.fromkeys(self.subjects[name] for name in earlier if name in self.subjects))

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
    answered = {parent for email in emails.values() for parent in parents(email)}
    waiting = select(messages.c.message_id, messages.c.id).where(messages.c.message_id.in_(answered))
    return {row[0]: row[1] for row in db.execute(waiting.where(messages.c.state == MessageState.RECEIVED))}


def recall(db: Connection, emails: Sequence[Email], now: datetime) -> Past:
    """The past of a batch, in nine queries whatever its size, and three more where it names what was merged."""
    answered = list({parent for email in emails for parent in parents(email)})
    earlier = [
        (row.message_id, row.case_id, row.subject)
        for table in (messages, outgoings)
        for row in db.execute(
            select(table.c.message_id, table.c.case_id, table.c.subject).where(
                table.c.message_id.in_(answered), table.c.case_id.is_not(None)
            )
        )
    ]
    numbers = {number for email in emails for number in named(email)}
    own_ids = [email.message_id for email in emails if email.message_id]
    reported = [message_id for email in emails if email.report for message_id in email.report.message_ids]
    mail = outgoings.c.message_id, outgoings.c.id, outgoings.c.case_id, outgoings.c.recipients, outgoings.c.text
    ours = db.execute(select(*mail).where(outgoings.c.message_id.in_({*own_ids, *reported}))).all()
    wanted = {*(case_id for _, case_id, _ in earlier), *numbers, *(row.case_id for row in ours if row.case_id)}
    known, subjects = _known_cases(db, wanted)
    into = merged_into(db, known)
    led_to, their_subjects = _known_cases(db, {*into.values()} - known.keys())
    known |= led_to
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
        cases={message_id: known[case_id] for message_id, case_id, _ in earlier},
        numbered={number: known[number] for number in numbers if number in known},
        merged={number: known[case_id] for number, case_id in into.items()},
        subjects={message_id: subject for message_id, _, subject in earlier} | subjects | their_subjects,
        ids=Counter({row[0]: row[1] for row in seen}),
        replies=Counter({row[0]: row[1] for row in replies}),
        ours={row[0]: _Ours(row.id, known.get(row.case_id), frozenset(map(str.lower, row.recipients)), row.text) for row in ours},
        bounced=_bounced(db, {email.sender.address for email in emails if email.sender}),
    )


def _bounced(db: Connection, senders: set[str]) -> frozenset[str]:
    return frozenset(db.execute(select(bounced.c.address).where(bounced.c.address.in_(senders))).scalars())


def known_case(db: Connection, case_id: int) -> KnownCase:
    """One case, as a message that belongs to it knows it."""
    return _known_cases(db, {case_id})[0][case_id]


def _known_cases(db: Connection, ids: set[int]) -> tuple[dict[int, KnownCase], dict[str, str]]:
    """The cases that there are, and their subjects by their references."""
    if not ids:
        return {}, {}
    first = func.coalesce(linked_cases.c.began_in, cases.c.id).label("first")
    of = cases.c
    rows = db.execute(
        select(of.id, of.kind, of.token, of.requester, of.subject, linked_cases.c.began_in, trainings.c.details, first)
        .join_from(cases, linked_cases, linked_cases.c.case_id == of.id, isouter=True)
        .join(trainings, trainings.c.case_id == of.id, isouter=True)
        .where(of.id.in_(ids))
    ).all()
    acknowledged = _acknowledged(db, {row.first for row in rows})
    known = {
        row.id: KnownCase(
            row.id,
            reference(row.id),
            row.kind,
            row.first in acknowledged,
            token=row.token,
            requester=row.requester,
            department=(row.details or {}).get("department"),
            began_in=row.began_in,
        )
        for row in rows
    }
    return known, {reference(row.id): row.subject for row in rows}


def _acknowledged(db: Connection, conversations: set[int]) -> frozenset[int]:
    """Of these conversations, by their first case, those in which a first reply or a person's answer was given on any case."""
    first = func.coalesce(linked_cases.c.began_in, outgoings.c.case_id)
    on_linked = select(linked_cases.c.case_id).where(linked_cases.c.began_in.in_(conversations))
    # One that a person took back counts too: they decided that this conversation gets none. What was only corrected does not.
    replied = and_(outgoings.c.purpose == Purpose.ACKNOWLEDGEMENT, outgoings.c.once.not_like(f"{FREED}%"))
    answered = and_(outgoings.c.purpose == Purpose.ANSWER, outgoings.c.state.not_in(NOT_SENT))
    rows = db.execute(
        select(first)
        .join_from(outgoings, linked_cases, linked_cases.c.case_id == outgoings.c.case_id, isouter=True)
        .where(
            or_(replied, answered),
            or_(outgoings.c.case_id.in_(conversations), outgoings.c.case_id.in_(on_linked)),
        )
    )
    return frozenset(rows.scalars())
