"""This is something else: a person says what a message is, sees all that follows, and only then does it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from mailflow.corrected import Corrected, consequences, verdict
from mailflow.correcting import Said, correct
from mailflow.deciding import House
from mailflow.desk.access import Adviser, AdvisersForm, admit
from mailflow.desk.cases.foreseeing import Outcome, check_told, trying
from mailflow.desk.fields import Number
from mailflow.desk.mail.letters import open_letter
from mailflow.desk.room import Room, TheRoom
from mailflow.domain import Kind, Role, case_id_of, reference
from mailflow.errors import MailflowError
from mailflow.store import corrections, kept
from mailflow.store.sessions import Session

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Correction(Outcome):
    """What saying so comes to, and where the message is then, and who may read it."""

    case_id: int | None
    needs: Role
    changes: bool


@router.get("/cases/{reference}/kind")
def choose_message(room: TheRoom, session: Adviser, reference: str) -> Response:
    """What the message is that opened a case; the later ones have pages of their own."""
    with room.store.reading() as db:
        opener = corrections.opener(db, case_id_of(reference))
    return _page(room, session, opener)


@router.get("/messages/{number}/kind")
def choose_kind(room: TheRoom, session: Adviser, number: Number, kind: Annotated[Kind | None, Query()] = None) -> Response:
    """What a message is, and what it could be instead. `kind` is ticked to begin with."""
    return _page(room, session, number, said=Said(session.person, kind) if kind else None)


@router.post("/messages/{number}/kind")
def say_kind(
    room: TheRoom,
    session: AdvisersForm,
    number: Number,
    kind: Annotated[Kind, Form()],
    sensitive: Annotated[bool, Form()] = False,
    reply: Annotated[bool, Form()] = False,
    decision: Annotated[Literal["look", "do"], Form()] = "look",
    told: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Shows what would follow; or, where `told` is exactly that, does it."""
    said, house = Said(session.person, kind, sensitive, reply=reply), room.house()
    try:
        if decision == "do":
            with room.store.writing() as db:
                done = _say(db, house, session, number, said, room.clock())
                check_told(done.sentences, told)
            return RedirectResponse(_way_on(done, session, number), 303)
        with trying(room.store) as db:
            outcome = _say(db, house, session, number, said, room.clock())
    except MailflowError as error:
        return _page(room, session, number, 409, said=said, problem=str(error))
    return _page(room, session, number, said=said, outcome=outcome)


def _say(db: Connection, house: House, session: Session, number: int, said: Said, now: datetime) -> Correction:
    """Corrects the message in the open transaction, where this person may read it."""
    message = kept.kept_message(db, number)
    admit(session, message.needs)
    newest = corrections.newest_case(db)
    corrected = correct(db, house, number, said, now)
    is_new = corrected.case_id is not None and corrected.case_id > newest
    needs = kept.kept_message(db, number).needs
    sentences = [*_told(replace(corrected, case_id=None) if is_new else corrected, house)]
    if is_new:
        sentences.append("It gets a case of its own.")
    if corrected.plan:
        sentences += _who_may_read(session.role, message.needs, needs)
    return Correction(tuple(sentences), corrected.case_id, needs, corrected.plan is not None)


def _told(corrected: Corrected, house: House) -> Iterator[str]:
    yield verdict(corrected)
    yield from consequences(corrected, house)


def _who_may_read(role: Role, before: Role, needs: Role) -> Iterator[str]:
    if not role.includes(needs):
        yield f"Only a {needs} may read it from then on: you no longer can, and only a {needs} can put it back."
    elif not before.includes(needs):
        yield f"Only a {needs} may read it from then on."
    elif before is not needs:
        yield f"Every {needs} may read it from then on."


def _way_on(done: Correction, session: Session, number: int) -> str:
    """Where what was done is told: on the page of the case, if they may still read that."""
    if done.case_id is None:
        return f"/messages/{number}"
    if not session.role.includes(done.needs):
        return f"/?done={reference(done.case_id)}"
    return f"/cases/{reference(done.case_id)}?done=1"


def _page(
    room: Room,
    session: Session,
    number: int,
    status: int = 200,
    *,
    said: Said | None = None,
    outcome: Correction | None = None,
    problem: str = "",
) -> Response:
    """The message beside what it may be said to be; that it is read goes on record."""
    with room.store.writing() as db:
        message = kept.message_file(db, number, session.person, room.clock())
        admit(session, message.needs)
        before = corrections.last_said(db, number)
        beside = () if message.case_id is None else kept.written_on(db, message.case_id)
    said = said or Said(session.person, message.kind)
    return room.page(
        "kind",
        session,
        status,
        letter=open_letter(message, room.ourselves),
        case=None if message.case_id is None else reference(message.case_id),
        before=before,
        beside=beside,
        kind=said.kind,
        sensitive=message.sensitive if said.sensitive is None else said.sensitive,
        reply=said.reply,
        outcome=outcome,
        problem=problem,
    )
