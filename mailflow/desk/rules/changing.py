"""A changed file of rules: written, checked, tried on the mail of late, saved, and taken back. For administrators."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from mailflow.deciding import House
from mailflow.desk.access import Administrator, AdministratorsForm
from mailflow.desk.room import Room, TheRoom, refusal
from mailflow.desk.rules.sketches import Sketch
from mailflow.errors import UserError
from mailflow.rules import parse, saving
from mailflow.store import filing, recent
from mailflow.store.sessions import Session
from mailflow.trying.compare import MOST_MESSAGES, compare

router = APIRouter()

MOST_BYTES = 1024 * 1024  # of a form: the file, and what a browser makes of its signs
_MOST_CHARACTERS = 200_000
_LINE = re.compile(r", line (\d+): ")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a text, and the line that it is said of."""

    sentence: str
    line: str | None


@router.get("/rules/change")
def write(room: TheRoom, session: Administrator) -> Response:
    """The file to be changed: as it is, or as this person has changed it and not saved it."""
    return _page(room, session)


@router.get("/rules/change/trial")
def progress(room: TheRoom, session: Administrator) -> Response:
    """How far the trial is, or what it found: a part of the page, put in the place of the one before."""
    sketch = room.sketches.of(session.person)
    return room.page("_trial", session, sketch=sketch, **_found(room, sketch))


@router.post("/rules/change")
def change(
    room: TheRoom,
    session: AdministratorsForm,
    decision: Annotated[Literal["check", "try", "save", "drop"], Form()],
    text: Annotated[str, Form()] = "",
    seen: Annotated[str, Form()] = "",
) -> Response:
    """Checks, tries or saves the text, or drops it; where that cannot be done, shows it again and says why."""
    if decision == "drop":
        room.sketches.drop(session.person)
        return RedirectResponse("/rules/change", 303)
    # Browsers send line ends of two signs.
    text = text.replace("\r\n", "\n")
    sketch = room.sketches.keep(session.person, text, seen)
    try:
        if decision == "save":
            _save(room, session, sketch)
            return RedirectResponse("/rules?done=saved", 303)
        changed = _checked(room, text)
        sketch.checked = True
        if decision == "try":
            room.sketches.start(session.person, sketch, partial(compare, room.store, room.house(), changed))
    except UserError as error:
        return _page(room, session, refusal(error), problems=list(_problems(error.problems, text)))
    return RedirectResponse("/rules/change#found", 303)


@router.post("/rules/former")
def undo(room: TheRoom, session: AdministratorsForm, seen: Annotated[str, Form()] = "") -> Response:
    """Puts the file back as it was before it was last saved here; doing so again puts it back once more."""
    try:
        _put(room, session, _former(room.settings.rules), seen, "put the former rules back")
    except UserError as error:
        return _page(room, session, refusal(error), problems=list(_problems(error.problems, "")))
    return RedirectResponse("/rules?done=undone", 303)


def _checked(room: Room, text: str) -> House:
    """The house under the rules in a text. Raises UserError with all that is wrong with them, beside the templates too."""
    if len(text) > _MOST_CHARACTERS:
        raise UserError(f"The file is too long: {len(text):,} signs, and {_MOST_CHARACTERS:,} are enough for any team.")
    return room.house().under(parse(text, Path(room.settings.rules.name)))


def _save(room: Room, session: Session, sketch: Sketch) -> None:
    if not sketch.checked:
        raise UserError("Check this text or try it first: only what was looked at is saved.")
    _put(room, session, sketch.text, sketch.seen, "changed rules")
    room.sketches.drop(session.person)


def _put(room: Room, session: Session, text: str, seen: str, what: str) -> None:
    path = room.settings.rules
    former = saving.look(path).text
    # The file is put in its place only where the log takes the event; what cannot be saved leaves no event.
    with room.store.writing() as db:
        filing.record(db, room.clock(), session.person, what, detail=_counted(former, text))
        saving.save(path, text, seen)


def _former(path: Path) -> str:
    former = saving.before(path)
    if not former.exists():
        raise UserError("There is no former file: the rules were never saved at the desk.")
    return saving.look(former).text


def _counted(former: str, text: str) -> str:
    """How much was changed, without a word of it."""
    lines = _differences(former, text)
    written, removed = (sum(line.startswith(sign) for line in lines) for sign in "+-")
    return f"lines: {written} written, {removed} taken out"


def _differences(former: str, text: str) -> list[str]:
    """The lines that differ, each with + or -, and the two around them."""
    return list(difflib.unified_diff(former.splitlines(), text.splitlines(), lineterm="", n=2))[2:]


def _problems(sentences: Sequence[str], text: str) -> Iterator[Problem]:
    lines = text.splitlines()
    for sentence in sentences:
        found = _LINE.search(sentence)
        number = int(found[1]) if found else 0
        yield Problem(sentence, lines[number - 1].strip() if 0 < number <= len(lines) else None)


def _found(room: Room, sketch: Sketch | None) -> dict[str, object]:
    """What is shown of a trial: messages by their names of now, for one may have been forgotten meanwhile."""
    trial = sketch.trial.glance() if sketch and sketch.trial else None
    numbers = [change.message for change in trial.found.changes] if trial and not trial.runs else []
    with room.store.reading() as db:
        return {"trial": trial, "named": recent.named(db, numbers), "most": MOST_MESSAGES}


def _page(room: Room, session: Session, status: int = 200, problems: Sequence[Problem] = ()) -> Response:
    path = room.settings.rules
    sketch = room.sketches.of(session.person)
    try:
        file = saving.look(path)
    except UserError as error:
        file, problems = saving.Written("", ""), [*problems, *_problems(error.problems, "")]
    return room.page(
        "rule_change",
        session,
        status,
        name=path.name,
        text=sketch.text if sketch else file.text,
        seen=file.fingerprint,
        differences=_differences(file.text, sketch.text) if sketch else [],
        stale=sketch is not None and sketch.seen != file.fingerprint,
        cannot=saving.why_not(path),
        problems=problems,
        sketch=sketch,
        **_found(room, sketch),
    )
