"""Stories as reviewers find and read them: the queue without a word of anybody's, and one of them whole. Reading is on record."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, func, select

from mailflow.domain import Consent, Decision, EditedText, Identifier, StoryState, may_follow, reference
from mailflow.domain.plain import identifier_from_json
from mailflow.domain.review import EDITED_IN, TOWARDS_PUBLISHING
from mailflow.errors import UserError
from mailflow.store import texts
from mailflow.store.approving import Approved, approvals_of
from mailflow.store.askings import Asking, latest, missing_consent
from mailflow.store.filing import record
from mailflow.store.kept import KeptMessage, messages_of
from mailflow.store.opened import READ_STORY
from mailflow.store.tables import cases, messages
from mailflow.store.tables import stories as stories_table

TO_REVIEW = (StoryState.RECEIVED, StoryState.IN_REVIEW, StoryState.CONSENTED, StoryState.APPROVED)
PAGE = 500  # stories

_arrived = select(func.min(messages.c.arrived)).where(messages.c.case_id == cases.c.id).correlate(cases).scalar_subquery()
_came = func.coalesce(_arrived, cases.c.opened_at)
_story = select(stories_table, cases.c.sensitive, _came.label("came")).join_from(
    stories_table, cases, cases.c.id == stories_table.c.case_id
)


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
    published_at: datetime | None
    reason: str | None = field(repr=False)
    identifiers: tuple[Identifier, ...] = field(repr=False)
    messages: tuple[KeptMessage, ...] = field(repr=False)
    left_out: int  # messages between the first and the newest that are not among `messages`
    text: EditedText  # what may be shown; empty where nobody has saved one
    version: int  # of the text: how often it was saved
    edited_by: str | None
    edited_at: datetime | None
    approvals: tuple[Approved, ...]  # of this very text
    asking: Asking | None  # the last time that the contributor was asked
    missing_consent: str | None  # why there is no recorded consent to this text; None where there is one
    seen: str  # what a reviewer has before them: a decision names it, so that nobody decides on what they have not read

    @property
    def reference(self) -> str:
        """EDI-0042."""
        return reference(self.case_id)

    @property
    def may_be_edited(self) -> bool:
        """Whether the text may be worked on now."""
        return self.state in EDITED_IN

    @property
    def needs_agreement(self) -> bool:
        """Whether who approves must say how the contributor has agreed, because no answer of theirs to it is on record."""
        return self.missing_consent is not None and self.consent is not Consent.NONE

    @property
    def asked_about_another(self) -> bool:
        """Whether the contributor was asked about another text than the one that stands here now."""
        return self.asking is not None and self.asking.fingerprint != self.text.fingerprint

    def allows(self, decision: Decision) -> bool:
        """Whether the decision may be taken from here; what is still missing for it, `decide` says."""
        refused = self.consent is Consent.NONE and decision in TOWARDS_PUBLISHING
        return may_follow(self.state, decision) and not refused


def stories(
    db: Connection, states: Collection[StoryState] = TO_REVIEW, after: int | None = None, most: int = PAGE
) -> list[StoryLine]:
    """The stories in these states, the oldest first; where `states` is empty all of them, the newest first.

    At most `most`, from the one behind the story `after` (a case's number).
    """
    query = select(
        stories_table.c.case_id,
        stories_table.c.state,
        stories_table.c.consent,
        cases.c.sensitive,
        _came.label("came"),
        func.json_array_length(stories_table.c.identifiers),
    ).join_from(stories_table, cases, cases.c.id == stories_table.c.case_id)
    number = stories_table.c.case_id
    query = query.where(stories_table.c.state.in_(states)).order_by(number) if states else query.order_by(number.desc())
    if after is not None:
        query = query.where(number > after if states else number < after)
    return [StoryLine(*row) for row in db.execute(query.limit(most))]


def story(db: Connection, case_id: int, by: str, now: datetime) -> StoryFile:
    """One story whole, and the audit event that `by` has read it. Raises UserError where there is none."""
    found = unread_story(db, case_id)
    record(db, now, by, READ_STORY, case_id=case_id)
    return found


def unread_story(db: Connection, case_id: int) -> StoryFile:
    """The same for mailflow itself, which takes up a form on it: nobody reads it anew. Raises UserError where there is none."""
    row = db.execute(_story.where(stories_table.c.case_id == case_id)).one_or_none()
    if row is None:
        raise UserError(f"There is no story {reference(case_id)}.")
    text = texts.text_of(row)
    shown, left_out = messages_of(db, case_id)
    return StoryFile(
        case_id=case_id,
        state=row.state,
        consent=row.consent,
        sensitive=row.sensitive,
        came=row.came,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        published_at=row.published_at,
        reason=row.reason,
        identifiers=tuple(identifier_from_json(plain) for plain in row.identifiers),
        messages=shown,
        left_out=left_out,
        text=text,
        version=row.version,
        edited_by=row.edited_by,
        edited_at=row.edited_at,
        approvals=approvals_of(db, case_id, text.fingerprint),
        asking=latest(db, case_id),
        missing_consent=missing_consent(db, case_id, row.consent, text.fingerprint),
        seen=texts.as_seen(db, row),
    )
