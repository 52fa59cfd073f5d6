"""What a plan comes to, in the open transaction: a case, what was understood, mails for the outbox, and audit events.

Nothing here leaves the house: a mail is queued, a message waits to be moved, and both happen after the commit.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from mailflow.deciding import House
from mailflow.domain import (
    Consent,
    KnownCase,
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
from mailflow.errors import MailflowError, TemporaryError
from mailflow.reply.compose import compose_alert, compose_reply
from mailflow.store import bounces, contributors, filing, merging, queueing, recalling, training

# What becomes of an automatic reply, by mode.
_REPLIES = {Mode.LIVE: OutgoingState.QUEUED, Mode.DRAFTS: OutgoingState.DRAFT, Mode.REHEARSAL: OutgoingState.REHEARSED}
_ONE_IS_ENOUGH = Reason("acknowledged", "Its case is one with another that had its first reply.")


def act(
    db: Connection, house: House, plans: Mapping[int, Plan], now: datetime
) -> tuple[dict[int, int], dict[int, MailflowError]]:
    """Carries plans out in the open transaction: cases, details, outgoing mails, audit events. By the messages' numbers.

    Returns the case of each message; and why the mails of some cannot be composed. Where that is so of any, the caller rolls
    back. Table by table, because one statement for fifty rows costs little more than a statement for one.
    """
    plans = _lead_on(db, plans)
    cases, references = _find_cases(db, plans, now)
    mails: list[queueing.Queued] = []
    faults: dict[int, MailflowError] = {}
    for number, plan in plans.items():
        if number in cases:
            try:
                mails += compose(house, number, plan, cases[number], references[number], now)
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
        _take_back(db, plans, now)
    return cases, faults


def _lead_on(db: Connection, plans: Mapping[int, Plan]) -> Mapping[int, Plan]:
    """What joins a case that somebody has merged since it was decided goes where that went, and gets no second first reply."""
    joined = {plan.case.case_id for plan in plans.values() if plan.case}
    joined |= {plan.began_in for plan in plans.values() if plan.began_in}
    into = merging.lead_on(db, joined) if joined else {}
    led = {case_id: recalling.known_case(db, there) for case_id, there in into.items()}
    return {number: _led(plan, led) for number, plan in plans.items()} if led else plans


def _led(plan: Plan, led: Mapping[int, KnownCase]) -> Plan:
    if plan.began_in is not None and plan.began_in in led:
        return replace(plan, began_in=led[plan.began_in].conversation)
    if plan.case is None or plan.case.case_id not in led:
        return plan
    case = led[plan.case.case_id]
    if plan.template is None or not case.acknowledged:
        return replace(plan, case=case)
    return replace(
        plan, case=case, template=None, silence=Reason("acknowledged", "Its case is one with another that had its first reply.")
    )


def _find_cases(db: Connection, plans: Mapping[int, Plan], now: datetime) -> tuple[dict[int, int], dict[int, str]]:
    """The case of each message by its number, and the reference that its requester may be told.

    New ones are opened, and known ones take up what the message adds.
    """
    new = {number: plan for number, plan in plans.items() if plan.case is None and plan.state is not MessageState.IGNORED}
    opened = dict(zip(new, filing.open_cases(db, list(new.values()), now), strict=True))
    cases = {number: case.case_id for number, case in opened.items()}
    references = {number: reference(*case) for number, case in opened.items()}
    for number, plan in plans.items():
        if plan.case is None:
            continue
        cases[number], references[number] = plan.case.case_id, reference(plan.case.case_id, plan.case.token)
        if plan.state is MessageState.IGNORED:
            continue
        filing.reopen_case(db, plan.case.case_id, plan.due, sensitive=plan.verdict.sensitive)
        take_up(db, plan.case.case_id, plan, now)
    return cases, references


def take_up(db: Connection, case_id: int, plan: Plan, now: datetime) -> None:
    """What a later message adds to what its case knows: details, or a contributor's word about a story."""
    match plan.understanding:
        case _ if plan.withdraws:
            contributors.withdraw_story(db, case_id, now)
        case StoryReading(consent=Consent.NONE):
            contributors.refuse_consent(db, case_id, now)
        case TrainingDetails() as details:
            training.add_details(db, case_id, details)


def _take_back(db: Connection, plans: Mapping[int, Plan], now: datetime) -> None:
    """What bounces say of our mails: after all that this batch queues, so that nothing of it goes where no mail arrives."""
    for number, plan in plans.items():
        if plan.about is not None and plan.email.report is not None:
            bounces.take_back(db, number, plan.about, plan.email.report, now)


def _asked(plans: Mapping[int, Plan], cases: Mapping[int, int]) -> list[int]:
    """The cases whose latest message we answer with a question."""
    asks: dict[int, bool] = {}
    for number, plan in plans.items():
        if number in cases and plan.state is not MessageState.IGNORED:
            missing = isinstance(plan.understanding, TrainingDetails) and plan.understanding.missing
            asks[cases[number]] = bool(plan.template and not plan.hold and missing)
    return [case_id for case_id, asked in asks.items() if asked]


def compose(house: House, number: int, plan: Plan, case_id: int, told: str, now: datetime) -> Iterator[queueing.Queued]:
    """The mails that a message occasions. `told`: the reference as its requester may know it; the alert goes to the team.

    Raises MailflowError where a template fails or an address cannot be written to.
    """
    if plan.template:
        reply = compose_reply(
            plan, case_id, told, house.templates, house.rules, house.ourselves, now, house.zone, house.largest_megabytes
        )
        yield queueing.Queued(reply, _REPLIES[house.mode], case_id, number)
    if plan.alert and house.alert_to:
        state = OutgoingState.REHEARSED if house.mode is Mode.REHEARSAL else OutgoingState.QUEUED
        yield queueing.Queued(_alert(house, number, reference(case_id), plan.verdict.danger, now), state, case_id, number)


def _alert(house: House, number: int, case_reference: str, danger: bool, now: datetime) -> OutgoingMail:
    return compose_alert(
        case_reference,
        danger,
        house.alert_to,
        house.templates,
        house.rules,
        house.ourselves,
        now,
        house.desk_url,
        once=f"alert:message:{number}",
    )
