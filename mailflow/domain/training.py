"""The session that comes of a training request: when and where it is, and what is said of it to a calendar."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from mailflow.domain.decisions import TrainingDetails
from mailflow.domain.plain import Json, details_from_json, details_to_json
from mailflow.domain.states import Action

# Whoever puts the days right has said all there is to say of the days.
_TOGETHER = {"dates": ("dates", "dates_in_words"), "dates_in_words": ("dates", "dates_in_words")}


class Method(StrEnum):
    """What a calendar is told (RFC 5546, 3.2)."""

    REQUEST = "REQUEST"  # comes to be, or is another by now
    CANCEL = "CANCEL"  # does not take place


_TOLD = {Method.REQUEST: "invitation", Method.CANCEL: "cancellation"}


def occasion(method: Method, case: str, sequence: int) -> str:
    """The one occasion on which a calendar is told something of the session of a case, EDI-0042."""
    return f"{_TOLD[method]}:case:{case}:{sequence}"


def method_of(once: str) -> Method:
    """What a calendar was told on an occasion."""
    return next(method for method, told in _TOLD.items() if once.startswith(f"{told}:"))


class Step(StrEnum):
    """What a person does with a training request, besides fixing its session."""

    CALL_OFF = "call off"  # no session takes place
    DELIVER = "deliver"  # the session has taken place
    UNDO = "undo"  # it has not, after all
    REOPEN = "reopen"  # back to where a session is looked for


class Reply(StrEnum):
    """What a calendar answers for its owner (RFC 5545, 3.2.12)."""

    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """What was agreed. Times are aware."""

    starts: datetime
    ends: datetime
    place: str  # a room, or the link to an online meeting
    facilitator: str | None = None

    @property
    def link(self) -> str | None:
        """The place, where it is a link."""
        return self.place if self.place.startswith(("https://", "http://")) and " " not in self.place else None


@dataclass(frozen=True, slots=True)
class Invitation:
    """What is said of a session. `uid` stays the same for all that is said of it; `sequence` grows (RFC 5545, 3.8.7.4)."""

    method: Method
    session: PlannedSession
    uid: str
    sequence: int
    invited: tuple[str, ...] = field(repr=False)  # addresses
    department: str | None = None
    is_update: bool = False  # an earlier invitation is to be replaced


@dataclass(frozen=True, slots=True)
class CalendarReply:
    """The answer that somebody's calendar sent to an invitation."""

    address: str = field(repr=False)  # lower-case
    reply: Reply
    sequence: int


@dataclass(frozen=True, slots=True)
class Understood:
    """A training request as it is understood: from its messages, but for what a person has put right.

    `by_person` names those details. What later messages say of them otherwise waits in `since` until a person has looked.
    """

    details: TrainingDetails
    by_person: tuple[str, ...] = ()
    since: TrainingDetails | None = None

    def later(self, said: TrainingDetails) -> "Understood":
        """With what a later message adds. What it wants done is always its own word."""
        plain, added = details_to_json(self.details), details_to_json(said)
        if said.action is Action.REQUEST:
            del added["action"]
        otherwise = {name: value for name, value in added.items() if name in self.by_person and value != plain.get(name)}
        taken = {name: value for name, value in added.items() if name not in self.by_person}
        before = details_to_json(self.since) if self.since else {}
        since = details_from_json(before | otherwise) if before or otherwise else None
        return Understood(details_from_json(plain | taken), self.by_person, since)

    def joined(self, other: "Understood") -> "Understood":
        """With what another request for the same session knows besides. What a person has put right in either stands."""
        mine, theirs = details_to_json(self.details), details_to_json(other.details)
        put_right = {*self.by_person, *other.by_person}
        known = {name: value for name, value in theirs.items() if name not in self.by_person}
        known |= {name: value for name, value in mine.items() if name in self.by_person or name not in put_right}
        waits = [details_to_json(one.since) for one in (other, self) if one.since]
        since = details_from_json(waits[0] | waits[-1]) if waits else None
        return Understood(details_from_json(known), tuple(sorted(put_right)), since)

    def put_right(self, details: TrainingDetails) -> "Understood":
        """As a person says it is. They have seen what later messages say."""
        was, now = details_to_json(self.details), details_to_json(details)
        changed = [name for name in was | now if was.get(name) != now.get(name) and name != "action"]
        return Understood(details, tuple(sorted({*self.by_person, *_with_theirs(changed)})))


def understood_to_json(understood: Understood) -> Json:
    """The details as in labels.jsonl, and what a person has put right."""
    plain = details_to_json(understood.details)
    if understood.by_person:
        plain["by_person"] = list(understood.by_person)
    if understood.since:
        plain["since"] = details_to_json(understood.since)
    return plain


def understood_from_json(plain: Json) -> Understood:
    """The reverse of `understood_to_json`."""
    since = details_from_json(plain["since"]) if "since" in plain else None
    return Understood(details_from_json(plain), tuple(plain.get("by_person", ())), since)


def _with_theirs(names: Sequence[str]) -> Sequence[str]:
    return [each for name in names for each in _TOGETHER.get(name, (name,))]
