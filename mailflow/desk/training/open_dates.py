"""The dates that anybody may book, as rules.toml has them now: shown to all, changed by administrators."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from mailflow.desk.access import AdministratorsForm, SignedIn
from mailflow.desk.room import Room, TheRoom
from mailflow.desk.training.wishes import LONGEST, day_of
from mailflow.errors import UserError
from mailflow.rules import OpenSession, open_dates, parse
from mailflow.rules.saving import look, save, why_not
from mailflow.store.filing import record
from mailflow.store.sessions import Session

router = APIRouter()

MOST = 1000
DONE = {"add": "The date is added.", "change": "The date is changed.", "remove": "The date is removed."}


@router.get("/training/open-dates")
def show_dates(room: TheRoom, session: SignedIn, done: str = "") -> Response:
    """The open dates, each with a form for those who may change it."""
    return _page(room, session, done=DONE.get(done))


@router.post("/training/open-dates")
def change_dates(
    room: TheRoom,
    session: AdministratorsForm,
    decision: Annotated[Literal["add", "change", "remove"], Form()],
    number: Annotated[int, Form(ge=0, le=MOST)] = 0,
    day: Annotated[str, Form()] = "",
    time: Annotated[str, Form()] = "",
    format: Annotated[str, Form()] = "",
    place: Annotated[str, Form()] = "",
    seen: Annotated[str, Form()] = "",
) -> Response:
    """Adds, changes or removes a date in rules.toml, by its `number` there, from 0; a mistake changes nothing."""
    typed = {"day": day, "time": time, "format": format, "place": place}
    try:
        _save(room, decision, number, typed, seen)
    except UserError as error:
        chosen = None if decision == "add" else number
        return _page(room, session, 409, problems=error.problems, typed=typed, chosen=chosen)
    with room.store.writing() as db:
        record(db, room.clock(), session.person, f"{decision} open date", detail=day if day_of(day) else None)
    return RedirectResponse(f"/training/open-dates?done={decision}", 303)


def _save(room: Room, decision: str, number: int, typed: dict[str, str], seen: str) -> None:
    path = room.settings.rules
    text = look(path).text
    match decision:
        case "add":
            text = open_dates.add(text, _read(typed))
        case "change":
            text = open_dates.change(text, number, _read(typed))
        case _:
            text = open_dates.remove(text, number)
    save(path, text, seen)


def _read(typed: dict[str, str]) -> OpenSession:
    """What was typed. Raises UserError with a sentence for each mistake."""
    problems = []
    day = day_of(typed["day"])
    if day is None:
        problems.append("Which day is it? Write it as 2027-01-14.")
    for name, said in (
        ("time", "When is it? Write the time as people read it, such as 10:00 to 12:30."),
        ("place", "Where is it?"),
    ):
        if not typed[name].strip():
            problems.append(said)
    if any(len(words) > LONGEST for words in typed.values()):
        problems.append(f"Something is longer than {LONGEST} characters: write less.")
    if problems or day is None:
        raise UserError(*problems)
    words = {name: " ".join(typed[name].replace("\0", "").split()) for name in ("time", "format", "place")}
    try:
        return OpenSession(date=day, **words)
    except ValidationError:
        raise UserError("Time, format and place each need at least one word.") from None


def _page(room: Room, session: Session, status: int = 200, **values: object) -> Response:
    written = look(room.settings.rules)
    dates = list(enumerate(parse(written.text, room.settings.rules).open_sessions))
    return room.page(
        "open_dates",
        session,
        status,
        dates=sorted(dates, key=lambda one: (one[1].date, one[0])),
        seen=written.fingerprint,
        today=room.today,
        why_not=why_not(room.settings.rules),
        file=room.settings.rules.name,
        **{"done": None, "problems": (), "typed": {}, "chosen": None, **values},
    )
