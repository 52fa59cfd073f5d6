"""What a reviewer decides about a story, and what must be there for it: their colleagues' approval, the contributor's consent."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from mailflow.domain import CaseState, Consent, Decision, EditedText, MessageState, StoryState, may_follow, reference
from mailflow.domain.review import LEADS_TO, TOWARDS_PUBLISHING
from mailflow.domain.wording import STORY
from mailflow.errors import UserError
from mailflow.store import approving, askings, contributors, texts
from mailflow.store.filing import record
from mailflow.store.tables import cases, messages, stories

LONGEST_REASON = 2000

# What each decision is called in the audit log.
DONE = {
    Decision.ASK: "asked the contributor",
    Decision.APPROVE: "approved",
    Decision.PUBLISH: "published",
    Decision.TAKE_DOWN: "taken down",
    Decision.THEMES: "kept for its themes",
    Decision.HOLD: "put back into review",
    Decision.DECLINE: "declined",
}
_VERB = {
    Decision.ASK: "ask about it",
    Decision.APPROVE: "approve it",
    Decision.PUBLISH: "publish it",
    Decision.TAKE_DOWN: "take it down",
    Decision.THEMES: "keep it for its themes",
    Decision.HOLD: "put it back",
    Decision.DECLINE: "decline it",
}
# After these somebody of the team is still to do something: approve, publish, or go on reviewing.
_KEEPS_OPEN = (Decision.APPROVE, Decision.TAKE_DOWN, Decision.HOLD)


def decide(
    db: Connection,
    case_id: int,
    decision: Decision,
    by: str,
    reason: str,
    now: datetime,
    seen: str | None = None,
    *,
    reviewers: int,
    text: EditedText | None = None,
    agreed: str = "",
) -> StoryState:
    """Takes a reviewer's decision and gives the story's new state. The reason is kept with the story, not in the audit log.

    `seen` is what `StoryFile.seen` said when they opened it; None where they decide without having opened it. `reviewers`: how
    many must approve (rules.toml). `text`: what they have before them; it is saved first. `agreed`: how the contributor has
    agreed to it, where no answer of theirs is on record. Asking the contributor is mailflow.asking's: there is a mail to write.
    Raises UserError where the decision may not be taken, with one sentence that says why.
    """
    if decision is Decision.ASK:
        raise UserError(f"Look at the question to the contributor of {reference(case_id)} first, and send it from there.")
    row = begin(db, case_id, decision, by, reason, now, seen, text)
    state, details = LEADS_TO[decision], list[str]()
    if decision in TOWARDS_PUBLISHING:
        details += _check_consent(db, row, by, agreed, now)
    if decision is Decision.APPROVE:
        count = approving.approve(db, case_id, by, texts.text_of(row), now)
        details += [f"{count} of {reviewers}"] if reviewers > 1 else []
        if count < reviewers:
            state = row.state
            texts.untick(db, case_id)
    elif decision is Decision.PUBLISH:
        _check_approvals(db, row, reviewers)
    else:
        approving.drop_approvals(db, case_id)
        contributors.stop_asking(db, case_id, by, now)
    enter(db, case_id, decision, state, by, reason, now, ", ".join(details) or None)
    return state


def begin(
    db: Connection,
    case_id: int,
    decision: Decision,
    by: str,
    reason: str,
    now: datetime,
    seen: str | None,
    text: EditedText | None,
) -> Any:
    """The row of the story, kept from changing until the transaction ends. Raises UserError where it may not be decided so."""
    row = texts.take_up(db, case_id, by, seen, text, now)
    _check(row, decision, reason)
    return row


def state_of(db: Connection, case_id: int) -> StoryState:
    """Where a story stands."""
    state: StoryState = texts.story_row(db, case_id).state
    return state


def enter(
    db: Connection,
    case_id: int,
    decision: Decision,
    state: StoryState,
    by: str,
    reason: str,
    now: datetime,
    detail: str | None = None,
) -> None:
    """Writes down a decision, and where the story stands by it; the case follows."""
    values: dict[str, Any] = {"state": state, "decided_by": by, "decided_at": now, "reason": _tidied(reason) or None}
    if decision in (Decision.PUBLISH, Decision.TAKE_DOWN):
        values["published_at"] = now if decision is Decision.PUBLISH else None
    db.execute(update(stories).where(stories.c.case_id == case_id).values(values))
    _pass_on(db, case_id, decision, now)
    record(db, now, by, DONE[decision], case_id=case_id, detail=detail)


def _check(row: Any, decision: Decision, reason: str) -> None:
    name, state = reference(row.case_id), row.state
    if state is StoryState.WITHDRAWN:
        raise UserError(f"{name} was taken back by its contributor: nothing more can be decided about it.")
    if row.consent is Consent.NONE and decision in TOWARDS_PUBLISHING:
        raise UserError(f"The contributor of {name} does not want it published: you cannot {_VERB[decision]}.")
    if not may_follow(state, decision):
        raise UserError(_not_from_here(name, state, decision))
    if decision is Decision.DECLINE and not _tidied(reason):
        raise UserError(f"Say why {name} is declined: a reason is needed.")
    if len(_tidied(reason)) > LONGEST_REASON:
        raise UserError(f"The reason is longer than {LONGEST_REASON} characters: write a shorter one.")


def _not_from_here(name: str, state: StoryState, decision: Decision) -> str:
    if state is LEADS_TO[decision]:
        return f"{name} is {STORY[state]} already."
    if decision is Decision.TAKE_DOWN:
        return f"{name} is {STORY[state]}, and not published: there is nothing to take down."
    if decision is Decision.PUBLISH:
        return f"{name} is {STORY[state]}: it must be approved before you publish it."
    first = "take it down" if state is StoryState.PUBLISHED else "put it back into review (hold)"
    return f"{name} is {STORY[state]}: {first} before you {_VERB[decision]}."


def _check_consent(db: Connection, row: Any, by: str, agreed: str, now: datetime) -> list[str]:
    """Raises UserError where no consent to this text is on record. Says so where the reviewer has put one there now."""
    text = texts.text_of(row)
    approving.check_whole(row.case_id, text)
    missing = askings.missing_consent(db, row.case_id, row.consent, text.fingerprint)
    if missing is None:
        return []
    if not agreed.strip():
        raise UserError(missing)
    askings.write_down(db, row.case_id, text, by, now, agreed=agreed)
    return ["says that the contributor agreed"]


def _check_approvals(db: Connection, row: Any, reviewers: int) -> None:
    approved = approving.approvals_of(db, row.case_id, texts.text_of(row).fingerprint)
    if len(approved) < reviewers:
        name = reference(row.case_id)
        raise UserError(f"{name} has {len(approved)} of {reviewers} approvals for this text: put it back into review (hold).")


def _pass_on(db: Connection, case_id: int, decision: Decision, now: datetime) -> None:
    """The case follows: theirs once they are asked, closed once decided, unless a message on it still waits for a person."""
    held = messages.c.case_id == case_id, messages.c.state == MessageState.HELD
    if decision in _KEEPS_OPEN or db.execute(select(messages.c.id).where(*held).limit(1)).first():
        values: dict[str, Any] = {"state": CaseState.OPEN, "closed_at": None}
    elif decision is Decision.ASK:
        values = {"state": CaseState.WAITING, "closed_at": None}
    else:
        values = {"state": CaseState.CLOSED, "closed_at": now}
    db.execute(update(cases).where(cases.c.id == case_id).values(values))


def _tidied(reason: str) -> str:
    return reason.replace("\0", "").strip()  # PostgreSQL keeps no NUL in a text
