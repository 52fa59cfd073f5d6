"""What becomes of a training request: its details put right, its session agreed, changed, called off, delivered."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from mailflow.domain import Action, CaseState, TrainingDetails, TrainingState
from mailflow.domain.training import Understood, understood_from_json, understood_to_json
from mailflow.errors import ConflictError
from mailflow.store.casework import lock_case
from mailflow.store.filing import record
from mailflow.store.tables import cases, training_sessions, trainings
from mailflow.store.trainingfiles import LOOKED_FOR, KeptSession, TrainingFile, find


def hold(db: Connection, case_id: int, seen: str) -> TrainingFile:
    """A training request, kept from changing until the transaction ends.

    Raises UserError where there is none, and ConflictError where it is not what somebody had before them when they decided.
    """
    lock_case(db, case_id)
    file = find(db, case_id)
    if file.seen != seen:
        raise ConflictError(
            f"{file.reference} has changed since you opened it: a message came, or somebody else was at work on it. "
            "Nothing was done: look at it as it is now."
        )
    return file


def add_details(db: Connection, case_id: int, later: TrainingDetails) -> None:
    """What a later message adds to the training request of its case, if that is one.

    What a person has put right stays. A session that is fixed is called off by a person alone: it may stand in calendars.
    """
    row = db.execute(select(trainings.c.details, trainings.c.state).where(trainings.c.case_id == case_id)).one_or_none()
    if row is None:
        return
    understood = understood_from_json(row.details).later(later)
    state = row.state
    if state in LOOKED_FOR:
        state = TrainingState.CANCELLED if later.action is Action.CANCEL else _looked_for(understood, state)
    _write(db, case_id, state, understood)


def put_right(db: Connection, file: TrainingFile, details: TrainingDetails, by: str, now: datetime) -> None:
    """A person says what is asked for. Later messages change nothing of what they have put right."""
    understood = file.understood.put_right(details)
    state = file.state
    if state in LOOKED_FOR:
        state = TrainingState.DETAILS_NEEDED if details.missing else TrainingState.NEW
    _write(db, file.case_id, state, understood)
    record(db, now, by, "changed details", case_id=file.case_id)


def fix(db: Connection, file: TrainingFile, session: KeptSession, by: str, now: datetime) -> None:
    """The session is agreed, or is another by now. Its case waits for the day."""
    planned = session.planned
    values = {
        "uid": session.uid,
        "sequence": session.sequence,
        "starts": planned.starts,
        "ends": planned.ends,
        "place": planned.place,
        "facilitator": planned.facilitator,
        "invited_at": session.invited_at,
        "cancelled_at": session.cancelled_at,
    }
    if file.session is None:
        db.execute(insert(training_sessions).values(case_id=file.case_id, **values))
    else:
        db.execute(update(training_sessions).where(training_sessions.c.case_id == file.case_id).values(values))
    # What they wanted changed or called off is settled by what is agreed now.
    settled = replace(file.understood, details=replace(file.details, action=Action.REQUEST))
    _write(db, file.case_id, file.state, settled)
    what = "changed session" if file.state is TrainingState.SCHEDULED else "scheduled"
    _pass_on(db, file, TrainingState.SCHEDULED, CaseState.WAITING, what, by, now)


def call_off(db: Connection, file: TrainingFile, sequence: int, by: str, now: datetime) -> None:
    """No session takes place. `sequence` is what calendars were told with it."""
    _cancel_session(db, file, sequence, now)
    _pass_on(db, file, TrainingState.CANCELLED, CaseState.CLOSED, "called off session", by, now)


def deliver(db: Connection, file: TrainingFile, by: str, now: datetime) -> None:
    """The session has taken place."""
    _pass_on(db, file, TrainingState.DELIVERED, CaseState.CLOSED, "delivered session", by, now)


def undo_delivery(db: Connection, file: TrainingFile, by: str, now: datetime) -> None:
    """It has not, after all."""
    _pass_on(db, file, TrainingState.SCHEDULED, CaseState.WAITING, "took back delivery", by, now)


def reopen(db: Connection, file: TrainingFile, by: str, now: datetime) -> None:
    """A session is looked for again."""
    if file.session:
        _cancel_session(db, file, file.session.sequence, now)
    state = TrainingState.DETAILS_NEEDED if file.details.missing else TrainingState.NEW
    _pass_on(db, file, state, CaseState.OPEN, "reopened request", by, now)


def _looked_for(understood: Understood, state: TrainingState) -> TrainingState:
    return state if understood.details.missing else TrainingState.NEW


def _cancel_session(db: Connection, file: TrainingFile, sequence: int, now: datetime) -> None:
    on_case = training_sessions.c.case_id == file.case_id, training_sessions.c.cancelled_at.is_(None)
    db.execute(update(training_sessions).where(*on_case).values(cancelled_at=now, sequence=sequence))


def _pass_on(
    db: Connection, file: TrainingFile, state: TrainingState, turn: CaseState, what: str, by: str, now: datetime
) -> None:
    db.execute(update(trainings).where(trainings.c.case_id == file.case_id).values(state=state))
    closed_at = now if turn is CaseState.CLOSED else None
    db.execute(update(cases).where(cases.c.id == file.case_id).values(state=turn, closed_at=closed_at))
    record(db, now, by, what, case_id=file.case_id)


def _write(db: Connection, case_id: int, state: TrainingState, understood: Understood) -> None:
    values = update(trainings).values(state=state, details=understood_to_json(understood))
    db.execute(values.where(trainings.c.case_id == case_id))
