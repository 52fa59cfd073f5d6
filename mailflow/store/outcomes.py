"""What became of messages, one or all: to be shown to a person."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, and_, func, select

from mailflow.domain import Kind, MessageState, OutgoingState, Purpose, StoryState, reference
from mailflow.store.tables import messages, outgoings, stories


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


@dataclass(frozen=True, slots=True)
class Tally:
    """How many messages became what, since the database began."""

    states: dict[tuple[Kind, MessageState], int]
    replies_sent: int
    stories_waiting: int


def tally(db: Connection) -> Tally:
    """Counts everything that was decided."""
    states = select(messages.c.kind, messages.c.state, func.count()).where(messages.c.kind.is_not(None))
    replies = select(func.count()).where(outgoings.c.purpose == Purpose.ACKNOWLEDGEMENT, outgoings.c.state == OutgoingState.SENT)
    waiting = select(func.count()).where(stories.c.state.in_((StoryState.RECEIVED, StoryState.IN_REVIEW)))
    return Tally(
        states={(kind, state): n for kind, state, n in db.execute(states.group_by(messages.c.kind, messages.c.state))},
        replies_sent=db.execute(replies).scalar_one(),
        stories_waiting=db.execute(waiting).scalar_one(),
    )


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
