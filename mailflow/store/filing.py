"""From `received` to decided, second half: the case, what was understood, and why, written down in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update

from mailflow.domain import (
    CaseState,
    MessageState,
    Plan,
    StoryReading,
    StoryState,
    TrainingDetails,
    TrainingState,
    Understanding,
    new_token,
)
from mailflow.domain.plain import details_to_json, identifier_to_json, reason_to_json
from mailflow.store.searching import write_words
from mailflow.store.tables import cases, events, linked_cases, messages, places, stories, trainings

# Built once: SQLAlchemy takes longer to put a statement together than SQLite to carry it out.
_OPEN = insert(cases).returning(cases.c.id, sort_by_parameter_order=True)
_FILE = update(messages).where(messages.c.id == bindparam("number"))
_RECORD = insert(events)


@dataclass(frozen=True, slots=True)
class Decided:
    """A message by its number, what was decided about it, and the case it is on."""

    message: int
    plan: Plan
    case_id: int | None


class Opened(NamedTuple):
    """A case by its number, and the part of its reference that nobody can guess."""

    case_id: int
    token: str


def open_cases(db: Connection, plans: Sequence[Plan], now: datetime) -> list[Opened]:
    """A new case for each of these messages, ours to answer, with what was understood. In their order."""
    if not plans:
        return []
    rows = [_case(plan, now) for plan in plans]
    ids = db.execute(_OPEN, rows).scalars()
    opened = [Opened(case_id, row["token"]) for case_id, row in zip(ids, rows, strict=True)]
    write_understood(db, {case.case_id: plan.understanding for case, plan in zip(opened, plans, strict=True)})
    linked = [
        {"case_id": case.case_id, "began_in": plan.began_in}
        for case, plan in zip(opened, plans, strict=True)
        if plan.began_in is not None
    ]
    if linked:
        db.execute(insert(linked_cases), linked)
    return opened


def write_understood(db: Connection, understood: Mapping[int, Understanding | None]) -> None:
    """What was understood of the messages that opened cases, by case: of training requests and of stories."""
    asked, told = [], []
    for case_id, understanding in understood.items():
        match understanding:
            case TrainingDetails() as details:
                state = TrainingState.DETAILS_NEEDED if details.missing else TrainingState.NEW
                asked.append({"case_id": case_id, "state": state, "details": details_to_json(details)})
            case StoryReading(identifiers, consent):
                marked = [identifier_to_json(identifier) for identifier in identifiers]
                told.append({"case_id": case_id, "state": StoryState.RECEIVED, "consent": consent, "identifiers": marked})
    if asked:
        db.execute(insert(trainings), asked)
    if told:
        db.execute(insert(stories), told)


def _case(plan: Plan, now: datetime) -> dict[str, Any]:
    sender = plan.email.sender
    return {
        "kind": plan.verdict.kind,
        "state": CaseState.OPEN,
        "sensitive": plan.verdict.sensitive,
        "requester": sender.address if sender else None,
        "requester_name": sender.name if sender else None,
        "subject": plan.email.subject,
        "opened_at": now,
        "due": plan.due,
        "token": new_token(),
    }


def reopen_case(db: Connection, case_id: int, due: date | None, *, sensitive: bool) -> None:
    """They wrote again: it is our turn, until `due` where it was not ours before, and nobody puts it off any more."""
    still = db.execute(select(cases.c.due).where(cases.c.id == case_id, cases.c.state == CaseState.OPEN)).scalar_one_or_none()
    values = {"state": CaseState.OPEN, "closed_at": None, "due": still or due, "snoozed_until": None}
    db.execute(update(cases).where(cases.c.id == case_id).values(values | ({"sensitive": True} if sensitive else {})))


def wait_for_requesters(db: Connection, ids: Sequence[int]) -> None:
    """On these cases we asked something: it is their turn."""
    if ids:
        db.execute(update(cases).where(cases.c.id.in_(ids)).values(state=CaseState.WAITING))


def file(db: Connection, decided: Sequence[Decided], now: datetime, *, moves: bool) -> None:
    """Writes down what was decided about messages. `moves`: whether they may be moved to their folders in the mailbox."""
    if not decided:
        return
    db.execute(_FILE, [{"number": one.message, **_decision(one, now)} for one in decided])
    write_words(db, {one.message: one.plan.email for one in decided})
    if staying := [one.message for one in decided if not (moves and one.plan.folder)]:
        db.execute(update(places).where(places.c.message.in_(staying)).values(settled=True))
    db.execute(_RECORD, [_event(one, now) for one in decided])


def _decision(one: Decided, now: datetime) -> dict[str, Any]:
    plan, email, verdict = one.plan, one.plan.email, one.plan.verdict
    return {
        "state": plan.state,
        "claimed_by": None,
        "claimed_until": None,
        "case_id": one.case_id,
        "kind": verdict.kind,
        "automatic": email.automatic.sort if email.automatic else None,
        "confidence": verdict.confidence,
        "sensitive": verdict.sensitive,
        "reasons": [reason_to_json(reason) for reason in verdict.reasons],
        "hold": reason_to_json(plan.hold) if plan.hold else None,
        "silence": reason_to_json(plan.silence) if plan.silence else None,
        "folder": plan.folder,
        "failure": None,
        "decided_at": now,
        "subject": email.subject,
        "sender": email.sender.address if email.sender else None,
        "sender_name": email.sender.name if email.sender else None,
    }


def _event(one: Decided, now: datetime) -> dict[str, Any]:
    verdict = one.plan.verdict
    return {
        "at": now,
        "who": "mailflow",
        "what": one.plan.state.value,
        "case_id": one.case_id,
        "message": one.message,
        "detail": f"{verdict.kind} {verdict.confidence:.2f}",
    }


def refile(db: Connection, one: Decided, now: datetime) -> None:
    """Writes down what was decided anew. When it was decided first stays: no day may count it twice."""
    values = {name: value for name, value in _decision(one, now).items() if name != "decided_at"}
    db.execute(update(messages).where(messages.c.id == one.message).values(values))
    write_words(db, {one.message: one.plan.email})


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
    values = {"at": now, "who": who, "what": what, "case_id": case_id, "message": message, "detail": detail}
    db.execute(_RECORD, values)
