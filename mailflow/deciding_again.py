"""A message is decided again, by the rules and judges as they are now. No person's word, it teaches nothing.

What follows is what follows from a correction: nothing is answered twice, and what has not left is taken back first.
"""

from datetime import datetime

from sqlalchemy import Connection

from mailflow.corrected import Corrected
from mailflow.correcting import Said, settle_anew
from mailflow.deciding import House, whose_fault
from mailflow.domain import OUR_OWN_COPY, Verdict, reference
from mailflow.errors import UserError
from mailflow.store import corrections, filing
from mailflow.store.corresponding import count_answers
from mailflow.store.kept import KeptMessage


def decide_again(db: Connection, house: House, number: int, who: str, now: datetime) -> Corrected:
    """Decides a message again in the open transaction; `who` wants it.

    Raises UserError where a person's word or answer stands, MailflowError where it cannot be read or answered; the caller
    then rolls back.
    """
    message = corrections.open_message(db, number)
    _check(db, message)
    verdict = _judge(house, message)
    settled = settle_anew(db, house, message, verdict, Said(who), now)
    said = f"{verdict.kind} {verdict.confidence:.2f}"
    filing.record(db, now, who, "decided again", case_id=settled.case_id, message=number, detail=said)
    return settled


def _check(db: Connection, message: KeptMessage) -> None:
    if message.by_person:
        raise UserError(f"A person has said what message {message.id} is, and that stays: say something else where it is wrong.")
    if message.case_id is not None and count_answers(db, message.case_id):
        raise UserError(f"A person has answered on {reference(message.case_id)}: nothing there is decided again.")
    if any(reason.name == OUR_OWN_COPY for reason in message.reasons):
        raise UserError(f"Message {message.id} is the copy of a mail of ours: there is nothing to decide.")
    if not message.whole:
        raise UserError(f"Of message {message.id} only the header was fetched: read it in the mailbox, then say what it is.")


def _judge(house: House, message: KeptMessage) -> Verdict:
    try:
        return house.classifier.classify(house.read(message.raw))
    except Exception as error:  # as the daemon would write it down
        raise whose_fault(error) from None
