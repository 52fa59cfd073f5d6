"""What contributors say of their stories later on: one word takes a story back, from wherever it stands."""

from datetime import datetime

from sqlalchemy import Connection, update

from mailflow.domain import Consent, OutgoingState, Purpose, StoryState
from mailflow.store.approving import drop_approvals
from mailflow.store.corrections import UNSENT
from mailflow.store.filing import record
from mailflow.store.tables import outgoings, stories

# What a later no undoes; what nobody was going to publish stays as it is.
_UNDONE = (StoryState.ASKED, StoryState.CONSENTED, StoryState.APPROVED, StoryState.PUBLISHED)

REFUSED = "consent refused"  # how the audit log calls it


def withdraw_story(db: Connection, case_id: int, now: datetime) -> None:
    """The contributor took the story back: it leaves the queue and the web page, whatever its state was."""
    values = {"state": StoryState.WITHDRAWN, "published_at": None, "decided_by": "contributor", "decided_at": now}
    db.execute(update(stories).where(stories.c.case_id == case_id).values(values))
    _stop(db, case_id, now)
    record(db, now, "contributor", "withdrawn", case_id=case_id)


def refuse_consent(db: Connection, case_id: int, now: datetime) -> None:
    """The contributor has said since that it is not to be published: what is published is taken down."""
    story = stories.c.case_id == case_id
    if not db.execute(update(stories).where(story).values(consent=Consent.NONE)).rowcount:
        return
    undone = {"state": StoryState.IN_REVIEW, "published_at": None}
    db.execute(update(stories).where(story, stories.c.state.in_(_UNDONE)).values(undone))
    _stop(db, case_id, now)
    record(db, now, "contributor", REFUSED, case_id=case_id)


def stop_asking(db: Connection, case_id: int, by: str, now: datetime) -> None:
    """Nobody waits for an answer any more: a question to the contributor that has not left stays here."""
    unasked = outgoings.c.case_id == case_id, outgoings.c.purpose == Purpose.ASKING, UNSENT
    cancelled = {"state": OutgoingState.CANCELLED, "decided_by": by, "decided_at": now}
    unclaimed = {"claimed_by": None, "claimed_until": None}
    stopped = update(outgoings).where(*unasked).values(cancelled | unclaimed).returning(outgoings.c.id)
    for number in db.execute(stopped).scalars().all():
        record(db, now, by, "mail cancelled", case_id=case_id, detail=f"mail {number}")


def _stop(db: Connection, case_id: int, now: datetime) -> None:
    """No approval holds any more, and who has said no is not asked after all."""
    drop_approvals(db, case_id)
    stop_asking(db, case_id, "contributor", now)
