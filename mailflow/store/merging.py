"""Two cases that are one: all that is on the one goes to the other, and whoever names the one is led to the other."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from mailflow.domain import CaseState, Consent, Kind, OutgoingState, TrainingState, reference
from mailflow.domain.training import understood_from_json, understood_to_json
from mailflow.errors import UserError
from mailflow.store import contributors
from mailflow.store.casework import check_seen, lock_case
from mailflow.store.corrections import COUNT_FOR_NOTHING, REPLY, UNDECIDED, UNSENT, WORKED_ON, close, note_sensitive, opener
from mailflow.store.filing import record
from mailflow.store.tables import (
    approvals,
    askings,
    cases,
    corrections,
    linked_cases,
    merged,
    messages,
    notes,
    outgoings,
    stories,
    training_sessions,
    trainings,
)

_URGENCY = (CaseState.OPEN, CaseState.WAITING, CaseState.CLOSED)


@dataclass(frozen=True, slots=True)
class Merge:
    """What merging came to: how much went to the other case, and the replies, by number, that were taken back."""

    case_id: int
    into: int
    messages: int
    mails: int
    notes: int
    taken_back: tuple[int, ...]
    state: CaseState  # of the other case now
    kind: Kind


def merged_into(db: Connection, numbers: Iterable[int]) -> dict[int, int]:
    """Of these cases those that were merged, each with the case that it went into."""
    rows = db.execute(select(merged.c.case_id, merged.c.into).where(merged.c.case_id.in_(list(numbers))))
    return {row.case_id: row.into for row in rows}


def lead_on(db: Connection, numbers: Iterable[int]) -> dict[int, int]:
    """As `merged_into`, and none of these cases is merged before the transaction ends."""
    wanted = sorted(numbers)
    db.execute(select(cases.c.id).where(cases.c.id.in_(wanted)).order_by(cases.c.id).with_for_update()).all()
    return merged_into(db, wanted)


def came_into(db: Connection, case_id: int) -> tuple[int, ...]:
    """The cases that were merged into one."""
    return tuple(db.execute(select(merged.c.case_id).where(merged.c.into == case_id).order_by(merged.c.case_id)).scalars())


def merge(db: Connection, case_id: int, into: int, by: str, seen: int, now: datetime) -> Merge:
    """Puts all that is on a case on another, and closes it; `seen` is its newest message that somebody has read.

    Nothing is sent, and whoever is promised two first replies by this gets one. Raises UserError where the two cannot be one.
    """
    if case_id == into:
        raise UserError(f"{reference(case_id)} cannot be merged into itself: name the other case.")
    rows = {number: lock_case(db, number) for number in sorted((case_id, into))}
    check_seen(db, case_id, seen)
    _check(db, rows[case_id], rows[into])
    taken_back = _take_back(db, case_id, into, by, now)
    _pass_on_understood(db, case_id, into, now)
    _link(db, case_id, into)
    went = {table: _move(db, table, case_id, into) for table in (messages, outgoings, notes, corrections)}
    _turn(db, rows[case_id], rows[into], now)
    db.execute(update(merged).where(merged.c.into == case_id).values(into=into))
    db.execute(insert(merged).values(case_id=case_id, into=into, who=by, at=now))
    record(db, now, by, "merged", case_id=case_id, detail=f"{reference(case_id)} into {reference(into)}")
    state = _most_urgent(rows[case_id].state, rows[into].state)
    return Merge(case_id, into, went[messages], went[outgoings], went[notes], taken_back, state, rows[into].kind)


def _check(db: Connection, case: Any, into: Any) -> None:
    """Raises UserError where the two cannot be one, or only the other way round."""
    one, other = reference(case.id), reference(into.id)
    if (case.kind is Kind.STORY) is not (into.kind is Kind.STORY):
        raise UserError(f"A story stays apart from everything else: {one} and {other} cannot be merged.")
    if case.kind is Kind.TRAINING and into.kind is not Kind.TRAINING:
        raise UserError(f"{one} is a training request, and {other} is not: merge {other} into {one} instead.")
    session = select(trainings.c.state).where(trainings.c.case_id == case.id)
    planned = select(training_sessions.c.case_id).where(training_sessions.c.case_id == case.id)
    if db.execute(session).scalar_one_or_none() in WORKED_ON or db.execute(planned.limit(1)).first():
        raise UserError(f"Somebody has worked on the session of {one}: merge {other} into {one} instead.")
    if case.kind is Kind.STORY:
        if case.requester is None or case.requester != into.requester:
            raise UserError(f"{one} and {other} were not told by the same person: each stays a story of its own.")
        _check_stories(db, case.id, into.id)


def _check_stories(db: Connection, case_id: int, into: int) -> None:
    one, other = reference(case_id), reference(into)
    story = db.execute(
        select(stories.c.state, stories.c.version, stories.c.shown).where(stories.c.case_id == case_id)
    ).one_or_none()
    touched = story is not None and (story.state not in UNDECIDED or story.version > 0 or story.shown is not None)
    on_record = (select(table.c.id).where(table.c.case_id == case_id).limit(1) for table in (approvals, askings))
    if touched or any(db.execute(query).first() for query in on_record):
        raise UserError(f"Somebody has worked on the story {one}: it stays a case of its own.")
    if opener(db, into) > opener(db, case_id):
        raise UserError(f"{one} is the older story: merge {other} into {one} instead.")


def _take_back(db: Connection, case_id: int, into: int, by: str, now: datetime) -> tuple[int, ...]:
    """Cancels the first replies that have not left, where who would get them had one, or gets one, on the other case."""
    of_both = outgoings.c.case_id.in_((case_id, into)), REPLY, outgoings.c.state.not_in(COUNT_FOR_NOTHING)
    found = select(outgoings.c.id, outgoings.c.recipient, UNSENT.label("unsent")).where(*of_both)
    had: set[str] = set()
    taken = []
    for row in db.execute(found.order_by(UNSENT, outgoings.c.id).with_for_update()).all():
        if row.unsent and row.recipient in had:
            taken.append(row.id)
        had.add(row.recipient)
    why = f"{reference(case_id)} was merged into {reference(into)}: one first reply is enough."
    values = {"state": OutgoingState.CANCELLED, "claimed_by": None, "claimed_until": None}
    decided = {"decided_by": by, "decided_at": now, "reason": why}
    db.execute(update(outgoings).where(outgoings.c.id.in_(taken)).values(values | decided))
    for number in taken:
        record(db, now, by, "mail cancelled", case_id=into, detail=f"mail {number}")
    return tuple(taken)


def _pass_on_understood(db: Connection, case_id: int, into: int, now: datetime) -> None:
    """What the other case does not know of its session yet, and a word against publishing."""
    story = db.execute(select(stories.c.consent).where(stories.c.case_id == case_id)).scalar_one_or_none()
    if story is Consent.NONE:
        contributors.refuse_consent(db, into, now)
    asked = {row.case_id: row for row in db.execute(select(trainings).where(trainings.c.case_id.in_((case_id, into))))}
    if case_id in asked and into in asked:
        known = understood_from_json(asked[into].details).joined(understood_from_json(asked[case_id].details))
        complete = asked[into].state is TrainingState.DETAILS_NEEDED and not known.details.missing
        values = {"details": understood_to_json(known), **({"state": TrainingState.NEW} if complete else {})}
        db.execute(update(trainings).where(trainings.c.case_id == into).values(values))
    for table in (trainings, stories):
        db.execute(delete(table).where(table.c.case_id == case_id))


def _link(db: Connection, case_id: int, into: int) -> None:
    """What began in either conversation began in that of the other case; and it began where the case did, if nowhere else."""
    link = linked_cases.c
    rows = db.execute(select(link.case_id, link.began_in).where(link.case_id.in_((case_id, into))))
    began = {row.case_id: row.began_in for row in rows}
    first = next((number for number in (began.get(into), began.get(case_id)) if number not in (None, case_id, into)), None)
    db.execute(delete(linked_cases).where(link.case_id.in_((case_id, into))))
    if first is not None:
        db.execute(insert(linked_cases).values(case_id=into, began_in=first))
    db.execute(update(linked_cases).where(link.began_in.in_((case_id, into))).values(began_in=first or into))


def _move(db: Connection, table: Any, case_id: int, into: int) -> int:
    moved: int = db.execute(update(table).where(table.c.case_id == case_id).values(case_id=into)).rowcount
    return moved


def _turn(db: Connection, case: Any, into: Any, now: datetime) -> None:
    """The one is closed; the other is as urgent as the more urgent of the two was, and belongs to whoever had either."""
    state = _most_urgent(case.state, into.state)
    days = [one.due for one in (case, into) if one.due and one.state is CaseState.OPEN]
    moments = [one.closed_at for one in (case, into) if one.closed_at]
    awake = case.state is CaseState.OPEN and case.snoozed_until is None
    values = {
        "state": state,
        "due": min(days, default=into.due),
        "closed_at": max(moments, default=now) if state is CaseState.CLOSED else None,
        "assigned": into.assigned or case.assigned,
        "snoozed_until": None if awake or state is CaseState.CLOSED else into.snoozed_until,
    }
    db.execute(update(cases).where(cases.c.id == into.id).values(values))
    note_sensitive(db, into.id)
    close(db, case.id, now)
    db.execute(update(cases).where(cases.c.id == case.id).values(assigned=None, snoozed_until=None))


def _most_urgent(*states: CaseState) -> CaseState:
    return min(states, key=_URGENCY.index)
