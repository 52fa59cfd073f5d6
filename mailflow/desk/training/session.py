"""A training request before a person: what is understood, what was agreed, and who is told."""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from mailflow import scheduling
from mailflow.desk.access import AdvisersForm, SignedIn, admit
from mailflow.desk.mail.letters import open_ours
from mailflow.desk.room import Room, TheRoom, refusal
from mailflow.desk.training.agreement import Agreed, agreed, answers_of
from mailflow.desk.training.wishes import ACTION, Typed, people, typed, wishes
from mailflow.domain import OutgoingMail, case_id_of
from mailflow.domain import reference as name_of
from mailflow.domain.training import Step
from mailflow.domain.wording import FORMAT
from mailflow.errors import ConflictError, UserError
from mailflow.store import training
from mailflow.store.sessions import Session
from mailflow.store.trainingfiles import TrainingFile, training_file
from mailflow.store.waiting import last_done

router = APIRouter()

DONE = {
    "details": "What you have put right is kept.",
    "sent": "The session is fixed, and the invitation is on its way.",
    "rehearsed": "The session is fixed. This is a rehearsal: the invitation is only shown on the case.",
    "silent": "The session is fixed. Nobody was written to.",
    Step.CALL_OFF: "The session is called off, and the case is closed.",
    Step.DELIVER: "The session is marked as delivered, and the case is closed.",
    Step.UNDO: "The session is scheduled again.",
    Step.REOPEN: "The request is open again.",
}
_FIXED = ("scheduled", "changed session")
# As the audit log names it.
_DEEDS: dict[str, tuple[str, ...]] = {
    "details": ("changed details",),
    "sent": _FIXED,
    "rehearsed": _FIXED,
    "silent": _FIXED,
    Step.CALL_OFF: ("called off session",),
    Step.DELIVER: ("delivered session",),
    Step.UNDO: ("took back delivery",),
    Step.REOPEN: ("reopened request",),
}
_STEPS = {Step.DELIVER: training.deliver, Step.UNDO: training.undo_delivery, Step.REOPEN: training.reopen}


@router.get("/training/{reference}")
def read_request(room: TheRoom, session: SignedIn, reference: str, done: str = "") -> Response:
    """The request. `done` names what this person has just done, and is believed where the audit log has it so."""
    case_id = case_id_of(reference)
    with room.store.reading() as db:
        is_so = done in DONE and last_done(db, session.person, case_id) in _DEEDS[done]
    return _page(room, session, case_id, done=DONE[done] if is_so else None)


@router.post("/training/{reference}/details")
def put_right(
    room: TheRoom,
    session: AdvisersForm,
    reference: str,
    wish: Annotated[Typed, Depends(typed)],
    seen: Annotated[str, Form()] = "",
) -> Response:
    """Keeps what a person says is asked for."""
    case_id = case_id_of(reference)
    try:
        details = wish.read()
        with room.store.writing() as db:
            file = training.hold(db, case_id, seen)
            admit(session, file.needs)
            training.put_right(db, file, details, session.person, room.clock())
    except UserError as error:
        return _page(room, session, case_id, refusal(error), wish=wish, wrong_wish=error.problems)
    return _back(case_id, "details")


@router.post("/training/{reference}/schedule")
def schedule(
    room: TheRoom,
    session: AdvisersForm,
    reference: str,
    wanted: Annotated[Agreed, Depends(agreed)],
    decision: Annotated[Literal["preview", "send", "silent"], Form()],
    seen: Annotated[str, Form()] = "",
) -> Response:
    """Fixes the session or changes it; or shows the mail that would be sent, and does nothing."""
    case_id, now = case_id_of(reference), room.clock()
    try:
        wish = wanted.read(room.zone, tells=decision != "silent")
        if decision == "preview":
            return _page(room, session, case_id, wanted=wanted, previewed=wish)
        with room.store.writing() as db:
            file = training.hold(db, case_id, seen)
            admit(session, file.needs)
            scheduling.schedule(db, room.house(), file, wish, session.person, now)
    except UserError as error:
        return _page(room, session, case_id, refusal(error), wanted=wanted, wrong_session=error.problems)
    rehearsed = decision == "send" and room.mode == "rehearsal"
    return _back(case_id, "rehearsed" if rehearsed else "sent" if decision == "send" else "silent")


@router.post("/training/{reference}/step")
def take_step(
    room: TheRoom, session: AdvisersForm, reference: str, step: Annotated[Step, Form()], seen: Annotated[str, Form()] = ""
) -> Response:
    """Calls the session off, marks it as delivered, or takes that back."""
    case_id = case_id_of(reference)
    try:
        with room.store.writing() as db:
            file = training.hold(db, case_id, seen)
            admit(session, file.needs)
            _take(db, room, file, step, session.person)
    except UserError as error:
        return _page(room, session, case_id, refusal(error), problem=str(error))
    return _back(case_id, step)


def _take(db: Connection, room: Room, file: TrainingFile, step: Step, by: str) -> None:
    if not file.allows(step, room.clock()):
        raise ConflictError(f"That cannot be done with {file.reference} where it stands now.")
    if step is Step.CALL_OFF:
        scheduling.call_off(db, room.house(), file, by, room.clock())
    else:
        _STEPS[step](db, file, by, room.clock())


def _back(case_id: int, done: str) -> Response:
    return RedirectResponse(f"/training/{name_of(case_id)}?done={done.replace(' ', '+')}", 303)


def _page(
    room: Room,
    session: Session,
    case_id: int,
    status: int = 200,
    *,
    previewed: scheduling.Wanted | None = None,
    wish: Typed | None = None,
    wanted: Agreed | None = None,
    **values: object,
) -> Response:
    now = room.clock()
    with room.store.writing() as db:  # the reading goes on record
        file = training_file(db, case_id, session.person, now)
        admit(session, file.needs)
        replies = answers_of(db, file)
        mail, wrong = _preview(db, room, file, previewed)
    return room.page(
        "session",
        session,
        HTTPStatus.UNPROCESSABLE_ENTITY if wrong else status,
        file=file,
        wish=wish or Typed.of(file.details),
        wanted=wanted or Agreed.of(file, room.zone, room.today),
        replies=replies,
        invitable=[address for address in file.correspondents if address not in room.ourselves.addresses],
        cancellation=scheduling.cancellation(file),
        preview=mail and open_ours(mail.raw),
        allowed={step.value for step in Step if file.allows(step, now)},
        people=people,
        wishes=wishes,
        formats=FORMAT,
        actions=ACTION,
        **{"done": None, "problem": None, "wrong_wish": (), "wrong_session": wrong, **values},
    )


def _preview(
    db: Connection, room: Room, file: TrainingFile, wanted: scheduling.Wanted | None
) -> tuple[OutgoingMail | None, tuple[str, ...]]:
    if wanted is None:
        return None, ()
    try:
        return scheduling.preview(db, room.house(), file, wanted, room.clock()), ()
    except UserError as error:
        return None, tuple(error.problems)
