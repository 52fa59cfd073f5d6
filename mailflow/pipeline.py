"""A message's way through the house. Read this first.

`process` is one step: claim a batch of received messages, read each, `decide` what is to be done about it (a Plan, in
deciding.py), and file the whole batch in one transaction: cases, details, replies to be sent, and why.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DataError, IntegrityError

from mailflow.deciding import House, decide
from mailflow.domain import (
    Consent,
    Email,
    MessageState,
    Mode,
    OutgoingMail,
    OutgoingState,
    Plan,
    Reason,
    StoryReading,
    TrainingDetails,
    reference,
)
from mailflow.domain.failpoints import Failpoint, reached
from mailflow.errors import MailflowError, PermanentError, TemporaryError
from mailflow.message.parse import read
from mailflow.reply.compose import compose_alert, compose_reply
from mailflow.store import claiming, filing, leases, queueing, recalling
from mailflow.store.database import Store

log = structlog.get_logger("mailflow.pipeline")

BATCH = 50
DECIDING = "deciding"
RETRY_OUR_FAULT = timedelta(minutes=1)

# What becomes of an automatic reply, by mode.
_REPLIES = {Mode.LIVE: OutgoingState.QUEUED, Mode.DRAFTS: OutgoingState.DRAFT, Mode.REHEARSAL: OutgoingState.REHEARSED}


def process(store: Store, house: House, holder: str, now: datetime) -> int:
    """Claims up to `BATCH` received messages and files each: `received` to `filed`, `held`, `ignored` or `failed`.

    Returns how many were claimed; 0 means that nothing waits, or that another daemon is at it. What fails in reading or
    deciding is the mail's fault and costs one row; what fails in composing a reply or in filing is ours, and that message
    alone stays `received`.
    """
    with store.writing() as db:
        # One daemon decides at a time: a message and its answer, decided by two at once, would open two cases.
        claimed = claiming.claim(db, holder, BATCH, now) if leases.hold(db, DECIDING, holder, now) else []
    if not claimed:
        return 0
    reached(Failpoint.CLAIMED)
    batch = _Batch({message.id: message.arrived for message in claimed})
    for message in claimed:
        with batch.blame(message.id):
            batch.emails[message.id] = read(message.raw, house.ourselves)
    later = batch.take_out_answers()
    with store.reading() as db:
        past = recalling.recall(db, list(batch.emails.values()), now)
    for number, email in batch.emails.items():
        with batch.blame(number):
            batch.plans[number] = decide(email, house, past.of(email), batch.arrived[number], now)
            past.note(batch.plans[number])
    reached(Failpoint.DECIDED)
    with store.writing() as db:
        ours = claiming.still_ours(db, batch.arrived, holder)
        claiming.release(db, later, holder)
        outcomes = _file_all(db, house, holder, {n: batch.plans[n] for n in sorted(ours.intersection(batch.plans))}, now)
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
    """The messages of one call of `process`, by their number."""

    arrived: dict[int, datetime]
    emails: dict[int, Email] = field(default_factory=dict)
    plans: dict[int, Plan] = field(default_factory=dict)
    faults: dict[int, str] = field(default_factory=dict)

    @contextmanager
    def blame(self, number: int) -> Iterator[None]:
        """Writes down what goes wrong as the fault of this one message. Only pure work may be done inside."""
        try:
            yield
        except PermanentError as error:
            self.faults[number] = str(error)
        except Exception as error:  # one mail costs one row, never the loop; its words are not repeated
            self.faults[number] = f"Reading it failed with {type(error).__name__}."

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
            cases, faults = file_plans(db, house, plans, now)
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
    claiming.release(db, again, holder, again_at=now + RETRY_OUR_FAULT)
    said = {n: {"event": "not filed; tried again in a minute", "error": str(faults[n])} for n in again}
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


def file_plans(
    db: Connection, house: House, plans: Mapping[int, Plan], now: datetime
) -> tuple[dict[int, int], dict[int, MailflowError]]:
    """Carries plans out in the open transaction: cases, details, outgoing mails, audit events. By the messages' numbers.

    Returns the case of each message; and why the mails of some cannot be composed. Where that is so of any, the caller rolls
    back. Table by table, because one statement for fifty rows costs little more than a statement for one.
    """
    cases = _find_cases(db, plans, now)
    mails: list[queueing.Queued] = []
    faults: dict[int, MailflowError] = {}
    for number, plan in plans.items():
        if number in cases:
            try:
                mails += _compose(house, number, plan, cases[number], now)
            except MailflowError as error:
                faults[number] = error
            except Exception as error:  # composing is pure: whatever it trips over must not hold up the others
                faults[number] = TemporaryError(f"Composing its mail failed with {type(error).__name__}.")
    if not faults:
        decided = [filing.Decided(number, plan, cases.get(number)) for number, plan in plans.items()]
        filing.file(db, decided, now, moves=house.mode is not Mode.REHEARSAL)
        queueing.enqueue_all(db, mails, now)
        if house.mode is not Mode.REHEARSAL:
            filing.wait_for_requesters(db, _asked(plans, cases))
    return cases, faults


def _find_cases(db: Connection, plans: Mapping[int, Plan], now: datetime) -> dict[int, int]:
    """The case of each message by its number; new ones are opened, and known ones take up what the message adds."""
    new = {number: plan for number, plan in plans.items() if plan.case is None and plan.state is not MessageState.IGNORED}
    cases = dict(zip(new, filing.open_cases(db, list(new.values()), now), strict=True))
    for number, plan in plans.items():
        if plan.case is None:
            continue
        cases[number] = plan.case.case_id
        if plan.state is MessageState.IGNORED:
            continue
        filing.reopen_case(db, plan.case.case_id, plan.due, sensitive=plan.verdict.sensitive)
        match plan.understanding:
            case _ if plan.withdraws:
                filing.withdraw_story(db, plan.case.case_id, now)
            case StoryReading(consent=Consent.NONE):
                filing.refuse_consent(db, plan.case.case_id, now)
            case TrainingDetails() as details:
                filing.add_details(db, plan.case.case_id, details)
    return cases


def _asked(plans: Mapping[int, Plan], cases: Mapping[int, int]) -> list[int]:
    """The cases whose latest message we answer with a question."""
    asks: dict[int, bool] = {}
    for number, plan in plans.items():
        if number in cases and plan.state is not MessageState.IGNORED:
            missing = isinstance(plan.understanding, TrainingDetails) and plan.understanding.missing
            asks[cases[number]] = bool(plan.template and missing)
    return [case_id for case_id, asked in asks.items() if asked]


def _compose(house: House, number: int, plan: Plan, case_id: int, now: datetime) -> Iterator[queueing.Queued]:
    """The mails that a message occasions. Raises MailflowError where a template fails or an address cannot be written to."""
    case_reference = reference(case_id)
    if plan.template:
        reply = compose_reply(plan, case_reference, house.templates, house.rules, house.ourselves, now, house.zone)
        yield queueing.Queued(reply, _REPLIES[house.mode], case_id, number)
    if plan.alert and house.alert_to:
        state = OutgoingState.REHEARSED if house.mode is Mode.REHEARSAL else OutgoingState.QUEUED
        yield queueing.Queued(_alert(house, number, case_reference, plan, now), state, case_id, number)


def _alert(house: House, number: int, case_reference: str, plan: Plan, now: datetime) -> OutgoingMail:
    return compose_alert(
        plan,
        case_reference,
        house.alert_to,
        house.templates,
        house.rules,
        house.ourselves,
        now,
        house.desk_url,
        once=f"alert:message:{number}",
    )
