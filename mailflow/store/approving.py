"""Who has approved the very text that stands there: an approval of any other counts for nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from mailflow.domain import EditedText, reference
from mailflow.errors import UserError
from mailflow.store.tables import approvals


@dataclass(frozen=True, slots=True)
class Approved:
    """A reviewer's approval of the present text."""

    who: str
    at: datetime


def approvals_of(db: Connection, case_id: int, fingerprint: str) -> tuple[Approved, ...]:
    """The approvals of this very text, the first first."""
    mine = approvals.c.case_id == case_id, approvals.c.fingerprint == fingerprint
    rows = db.execute(select(approvals.c.who, approvals.c.at).where(*mine).order_by(approvals.c.id))
    return tuple(Approved(*row) for row in rows)


def approve(db: Connection, case_id: int, by: str, text: EditedText, now: datetime) -> int:
    """Puts an approval on record, and says how many hold now.

    Raises UserError where the text is not whole, a line of the checklist is left, or they have approved it already.
    """
    check_whole(case_id, text)
    if text.unticked:
        raise UserError(f"Tick every line of the checklist before you approve {reference(case_id)}. Left is: {text.unticked[0]}")
    held = approvals_of(db, case_id, text.fingerprint)
    if any(one.who == by for one in held):
        raise UserError(f"You have approved {reference(case_id)} already: a second reviewer must approve it now.")
    db.execute(delete(approvals).where(approvals.c.case_id == case_id, approvals.c.who == by))
    db.execute(insert(approvals).values(case_id=case_id, who=by, at=now, fingerprint=text.fingerprint))
    return len(held) + 1


def check_whole(case_id: int, text: EditedText) -> None:
    """Raises UserError where there is no title or no text that anybody could agree to."""
    if not text.shown:
        raise UserError(f"Nothing is written yet of what {reference(case_id)} is to show: write and save its text first.")
    if not text.title:
        raise UserError(f"{reference(case_id)} has no title yet: give it one, and save it.")


def drop_approvals(db: Connection, case_id: int) -> bool:
    """Ends whatever approvals there are. Says whether there were any."""
    return db.execute(delete(approvals).where(approvals.c.case_id == case_id)).rowcount > 0
