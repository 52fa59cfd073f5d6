"""What became of a message, in one value: to be shown to a person."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, and_, select

from mailflow.domain import Kind, MessageState, Purpose, reference
from mailflow.store.tables import messages, outgoings


@dataclass(frozen=True, slots=True)
class Outcome:
    """A decided message. `why_held` and `why_silent` are the sentences of the verdict."""

    message: int
    state: MessageState
    kind: Kind | None
    confidence: float | None
    sensitive: bool
    case: str | None
    subject: str = field(repr=False)
    sender: str | None = field(repr=False)
    reply: str | None  # the template of the acknowledgement
    why_held: str | None
    why_silent: str | None


def outcome(db: Connection, message: int) -> Outcome:
    """What became of one message. Raises LookupError where there is none of that number."""
    row = db.execute(_OUTCOMES.where(messages.c.id == message)).one_or_none()
    if row is None:
        raise LookupError(message)
    return _outcome(row)


_reply = and_(outgoings.c.answers == messages.c.id, outgoings.c.purpose == Purpose.ACKNOWLEDGEMENT)
_OUTCOMES = select(*messages.c, outgoings.c.template).join_from(messages, outgoings, _reply, isouter=True)


def _outcome(row: Any) -> Outcome:
    return Outcome(
        message=row.id,
        state=row.state,
        kind=row.kind,
        confidence=row.confidence,
        sensitive=row.sensitive,
        case=reference(row.case_id) if row.case_id else None,
        subject=row.subject,
        sender=row.sender_name or row.sender,
        reply=row.template,
        why_held=row.hold["text"] if row.hold else row.failure,
        why_silent=row.silence["text"] if row.silence else None,
    )
