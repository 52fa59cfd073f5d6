"""A message's way through the house. Read this first.

`process` is one step: claim a batch of received messages, read each, `decide` what is to be done about it (a Plan, in
deciding.py), and file the whole batch in one transaction (acting.py): cases, details, replies to be sent, and why.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DataError, IntegrityError

from mailflow.acting import act
from mailflow.deciding import House, Rooms, whose_fault
from mailflow.domain import Email, Plan, Reason, reference
from mailflow.domain.failpoints import Failpoint, reached
from mailflow.errors import PermanentError, TemporaryError
from mailflow.store import claiming, filing, leases, recalling
from mailflow.store.database import Store

log = structlog.get_logger("mailflow.pipeline")

BATCH = 50
DECIDING = "deciding"
RETRY_OUR_FAULT = timedelta(seconds=10)


def process(store: Store, house: House, holder: str, now: datetime, rooms: Rooms | None = None) -> int:
    """Claims up to `BATCH` received messages and files each: `received` to `filed`, `held`, `ignored` or `failed`.

    Returns how many were claimed; 0 means that nothing waits, or that another daemon is at it. What fails in reading or
    deciding is the mail's fault and costs one row; what the machine refuses, and what fails in composing a reply or in filing,
    is ours, and that message alone stays `received`. `rooms`: where to read and decide; in this process where not given.
    """
    rooms = rooms or house
    with store.writing() as db:
        # One daemon decides at a time: a message and its answer, decided by two at once, would open two cases.
        claimed = claiming.claim(db, holder, BATCH, now) if leases.hold(db, DECIDING, holder, now) else []
    if not claimed:
        return 0
    reached(Failpoint.CLAIMED)
    batch = _Batch({message.id: message.arrived for message in claimed})
    for message in claimed:
        with batch.blame(message.id):
            batch.emails[message.id] = replace(rooms.read(message.raw), whole=message.whole)
    later = batch.take_out_answers()
    with store.reading() as db:
        past = recalling.recall(db, list(batch.emails.values()), now)
    for number, email in batch.emails.items():
        with batch.blame(number):
            batch.plans[number] = rooms.decide(email, past.of(email), batch.arrived[number], now)
            past.note(batch.plans[number])
    reached(Failpoint.DECIDED)
    with store.writing() as db:
        ours = claiming.still_ours(db, batch.arrived, holder)
        claiming.release(db, later, holder)
        outcomes = _put_off(db, holder, {n: batch.ours[n] for n in ours.intersection(batch.ours)}, now)
        outcomes |= _file_all(db, house, holder, {n: batch.plans[n] for n in sorted(ours.intersection(batch.plans))}, now)
        for number in ours.intersection(batch.faults):
            filing.fail(db, number, batch.faults[number], now)
            outcomes[number] = {"event": "failed", "error": batch.faults[number]}
        leases.release(db, DECIDING, holder)
        reached(Failpoint.FILING)
    reached(Failpoint.FILED)
    for number, outcome in outcomes.items():
        log.info(**outcome, message=number)
    return len(claimed)


@dataclass(slots=True)
class _Batch:
    """The messages of one call of `process`, by their number. `faults` are the mail's, `ours` are not."""

    arrived: dict[int, datetime]
    emails: dict[int, Email] = field(default_factory=dict)
    plans: dict[int, Plan] = field(default_factory=dict)
    faults: dict[int, str] = field(default_factory=dict)
    ours: dict[int, str] = field(default_factory=dict)

    @contextmanager
    def blame(self, number: int) -> Iterator[None]:
        """Writes down what goes wrong as a fault over this one message. Only pure work may be done inside."""
        try:
            yield
        except Exception as error:  # one mail costs one row, never the loop
            fault = whose_fault(error)
            (self.faults if isinstance(fault, PermanentError) else self.ours)[number] = str(fault)

    def take_out_answers(self) -> list[int]:
        """Takes out the messages that answer an older one of the batch: they wait until that one has its case.

        Older ones only: two that each claim to answer the other would wait for ever.
        """
        older: set[str] = set()
        answers = []
        for number, email in self.emails.items():
            if older.intersection(email.thread.parents):
                answers.append(number)
            if email.message_id:
                older.add(email.message_id)
        for number in answers:
            del self.emails[number]
        return answers


def _file_all(db: Connection, house: House, holder: str, plans: Mapping[int, Plan], now: datetime) -> dict[int, dict[str, Any]]:
    """Files every message that can be: whose mails can be composed, and which the database takes. The others stay `received`.

    Gives what to log of each once it is committed: ids, state and reasons, never its text.
    """
    try:
        with db.begin_nested() as trial:
            cases, faults = act(db, house, plans, now)
            if faults:
                trial.rollback()
    except (DataError, IntegrityError) as error:
        if len(plans) > 1:
            return {n: outcome for n, plan in plans.items() for outcome in _file_all(db, house, holder, {n: plan}, now).values()}
        faults = dict.fromkeys(plans, TemporaryError(f"The database will not take it ({type(error.orig).__name__})."))
    if not faults:
        return {number: _outcome(plan, cases.get(number)) for number, plan in plans.items()}
    # No use in trying again: a person must look. Whatever else goes wrong is ours, and may be mended by then.
    again = [number for number, error in faults.items() if not isinstance(error, PermanentError)]
    said = _put_off(db, holder, {n: str(faults[n]) for n in again}, now)
    rest = {
        number: plan.held(Reason("cannot-be-answered", str(faults[number]))) if number in faults else plan
        for number, plan in plans.items()
        if number not in again
    }
    return said | _file_all(db, house, holder, rest, now) if rest else said


def _outcome(plan: Plan, case_id: int | None) -> dict[str, Any]:
    return {
        "event": plan.state.value,
        "case": reference(case_id) if case_id is not None else None,
        "kind": plan.verdict.kind.value,
        "confidence": round(plan.verdict.confidence, 2),
        "sensitive": plan.verdict.sensitive,
        "reply": plan.template,
        "why_held": plan.hold.name if plan.hold else None,
        "why_silent": plan.silence.name if plan.silence else None,
    }


def _put_off(db: Connection, holder: str, faults: Mapping[int, str], now: datetime) -> dict[int, dict[str, Any]]:
    """Faults of ours over messages: these stay `received`. Gives what to log of each."""
    claiming.release(db, list(faults), holder, again_at=now + RETRY_OUR_FAULT)
    return {number: {"event": "not filed; tried again soon", "error": why} for number, why in faults.items()}
