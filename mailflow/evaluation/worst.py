"""The messages that mailflow does most wrong, each with what is wrong and why it was so decided: where to look first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mailflow.domain import Kind, Reason
from mailflow.evaluation.details import Match, match_details
from mailflow.evaluation.judging import Judged
from mailflow.evaluation.new_text import match_new_text
from mailflow.evaluation.stories import match_story, read_consent

MOST = 20
_BAD = {Match.WRONG: "wrong", Match.MISSED: "missed", Match.INVENTED: "made up"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with what is done about a message. `gravity` ranks faults: what harms people comes first."""

    gravity: int
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """A message with its faults, the gravest first, and the reasons for its verdict."""

    name: str
    kind: Kind
    confidence: float
    faults: tuple[Fault, ...]
    reasons: tuple[Reason, ...]

    @property
    def gravity(self) -> int:
        """Of all its faults together."""
        return sum(fault.gravity for fault in self.faults)


def find_worst(judged: Sequence[Judged]) -> tuple[Case, ...]:
    """At most twenty messages with faults, the worst first."""
    cases = []
    for one in judged:
        faults = sorted(_faults(one), key=lambda fault: -fault.gravity)
        if faults:
            cases.append(Case(one.name, one.kind, one.confidence, tuple(faults), one.reasons))
    return tuple(sorted(cases, key=lambda case: -case.gravity)[:MOST])


def _faults(one: Judged) -> Iterator[Fault]:
    if one.failure:
        yield Fault(60, f"It cannot be read: {one.failure}")
    yield from _alarm_faults(one)
    yield from _kind_faults(one)
    yield from _reading_faults(one)


def _alarm_faults(one: Judged) -> Iterator[Fault]:
    if one.label.sensitive and one.answered:
        yield Fault(100, "It is sensitive, and would be answered by itself.")
    if one.label.sensitive and not one.sensitive:
        yield Fault(40 if one.settled else 25, "It is sensitive, and raises no alarm.")
    if one.sensitive and not one.label.sensitive:
        yield Fault(8, "It raises a false alarm.")


def _kind_faults(one: Judged) -> Iterator[Fault]:
    if one.kind is one.label.kind:
        return
    mistaken = f"It is {one.label.kind}, and taken for {one.kind} ({one.confidence:.0%} sure)"
    if one.ignored:
        yield Fault(60, f"{mistaken}: nobody would see it.")
    elif one.answered:
        yield Fault(30, f"{mistaken}, and would get that kind's answer.")
    elif one.settled:
        yield Fault(15, f"{mistaken}, and would be filed so.")
    else:
        yield Fault(8, f"{mistaken}; a person looks.")


def _reading_faults(one: Judged) -> Iterator[Fault]:
    new_text, story = match_new_text(one), match_story(one)
    if new_text and new_text.lost:
        yield Fault(5 + len(new_text.lost), f"The new text lacks {_count(len(new_text.lost), 'line')} of the sender's.")
    elif new_text and not new_text.ends_right:
        yield Fault(3, "The new text ends elsewhere.")
    wrong = [f"{field} {_BAD[match]}" for field, match in match_details(one).items() if match in _BAD]
    if wrong:
        yield Fault(2 * len(wrong), f"Details: {', '.join(wrong)}.")
    if story and story.missed:
        yield Fault(3 * len(story.missed), f"Not marked: {', '.join(f'“{text}”' for text in story.missed)}.")
    if one.label.consent and (read := read_consent(one)) is not one.label.consent:
        yield Fault(4, f"The consent is {one.label.consent}, and read as {read}.")


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
