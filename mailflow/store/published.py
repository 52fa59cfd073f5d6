"""The stories that anybody may read: their texts as they were approved, and nothing of where they came from."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select

from mailflow.domain import StoryState
from mailflow.store.tables import cases, stories


@dataclass(frozen=True, slots=True)
class PublishedStory:
    """A published story. `mark` names it for ever and tells nothing of its case; `title` may be empty."""

    mark: str
    title: str
    text: str = field(repr=False)
    published_at: datetime


def published(db: Connection) -> list[PublishedStory]:
    """All that are published now, the newest first."""
    query = (
        select(cases.c.id, cases.c.token, stories.c.title, stories.c.shown, stories.c.published_at)
        .join_from(stories, cases, cases.c.id == stories.c.case_id)
        .where(stories.c.state == StoryState.PUBLISHED, stories.c.published_at.is_not(None))
        .order_by(stories.c.published_at.desc(), stories.c.case_id.desc())
    )
    return [
        PublishedStory(_mark(row.id, row.token), row.title or "", row.shown or "", row.published_at) for row in db.execute(query)
    ]


def _mark(case_id: int, token: str | None) -> str:
    """From the part of the reference that nobody can guess: who knows a reference's number must not find its story."""
    return hashlib.sha256(f"published story {case_id} {token}".encode()).hexdigest()[:16]
