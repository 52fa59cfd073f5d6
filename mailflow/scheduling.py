"""A session is agreed, changed or called off, and whoever is invited is told: in the open transaction, as a person decides it.

Never twice: one mail for each sequence of a case, and a person decides on what they have before them. A session that is fixed
makes its case wait for the day; one that is called off closes it, as nothing is left to be done.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from mailflow.deciding import House
from mailflow.domain import Email, Mode, OutgoingMail, OutgoingState, Thread, TrainingState, reference
from mailflow.domain.training import Invitation, Method, PlannedSession, Step
from mailflow.errors import ConflictError, PermanentError, UserError
from mailflow.reply.invitation import compose_invitation
from mailflow.store import queueing, training
from mailflow.store.kept import KeptMessage
from mailflow.store.trainingfiles import KeptSession, TrainingFile, latest_message

MOST_INVITED = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person wants of a session. Without `tells` nobody is written to."""

    session: PlannedSession
    invited: tuple[str, ...]
    tells: bool


def schedule(db: Connection, house: House, file: TrainingFile, wanted: Wanted, by: str, now: datetime) -> OutgoingMail | None:
    """Fixes a session or changes it, and gives the mail that invites or tells of the change.

    `file` is as `training.hold` gave it. Raises UserError as `invitation` does.
    """
    told = invitation(file, house, wanted, now)
    if told is None:
        training.fix(db, file, _silently(file, house, wanted), by, now)
        return None
    mail = _queue(db, house, file, told, now)
    # In rehearsal nobody is invited, and the next invitation is another.
    rehearsed = house.mode is Mode.REHEARSAL
    sequence, invited_at = (told.sequence + 1, None) if rehearsed else (told.sequence, now)
    training.fix(db, file, KeptSession(wanted.session, told.uid, sequence, invited_at, None), by, now)
    return mail


def call_off(db: Connection, house: House, file: TrainingFile, by: str, now: datetime) -> OutgoingMail | None:
    """Calls a session off, and gives the mail that takes it out of calendars, where somebody has it.

    `file` is as `training.hold` gave it. Raises UserError where nothing is left to be called off.
    """
    if not file.allows(Step.CALL_OFF, now):
        raise ConflictError(f"Nothing is left to be called off on {file.reference}.")
    told = cancellation(file)
    mail = _queue(db, house, file, told, now) if told else None
    training.call_off(db, file, told.sequence if told else 0, by, now)
    return mail


def preview(db: Connection, house: House, file: TrainingFile, wanted: Wanted, now: datetime) -> OutgoingMail | None:
    """The mail that `schedule` would send; nothing is done. Raises UserError as that does."""
    told = invitation(file, house, wanted, now)
    return compose(house, file, told, latest_message(db, file.case_id), now) if told else None


def invitation(file: TrainingFile, house: House, wanted: Wanted, now: datetime) -> Invitation | None:
    """What those who are invited would be told; None where nobody is to be. Whoever was invited before is told of a change.

    Raises UserError with a sentence for each thing that is wrong.
    """
    if file.state not in (TrainingState.NEW, TrainingState.DETAILS_NEEDED, TrainingState.SCHEDULED):
        raise ConflictError(f"{file.reference} is not looking for a date any more. Open the request again first.")
    invited = tuple(dict.fromkeys((*file.invited, *wanted.invited)))
    if problems := [*_wrong_times(wanted, now), *_wrong_guests(file, house, invited, wanted.tells)]:
        raise UserError(*problems)
    if not wanted.tells:
        return None
    uid, sequence = _numbers(file, house)
    agreed = file.agreed
    is_known = agreed is not None and agreed.planned == wanted.session and agreed.invited_at is not None
    is_update = bool(file.invited) and not is_known
    return Invitation(Method.REQUEST, wanted.session, uid, sequence, invited, file.details.department, is_update)


def cancellation(file: TrainingFile) -> Invitation | None:
    """What takes the session out of calendars; None where nobody was invited."""
    if file.agreed is None or not file.invited:
        return None
    agreed = file.agreed
    return Invitation(
        Method.CANCEL, agreed.planned, agreed.uid, agreed.sequence + 1, file.invited, file.details.department, is_update=True
    )


def compose(house: House, file: TrainingFile, told: Invitation, parent: KeptMessage | None, now: datetime) -> OutgoingMail:
    """The mail as it would leave now, in the conversation of `parent`. Raises UserError where somebody cannot be written to."""
    email = _read(house, parent)
    name = file.requester_name if file.requester in told.invited else None
    try:
        return compose_invitation(
            told,
            file.case_id,
            reference(file.case_id, file.token),
            name or "",
            house.templates,
            house.rules,
            house.ourselves,
            now,
            house.zone,
            parent=email.message_id if email else None,
            thread=email.thread if email else Thread(),
        )
    except PermanentError as error:
        raise UserError(f"{error} Take it off the list of those who are invited.") from None


def _read(house: House, message: KeptMessage | None) -> Email | None:
    try:
        return house.read(message.raw) if message else None
    except Exception:  # any bytes may have come: what cannot be read begins no conversation
        return None


def _queue(db: Connection, house: House, file: TrainingFile, told: Invitation, now: datetime) -> OutgoingMail:
    parent = latest_message(db, file.case_id)
    mail = compose(house, file, told, parent, now)
    state = OutgoingState.REHEARSED if house.mode is Mode.REHEARSAL else OutgoingState.QUEUED
    queueing.enqueue_all(db, [queueing.Queued(mail, state, file.case_id, parent.id if parent else None)], now)
    return mail


def _numbers(file: TrainingFile, house: House) -> tuple[str, int]:
    """The event's own name, and its sequence: another event after one that was called off, the next number after each change."""
    session = file.session
    if session is None or session.cancelled_at:
        name = f"{reference(file.case_id)}-{secrets.token_hex(8)}".lower()
        return f"{name}@{house.ourselves.address.rpartition('@')[2]}", session.sequence + 1 if session else 0
    return session.uid, session.sequence + (session.invited_at is not None)


def _silently(file: TrainingFile, house: House, wanted: Wanted) -> KeptSession:
    """The session as it is kept where nobody is told: those who were invited still have to hear of it."""
    if file.agreed and file.agreed.planned == wanted.session:
        return file.agreed
    return KeptSession(wanted.session, *_numbers(file, house), None, None)


def _wrong_times(wanted: Wanted, now: datetime) -> Sequence[str]:
    session, problems = wanted.session, []
    if session.ends <= session.starts:
        problems.append("The session ends before it begins: put right one of the two times.")
    if wanted.tells and session.ends <= now:
        problems.append("The session is past, and nobody can be invited to it: schedule it without sending.")
    return problems


def _wrong_guests(file: TrainingFile, house: House, invited: Sequence[str], tells: bool) -> Sequence[str]:
    known = {address for address in file.correspondents if address not in house.ourselves.addresses}
    strangers = [address for address in invited if address not in known and address not in file.invited]
    if strangers:
        return ["Somebody on the list has not written on this case: invite only those who have."]
    if tells and not invited:
        return ["Nobody is invited: tick an address, or schedule without sending."]
    if len(invited) > MOST_INVITED:
        return [f"More than {MOST_INVITED} people are invited: ask them to pass it on."]
    return []
