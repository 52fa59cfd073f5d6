"""What a person's word about a message comes to, and how that is told: the same sentences before it is done and after.

No word of a message is repeated.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from mailflow.deciding import House
from mailflow.domain import CaseState, Kind, Mode, OutgoingState, Plan, TrainingDetails, reference

_REPLY = {
    OutgoingState.QUEUED: "A reply ({template}) is on its way.",
    OutgoingState.DRAFT: "A reply ({template}) waits for approval at the desk.",
    OutgoingState.REHEARSED: "In rehearsal: a reply ({template}) would have been sent.",
}


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a correction came to. Without a `plan` nothing was done, for it was so already."""

    message: int
    case_id: int | None
    was: Kind
    was_sensitive: bool
    plan: Plan | None = field(default=None, repr=False)
    case_state: CaseState | None = None
    was_on: int | None = None  # the case it was on, where that is another
    taken_back: tuple[int, ...] = ()  # mails of ours, by number, that would have left
    in_flight: tuple[int, ...] = ()  # those that are being sent: too late
    answered_again: tuple[int, ...] = ()  # other messages on its case, whose replies had been taken back as it was sensitive
    reply: OutgoingState | None = None  # of the mail that answers it from now on
    alerted: bool = False  # the named people are told of it now
    moves: bool = False  # in the mailbox, into the plan's folder
    is_placed: bool = True  # it is known where in the mailbox it lies

    @property
    def missing(self) -> tuple[str, ...]:
        """What a training request does not say yet."""
        details = self.plan.understanding if self.plan else None
        return details.missing if isinstance(details, TrainingDetails) else ()


def named(kind: Kind, sensitive: bool) -> str:
    """How a kind is called in a sentence."""
    return f"{kind}, sensitive" if sensitive else f"{kind}"


def verdict(corrected: Corrected) -> str:
    """What the message is from then on, in a sentence."""
    name = f"Message {corrected.message}" if corrected.case_id is None else reference(corrected.case_id)
    was = named(corrected.was, corrected.was_sensitive)
    if corrected.plan is None:
        return f"{name} is {was} already: nothing is changed."
    said = named(corrected.plan.verdict.kind, corrected.plan.verdict.sensitive)
    return f"{name} is {said}, as mailflow thought." if said == was else f"{name} is {said} now; it was {was}."


def consequences(corrected: Corrected, house: House) -> Iterator[str]:
    """What follows, a sentence each; nothing where nothing is changed."""
    plan = corrected.plan
    if plan is None:
        return
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


def _on_case(corrected: Corrected, plan: Plan) -> Iterator[str]:
    if corrected.was_on is not None and corrected.case_id is not None:
        yield f"It was on {reference(corrected.was_on)}; it is on {reference(corrected.case_id)} from now on."
    if plan.hold:
        yield f"It waits for a person: {plan.hold.text}"
    if corrected.case_state is CaseState.CLOSED:
        yield "Its case is closed: it needs nobody."
    elif plan.due and corrected.case_state is CaseState.OPEN:
        yield f"To be answered by {plan.due:%-d %B %Y}."
    if corrected.missing:
        asked = "Its requester is asked" if corrected.case_state is CaseState.WAITING else "It does not say"
        yield f"{asked}: {', '.join(corrected.missing)}."


def _alert(corrected: Corrected, house: House) -> str:
    if not house.alert_to:
        return "Nobody is told of it, as MAILFLOW_ALERT_TO and MAILFLOW_TEAM name nobody: tell them yourself."
    return "The named people are told of it." if corrected.alerted else "The named people were told of it before."
