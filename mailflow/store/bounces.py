"""What came back: the mail that a delivery report is about, its case, and the address that is not written to any more."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, true, update

from mailflow.domain import Address, CaseState, Delivery, DeliveryReport, OutgoingState, Purpose, Undelivered, reference
from mailflow.domain.status_codes import meaning_of
from mailflow.store.filing import record
from mailflow.store.tables import attempts, bounced, cases, digests, outgoings

# What requesters get. What the team gets goes on being sent: one bounce must not silence the alerts.
_TO_REQUESTERS = (Purpose.ACKNOWLEDGEMENT, Purpose.ANSWER, Purpose.ASKING)
_WAITING = (OutgoingState.QUEUED, OutgoingState.DEFERRED)
# Where a mail stands that the server must have taken, if it came back: a bounce may be faster than our own commit.
_MAY_COME_BACK = or_(
    outgoings.c.state.in_((OutgoingState.SENT, OutgoingState.IN_DOUBT, OutgoingState.BOUNCED)),
    and_(outgoings.c.state == OutgoingState.SENDING, outgoings.c.begun_at.is_not(None)),
)
_ended = select(func.max(attempts.c.at)).where(attempts.c.outgoing_id == outgoings.c.id).scalar_subquery()
_ended_at = func.coalesce(_ended, outgoings.c.created_at)
_case = cases.alias()
_closed = select(_case.c.id).where(_case.c.id == outgoings.c.case_id, _case.c.state == CaseState.CLOSED)
# What was refused for good, came back or is in doubt is listed until a person has closed its case since. What has no case
# (digests, alerts, mails on trouble) is listed until two digests have told it: the first may have been made while it was being
# written down.
NOT_DEALT_WITH = and_(
    ~_closed.where(func.coalesce(_case.c.closed_at >= _ended_at, true())).exists(),
    or_(outgoings.c.case_id.is_not(None), ~select(digests.c.day).where(digests.c.since >= _ended_at).exists()),
)
UNDELIVERED = and_(outgoings.c.state.in_((OutgoingState.FAILED, OutgoingState.BOUNCED)), NOT_DEALT_WITH)
IN_DOUBT = and_(outgoings.c.state == OutgoingState.IN_DOUBT, NOT_DEALT_WITH)
_MAIL = outgoings.c.case_id, outgoings.c.purpose, outgoings.c.state, outgoings.c.recipients, outgoings.c.remaining


def take_back(db: Connection, message: int, about: int, report: DeliveryReport, now: datetime) -> None:
    """Writes down what `message`, a bounce that is filed, reports of our mail `about` to those it was for.

    What failed makes the mail `bounced` and its case ours again, and its address is not written to until a person says so.
    Where they have said so, and the mail waits to be sent again, a late report of the sending before is only noted.
    """
    mail = db.execute(select(*_MAIL).where(outgoings.c.id == about).with_for_update()).one()
    by_address = {recipient.lower(): recipient for recipient in mail.recipients}
    told = [found for found in report.recipients if found.address in by_address]
    failed = {found.address: found for found in told if found.delivery is Delivery.FAILED}
    missing = {by_address[address] for address in failed}
    missing.update(mail.remaining or () if mail.state is OutgoingState.BOUNCED else ())
    if not failed or not _note(db, about, sorted(missing), _why(next(iter(failed.values()))), now):
        what = f"mail {about}: {told[0].delivery.value}" if told else f"mail {about}"
        record(db, now, "mailflow", "delivery report", case_id=mail.case_id, message=message, detail=what)
        return
    record(db, now, "mailflow", "mail bounced", case_id=mail.case_id, message=message, detail=f"mail {about}")
    if mail.purpose in _TO_REQUESTERS:
        # What they asked is not answered, whatever was thought when the reply had left.
        ours = {"state": CaseState.OPEN, "closed_at": None, "snoozed_until": None}
        db.execute(update(cases).where(cases.c.id == mail.case_id).values(ours))
        for found in failed.values():
            _block(db, found, about, now)


def unblock(
    db: Connection, addresses: Collection[str], who: str, now: datetime, *, case_id: int | None = None, detail: str | None = None
) -> None:
    """A person says that mail may be sent to these addresses again."""
    there = bounced.c.address.in_([address.lower() for address in addresses])
    if db.execute(delete(bounced).where(there)).rowcount:
        record(db, now, who, "address may be written to again", case_id=case_id, detail=detail)


def blocked(db: Connection, addresses: Collection[str]) -> frozenset[str]:
    """Those of the addresses, in lower case, that are not written to."""
    wanted = {address.lower() for address in addresses}
    return frozenset(db.execute(select(bounced.c.address).where(bounced.c.address.in_(wanted))).scalars())


def blocked_by(db: Connection, addresses: Collection[str] | None = None) -> tuple[str, ...]:
    """The addresses, of these, that are not written to, each named by the mail that came back: EDI-0042, or mail 12."""
    mails = select(outgoings.c.id, outgoings.c.case_id).join(bounced, bounced.c.outgoing_id == outgoings.c.id)
    if addresses is not None:
        mails = mails.where(bounced.c.address.in_([address.lower() for address in addresses]))
    return tuple(
        f"mail {mail.id}" if mail.case_id is None else reference(mail.case_id)
        for mail in db.execute(mails.order_by(outgoings.c.id))
    )


def _note(db: Connection, about: int, missing: list[str], why: str, now: datetime) -> bool:
    """False, and nothing changed, where the mail cannot have come back."""
    values = {
        "state": OutgoingState.BOUNCED,
        "failure": why,
        "remaining": missing,
        "sent_at": func.coalesce(outgoings.c.sent_at, outgoings.c.begun_at),
        "claimed_by": None,
        "claimed_until": None,
    }
    if not db.execute(update(outgoings).where(outgoings.c.id == about, _MAY_COME_BACK).values(values)).rowcount:
        return False
    db.execute(insert(attempts).values(outgoing_id=about, at=now, outcome=OutgoingState.BOUNCED, detail=why))
    return True


def _block(db: Connection, found: Undelivered, about: int, now: datetime) -> None:
    """Writes no more to the address, not even what waits to be sent."""
    if not blocked(db, [found.address]):
        db.execute(insert(bounced).values(address=found.address, since=now, outgoing_id=about, status=found.status))
    theirs = outgoings.c.recipient == Address("", found.address).mailbox, outgoings.c.purpose.in_(_TO_REQUESTERS)
    waiting = select(outgoings.c.id, outgoings.c.case_id, outgoings.c.recipients).where(outgoings.c.state.in_(_WAITING), *theirs)
    why = "Another mail to its address came back."
    for mail in db.execute(waiting.with_for_update()).all():
        if found.address in map(str.lower, mail.recipients):
            failed = {"state": OutgoingState.FAILED, "failure": why, "next_attempt_at": None}
            db.execute(update(outgoings).where(outgoings.c.id == mail.id).values(failed))
            db.execute(insert(attempts).values(outgoing_id=mail.id, at=now, outcome=OutgoingState.FAILED, detail=why))
            record(db, now, "mailflow", "mail failed", case_id=mail.case_id, detail=f"mail {mail.id}")


def _why(found: Undelivered) -> str:
    if not found.status:
        return "It came back."
    meaning = meaning_of(found.status)
    return f"It came back: {meaning} ({found.status})." if meaning else f"It came back: {found.status}."
