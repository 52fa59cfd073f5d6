"""A person answers on a case, or changes what waits to be sent: checked, composed, kept as a draft, then sent once. For the desk.

Writing and sending are two steps: what is sent has been read as it leaves. Sent, it rests a moment in which it can be had back.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default

from sqlalchemy import Connection

from mailflow.deciding import House, settle
from mailflow.domain import CaseState, Email, History, Kind, KnownCase, Mode, OutgoingMail, Purpose, Verdict, reference
from mailflow.errors import PermanentError, UserError
from mailflow.kinds.understand import understand
from mailflow.render import words_of
from mailflow.reply.answer import Parent, Words, compose_answer, opening_words, template_words, to_fill_in
from mailflow.reply.policy import is_usable
from mailflow.store import casework, drafting, recalling, resolving
from mailflow.store.corresponding import Correspondent
from mailflow.store.corresponding import correspondents as who_wrote
from mailflow.store.kept import KeptMessage, kept_message

RESTS = timedelta(seconds=20)  # that an answer waits before it leaves


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote. `to`: the message it answers, and so who gets it; `seen`: the newest on the case that they have read.

    `form` names the page they wrote it on: sent twice, it is kept once.
    """

    to: int
    words: Words
    seen: int
    form: str


@dataclass(frozen=True, slots=True)
class Sending:
    """How somebody sends what waits. `then`: whose turn it is on the case once it is answered."""

    seen: drafting.Seen
    then: CaseState = CaseState.OPEN
    address_is_right: bool = False  # though other mail to it came back
    reason: str = field(default="", repr=False)


def correspondents(db: Connection, house: House, case_id: int) -> tuple[Correspondent, ...]:
    """Whom a case may be answered, whoever wrote last first."""
    return tuple(one for one in who_wrote(db, case_id, house.ourselves) if is_usable(one.address))


def begin(house: House, case: KnownCase, answered: KeptMessage) -> Words:
    """What an answer to this message begins with."""
    email, told = _read(house, answered), reference(case.case_id, case.token)
    name = email.sender.name if email.sender else ""
    return opening_words(name, email.subject, case.kind, told, house.rules, house.ourselves)


def begin_from(house: House, case: KnownCase, answered: KeptMessage, template: str, now: datetime) -> Words:
    """A template, filled in for this message, for a person to go on with. Raises TemporaryError where the template fails."""
    email = _read(house, answered)
    kind = Kind.STORY if case.kind is Kind.STORY else answered.kind or Kind.OTHER
    verdict = Verdict(kind, 1.0, answered.sensitive)
    # What a story tells is in no template.
    understanding = None if kind is Kind.STORY else understand(email, verdict, house.rules, now)
    plan = settle(email, verdict, understanding, house, History(), answered.arrived, now)
    return template_words(
        template,
        plan,
        reference(case.case_id, case.token),
        house.templates,
        house.rules,
        house.ourselves,
        now.astimezone(house.zone).date(),
        house.largest_megabytes,
    )


def write(db: Connection, house: House, case_id: int, written: Written, who: str, now: datetime) -> int:
    """Keeps what a person wrote as a draft, and gives its number.

    Raises UserError where a newer message has come, whom it goes to did not write on the case, or nothing, or too much, is
    written.
    """
    casework.lock_case(db, case_id)
    casework.check_seen(db, case_id, written.seen)
    person = next((one for one in correspondents(db, house, case_id) if one.message == written.to), None)
    if person is None:
        raise UserError(f"Choose somebody who wrote on {reference(case_id)}: nobody else is answered from here.")
    once = f"answer:case:{reference(case_id)}:{written.form}"
    mail = _composed(db, house, case_id, written.to, person.address, written.words, once, now)
    return drafting.keep_draft(db, mail, case_id, written.to, who, now)


def words_to_change(purpose: Purpose, raw: bytes) -> Words:
    """The words of a draft, to be changed. Raises UserError for what is sent word for word as it was agreed."""
    if not drafting.is_changeable(purpose):
        raise UserError("This mail is sent as it is: take it back, and make another where it was made.")
    mail = message_from_bytes(raw, policy=default)
    part = mail.get_body(("html",))
    return Words(str(mail["Subject"] or ""), words_of(part.get_content()) if part else "")


def rewrite(db: Connection, house: House, number: int, words: Words, version: str, who: str, now: datetime) -> None:
    """Other words for a draft: to the same address, in the same thread, for the same occasion, under the same Message-ID.

    Raises UserError where somebody has changed or decided it meanwhile, or it cannot be changed.
    """
    row = drafting.open_draft(db, number, version)
    if row.answers is None or row.case_id is None:
        raise UserError("This mail answers nobody's message: it cannot be changed here.")
    if words == words_to_change(row.purpose, row.raw):
        return
    case = row.case_id, row.answers, row.recipients[0]
    mail = _composed(
        db, house, *case, words, row.once, now, purpose=row.purpose, template=row.template, message_id=row.message_id
    )
    drafting.change_draft(db, row, mail, row.answers, who, now)


def send(db: Connection, house: House, number: int, how: Sending, who: str, now: datetime) -> int | None:
    """Lets a draft go out, and gives the case it is on. An answer settles its case; in rehearsal nothing leaves or is settled.

    Raises UserError where it was decided or changed meanwhile, something has come on the case, or it may not leave as it is.
    """
    row = drafting.open_draft(db, number, how.seen.version)
    reason = drafting.check(db, row, how.seen, how.reason)
    drafting.let_arrive(db, row, how.address_is_right, who, now)
    case_id: int | None = row.case_id
    if row.purpose is not Purpose.ANSWER or case_id is None:
        resolving.approve(db, number, who, now, reason)
        return case_id
    if row.recipients[0] not in {one.address for one in correspondents(db, house, case_id)}:
        raise UserError(f"Whom this answers did not write on {reference(case_id)}: take it back.")
    if left := to_fill_in(row.text):
        raise UserError(f"Something is still to be filled in: {' '.join(left[0].split())}. Change the reply first.")
    if house.mode is Mode.REHEARSAL:
        resolving.rehearse(db, number, who, now, reason)
    else:
        drafting.answer_case(db, case_id, how.then, who, now)
        resolving.answer(db, number, who, now, reason, now + RESTS)
    return case_id


def have_back(db: Connection, number: int, who: str, now: datetime) -> None:
    """An answer that has not left is a draft again, and its case ours. Raises UserError where it is too late."""
    if not resolving.take_up(db, number, who, now):
        raise UserError("It is too late to take it back: it is being sent, or has left.")


def _composed(
    db: Connection,
    house: House,
    case_id: int,
    answers: int,
    to: str,
    words: Words,
    once: str,
    now: datetime,
    *,
    purpose: Purpose = Purpose.ANSWER,
    template: str | None = None,
    message_id: str | None = None,
) -> OutgoingMail:
    email = _read(house, kept_message(db, answers))
    case = recalling.known_case(db, case_id)
    try:
        return compose_answer(
            words,
            to,
            reference(case_id, case.token),
            house.ourselves,
            now.astimezone(house.zone),
            once,
            Parent(email.message_id, email.thread),
            purpose=purpose,
            template=template,
            message_id=message_id,
        )
    except PermanentError as error:
        raise UserError(str(error)) from None


def _read(house: House, kept: KeptMessage) -> Email:
    try:
        return replace(house.read(kept.raw), whole=kept.whole)
    except Exception:  # any bytes may have come
        raise UserError(f"Message {kept.id} cannot be read: answer it from the mailbox.") from None
