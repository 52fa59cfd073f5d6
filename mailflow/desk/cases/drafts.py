"""What waits to be sent, before whoever changes it, sends it or takes it back: read as it leaves, beside what it answers."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from mailflow import answering
from mailflow.desk.access import Adviser, AdvisersForm, SignedIn, admit
from mailflow.desk.cases.answering import Subject, Text
from mailflow.desk.fields import Number, Seen
from mailflow.desk.mail.formatted import FRAME_POLICY
from mailflow.desk.mail.letters import html_of_ours, open_letter, open_ours, suggest
from mailflow.desk.room import Room, TheRoom
from mailflow.domain import CaseState
from mailflow.errors import UserError
from mailflow.reply.answer import MOST_CHARACTERS, Words, speaks_of_attachment, to_fill_in
from mailflow.store import draftfiles, drafting
from mailflow.store.draftfiles import DraftFile
from mailflow.store.sessions import Session

router = APIRouter()

Version = Annotated[str, Form(max_length=64)]


@router.get("/drafts/{number}")
def read_draft(room: TheRoom, session: SignedIn, number: Number) -> Response:
    """The reply as it would be sent, and the message it answers."""
    return _page(room, session, number)


@router.get("/drafts/{number}/html")
def read_formatted(room: TheRoom, session: SignedIn, number: Number) -> Response:
    """The HTML part as its readers see it, for a frame in which nothing runs and nothing is fetched."""
    with room.store.writing() as db:  # the reading goes on record
        needs, raw = draftfiles.bytes_of(db, number, session.person, room.clock())
        admit(session, needs)
    headers = {"Content-Security-Policy": FRAME_POLICY, "X-Frame-Options": "SAMEORIGIN"}
    return HTMLResponse(html_of_ours(raw), headers=headers)


@router.post("/drafts/{number}")
def decide(
    room: TheRoom,
    session: AdvisersForm,
    number: Number,
    decision: Annotated[Literal["send", "take back"], Form()],
    seen: Seen,
    version: Version = "",
    answers: Seen = 0,
    then: Annotated[CaseState, Form()] = CaseState.OPEN,
    right: Annotated[bool, Form()] = False,
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Sends it or takes it back; where that cannot be done any more, shows it again and says why."""
    known, now = drafting.Seen(seen, version, answers), room.clock()
    try:
        with room.store.writing() as db:
            admit(session, drafting.needs_of(db, number))
            if decision == "send":
                how = answering.Sending(known, then, right, reason)
                answering.send(db, room.house(), number, how, session.person, now)
            else:
                drafting.take_back(db, number, session.person, reason, known, now)
    except UserError as error:
        return _page(room, session, number, 409, problem=str(error), reason=reason, then=then)
    return RedirectResponse(f"/drafts/{number}", 303)


@router.post("/drafts/{number}/back")
def have_back(room: TheRoom, session: AdvisersForm, number: Number) -> Response:
    """An answer that has not left is a draft again."""
    try:
        with room.store.writing() as db:
            admit(session, drafting.needs_of(db, number))
            answering.have_back(db, number, session.person, room.clock())
    except UserError as error:
        return _page(room, session, number, 409, problem=str(error))
    return RedirectResponse(f"/drafts/{number}", 303)


@router.get("/drafts/{number}/edit")
def change_draft(room: TheRoom, session: Adviser, number: Number) -> Response:
    """The words of a draft, to be changed."""
    return _edit(room, session, number)


@router.post("/drafts/{number}/edit")
def keep_change(
    room: TheRoom, session: AdvisersForm, number: Number, version: Version = "", subject: Subject = "", text: Text = ""
) -> Response:
    """Keeps the new words, and shows them as they would be sent."""
    words = Words(subject, text.replace("\r\n", "\n"))
    try:
        with room.store.writing() as db:
            admit(session, drafting.needs_of(db, number))
            answering.rewrite(db, room.house(), number, words, version, session.person, room.clock())
    except UserError as error:
        return _edit(room, session, number, 409, problem=str(error), words=words)
    return RedirectResponse(f"/drafts/{number}", 303)


def _open(room: Room, session: Session, number: int) -> tuple[DraftFile, tuple[int, str | None] | None]:
    with room.store.writing() as db:  # the reading goes on record
        draft = draftfiles.draft_file(db, number, session.person, room.clock())
        admit(session, draft.needs)
        return draft, None if draft.waits else draftfiles.next_draft(db, number, session.role)


def _page(room: Room, session: Session, number: int, status: int = 200, **values: object) -> Response:
    draft, following = _open(room, session, number)
    letter = open_letter(draft.answered, room.ourselves) if draft.answered else None
    ours = open_ours(draft.raw)
    return room.page(
        "draft",
        session,
        status,
        draft=draft,
        ours=ours,
        letter=letter,
        answers=suggest([letter] if letter else [], room.house().rules.questions),
        changeable=drafting.is_changeable(draft.purpose) and draft.answered is not None,
        unfilled=to_fill_in(ours.text),
        speaks_of_attachment=draft.by_person and speaks_of_attachment(ours.text),
        following=following,
        **values,
    )


def _edit(
    room: Room, session: Session, number: int, status: int = 200, *, words: Words | None = None, problem: str = ""
) -> Response:
    """What somebody else has changed or decided meanwhile is said, and what was typed here is not lost."""
    draft, _ = _open(room, session, number)
    if not draft.waits and words is None:
        return RedirectResponse(f"/drafts/{number}", 303)
    current = answering.words_to_change(draft.purpose, draft.raw)
    letter = open_letter(draft.answered, room.ourselves) if draft.answered else None
    return room.page(
        "edit",
        session,
        status,
        draft=draft,
        letter=letter,
        words_written=words or current,
        now_reads=current if words else None,
        most=MOST_CHARACTERS,
        problem=problem,
    )
