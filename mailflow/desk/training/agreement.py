"""The form by which a person fixes a session, and what calendars have answered to its invitation."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from fastapi import Form
from sqlalchemy import Connection

from mailflow.desk.training.wishes import LONGEST, day_of
from mailflow.domain.training import CalendarReply, PlannedSession
from mailflow.errors import UserError
from mailflow.message.calendar_reply import calendar_reply
from mailflow.scheduling import Wanted
from mailflow.store.trainingfiles import TrainingFile, calendar_mail

LONGEST_PLACE = 500  # characters: links to online meetings are long


@dataclass(frozen=True, slots=True)
class Agreed:
    """The form of a session, as it was typed: shown again as it is where something in it is wrong. Times are the team's."""

    day: str = ""
    begins: str = ""
    ends: str = ""
    place: str = field(default="", repr=False)
    facilitator: str = field(default="", repr=False)
    invited: Sequence[str] = field(default=(), repr=False)

    @classmethod
    def of(cls, file: TrainingFile, zone: ZoneInfo, today: date) -> Self:
        """The form before anybody typed: the session as it is, or the first wished day that is ahead, for the requester."""
        if session := file.agreed:
            planned, starts, ends = (
                session.planned,
                session.planned.starts.astimezone(zone),
                session.planned.ends.astimezone(zone),
            )
            times = starts.date().isoformat(), f"{starts:%H:%M}", f"{ends:%H:%M}"
            return cls(*times, planned.place, planned.facilitator or "", file.invited or cls._requester(file))
        wished = (when[0] if isinstance(when, tuple) else when for when in file.details.dates)
        day = next((each.isoformat() for each in sorted(wished) if each >= today), "")
        return cls(day=day, invited=cls._requester(file))

    @staticmethod
    def _requester(file: TrainingFile) -> Sequence[str]:
        return [address for address in file.correspondents[:1] if address not in file.blocked]

    def read(self, zone: ZoneInfo, *, tells: bool) -> Wanted:
        """What was typed. Raises UserError with a sentence for each mistake."""
        problems: list[str] = []
        starts, ends = (_moment(self.day, at, name, zone, problems) for at, name in ((self.begins, "start"), (self.ends, "end")))
        place, facilitator = (" ".join(words.replace("\0", "").split()) for words in (self.place, self.facilitator))
        if not place:
            problems.append("Where does it take place? Write the room, or the link to the online meeting.")
        if len(place) > LONGEST_PLACE or len(facilitator) > LONGEST:
            problems.append("The place or the name of the facilitator is too long: write less.")
        if problems or starts is None or ends is None:
            raise UserError(*dict.fromkeys(problems))
        return Wanted(PlannedSession(starts, ends, place, facilitator or None), tuple(self.invited), tells)


def agreed(
    day: Annotated[str, Form()] = "",
    begins: Annotated[str, Form()] = "",
    ends: Annotated[str, Form()] = "",
    place: Annotated[str, Form()] = "",
    facilitator: Annotated[str, Form()] = "",
    invited: Annotated[list[str], Form()] = [],  # noqa: B006  (FastAPI copies it)
) -> Agreed:
    """The form as the browser sent it."""
    return Agreed(day, begins, ends, place, facilitator, invited)


def answers_of(db: Connection, file: TrainingFile) -> list[tuple[datetime, CalendarReply]]:
    """What the calendars of those who are invited have answered, the last word of each; and when it came."""
    if file.agreed is None or not file.invited:
        return []
    found: dict[str, tuple[datetime, CalendarReply]] = {}
    for arrived, raw in calendar_mail(db, file.case_id):
        reply = calendar_reply(raw, file.agreed.uid)
        if reply and reply.sequence >= file.agreed.sequence:
            found.setdefault(reply.address, (arrived, reply))
    return list(found.values())


def _moment(day: str, at: str, name: str, zone: ZoneInfo, problems: list[str]) -> datetime | None:
    on = day_of(day)
    if on is None:
        problems.append("Which day is it? Write it as 2027-01-14.")
        return None
    try:
        local = datetime.combine(on, time.fromisoformat(at.strip()), zone)
    except (ValueError, TypeError):
        problems.append(f"When does it {name}? Write the time as 10:00.")
        return None
    if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        problems.append(f"There is no {at.strip()} on that day: the clocks go forward. Write another time.")
        return None
    return local
