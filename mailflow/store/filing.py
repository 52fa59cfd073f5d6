"""From `received` to decided, second half: the case, what was understood, and why, written down in one transaction."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from mailflow.domain import Action, CaseState, MessageState, Plan, StoryReading, StoryState, TrainingDetails, TrainingState
from mailflow.domain.plain import details_from_json, details_to_json, identifier_to_json, reason_to_json
from mailflow.store.tables import cases, events, messages, places, stories, trainings


def open_case(db: Connection, plan: Plan, now: datetime) -> int:
    """A new case for a message, ours to answer."""
    sender = plan.email.sender
    values = {
        "kind": plan.verdict.kind,
        "state": CaseState.OPEN,
        "sensitive": plan.verdict.sensitive,
        "requester": sender.address if sender else None,
        "requester_name": sender.name if sender else None,
        "subject": plan.email.subject,
        "opened_at": now,
        "due": plan.due,
    }
    return int(db.execute(insert(cases).values(values).returning(cases.c.id)).scalar_one())


def reopen_case(db: Connection, case_id: int, *, sensitive: bool) -> None:
    """They wrote again: it is our turn."""
    values = {"state": CaseState.OPEN, "closed_at": None, **({"sensitive": True} if sensitive else {})}
    db.execute(update(cases).where(cases.c.id == case_id).values(values))


def wait_for_requester(db: Connection, case_id: int) -> None:
    """We asked something: it is their turn."""
    db.execute(update(cases).where(cases.c.id == case_id).values(state=CaseState.WAITING))


def note_understanding(db: Connection, case_id: int, plan: Plan, *, new: bool) -> None:
    """Writes down what was understood: a new training request or story, or what a later message on its case adds."""
    match plan.understanding:
        case TrainingDetails() as details if new:
            state = TrainingState.DETAILS_NEEDED if details.missing else TrainingState.NEW
            db.execute(insert(trainings).values(case_id=case_id, state=state, details=details_to_json(details)))
        case TrainingDetails() as details:
            _add_details(db, case_id, details)
        case StoryReading() as reading if new:
            identifiers = [identifier_to_json(identifier) for identifier in reading.identifiers]
            values = {"case_id": case_id, "state": StoryState.RECEIVED, "consent": reading.consent, "identifiers": identifiers}
            db.execute(insert(stories).values(values))


def _add_details(db: Connection, case_id: int, later: TrainingDetails) -> None:
    row = db.execute(select(trainings.c.details, trainings.c.state).where(trainings.c.case_id == case_id)).one_or_none()
    if row is None:
        return
    added = details_to_json(later)
    if later.action is Action.REQUEST:
        del added["action"]
    details = details_from_json(row.details | added)
    state = row.state
    if later.action is Action.CANCEL:
        state = TrainingState.CANCELLED
    elif state is TrainingState.DETAILS_NEEDED and not details.missing:
        state = TrainingState.NEW
    values = {"state": state, "details": details_to_json(details)}
    db.execute(update(trainings).where(trainings.c.case_id == case_id).values(values))


def withdraw_story(db: Connection, case_id: int, now: datetime) -> None:
    """The contributor took the story back: it leaves the queue, whatever its state was."""
    values = {"state": StoryState.WITHDRAWN, "decided_by": "contributor", "decided_at": now}
    db.execute(update(stories).where(stories.c.case_id == case_id).values(values))
    record(db, now, "contributor", "withdrawn", case_id=case_id)


def file(db: Connection, message: int, plan: Plan, case_id: int | None, now: datetime, *, moves: bool) -> None:
    """Writes down what was decided about a message. `moves`: whether it may be moved to its folder in the mailbox."""
    email, verdict = plan.email, plan.verdict
    db.execute(
        update(messages)
        .where(messages.c.id == message)
        .values(
            state=plan.state,
            claimed_by=None,
            claimed_until=None,
            case_id=case_id,
            kind=verdict.kind,
            automatic=email.automatic.sort if email.automatic else None,
            confidence=verdict.confidence,
            sensitive=verdict.sensitive,
            reasons=[reason_to_json(reason) for reason in verdict.reasons],
            hold=reason_to_json(plan.hold) if plan.hold else None,
            silence=reason_to_json(plan.silence) if plan.silence else None,
            folder=plan.folder,
            failure=None,
            decided_at=now,
            subject=email.subject,
            sender=email.sender.address if email.sender else None,
            sender_name=email.sender.name if email.sender else None,
        )
    )
    if not (moves and plan.folder):
        db.execute(update(places).where(places.c.message == message).values(settled=True))
    detail = f"{verdict.kind} {verdict.confidence:.2f}"
    record(db, now, "mailflow", plan.state.value, case_id=case_id, message=message, detail=detail)


def fail(db: Connection, message: int, reason: str, now: datetime) -> None:
    """One mail that cannot be read costs one row; its bytes are kept."""
    values = {"state": MessageState.FAILED, "failure": reason, "claimed_by": None, "claimed_until": None, "decided_at": now}
    db.execute(update(messages).where(messages.c.id == message).values(values))
    db.execute(update(places).where(places.c.message == message).values(settled=True))
    record(db, now, "mailflow", "failed", message=message)


def record(
    db: Connection,
    now: datetime,
    who: str,
    what: str,
    *,
    case_id: int | None = None,
    message: int | None = None,
    detail: str | None = None,
) -> None:
    """An entry in the audit log. `detail` must hold no personal text."""
    db.execute(insert(events).values(at=now, who=who, what=what, case_id=case_id, message=message, detail=detail))
