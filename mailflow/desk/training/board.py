"""Training requests as a board by where they stand, and as a month."""

import calendar
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response

from mailflow.desk.access import SignedIn
from mailflow.desk.room import TheRoom
from mailflow.desk.training.wishes import people, wishes
from mailflow.domain import CaseState, TrainingState
from mailflow.domain.calendar import bank_holiday
from mailflow.domain.wording import FORMAT
from mailflow.store.board import Card, board, sessions_between

router = APIRouter()

MONTH = r"^20\d\d-(0[1-9]|1[0-2])$"


@router.get("/training")
def show_board(room: TheRoom, session: SignedIn) -> Response:
    """Where each request stands, and the open dates ahead."""
    now = room.clock()
    with room.store.reading() as db:
        columns = board(db, session.role, now)
    ahead = sorted((one for one in room.house().rules.open_sessions if one.date >= room.today), key=lambda one: one.date)
    return room.page(
        "training", session, columns=columns, ahead=ahead, next_step=next_step, people=people, wishes=wishes, formats=FORMAT
    )


@router.get("/training/calendar")
def show_month(room: TheRoom, session: SignedIn, month: Annotated[str | None, Query(pattern=MONTH)] = None) -> Response:
    """The sessions and open dates of a month, 2026-12."""
    first = date.fromisoformat(f"{month}-01") if month else room.today.replace(day=1)
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    begins, ends = (datetime.combine(day, datetime.min.time(), room.zone) for day in (first, _next(first)))
    with room.store.reading() as db:
        cards = sessions_between(db, begins, ends, session.role)
    by_day: dict[date, list[Card]] = {}
    for card in cards:
        if card.starts:
            by_day.setdefault(card.starts.astimezone(room.zone).date(), []).append(card)
    opened = [one for one in room.house().rules.open_sessions if begins.date() <= one.date < ends.date()]
    return room.page(
        "calendar",
        session,
        first=first,
        weeks=weeks,
        sessions=by_day,
        opened={day: [one for one in opened if one.date == day] for day in sorted({one.date for one in opened})},
        holidays={day: name for week in weeks for day in week if (name := bank_holiday(day))},
        before=_before(first),
        after=_next(first),
        today=room.today,
    )


def next_step(card: Card, now: datetime) -> str:
    """What is to be done next about a request, in words; "" where nothing is."""
    match card.state:
        case TrainingState.NEW:
            return "Agree a date and a facilitator"
        case TrainingState.DETAILS_NEEDED:
            return "Wait for their answer" if card.case_state is CaseState.WAITING else "Ask for what is missing"
        case TrainingState.SCHEDULED:
            return _until_the_day(card, now)
        case TrainingState.CANCELLED if card.case_state is not CaseState.CLOSED:
            return "Read why, and close the case"
    return ""


def _until_the_day(card: Card, now: datetime) -> str:
    if card.starts and card.starts <= now:
        return "Say whether it took place"
    if card.case_state is CaseState.OPEN:
        return "They have written: read it"
    return "Nothing until the day" if card.is_invited else "Nobody has an invitation yet"


def _next(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)
