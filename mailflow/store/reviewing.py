"""The stories before the reviewers: what waits, one of them whole, and what a reviewer decides. Reading is on record."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from mailflow.domain import CaseState, Consent, Decision, Identifier, MessageState, StoryState, reference
from mailflow.domain.plain import identifier_from_json
from mailflow.errors import UserError
from mailflow.store.casefiles import KeptMessage, messages_of, newest_message
from mailflow.store.filing import record
from mailflow.store.tables import cases, messages
from mailflow.store.tables import stories as stories_table

TO_REVIEW = (StoryState.RECEIVED, StoryState.IN_REVIEW, StoryState.CONSENTED)
LONGEST_REASON = 2000

_FROM = {
    Decision.APPROVE: {StoryState.RECEIVED, StoryState.IN_REVIEW, StoryState.ASKED, StoryState.CONSENTED},
    Decision.HOLD: {
        StoryState.RECEIVED,
        StoryState.IN_REVIEW,
        StoryState.ASKED,
        StoryState.CONSENTED,
        StoryState.APPROVED,
        StoryState.DECLINED,
    },
    Decision.DECLINE: {
        StoryState.RECEIVED,
        StoryState.IN_REVIEW,
        StoryState.ASKED,
        StoryState.CONSENTED,
        StoryState.APPROVED,
    },
}
_TO = {
    Decision.APPROVE: StoryState.APPROVED,
    Decision.HOLD: StoryState.IN_REVIEW,
    Decision.DECLINE: StoryState.DECLINED,
}
_arrived = select(func.min(messages.c.arrived)).where(messages.c.case_id == cases.c.id).correlate(cases).scalar_subquery()
_came = func.coalesce(_arrived, cases.c.opened_at)
_DONE = {Decision.APPROVE: "approved", Decision.HOLD: "put back into review", Decision.DECLINE: "declined"}


@dataclass(frozen=True, slots=True)
class StoryLine:
    """A story in the queue: nothing that anybody wrote. `identifiers` is how many were found."""

    case_id: int
    state: StoryState
    consent: Consent
    sensitive: bool
    came: datetime  # when its first message arrived
    identifiers: int

    @property
    def reference(self) -> str:
        """EDI-0042."""
        return reference(self.case_id)


@dataclass(frozen=True, slots=True)
class StoryFile:
    """A story as its reviewer reads it. `identifiers` are spans of the new text of the first message."""

    case_id: int
    state: StoryState
    consent: Consent
    sensitive: bool
    came: datetime  # when its first message arrived
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None = field(repr=False)
    identifiers: tuple[Identifier, ...] = field(repr=False)
    messages: tuple[KeptMessage, ...] = field(repr=False)
    left_out: int = 0  # messages between the first and the newest that are not among `messages`

    @property
    def reference(self) -> str:
        """EDI-0042."""
        return reference(self.case_id)

    @property
    def seen(self) -> str:
        """What a reviewer has before them: a decision names it, so that nobody decides on what they have not read."""
        return _seen(self.state, self.messages[-1].id if self.messages else 0)

    @property
    def needs_agreement(self) -> bool:
        """Whether who approves must say that the contributor has agreed, because no message of theirs does."""
        return self.consent is Consent.UNSTATED

    def allows(self, decision: Decision) -> bool:
        """Whether the decision may be taken now."""
        return self.state in _FROM[decision] and (decision != Decision.APPROVE or self.consent is not Consent.NONE)


def stories(db: Connection, states: Collection[StoryState] = TO_REVIEW, limit: int = 500) -> list[StoryLine]:
    """The stories in these states, the longest waiting first; where `states` is empty all of them, the newest first."""
    query = (
        select(
            stories_table.c.case_id,
            stories_table.c.state,
            stories_table.c.consent,
            cases.c.sensitive,
            _came.label("came"),
            func.json_array_length(stories_table.c.identifiers),
        )
        .join_from(stories_table, cases, cases.c.id == stories_table.c.case_id)
        .limit(limit)
    )
    if states:
        query = query.where(stories_table.c.state.in_(states)).order_by("came", cases.c.id)
    else:
        query = query.order_by(cases.c.id.desc())
    return [StoryLine(*row) for row in db.execute(query)]


def story(db: Connection, case_id: int, by: str, now: datetime) -> StoryFile:
    """One story whole, and the audit event that `by` has read it. Raises UserError where there is none."""
    row = _row(db, case_id)
    shown, left_out = messages_of(db, case_id)
    record(db, now, by, "read story", case_id=case_id)
    return StoryFile(
        case_id=case_id,
        state=row.state,
        consent=row.consent,
        sensitive=row.sensitive,
        came=row.came,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
        identifiers=tuple(identifier_from_json(plain) for plain in row.identifiers),
        messages=shown,
        left_out=left_out,
    )


def decide(
    db: Connection,
    case_id: int,
    decision: Decision,
    by: str,
    reason: str,
    now: datetime,
    seen: str | None = None,
    *,
    agreed: bool = False,
) -> StoryState:
    """Takes a reviewer's decision and gives the story's new state. The reason is kept with the story, not in the audit log.

    `agreed`: they say that the contributor has agreed to publication; needed to approve where no message says so.
    `seen` is what `StoryFile.seen` said when they opened it; None where they decide without having opened it.
    Raises UserError where the decision may not be taken, with one sentence that says why.
    """
    row = _row(db, case_id, for_update=True)
    reason = reason.replace("\0", "").strip()  # PostgreSQL keeps no NUL in a text
    if seen is not None and seen != _seen(row.state, newest_message(db, case_id)):
        raise UserError(f"{reference(case_id)} has changed since you opened it: read it again, then decide.")
    _check(reference(case_id), row.state, row.consent, decision, reason)
    on_their_word = decision is Decision.APPROVE and row.consent is Consent.UNSTATED
    if on_their_word and not agreed:
        raise UserError(
            f"The contributor of {reference(case_id)} has not said that it may be published: ask, "
            "and once they have agreed, say so when you approve it."
        )
    values = {"state": _TO[decision], "decided_by": by, "decided_at": now, "reason": reason or None}
    db.execute(update(stories_table).where(stories_table.c.case_id == case_id).values(values))
    _pass_on(db, case_id, decision, now)
    record(db, now, by, _DONE[decision], case_id=case_id, detail="says that the contributor agreed" if on_their_word else None)
    return _TO[decision]


def _check(name: str, state: StoryState, consent: Consent, decision: Decision, reason: str) -> None:
    if state is StoryState.WITHDRAWN:
        raise UserError(f"{name} was taken back by its contributor: nothing more can be decided about it.")
    if decision is Decision.APPROVE and consent is Consent.NONE:
        raise UserError(f"The contributor of {name} does not want it published: it cannot be approved.")
    if state is _TO[decision] and state not in _FROM[decision]:
        raise UserError(f"{name} is {state} already.")
    if state not in _FROM[decision]:
        first = "take it down" if state is StoryState.PUBLISHED else "put it back into review (hold)"
        raise UserError(f"{name} is {state}: {first} before you {decision} it.")
    if decision is Decision.DECLINE and not reason:
        raise UserError(f"Say why {name} is declined: a reason is needed.")
    if len(reason) > LONGEST_REASON:
        raise UserError(f"The reason is longer than {LONGEST_REASON} characters: write a shorter one.")


def _pass_on(db: Connection, case_id: int, decision: Decision, now: datetime) -> None:
    """The case follows: closed once decided, unless a message on it still waits for a person."""
    held = messages.c.case_id == case_id, messages.c.state == MessageState.HELD
    is_open = decision is Decision.HOLD or db.execute(select(messages.c.id).where(*held).limit(1)).first()
    values = {"state": CaseState.OPEN, "closed_at": None} if is_open else {"state": CaseState.CLOSED, "closed_at": now}
    db.execute(update(cases).where(cases.c.id == case_id).values(values))


def _row(db: Connection, case_id: int, *, for_update: bool = False) -> Any:
    query = (
        select(stories_table, cases.c.sensitive, _came.label("came"))
        .join_from(stories_table, cases, cases.c.id == stories_table.c.case_id)
        .where(stories_table.c.case_id == case_id)
    )
    row = db.execute(query.with_for_update() if for_update else query).one_or_none()
    if row is None:
        raise UserError(f"There is no story {reference(case_id)}.")
    return row


def _seen(state: StoryState, newest: int) -> str:
    return f"{state}-{newest}"
