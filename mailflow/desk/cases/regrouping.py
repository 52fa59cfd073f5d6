"""Two cases that are one, and a message that is a case of its own: what follows is said before it is done."""

from collections.abc import Iterator
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from mailflow.deciding import House
from mailflow.desk.access import Adviser, AdvisersForm, admit
from mailflow.desk.cases.foreseeing import check_told, fingerprint, trying
from mailflow.desk.fields import Number, Seen
from mailflow.desk.mail.letters import open_letter
from mailflow.desk.room import Room, TheRoom
from mailflow.domain import case_id_of
from mailflow.domain import reference as name_of
from mailflow.domain.wording import KIND
from mailflow.errors import MailflowError, UserError
from mailflow.splitting import Split, split
from mailflow.store import casefiles, kept, listing, merging
from mailflow.store.merging import Merge
from mailflow.store.sessions import Session

router = APIRouter()

Told = Annotated[str, Form(max_length=64)]
Choice = Annotated[Literal["look", "do"], Form()]


@router.get("/cases/{reference}/merge")
def choose_case(room: TheRoom, session: Adviser, reference: str) -> Response:
    """Which other case this one is one with; those of the same requester are offered."""
    return _merge_page(room, session, case_id_of(reference))


@router.post("/cases/{reference}/merge")
def merge_cases(
    room: TheRoom,
    session: AdvisersForm,
    reference: str,
    seen: Seen,
    into: Annotated[str, Form(max_length=64)] = "",
    decision: Choice = "look",
    told: Told = "",
) -> Response:
    """Shows what would follow; or, where `told` is exactly that, does it."""
    case_id = case_id_of(reference)
    try:
        if decision == "do":
            with room.store.writing() as db:
                done = _merge(db, room, session, case_id, into, seen)
                check_told(_merged(done), told)
            return RedirectResponse(f"/cases/{name_of(done.into)}?done=1", 303)
        with trying(room.store) as db:
            sentences = _merged(_merge(db, room, session, case_id, into, seen))
    except UserError as error:
        return _merge_page(room, session, case_id, 409, problem=str(error), into=into)
    return _merge_page(room, session, case_id, into=into, sentences=sentences, told=fingerprint(sentences))


@router.get("/cases/{reference}/split/{number}")
def look_at_splitting(room: TheRoom, session: Adviser, reference: str, number: Number) -> Response:
    """What splitting a message off would come to."""
    return _split_page(room, session, case_id_of(reference), number)


@router.post("/cases/{reference}/split/{number}")
def split_off(room: TheRoom, session: AdvisersForm, reference: str, number: Number, seen: Seen, told: Told = "") -> Response:
    """Gives the message a case of its own, where what follows is exactly what was `told`."""
    case_id, house = case_id_of(reference), room.house()
    try:
        with room.store.writing() as db:
            done = _split(db, house, room, session, case_id, number, seen)
            check_told(_split_told(done), told)
    except MailflowError as error:
        return _split_page(room, session, case_id, number, 409, str(error))
    return RedirectResponse(f"/cases/{name_of(done.case_id)}?done=1", 303)


def _merge(db: Connection, room: Room, session: Session, case_id: int, into: str, seen: int) -> Merge:
    """Merges in the open transaction, where this person may read both."""
    if not into.strip():
        raise UserError("Say which case it goes into: choose one, or write its reference.")
    other = case_id_of(into)
    other = merging.merged_into(db, [other]).get(other, other)
    for number in (case_id, other):
        admit(session, kept.needed(db, number))
    return merging.merge(db, case_id, other, session.person, seen, room.clock())


def _merged(done: Merge) -> list[str]:
    one, other = name_of(done.case_id), name_of(done.into)
    things = ((done.messages, "message"), (done.mails, "mail of ours", "mails of ours"), (done.notes, "note"))
    went = [_number(*thing) for thing in things if thing[0]]
    sentences = [
        f"{_listed(went) or 'Nothing'} of {one} go{'es' if len(went) == 1 and went[0].startswith('1 ') else ''} to {other}."
    ]
    sentences += [
        f"{other} stays what it is: {KIND[done.kind]}.",
        f"{one} is closed. Whoever opens it, or names it in a mail, is led to {other}.",
    ]
    sentences += [f"Mail {number}, a first reply that has not left, is taken back: one is enough." for number in done.taken_back]
    return [*sentences, "Nothing is sent to anybody.", "A message can be split off again, each by itself."]


def _number(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _listed(things: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(things[:-1]), things[-1]))) if things else ""


def _split(db: Connection, house: House, room: Room, session: Session, case_id: int, number: int, seen: int) -> Split:
    """Splits in the open transaction, where this person may read all that is on the case."""
    admit(session, kept.needed(db, case_id))
    if kept.kept_message(db, number).case_id != case_id:
        raise UserError(f"Message {number} is not on {name_of(case_id)} any more: look where it is.")
    return split(db, house, number, session.person, seen, room.clock())


def _split_told(done: Split) -> list[str]:
    return [*_split_sentences(done)]


def _split_sentences(done: Split) -> Iterator[str]:
    plan, old = done.plan, name_of(done.was_on)
    sensitive = ", sensitive" if plan.verdict.sensitive else ""
    yield f"The message gets a case of its own: {KIND[plan.verdict.kind]}{sensitive}. It remembers that it began in {old}."
    yield f"Everything else stays on {old}, also what was written later."
    if plan.hold:
        yield f"It waits for a person: {plan.hold.text}"
    elif plan.due:
        yield f"It is to be answered by {plan.due:%-d %B %Y}."
    if done.moves:
        yield f"In the mailbox the message goes to the folder {plan.folder}."
    yield "Nothing is sent to anybody: you answer it."


def _merge_page(room: Room, session: Session, case_id: int, status: int = 200, **values: object) -> Response:
    with room.store.writing() as db:  # the reading goes on record
        case = casefiles.case_file(db, case_id, session.person, room.clock(), session.role)
        admit(session, case.needs)
        siblings = listing.of_same_requester(db, case_id, session.role)
    filled = {"into": "", "sentences": (), "told": ""} | values
    return room.page("merge", session, status, case=case, siblings=siblings, **filled)


def _split_page(
    room: Room, session: Session, case_id: int, number: int, status: int = 200, problem: str | None = None
) -> Response:
    house, sentences = room.house(), []
    with room.store.writing() as db:  # the reading goes on record
        message = kept.message_file(db, number, session.person, room.clock())
        for needs in (message.needs, kept.needed(db, case_id)):
            admit(session, needs)
        newest = kept.newest_message(db, case_id)
    try:
        with trying(room.store) as db:
            sentences = _split_told(_split(db, house, room, session, case_id, number, newest))
    except MailflowError as error:
        problem = problem or str(error)
    letter = open_letter(message, room.ourselves)
    about = {"letter": letter, "reference": name_of(case_id), "sentences": sentences, "seen": newest}
    return room.page("split", session, status, problem=problem, told=fingerprint(sentences), **about)
