"""A message's way through the house. Read this first.

`decide` is pure: an Email and what we know of the past become a Plan, and nothing has happened yet.
`process` is the step around it: claim a batch, decide each, file all of it in one transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from mailflow.classify.verdict import Classifier
from mailflow.domain import (
    Email,
    History,
    Kind,
    MessageState,
    Mode,
    Ourselves,
    OutgoingState,
    Plan,
    TrainingDetails,
    Verdict,
    reference,
)
from mailflow.domain.calendar import add_working_days
from mailflow.errors import MailflowError, PermanentError
from mailflow.kinds.understand import understand
from mailflow.kinds.withdrawal import asks_to_withdraw
from mailflow.message.parse import read
from mailflow.render import Templates
from mailflow.reply.compose import compose_alert, compose_reply
from mailflow.reply.hold import reason_to_hold
from mailflow.reply.policy import silence
from mailflow.reply.sample import check_templates
from mailflow.rules import Rules
from mailflow.rules import load as load_rules
from mailflow.settings import Settings
from mailflow.store import claiming, filing, recalling, sending
from mailflow.store.database import Store

log = structlog.get_logger("mailflow.pipeline")

BATCH = 50
RETRY_OUR_FAULT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class House:
    """Everything that deciding needs and that does not change from message to message."""

    rules: Rules
    classifier: Classifier
    templates: Templates
    ourselves: Ourselves
    mode: Mode
    go_live: datetime | None
    zone: ZoneInfo
    alert_to: tuple[str, ...] = ()
    desk_url: str | None = None

    @classmethod
    def build(cls, settings: Settings) -> Self:
        """Reads rules.toml and the templates. Raises UserError, one sentence for each thing wrong in them."""
        rules = load_rules(settings.rules)
        templates = Templates.load(settings.templates)
        check_templates(templates, rules, settings.ourselves)
        return cls(
            rules=rules,
            classifier=Classifier(rules),
            templates=templates,
            ourselves=settings.ourselves,
            mode=settings.mode,
            go_live=settings.go_live,
            zone=settings.zone,
            alert_to=settings.alert_recipients,
            desk_url=settings.desk_url,
        )


def decide(email: Email, house: House, history: History, arrived: datetime, now: datetime) -> Plan:
    """Classify, understand, and plan what is to be done about a message. Pure: the same values give the same plan."""
    verdict = house.classifier.classify(email)
    understanding = understand(email, verdict, house.rules, now)
    kind_rules = house.rules.kinds[verdict.kind]
    hold = reason_to_hold(email, verdict, history, house.rules, house.ourselves)
    state = MessageState.HELD if hold else MessageState.FILED
    if verdict.kind is Kind.AUTOMATIC:
        state = MessageState.IGNORED
    quiet = silence(email, verdict, history, house.rules, house.ourselves, arrived, house.go_live)
    return Plan(
        email=email,
        verdict=verdict,
        understanding=understanding,
        state=state,
        hold=hold,
        template=None if quiet or hold else kind_rules.template,
        silence=quiet or hold,
        alert=verdict.sensitive and verdict.kind is not Kind.AUTOMATIC,
        folder=_folder(verdict, state, house.rules),
        due=_due(kind_rules.deadline, arrived, house.zone),
        case=history.case,
        withdraws=history.case is not None and history.case.kind is Kind.STORY and asks_to_withdraw(email),
    )


def _folder(verdict: Verdict, state: MessageState, rules: Rules) -> str | None:
    if verdict.sensitive and verdict.kind is not Kind.AUTOMATIC:
        return rules.sensitive.folder
    return None if state is MessageState.HELD else rules.kinds[verdict.kind].folder


def _due(deadline: int | None, arrived: datetime, zone: ZoneInfo) -> date | None:
    return None if deadline is None else add_working_days(arrived.astimezone(zone).date(), deadline)


def process(store: Store, house: House, holder: str, now: datetime) -> int:
    """Claims up to `BATCH` received messages and files each: `received` to `filed`, `held`, `ignored` or `failed`.

    Returns how many were claimed; 0 means that nothing waits. What fails in reading or deciding is the mail's fault
    and costs one row; what fails in filing is ours, and the message stays `received`.
    """
    with store.writing() as db:
        claimed = claiming.claim(db, holder, BATCH, now)
    if not claimed:
        return 0
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
    with store.writing() as db:
        ours = claiming.still_ours(db, batch.arrived, holder)
        claiming.release(db, later, holder)
        filed = {n: _file_one(db, house, holder, n, batch.plans[n], now) for n in sorted(ours.intersection(batch.plans))}
        for number in ours.intersection(batch.faults):
            filing.fail(db, number, batch.faults[number], now)
            filed[number] = {"event": "failed", "error": batch.faults[number]}
    for number, outcome in filed.items():
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
        """Takes out the messages that answer another one of the batch: they wait until that one has its case."""
        ids = {email.message_id for email in self.emails.values()}
        answers = [n for n, email in self.emails.items() if ids.intersection(email.thread.parents) - {email.message_id}]
        for number in answers:
            del self.emails[number]
        return answers


def _file_one(db: Connection, house: House, holder: str, number: int, plan: Plan, now: datetime) -> dict[str, Any]:
    """Files one message, and gives what to log once it is committed: ids, state and reasons, never its text."""
    try:
        with db.begin_nested():
            case_reference = file_plan(db, house, number, plan, now)
    except MailflowError as error:
        claiming.release(db, [number], holder, again_at=now + RETRY_OUR_FAULT)
        return {"event": "not filed; tried again in a minute", "error": str(error)}
    return {
        "event": plan.state.value,
        "case": case_reference,
        "kind": plan.verdict.kind.value,
        "confidence": round(plan.verdict.confidence, 2),
        "sensitive": plan.verdict.sensitive,
        "reply": plan.template,
        "why_held": plan.hold.name if plan.hold else None,
        "why_silent": plan.silence.name if plan.silence else None,
    }


def file_plan(db: Connection, house: House, number: int, plan: Plan, now: datetime) -> str | None:
    """Carries a plan out in the open transaction: case, details, outgoing mail, audit event. Returns the case's reference."""
    case_id = plan.case.case_id if plan.case else None
    if plan.verdict.kind is not Kind.AUTOMATIC:
        if case_id is None:
            case_id = filing.open_case(db, plan, now)
        else:
            filing.reopen_case(db, case_id, sensitive=plan.verdict.sensitive)
        if plan.withdraws:
            filing.withdraw_story(db, case_id, now)
        else:
            filing.note_understanding(db, case_id, plan, new=plan.case is None)
    filing.file(db, number, plan, case_id, now, moves=house.mode is not Mode.REHEARSAL)
    if case_id is not None:
        _queue_mails(db, house, number, plan, case_id, now)
    return reference(case_id) if case_id is not None else None


def _queue_mails(db: Connection, house: House, number: int, plan: Plan, case_id: int, now: datetime) -> None:
    case_reference = reference(case_id)
    if plan.template:
        reply = compose_reply(plan, case_reference, house.templates, house.rules, house.ourselves, now, house.zone)
        state = {Mode.LIVE: OutgoingState.QUEUED, Mode.DRAFTS: OutgoingState.DRAFT, Mode.REHEARSAL: OutgoingState.REHEARSED}
        sending.enqueue(db, reply, state[house.mode], now, case_id=case_id, answers=number)
        if isinstance(plan.understanding, TrainingDetails) and plan.understanding.missing:
            filing.wait_for_requester(db, case_id)
    if plan.alert and house.alert_to:
        alert = compose_alert(
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
        state_of_alert = OutgoingState.REHEARSED if house.mode is Mode.REHEARSAL else OutgoingState.QUEUED
        sending.enqueue(db, alert, state_of_alert, now, case_id=case_id, answers=number)
