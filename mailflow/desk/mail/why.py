"""Why mailflow did what it did with a message, in sentences: what it was taken for, why it was held or left unanswered."""

from dataclasses import dataclass

from mailflow.domain import CORRECTED, DANGER, Kind, MessageState, Reason
from mailflow.domain.wording import SILENCE
from mailflow.rules import Rules
from mailflow.store.kept import KeptMessage

SHOWN = 3  # reasons; the others are folded
# Where in rules.toml the team may change what is behind a reason. What is not here is a promise, and no rule changes it.
_WHERE = {
    "unsure": "[kinds.{kind}] confidence",
    "kind-not-answered": "[kinds.{kind}] reply",
    "no-template": "[kinds.{kind}] template",
    "never-to": "[replies] never_to",
    "address-cap": "[replies] per_address_a_day",
    "sensitive": "[sensitive] words",
    DANGER: "[sensitive.danger] words",
}


@dataclass(frozen=True, slots=True)
class Account:
    """The reasons for a verdict, the weightiest first: those for it, at most SHOWN, and the rest for, against and besides."""

    leading: tuple[Reason, ...]
    rest: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A line of rules.toml to look at, and why."""

    line: str
    why: str


def account(kept: KeptMessage) -> Account:
    """What speaks for what a message was taken for, and what else there is to say. A person's word goes before everything."""
    said = tuple(reason for reason in kept.reasons if reason.name == CORRECTED)
    judged = sorted((reason for reason in kept.reasons if reason.name != CORRECTED), key=_weight, reverse=True)
    speaking = [reason for reason in judged if reason.kind in (None, kept.kind) and (reason.weight is None or reason.weight > 0)]
    leading = (*said, *speaking)[:SHOWN]
    return Account(leading, tuple(reason for reason in judged if reason not in leading))


def silence_in_short(reason: Reason) -> str:
    """Why there was no automatic reply, in a few words that say nothing of what anybody wrote."""
    return SILENCE.get(reason.name, reason.text)


def places(kept: KeptMessage, rules: Rules) -> list[Place]:
    """What in rules.toml had a part in a message's being held, left unanswered, or taken for what it was taken for."""
    kind = kept.kind or Kind.OTHER
    reasons = {reason.name: reason for reason in (kept.silence, kept.hold) if reason and reason.name in _WHERE}
    found = [Place(_WHERE[name].format(kind=kind), reason.text) for name, reason in reasons.items()]
    named = {rule.name for rule in rules.rules}
    counted = [reason for reason in sorted(kept.reasons, key=_weight, reverse=True) if reason.name in named]
    return found + [Place(f"[[rules]] {reason.name}", _counted(reason)) for reason in counted]


def may_be_decided_again(kept: KeptMessage) -> bool:
    """Whether it makes sense to have a message decided again: no person has said what it is."""
    return kept.state in (MessageState.FILED, MessageState.HELD, MessageState.IGNORED) and not kept.by_person and kept.whole


def _counted(reason: Reason) -> str:
    return f"It speaks {'for' if (reason.weight or 0) >= 0 else 'against'} {reason.kind}, by {abs(reason.weight or 0):g}."


def _weight(reason: Reason) -> float:
    """What raised an alarm, or is a machine's mark, has no weight: it counted for more than any."""
    return float("inf") if reason.weight is None else abs(reason.weight)
