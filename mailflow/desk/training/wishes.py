"""What is understood of a training request: said in words, and as a form that a person may put right."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice, zip_longest
from typing import Annotated, Self

from fastapi import Form

from mailflow.domain import Action, DateOrRange, Format, TrainingDetails
from mailflow.errors import UserError

MOST_DATES = 20
LONGEST = 200  # characters of a text
MOST_PEOPLE = 10_000
ACTION = {
    Action.REQUEST: "a new session",
    Action.CHANGE: "another date, number or form",
    Action.CANCEL: "no session any more",
    Action.CONFIRM: "yes to what was offered",
}


def people(attendees: int | tuple[int, int] | None) -> str:
    """How many would come: "20", "15 to 20", or nothing."""
    if attendees is None:
        return ""
    return f"{attendees[0]} to {attendees[1]}" if isinstance(attendees, tuple) else str(attendees)


def wishes(details: TrainingDetails) -> list[str]:
    """The wished dates in words, those first that are days of the calendar."""
    return [*map(_in_words, details.dates), *details.dates_in_words]


def _in_words(when: DateOrRange) -> str:
    if isinstance(when, tuple):
        return f"{_day(when[0])} to {_day(when[1])}"
    return _day(when)


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b} {day.year}"


@dataclass(frozen=True, slots=True)
class Typed:
    """The form of what is understood, as it was typed: shown again as it is where something in it is wrong."""

    department: str = field(default="", repr=False)
    fewest: str = ""
    most: str = ""
    firsts: Sequence[str] = ()  # of each wished date, or range of dates
    lasts: Sequence[str] = ()  # of each range
    words: str = field(default="", repr=False)  # dates as they were said, a line each
    format: str = ""
    contact: str = field(default="", repr=False)
    action: str = ""

    @classmethod
    def of(cls, details: TrainingDetails) -> Self:
        """The form as it stands before anybody typed."""
        fewest, most = details.attendees if isinstance(details.attendees, tuple) else (details.attendees, None)
        ranges = [when if isinstance(when, tuple) else (when, None) for when in details.dates]
        return cls(
            department=details.department or "",
            fewest=str(fewest or ""),
            most=str(most or ""),
            firsts=[first.isoformat() for first, _ in ranges],
            lasts=[last.isoformat() if last else "" for _, last in ranges],
            words="\n".join(details.dates_in_words),
            format=details.format.value if details.format else "",
            contact=details.contact or "",
            action=details.action.value,
        )

    @property
    def dates(self) -> list[tuple[str, str]]:
        """The typed dates with two empty rows after them."""
        return [*zip_longest(self.firsts, self.lasts, fillvalue=""), *[("", "")] * 2][:MOST_DATES]

    def read(self) -> TrainingDetails:
        """What was typed. Raises UserError with a sentence for each mistake."""
        problems: list[str] = []
        details = TrainingDetails(
            department=_text(self.department, "The department", problems),
            attendees=_number(self.fewest, self.most, problems),
            dates=_dates(self.firsts, self.lasts, problems),
            dates_in_words=tuple(line.strip() for line in self.words.replace("\0", "").splitlines() if line.strip())[:MOST_DATES],
            format=Format(self.format) if self.format in set(Format) else None,
            contact=_text(self.contact, "The contact", problems),
            action=Action(self.action) if self.action in set(Action) else Action.REQUEST,
        )
        if any(len(words) > LONGEST for words in details.dates_in_words):
            problems.append(f"A date in words is longer than {LONGEST} characters: write a shorter one.")
        if problems:
            raise UserError(*problems)
        return details


def typed(
    department: Annotated[str, Form()] = "",
    fewest: Annotated[str, Form()] = "",
    most: Annotated[str, Form()] = "",
    first: Annotated[list[str], Form()] = [],  # noqa: B006  (FastAPI copies it)
    last: Annotated[list[str], Form()] = [],  # noqa: B006
    words: Annotated[str, Form()] = "",
    format: Annotated[str, Form()] = "",
    contact: Annotated[str, Form()] = "",
    action: Annotated[str, Form()] = "",
) -> Typed:
    """The form as the browser sent it."""
    return Typed(department, fewest, most, first, last, words, format, contact, action)


def _text(written: str, name: str, problems: list[str]) -> str | None:
    text = " ".join(written.replace("\0", "").split())
    if len(text) > LONGEST:
        problems.append(f"{name} is longer than {LONGEST} characters: write less.")
    return text or None


def _number(fewest: str, most: str, problems: list[str]) -> int | tuple[int, int] | None:
    written = [number.strip() for number in (fewest, most) if number.strip()]
    if not all(number.isascii() and number.isdigit() and 0 < int(number[:9]) <= MOST_PEOPLE for number in written):
        problems.append(f"The number of people must be a whole number from 1 to {MOST_PEOPLE}, such as 20.")
        return None
    numbers = [int(number) for number in written]
    if len(numbers) == 2 and numbers[0] > numbers[1]:
        problems.append("The fewest people are more than the most: exchange the two numbers.")
    if len(numbers) == 2 and numbers[0] != numbers[1]:
        return numbers[0], numbers[1]
    return numbers[0] if numbers else None


def _dates(firsts: Sequence[str], lasts: Sequence[str], problems: list[str]) -> tuple[DateOrRange, ...]:
    found: list[DateOrRange] = []
    for first, last in islice(zip_longest(firsts, lasts, fillvalue=""), MOST_DATES):
        if not first.strip() and not last.strip():
            continue
        begins, ends = day_of(first), day_of(last) if last.strip() else None
        if begins is None or (last.strip() and ends is None):
            problems.append("A date cannot be read: write it as 2027-01-14, the first day of a range first.")
        elif ends and ends < begins:
            problems.append(f"A range ends before it begins, on {_day(ends)}: exchange the two days.")
        else:
            found.append((begins, ends) if ends and ends != begins else begins)
    return tuple(found)


def day_of(written: str) -> date | None:
    """A day as browsers send it, 2027-01-14, of this century; None for anything else."""
    try:
        day = date.fromisoformat(written.strip())
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None
