"""The stories as a list by state: what each waits for, and not a word of what was sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, exists, func, select

from mailflow.domain import Consent, StoryState, reference
from mailflow.store.askings import MAY_ANSWER
from mailflow.store.tables import approvals, askings, cases, messages, stories

# In these, whoever has waited longest comes first; in the others, what was decided last: the newest.
WAITING = frozenset({StoryState.RECEIVED, StoryState.IN_REVIEW, StoryState.ASKED, StoryState.CONSENTED, StoryState.APPROVED})

_story, _asking = stories.c, askings.c
_arrived = select(func.min(messages.c.arrived)).where(messages.c.case_id == cases.c.id).correlate(cases).scalar_subquery()
_approved = select(func.count()).where(approvals.c.case_id == _story.case_id).correlate(stories).scalar_subquery()
_since = *MAY_ANSWER, messages.c.id > func.coalesce(_asking.message, 0)
_answered = exists().where(_asking.case_id == _story.case_id, _asking.answer.is_(None), *_since).correlate(stories)


@dataclass(frozen=True, slots=True)
class StoryStanding:
    """A story in the list. `identifiers`: how many were found. `answered`: their answer waits for a person to confirm it."""

    case_id: int
    state: StoryState
    consent: Consent
    sensitive: bool
    came: datetime  # when its first message arrived
    identifiers: int
    title: str | None = field(repr=False)  # of what may be shown
    edited_by: str | None
    approvals: int
    answered: bool

    @property
    def reference(self) -> str:
        """EDI-0042."""
        return reference(self.case_id)


def in_state(db: Connection, state: StoryState, after: int | None = None, *, most: int) -> list[StoryStanding]:
    """At most so many of the stories in a state, those first that wait longest or were decided last; `after` this case."""
    query = (
        select(
            _story.case_id,
            _story.state,
            _story.consent,
            cases.c.sensitive,
            func.coalesce(_arrived, cases.c.opened_at),
            func.json_array_length(_story.identifiers),
            _story.title,
            _story.edited_by,
            _approved,
            _answered,
        )
        .join_from(stories, cases, cases.c.id == _story.case_id)
        .where(_story.state == state)
        .order_by(_story.case_id if state in WAITING else _story.case_id.desc())
        .limit(most)
    )
    if after is not None:
        query = query.where(_story.case_id > after if state in WAITING else _story.case_id < after)
    return [StoryStanding(*row) for row in db.execute(query)]


def count_by_state(db: Connection) -> Mapping[StoryState, int]:
    """How many stories there are in each state, in the order of their journey."""
    found = {row[0]: row[1] for row in db.execute(select(_story.state, func.count()).group_by(_story.state))}
    return {state: found[state] for state in StoryState if state in found}
