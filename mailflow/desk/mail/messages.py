"""One message: what it says, why mailflow did with it what it did, and a look at what it would do now."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from mailflow.corrected import Corrected, consequences
from mailflow.deciding import House
from mailflow.deciding_again import decide_again
from mailflow.desk.access import Adviser, AdvisersForm, SignedIn, admit
from mailflow.desk.cases.foreseeing import Outcome, check_told, trying
from mailflow.desk.fields import Number
from mailflow.desk.mail.letters import open_letter
from mailflow.desk.mail.why import may_be_decided_again, places
from mailflow.desk.room import Room, TheRoom
from mailflow.desk.wording import A_KIND
from mailflow.domain import Kind, MessageState, reference
from mailflow.errors import MailflowError
from mailflow.store import answered, corrections, kept, retrying
from mailflow.store.sessions import Session

router = APIRouter()


@router.get("/messages/{number}")
def read_message(room: TheRoom, session: SignedIn, number: Number, done: str = "") -> Response:
    """One message, and why it was answered or not. `done`: what this person has just had done with it."""
    return _page(room, session, number, done=done)


@router.get("/messages/{number}/again")
def look_again(room: TheRoom, session: Adviser, number: Number) -> Response:
    """What would change if it were decided again by the rules as they are now; nothing of it is done."""
    try:
        with trying(room.store) as db:
            outcome = _again(db, room.house(), session, number, room.clock())
    except MailflowError as error:
        return _page(room, session, number, 409, problem=str(error))
    return _page(room, session, number, outcome=outcome)


@router.post("/messages/{number}/again")
def run_again(room: TheRoom, session: AdvisersForm, number: Number, told: Annotated[str, Form(max_length=64)] = "") -> Response:
    """Has a failed message read again; has any other decided again, where `told` is exactly what that comes to."""
    now = room.clock()
    with room.store.writing() as db:
        if retrying.receive_again(db, [number], session.person, now):
            admit(session, kept.kept_message(db, number).needs)
            return RedirectResponse(f"/messages/{number}", 303)
    try:
        with room.store.writing() as db:
            outcome = _again(db, room.house(), session, number, now)
            check_told(outcome.sentences, told)
            needs = kept.kept_message(db, number).needs
    except MailflowError as error:
        return _page(room, session, number, 409, problem=str(error))
    return RedirectResponse(f"/messages/{number}?done=again" if session.role.includes(needs) else "/", 303)


def _again(db: Connection, house: House, session: Session, number: int, now: datetime) -> Outcome:
    before = kept.kept_message(db, number)
    admit(session, before.needs)
    newest = corrections.newest_case(db)
    settled = decide_again(db, house, number, session.person, now)
    is_new = settled.case_id is not None and settled.case_id > newest
    return Outcome(tuple(_sentences(before, settled, house, is_new=is_new)))


def _sentences(before: kept.KeptMessage, settled: Corrected, house: House, *, is_new: bool) -> Iterator[str]:
    """What it is taken for now and was before, and all that follows. A new case's number is not known until it is made."""
    verdict = settled.plan.verdict if settled.plan else None
    if verdict is None:
        return
    now_is, was = _named(verdict.kind, verdict.sensitive), _named(settled.was, settled.was_sensitive)
    same = "as before" if now_is == was else f"and no longer for {was}"
    sure = f"{verdict.confidence:.0%} sure" + (f", before {before.confidence:.0%}" if before.confidence is not None else "")
    yield f"It is taken for {now_is}, {same} ({sure})."
    if before.state is MessageState.HELD and settled.plan and not settled.plan.hold:
        yield "It no longer waits for a person."
    yield from consequences(replace(settled, case_id=None) if is_new else settled, house)
    if is_new:
        yield "It gets a case of its own."


def _named(kind: Kind, sensitive: bool) -> str:
    return f"{A_KIND[kind]}, sensitive" if sensitive else A_KIND[kind]


def _page(
    room: Room,
    session: Session,
    number: int,
    status: int = 200,
    *,
    outcome: Outcome | None = None,
    problem: str = "",
    done: str = "",
) -> Response:
    with room.store.writing() as db:  # the reading goes on record
        message = kept.message_file(db, number, session.person, room.clock())
        admit(session, message.needs)
        replies = answered.answers_to(db, number)
    return room.page(
        "message",
        session,
        status,
        letter=open_letter(message, room.ourselves),
        case=None if message.case_id is None else reference(message.case_id),
        replies=replies,
        places=places(message, room.house().rules),
        may_be_decided_again=may_be_decided_again(message),
        outcome=outcome,
        problem=problem,
        done=done == "again",
    )
