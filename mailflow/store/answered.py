"""What was sent, or is to be, in answer to a message."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from mailflow.domain import OutgoingState, Purpose
from mailflow.store.tables import outgoings


@dataclass(frozen=True, slots=True)
class AnswerTo:
    """A mail of ours that answers a message. `at`: when it was sent; until then, when it was written."""

    id: int
    purpose: Purpose
    state: OutgoingState
    template: str | None
    at: datetime


def answers_to(db: Connection, message: int) -> list[AnswerTo]:
    """The replies to a message, those of mailflow and those of people, in the order they were written."""
    mail = outgoings.c
    of = mail.id, mail.purpose, mail.state, mail.template, func.coalesce(mail.sent_at, mail.created_at)
    to = mail.answers == message, mail.purpose.in_((Purpose.ACKNOWLEDGEMENT, Purpose.ANSWER))
    return [AnswerTo(*row) for row in db.execute(select(*of).where(*to).order_by(mail.id))]
