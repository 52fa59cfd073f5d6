"""The dates that anybody may book, as rules.toml has them now: shown to all, changed by administrators."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from mailflow.desk.access import AdministratorsForm, SignedIn
from mailflow.desk.room import Room, TheRoom, refusal
from mailflow.desk.training.wishes import LONGEST, day_of
from mailflow.errors import ConflictError, UserError
from mailflow.rules import OpenSession, open_dates, parse
from mailflow.rules.saving import look, save, why_not
from mailflow.store import audit
from mailflow.store.filing import record
from mailflow.store.sessions import Session

router = APIRouter()

DONE = {"add": "The date is added.", "change": "The date is changed.", "remove": "The date is removed."}


@router.get("/training/open-dates")
def show_dates(room: TheRoom, session: SignedIn, done: str = "") -> Response:
    """The open dates, each with a form for those who may change it. `done` names what this person has just done."""
    with room.store.reading() as db:
        is_so = bool(done) and audit.latest(db, session.person)[0] == f"{done} open date"
    return _page(room, session, done=DONE.get(done) if is_so else None)


@router.post("/training/open-dates")
def change_dates(
    room: TheRoom,
    session: AdministratorsForm,
    decision: Annotated[Literal["add", "change", "remove"], Form()],
    was: Annotated[str, Form()] = "",
    day: Annotated[str, Form()] = "",
    time: Annotated[str, Form()] = "",
    format: Annotated[str, Form()] = "",
    place: Annotated[str, Form()] = "",
    seen: Annotated[str, Form()] = "",
) -> Response:
    """Adds, changes or removes a date in rules.toml. `was`: which one, as `_named` has it; a mistake changes nothing."""
    typed = {"day": day, "time": time, "format": format, "place": place}
    try:
        # The file is put in its place only where the log takes the event; what cannot be saved leaves no event.
        with room.store.writing() as db:
            detail = day if day_of(day) else None
            record(db, room.clock(), session.person, f"{decision} open date", detail=detail)
            _save(room, decision, was, typed, seen)
    except UserError as error:
        return _page(room, session, refusal(error), problems=error.problems, typed=typed, was=was)
    return RedirectResponse(f"/training/open-dates?done={decision}", 303)


def _save(room: Room, decision: str, was: str, typed: dict[str, str], seen: str) -> None:
    path = room.settings.rules
    text = look(path).text
    match decision:
        case "add":
            text = open_dates.add(text, _read(typed))
        case "change":
            text = open_dates.change(text, _number(room, text, was), _read(typed))
        case _:
            text = open_dates.remove(text, _number(room, text, was))
    save(path, text, seen)


def _number(room: Room, text: str, was: str) -> int:
    """Where an entry stands in the file now, from 0. Raises ConflictError where it is another by now, or gone."""
    for number, one in enumerate(parse(text, room.settings.rules).open_sessions):
        if _named(one) == was:
            return number
    raise ConflictError("That date was changed or removed meanwhile. Nothing was saved: look at the list as it is now.")


def _named(one: OpenSession) -> str:
    """An entry by all that it says: its number would be another's once one before it is gone."""
    return " ".join(f"{one.date} {one.time} {one.format} {one.place}".split())


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


def _page(room: Room, session: Session, status: int = 200, was: str = "", **values: object) -> Response:
    written = look(room.settings.rules)
    dates = list(enumerate(parse(written.text, room.settings.rules).open_sessions))
    return room.page(
        "open_dates",
        session,
        status,
        dates=sorted(dates, key=lambda one: (one[1].date, one[0])),
        named=_named,
        chosen=next((number for number, one in dates if _named(one) == was), None),
        seen=written.fingerprint,
        today=room.today,
        why_not=why_not(room.settings.rules),
        file=room.settings.rules.name,
        **{"done": None, "problems": (), "typed": {}, **values},
    )
