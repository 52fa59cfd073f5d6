"""How `mailflow correct` tells what it did, and what it did not: for people, or as JSON. No word of a message is repeated."""

from collections.abc import Iterator

from mailflow.correcting import Corrected
from mailflow.deciding import House
from mailflow.domain import CaseState, Kind, Mode, OutgoingState, Plan, TrainingDetails, reference
from mailflow.domain.plain import Json

_REPLY = {
    OutgoingState.QUEUED: "A reply ({template}) is on its way.",
    OutgoingState.DRAFT: "A reply ({template}) waits for approval at the desk.",
    OutgoingState.REHEARSED: "In rehearsal: a reply ({template}) would have been sent.",
}


def to_json(corrected: Corrected) -> Json:
    """What other programs may rely on."""
    plan = corrected.plan
    return {
        "message": corrected.message,
        "reference": None if corrected.case_id is None else reference(corrected.case_id),
        "changed": plan is not None,
        "was": corrected.was.value,
        "was_sensitive": corrected.was_sensitive,
        "kind": (plan.verdict.kind if plan else corrected.was).value,
        "sensitive": plan.verdict.sensitive if plan else corrected.was_sensitive,
        "state": plan.state.value if plan else None,
        "case_state": corrected.case_state.value if corrected.case_state else None,
        "hold": plan.hold.text if plan and plan.hold else None,
        "due": plan.due.isoformat() if plan and plan.due else None,
        "missing": list(_missing(plan)),
        "reply": corrected.reply.value if corrected.reply else None,
        "template": plan.template if plan else None,
        "no_reply_reason": plan.silence.text if plan and plan.silence else None,
        "was_on": None if corrected.was_on is None else reference(corrected.was_on),
        "taken_back": list(corrected.taken_back),
        "in_flight": list(corrected.in_flight),
        "answered_again": list(corrected.answered_again),
        "alerted": corrected.alerted,
        "folder": plan.folder if plan else None,
        "moves": corrected.moves,
    }


def print_correction(corrected: Corrected, house: House) -> None:
    """A sentence a line."""
    name = f"Message {corrected.message}" if corrected.case_id is None else reference(corrected.case_id)
    was = _named(corrected.was, corrected.was_sensitive)
    if corrected.plan is None:
        print(f"{name} is {was} already: nothing is changed.")
        return
    said = _named(corrected.plan.verdict.kind, corrected.plan.verdict.sensitive)
    print(f"{name} is {said}, as mailflow thought." if said == was else f"{name} is {said} now; it was {was}.")
    for sentence in _consequences(corrected, corrected.plan, house):
        print(f"  {sentence}")


def _consequences(corrected: Corrected, plan: Plan, house: House) -> Iterator[str]:
    yield from _on_case(corrected, plan)
    if corrected.taken_back:
        yield f"Taken back before it was sent: {', '.join(f'mail {number}' for number in corrected.taken_back)}."
    for number in corrected.in_flight:
        yield f"Its reply (mail {number}) is being sent and cannot be taken back."
    for number in corrected.answered_again:
        yield f"The reply to message {number}, taken back before, is made again."
    if corrected.reply:
        yield _REPLY[corrected.reply].format(template=plan.template)
    elif plan.silence:
        yield f"No reply is sent now: {plan.silence.text}"
    if plan.verdict.sensitive and not corrected.was_sensitive:
        yield _alert(corrected, house)
    if plan.folder and corrected.moves:
        yield f"In the mailbox it goes to the folder {plan.folder}."
    elif plan.folder and not corrected.is_placed and house.mode is not Mode.REHEARSAL:
        yield f"Where it lies in the mailbox is not known: move it to the folder {plan.folder} yourself."
    yield "`mailflow learn` learns from it."


def _on_case(corrected: Corrected, plan: Plan) -> Iterator[str]:
    if corrected.was_on is not None and corrected.case_id is not None:
        yield f"It was on {reference(corrected.was_on)}; it is on {reference(corrected.case_id)} from now on."
    if plan.hold:
        yield f"It waits for a person: {plan.hold.text}"
    if corrected.case_state is CaseState.CLOSED:
        yield "Its case is closed: it needs nobody."
    elif plan.due and corrected.case_state is CaseState.OPEN:
        yield f"To be answered by {plan.due:%-d %B %Y}."
    if missing := _missing(plan):
        asked = "Its requester is asked" if corrected.case_state is CaseState.WAITING else "It does not say"
        yield f"{asked}: {', '.join(missing)}."


def _missing(plan: Plan | None) -> tuple[str, ...]:
    details = plan.understanding if plan else None
    return details.missing if isinstance(details, TrainingDetails) else ()


def _alert(corrected: Corrected, house: House) -> str:
    if not house.alert_to:
        return "Nobody is told of it, as MAILFLOW_ALERT_TO and MAILFLOW_TEAM name nobody: tell them yourself."
    return "The named people are told of it." if corrected.alerted else "The named people were told of it before."


def _named(kind: Kind, sensitive: bool) -> str:
    return f"{kind}, sensitive" if sensitive else f"{kind}"
