"""A mail tried under the rules in use: pasted, or one that was kept. Nothing is stored of it and nothing is sent."""

import threading
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Response

from mailflow.desk.access import OurForm, SignedIn, admit
from mailflow.desk.fields import MOST
from mailflow.desk.mail.letters import open_ours
from mailflow.desk.room import Room, TheRoom
from mailflow.domain import QueryAnswers, Reason, StoryReading, TrainingDetails, case_id_of
from mailflow.domain.plain import details_to_json
from mailflow.errors import PermanentError, UserError
from mailflow.rules import Rule
from mailflow.store import corrections
from mailflow.store.kept import KeptMessage, message_file
from mailflow.store.sessions import Session
from mailflow.trying.mail import Tried, as_mail, try_kept, try_mail

router = APIRouter()

MOST_BYTES = 512 * 1024  # of a form: a mail with its header, and what a browser makes of it
_BUSY = "Somebody is trying a mail just now: press again in a moment."
_NOTHING = "Paste a mail or its words, or give the number of a message."

# Each trial takes a processor for two seconds; one at a time leaves the others to the mail. Nobody waits for it: whoever did
# would hold a thread that other pages need.
_one_at_a_time = threading.Lock()


class BusyError(UserError):
    """Somebody else's mail is being tried."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What came of a trial, as the page tells it."""

    tried: Tried
    fitted: tuple[tuple[Rule, Reason], ...]
    missed: tuple[Rule, ...]
    others: tuple[Reason, ...]  # of the judges, and the alarms
    html: str | None = field(repr=False)  # of the reply, cleaned

    @property
    def details(self) -> dict[str, str]:
        """What was understood of a training message, in words."""
        found = self.tried.plan.understanding
        plain = details_to_json(found) if isinstance(found, TrainingDetails) else {}
        return {name: _in_words(value, " to " if name == "attendees" else ", ") for name, value in plain.items()}

    @property
    def story(self) -> StoryReading | None:
        """What was understood of a story."""
        found = self.tried.plan.understanding
        return found if isinstance(found, StoryReading) else None

    @property
    def answers(self) -> QueryAnswers | None:
        """The agreed answers that were found for a query."""
        found = self.tried.plan.understanding
        return found if isinstance(found, QueryAnswers) else None


@router.get("/rules/try")
def ask_for_mail(room: TheRoom, session: SignedIn, message: str = "") -> Response:
    """Where a mail is pasted or named; `message` is filled in."""
    return _page(room, session, message=message)


@router.post("/rules/try")
def try_one(
    room: TheRoom, session: OurForm, words: Annotated[str, Form()] = "", message: Annotated[str, Form()] = ""
) -> Response:
    """What would become of it now. A message that was kept goes before words."""
    values: dict[str, object] = {"words_pasted": words, "message": message}
    try:
        tried = _tried(room, session, words, message.strip())
    except BusyError as error:
        return _page(room, session, HTTPStatus.TOO_MANY_REQUESTS, **values, problem=str(error))
    except (UserError, PermanentError) as error:
        return _page(room, session, HTTPStatus.UNPROCESSABLE_ENTITY, **values, problem=str(error))
    return _page(room, session, **values, shown=_shown(tried, room))


def _tried(room: Room, session: Session, words: str, message: str) -> Tried:
    if not message and not words.strip():
        raise UserError(_NOTHING)
    kept = _kept(room, session, message) if message else None
    if not _one_at_a_time.acquire(blocking=False):
        raise BusyError(_BUSY)
    try:
        if kept:
            return try_kept(room.store, kept, room.house(), room.clock())
        return try_mail(as_mail(words, room.ourselves), room.house(), room.clock())
    finally:
        _one_at_a_time.release()


def _kept(room: Room, session: Session, named: str) -> KeptMessage:
    """A message by its number, or the first of a case by its reference. The reading goes on record."""
    with room.store.writing() as db:
        number = int(named) if named.isascii() and named.isdigit() else corrections.opener(db, case_id_of(named))
        message = message_file(db, min(number, MOST), session.person, room.clock())
        admit(session, message.needs)
    return message


def _shown(tried: Tried, room: Room) -> Shown:
    rules, reasons = room.house().rules.rules, tried.plan.verdict.reasons
    by_name = {reason.name: reason for reason in reasons if reason.weight is not None}
    names = {rule.name for rule in rules}
    return Shown(
        tried,
        fitted=tuple((rule, by_name[rule.name]) for rule in rules if rule.name in by_name),
        missed=tuple(rule for rule in rules if rule.name not in by_name),
        others=tuple(reason for reason in reasons if reason.name not in names),
        html=open_ours(tried.reply.raw).html if tried.reply else None,
    )


def _in_words(value: object, between: str) -> str:
    """A detail as people read it; of a pair of days, the first and the last."""
    return between.join(_in_words(each, " to ") for each in value) if isinstance(value, list) else str(value)


def _page(room: Room, session: Session, status: int = 200, /, **values: object) -> Response:
    given = {"shown": None, "problem": None, "words_pasted": "", "message": "", **values}
    return room.page("rule_try", session, status, **given)
