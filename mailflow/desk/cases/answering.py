"""Answering a case from the desk: written here, kept as a draft, then read as it leaves and sent from the draft's page."""

import secrets
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from mailflow import answering
from mailflow.answering import Written
from mailflow.deciding import House
from mailflow.desk.access import Adviser, AdvisersForm, admit
from mailflow.desk.fields import Beside, Seen
from mailflow.desk.mail.letters import open_letter, suggest
from mailflow.desk.room import Room, TheRoom
from mailflow.domain import KnownCase, case_id_of
from mailflow.domain import reference as name_of
from mailflow.errors import UserError
from mailflow.reply.answer import MOST_CHARACTERS, Words, fitting_templates, taken_in
from mailflow.rules import FrequentQuestion
from mailflow.store import corresponding, kept, opened, recalling
from mailflow.store.bounces import blocked
from mailflow.store.casework import lock_case
from mailflow.store.corresponding import Correspondent
from mailflow.store.sessions import Session

router = APIRouter()

Subject = Annotated[str, Form(max_length=1000)]
Text = Annotated[str, Form(max_length=2 * MOST_CHARACTERS)]  # what is longer than may be sent is shown again, and not lost


@dataclass(frozen=True, slots=True)
class _Case:
    """What the page shows of a case: whom it may answer, the message that is answered, and how it stands.

    `answered` is None where whom the answer was begun for is nobody to be answered on the case any more.
    """

    known: KnownCase
    newest: int
    people: tuple[Correspondent, ...]
    answered: kept.KeptMessage | None
    values: dict[str, object]


@router.get("/cases/{reference}/answer")
def write_answer(room: TheRoom, session: Adviser, reference: str, to: Beside = None) -> Response:
    """An answer, begun. `to`: a message of whoever is answered; where not given, whoever wrote last."""
    return _page(room, session, case_id_of(reference), to)


@router.post("/cases/{reference}/answer")
def keep_answer(
    room: TheRoom,
    session: AdvisersForm,
    reference: str,
    to: Seen,
    seen: Seen,
    form: Annotated[str, Form(pattern=r"^[\w-]{8,40}$")],
    subject: Subject = "",
    text: Text = "",
    do: Annotated[Literal["keep", "template", "question"], Form()] = "keep",
    template: Annotated[str, Form(max_length=100)] = "",
    question: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Keeps it as a draft and shows that; or puts a template or an agreed answer into it (`do`), and keeps nothing yet."""
    case_id, words = case_id_of(reference), Words(subject, text.replace("\r\n", "\n"))
    if do == "template":
        return _page(room, session, case_id, to, words=words, form=form, template=template)
    if do == "question":
        return _page(room, session, case_id, to, words=words, form=form, question=question)
    try:
        with room.store.writing() as db:
            admit(session, kept.needed(db, case_id))
            written = Written(to, words, seen, form)
            number = answering.write(db, room.house(), case_id, written, session.person, room.clock())
    except UserError as error:
        return _page(room, session, case_id, to, 409, words=words, form=form, problem=str(error))
    return RedirectResponse(f"/drafts/{number}", 303)


def _page(
    room: Room,
    session: Session,
    case_id: int,
    to: int | None,
    status: int = 200,
    *,
    words: Words | None = None,
    form: str = "",
    template: str = "",
    question: str = "",
    problem: str = "",
) -> Response:
    house = room.house()
    with room.store.writing() as db:  # the reading goes on record
        case = _look(db, room, session, house, case_id, to)
    words = _words(room, house, case, words, template, question)
    letter = open_letter(case.answered, room.ourselves) if case.answered else None
    fitting = [one.question for one in suggest([letter], house.rules.questions)] if letter else []
    return room.page(
        "answer",
        session,
        status,
        reference=name_of(case_id),
        case=case,
        letter=letter,
        words_written=words,
        form=form or secrets.token_urlsafe(12),
        fitting=fitting,
        templates=fitting_templates(house.templates, house.rules.kinds[case.known.kind]),
        questions=[one.question for one in house.rules.questions if one.question not in fitting],
        most=MOST_CHARACTERS,
        problem=problem,
        **case.values,
    )


def _words(room: Room, house: House, case: _Case, words: Words | None, template: str, question: str) -> Words:
    """What they have written so far, or what an answer begins with; with what they want to be put into it."""
    if case.answered is None:
        if words is None:
            raise UserError(f"Choose somebody who wrote on {name_of(case.known.case_id)}: nobody else is answered from here.")
        return words
    begun = answering.begin(house, case.known, case.answered)
    if words is None:
        return begun
    if template in fitting_templates(house.templates, house.rules.kinds[case.known.kind]):
        more = answering.begin_from(house, case.known, case.answered, template, room.clock())
        return more if words.text.strip() in ("", begun.text) else taken_in(words, more.text, house.rules, room.ourselves)
    if answer := next((one.answer for one in house.rules.questions if one.question == question), None):
        return taken_in(words, answer, house.rules, room.ourselves)
    return words


def _look(db: Connection, room: Room, session: Session, house: House, case_id: int, to: int | None) -> _Case:
    admit(session, kept.needed(db, case_id))
    lock_case(db, case_id)
    people = answering.correspondents(db, house, case_id)
    if not people:
        raise UserError(f"Nobody wrote on {name_of(case_id)} who could be answered from here: answer from the mailbox.")
    person = people[0] if to is None else next((one for one in people if to in one.messages), None)
    answered = kept.message_file(db, person.message, session.person, room.clock()) if person else None
    if answered:
        admit(session, answered.needs)
    values: dict[str, object] = {
        "person": person,
        "to": person.message if person else to,
        "unreachable": person is not None and bool(blocked(db, [person.address])),
        "besides": corresponding.under_way(db, case_id),
        "others": opened.others(db, case_id, session.person, room.clock()),
        "told": _told(db, case_id, house.rules.questions),
    }
    return _Case(recalling.known_case(db, case_id), kept.newest_message(db, case_id), people, answered, values)


def _told(db: Connection, case_id: int, questions: tuple[FrequentQuestion, ...]) -> frozenset[str]:
    """The questions whose agreed answers an automatic reply has given already."""
    given = corresponding.told(db, case_id)
    return frozenset(one.question for one in questions if " ".join(one.answer.split()) in given)
