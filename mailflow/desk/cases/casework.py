"""A case, read: the conversation, the verdicts with their reasons, what is known, and who did what."""

from collections.abc import Mapping

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from mailflow.desk.access import SignedIn, admit
from mailflow.desk.cases import deeds
from mailflow.desk.cases.conversation import converse
from mailflow.desk.mail.letters import open_letter, suggest
from mailflow.desk.room import Room, TheRoom
from mailflow.domain import Role, case_id_of
from mailflow.domain import reference as name_of
from mailflow.store import casefiles, casework, merging
from mailflow.store.sessions import Session

router = APIRouter()


@router.get("/cases/{reference}")
def read_case(room: TheRoom, session: SignedIn, reference: str, done: bool = False, led: str = "") -> Response:
    """The conversation, the verdicts and why nothing was answered. What was merged leads to where it went.

    `done`: this person has just decided something here, and is told what, from the audit log.
    """
    case_id = case_id_of(reference)
    with room.store.reading() as db:
        into = merging.merged_into(db, [case_id]).get(case_id)
    if into is not None:
        return RedirectResponse(f"/cases/{name_of(into)}?led={name_of(case_id)}", 303)
    return case_page(room, session, case_id, done=done, led=led)


def case_page(
    room: Room,
    session: Session,
    case_id: int,
    status: int = 200,
    *,
    done: bool = False,
    led: str = "",
    problem: str = "",
    typed: Mapping[str, str] | None = None,
) -> Response:
    """The page of a case; that it is read goes on record. `typed`: what a refused form held, by the names of its fields."""
    with room.store.writing() as db:
        case = casefiles.case_file(db, case_id, session.person, room.clock(), session.role)
        admit(session, case.needs)
        team = casework.assignable(db, case.needs) if session.role.includes(Role.ADVISER) else []
    letters = [open_letter(message, room.ourselves) for message in case.messages]
    return room.page(
        "case",
        session,
        status,
        case=case,
        conversation=converse(case, letters),
        answers=suggest(letters, room.house().rules.questions),
        history=[(deed.at, deeds.sentence(deed)) for deed in case.deeds if not deed.is_reading],
        readers=deeds.readers(case.deeds),
        done=deeds.last_of(case.deeds, session.person) if done else None,
        led=led if led in case.absorbed else None,
        team=team,
        today=room.today,
        problem=problem,
        typed=typed or {},
    )
