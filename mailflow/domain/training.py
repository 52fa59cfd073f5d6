"""The session that comes of a training request: when and where it is, and what is said of it to a calendar."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Method(StrEnum):
    """What a calendar is told (RFC 5546, 3.2)."""

    REQUEST = "REQUEST"  # comes to be, or is another by now
    CANCEL = "CANCEL"  # does not take place


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

    @property
    def is_update(self) -> bool:
        """Whether an earlier invitation is to be replaced."""
        return self.method is Method.REQUEST and self.sequence > 0


@dataclass(frozen=True, slots=True)
class CalendarReply:
    """The answer that somebody's calendar sent to an invitation."""

    address: str = field(repr=False)  # lower-case
    reply: Reply
    sequence: int
