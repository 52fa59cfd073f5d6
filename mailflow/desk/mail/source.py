"""A message as it came: its files, its HTML in a frame, and its bytes. Each look goes on record like the reading of its page."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Response

from mailflow.desk.access import SignedIn, admit
from mailflow.desk.fields import Number
from mailflow.desk.mail.attachments import handed_out
from mailflow.desk.mail.formatted import FRAME_POLICY, MOST_PICTURES, formatted
from mailflow.desk.mail.letters import MOST_BYTES_SHOWN, open_letter
from mailflow.desk.room import Room, TheRoom
from mailflow.domain import MessageState
from mailflow.message.attached import attached_file, pictures
from mailflow.store import kept
from mailflow.store.kept import KeptMessage
from mailflow.store.sessions import Session

router = APIRouter()

MOST_FILES = 10_000  # no mail has more
Place = Annotated[int, Path(ge=1, le=MOST_FILES)]


@router.get("/messages/{number}/attachments/{place}")
def hand_out(room: TheRoom, session: SignedIn, number: Number, place: Place) -> Response:
    """A file that came with a message, to be saved; `place` counts from 1."""
    message = _read(room, session, number)
    # What could not be read once is not tried here.
    found = None if message.state is MessageState.FAILED else attached_file(message.raw, place - 1)
    if found is None:
        raise HTTPException(404)
    return handed_out(found.described.filename, found.described.content_type, found.content)


@router.get("/messages/{number}/html")
def show_formatted(room: TheRoom, session: SignedIn, number: Number) -> Response:
    """The message as its writer formatted it: a page for a frame of ours, in which nothing can be done."""
    message = _read(room, session, number)
    letter = open_letter(message, room.ourselves)
    if letter.email is None or letter.email.html is None:
        raise HTTPException(404)
    page = room.page("formatted", session, html=formatted(letter.email.html, pictures(message.raw, MOST_PICTURES)))
    page.headers["Content-Security-Policy"] = FRAME_POLICY
    page.headers["X-Frame-Options"] = "SAMEORIGIN"
    return page


@router.get("/messages/{number}/raw")
def show_raw(room: TheRoom, session: SignedIn, number: Number) -> Response:
    """The beginning of the message's bytes, to be looked at."""
    message = _read(room, session, number)
    text = message.raw[:MOST_BYTES_SHOWN].decode("utf-8", "replace")
    left = max(0, len(message.raw) - MOST_BYTES_SHOWN)
    return room.page("raw", session, message=replace(message, raw=b""), text=text, left=left, size=len(message.raw))


@router.get("/messages/{number}/raw.eml")
def save_raw(room: TheRoom, session: SignedIn, number: Number) -> Response:
    """All of the message's bytes, to be saved."""
    message = _read(room, session, number)
    return handed_out(f"message-{number}.eml", "message/rfc822", message.raw)


def _read(room: Room, session: Session, number: int) -> KeptMessage:
    with room.store.writing() as db:  # the reading goes on record
        message = kept.message_file(db, number, session.person, room.clock())
        admit(session, message.needs)
    return message
