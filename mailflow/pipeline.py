"""A message's way through the house. Read this first.

`process` is one step: claim a batch of received messages, read each, `decide` what is to be done about it (a Plan, in
deciding.py), and file the whole batch in one transaction (acting.py): cases, details, replies to be sent, and why.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, TypeVar

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
MOST_SECONDS = 30.0  # of reading, and of deciding: with one message that takes as long as it may, still within a lease
RENEWED_AFTER_SECONDS = 5.0

Done = TypeVar("Done")


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
    batch = _Batch({message.id: message.arrived for message in claimed}, monotonic())
    for message in batch.in_time(claimed):
        with batch.blame(message.id):
            batch.emails[message.id] = replace(rooms.read(message.raw), whole=message.whole)
    batch.take_out_answers()
    if batch.seconds > RENEWED_AFTER_SECONDS:
        _renew(store, holder, batch, now)
    with store.reading() as db:
        batch.put_off_answers(recalling.undecided(db, batch.emails))
        past = recalling.recall(db, list(batch.emails.values()), now)
    for number, email in batch.in_time(batch.emails.items()):
        with batch.blame(number):
            batch.plans[number] = rooms.decide(email, past.of(email), batch.arrived[number], now)
            past.note(batch.plans[number])
    reached(Failpoint.DECIDED)
    with store.writing() as db:
        outcomes = _write_down(db, house, holder, batch, now)
        leases.release(db, DECIDING, holder)
        reached(Failpoint.FILING)
    reached(Failpoint.FILED)
    for number, outcome in outcomes.items():
        log.info(**outcome, message=number)
    return len(claimed)


@dataclass(slots=True)
class _Batch:
    """The messages of one call of `process`, by their number. `faults` are the mail's, `ours` are not.

    What has neither a plan nor a fault at the end is released, and decided in another step.
    """

    arrived: dict[int, datetime]
    began: float  # when they were claimed, in monotonic seconds
    emails: dict[int, Email] = field(default_factory=dict)
    plans: dict[int, Plan] = field(default_factory=dict)
    faults: dict[int, str] = field(default_factory=dict)
    ours: dict[int, str] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """Since the messages were claimed."""
        return monotonic() - self.began

    def in_time(self, work: Iterable[Done]) -> Iterator[Done]:
        """As many as can be done before the lease runs out, and always one."""
        ends = monotonic() + MOST_SECONDS
        for number, one in enumerate(work):
            if number and monotonic() > ends:
                return
            yield one

    @contextmanager
    def blame(self, number: int) -> Iterator[None]:
        """Writes down what goes wrong as a fault over this one message. Only pure work may be done inside."""
        try:
            yield
        except Exception as error:  # one mail costs one row, never the loop
            fault = whose_fault(error)
            (self.faults if isinstance(fault, PermanentError) else self.ours)[number] = str(fault)

    def take_out_answers(self) -> None:
        """Takes out the messages that answer an older one of the batch: they wait until that one has its case.

        Older ones only: two that each claim to answer the other would wait for ever.
        """
        older: set[str] = set()
        for number, email in list(self.emails.items()):
            if older.intersection(email.thread.parents):
                del self.emails[number]
            if email.message_id:
                older.add(email.message_id)

    def put_off_answers(self, undecided: Mapping[str, int]) -> None:
        """So do those that answer an older one which was put off before; `undecided`: its number by its Message-ID."""
        for number, email in list(self.emails.items()):
            if any(undecided.get(parent, number) < number for parent in email.thread.parents):
                del self.emails[number]
                self.ours[number] = "It answers a message that is not decided yet."


def _renew(store: Store, holder: str, batch: _Batch, now: datetime) -> None:
    """Reading took long: deciding begins with whole leases."""
    later = now + timedelta(seconds=batch.seconds)
    with store.writing() as db:
        leases.hold(db, DECIDING, holder, later)
        claiming.renew(db, batch.arrived, holder, later)


def _write_down(db: Connection, house: House, holder: str, batch: _Batch, now: datetime) -> dict[int, dict[str, Any]]:
    """Files what was decided, and releases the rest. Gives what to log of each once it is committed."""
    still = claiming.still_ours(db, batch.arrived, holder)
    outcomes = _put_off(db, holder, {n: batch.ours[n] for n in still.intersection(batch.ours)}, now)
    outcomes |= _file_all(db, house, holder, {n: batch.plans[n] for n in sorted(still.intersection(batch.plans))}, now)
    for number in still.intersection(batch.faults):
        filing.fail(db, number, batch.faults[number], now)
        outcomes[number] = {"event": "failed", "error": batch.faults[number]}
    claiming.release(db, sorted(still - outcomes.keys()), holder)
    return outcomes


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
