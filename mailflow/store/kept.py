"""Messages as they were kept, with what was decided about them. Reading one leaves an audit event."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, select

from mailflow.domain import CORRECTED, AutomaticSort, Kind, MessageState, Reason, Role, highest, needed_to_read, reference
from mailflow.domain.plain import reason_from_json
from mailflow.errors import UserError
from mailflow.store.filing import record
from mailflow.store.opened import READ, READ_STORY
from mailflow.store.tables import cases, events, merged, messages, raws

MOST_MESSAGES = 20  # on one page: the first and the newest; a thread that ran wild must not fill the memory


@dataclass(frozen=True, slots=True)
class KeptMessage:
    """A message and what was decided about it. The caller reads `raw`."""

    id: int
    arrived: datetime
    state: MessageState
    kind: Kind | None
    confidence: float | None
    sensitive: bool
    automatic: AutomaticSort | None
    reasons: tuple[Reason, ...]
    hold: Reason | None
    silence: Reason | None
    failure: str | None
    case_id: int | None
    whole: bool  # False: it was too big, and `raw` is its header alone
    needs: Role  # of whoever reads it: by what it is, and by what its case is
    raw: bytes = field(repr=False)

    @property
    def by_person(self) -> bool:
        """Whether a person has said what it is."""
        return bool(self.reasons) and self.reasons[0].name == CORRECTED


def message_file(db: Connection, message: int, by: str, now: datetime) -> KeptMessage:
    """One message, and the audit event that `by` has read it. Raises UserError where there is none."""
    kept = kept_message(db, message)
    record(db, now, by, reading(kept.kind), case_id=kept.case_id, message=message)
    return kept


def kept_message(db: Connection, message: int) -> KeptMessage:
    """One message, for mailflow itself to read. Raises UserError where there is none."""
    row = db.execute(_KEPT.where(messages.c.id == message)).one_or_none()
    if row is None:
        raise UserError(f"There is no message {message}.")
    return _kept(row)


def messages_of(db: Connection, case_id: int) -> tuple[tuple[KeptMessage, ...], int]:
    """The messages of a case, oldest first, and how many were left out between the first and the newest."""
    ids = list(db.execute(select(messages.c.id).where(messages.c.case_id == case_id).order_by(messages.c.id)).scalars())
    wanted = ids if len(ids) <= MOST_MESSAGES else [ids[0], *ids[1 - MOST_MESSAGES :]]
    rows = db.execute(_KEPT.where(messages.c.id.in_(wanted)).order_by(messages.c.id))
    return tuple(_kept(row) for row in rows), len(ids) - len(wanted)


def written_on(db: Connection, case_id: int) -> tuple[tuple[int, datetime], ...]:
    """The messages of people on a case, each by its number and when it arrived: the newest MOST_MESSAGES, oldest first."""
    by_people = messages.c.case_id == case_id, messages.c.state.in_((MessageState.FILED, MessageState.HELD))
    newest = select(messages.c.id, messages.c.arrived).where(*by_people).order_by(messages.c.id.desc()).limit(MOST_MESSAGES)
    return tuple((row.id, row.arrived) for row in reversed(db.execute(newest).all()))


def needed(db: Connection, case_id: int) -> Role:
    """The role that reading a case asks for, by what it is and by each message on it. Raises UserError where there is none."""
    row = db.execute(select(cases.c.kind, cases.c.sensitive).where(cases.c.id == case_id)).one_or_none()
    if row is None:
        raise UserError(f"There is no case {reference(case_id)}.")
    on_it = select(messages.c.kind, messages.c.sensitive).where(messages.c.case_id == case_id).distinct()
    return highest(needed_to_read(*row), *(needed_to_read(*one) for one in db.execute(on_it)))


def message_needs(db: Connection, message: int) -> Role:
    """The role that reading a message asks for (KeptMessage.needs)."""
    of = messages.c.kind, messages.c.sensitive, cases.c.kind.label("case_kind"), cases.c.sensitive.label("case_sensitive")
    found = select(*of).join_from(messages, cases, cases.c.id == messages.c.case_id, isouter=True)
    return _needed(db.execute(found.where(messages.c.id == message)).one())


def find_opener(db: Connection, case_id: int) -> int | None:
    """The number of the message that opened a case; None where there is no message on it.

    It is its first. Where another case was merged into it, older ones may have come from there: the audit log knows its own.
    """
    came = select(merged.c.case_id).where(merged.c.into == case_id).exists()
    on_it = messages.c.id == events.c.message, messages.c.case_id == case_id
    own = select(events.c.message).join(messages, and_(*on_it)).where(events.c.case_id == case_id, came).order_by(events.c.id)
    opened: int | None = db.execute(own.limit(1)).scalar_one_or_none()
    first = select(func.min(messages.c.id)).where(messages.c.case_id == case_id)
    return opened or db.execute(first).scalar_one()


def newest_message(db: Connection, case_id: int | None) -> int:
    """The number of the newest message on a case; 0 where there is none."""
    return db.execute(select(func.max(messages.c.id)).where(messages.c.case_id == case_id)).scalar_one() or 0


def reading(kind: Kind | None) -> str:
    """How the audit log calls the reading of such a case or message."""
    return READ_STORY if kind is Kind.STORY else READ


_KEPT = (
    select(*messages.c, raws.c.content, cases.c.kind.label("case_kind"), cases.c.sensitive.label("case_sensitive"))
    .join_from(messages, raws, raws.c.message_id == messages.c.id)
    .join(cases, cases.c.id == messages.c.case_id, isouter=True)
)


def _needed(row: Any) -> Role:
    """What could not be read may be anything."""
    unread = Role.ADVISER if row.kind is None else Role.READER
    return highest(unread, needed_to_read(row.kind, row.sensitive), needed_to_read(row.case_kind, bool(row.case_sensitive)))


def _kept(row: Any) -> KeptMessage:
    return KeptMessage(
        id=row.id,
        arrived=row.arrived,
        state=row.state,
        kind=row.kind,
        confidence=row.confidence,
        sensitive=row.sensitive,
        automatic=row.automatic,
        reasons=tuple(reason_from_json(reason) for reason in row.reasons or ()),
        hold=reason_from_json(row.hold) if row.hold else None,
        silence=reason_from_json(row.silence) if row.silence else None,
        failure=row.failure,
        case_id=row.case_id,
        whole=row.whole,
        needs=_needed(row),
        raw=row.content,
    )
