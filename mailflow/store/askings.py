"""What contributors were asked and what they answered: the record of their consent, each for one very text."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from mailflow.domain import Agreement, CaseState, Consent, EditedText, Kind, MessageState, OutgoingState, StoryState, reference
from mailflow.errors import UserError
from mailflow.store.approving import drop_approvals
from mailflow.store.bounces import blocked
from mailflow.store.contributors import REFUSED, refuse_consent
from mailflow.store.filing import record
from mailflow.store.tables import askings, cases, events, messages, outgoings, stories
from mailflow.store.texts import take_up, text_of

LONGEST_NOTE = 500
_MAY_CONSENT = (StoryState.RECEIVED, StoryState.IN_REVIEW, StoryState.ASKED)
_requester = select(func.lower(cases.c.requester)).where(cases.c.id == askings.c.case_id).correlate(askings).scalar_subquery()
# Of the messages on a case, those that may answer an asking: what its contributor has written since.
MAY_ANSWER = (
    messages.c.case_id == askings.c.case_id,
    messages.c.received_at >= askings.c.asked_at,
    messages.c.kind != Kind.AUTOMATIC,
    func.lower(messages.c.sender) == _requester,
)
_REVIEWED_AGAIN = (StoryState.ASKED, StoryState.CONSENTED, StoryState.APPROVED, StoryState.PUBLISHED)


@dataclass(frozen=True, slots=True)
class Asking:
    """A contributor was asked whether a text may appear, or agreed otherwise (then there is no `mail`)."""

    id: int
    fingerprint: str
    asked_by: str
    asked_at: datetime
    answer: Agreement | None  # as a person has confirmed it
    confirmed_by: str | None
    confirmed_at: datetime | None
    message: int | None  # that a person took for the answer
    mail: OutgoingState | None  # how far the question has come
    candidate: int | None  # the newest message that the contributor has written on the case since
    shown: str = field(repr=False)
    note: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Contributor:
    """Whoever sent a story: where to write to, and the last message that they wrote about it."""

    address: str = field(repr=False)
    name: str = field(repr=False)
    token: str | None = field(repr=False)
    message: int | None


def contributor_of(db: Connection, case_id: int) -> Contributor:
    """Whoever may be asked about a story. Raises UserError where nobody can be."""
    row = db.execute(select(cases.c.requester, cases.c.requester_name, cases.c.token).where(cases.c.id == case_id)).one()
    name = reference(case_id)
    if not row.requester:
        raise UserError(f"{name} does not say who wrote it: there is nobody to ask.")
    if blocked(db, [row.requester]):
        raise UserError(
            f"Mail to the contributor of {name} came back: on its case, say that their address may be written to again, then ask."
        )
    theirs = messages.c.case_id == case_id, messages.c.sender == row.requester, messages.c.kind != Kind.AUTOMATIC
    newest = db.execute(select(func.max(messages.c.id)).where(*theirs)).scalar_one()
    return Contributor(row.requester, row.requester_name or "", row.token, newest)


def latest(db: Connection, case_id: int) -> Asking | None:
    """The last time that the contributor was asked, with the message that may answer it."""
    columns = [askings.c[name] for name in Asking.__dataclass_fields__ if name not in ("mail", "candidate")]
    row = db.execute(
        select(*columns, outgoings.c.state.label("mail"))
        .join_from(askings, outgoings, outgoings.c.id == askings.c.outgoing_id, isouter=True)
        .where(askings.c.case_id == case_id)
        .order_by(askings.c.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    newest = select(func.max(messages.c.id)).where(askings.c.id == row.id, *MAY_ANSWER)
    candidate = db.execute(newest).scalar_one()
    return Asking(**row._mapping, candidate=candidate)


def missing_consent(db: Connection, case_id: int, consent: Consent, fingerprint: str) -> str | None:
    """Why there is no recorded consent to this very text, as a sentence; None where there is one.

    `consent` is what the contributor has said of themselves. Their wish to see it published is none to a text that they have
    not seen: the receipt promises them that nothing appears before.
    """
    name = reference(case_id)
    if consent is Consent.NONE:
        return f"The contributor of {name} does not want it published."
    said = select(askings.c.fingerprint, askings.c.answer).where(askings.c.case_id == case_id).order_by(askings.c.id.desc())
    asked = db.execute(said).all()
    about_this = next((one.answer for one in asked if one.fingerprint == fingerprint), None)
    if about_this is Agreement.YES:
        return None
    if not asked:
        said_so = "has not said that it may be published" if consent is Consent.UNSTATED else "has not seen this text yet"
        return f"The contributor of {name} {said_so}: ask them, or say how they have agreed to it."
    match asked[0].answer:
        case None:
            return f"The contributor of {name} was asked, and no answer is confirmed: nothing appears without it."
        case Agreement.YES:
            return f"The contributor of {name} has agreed to another text than this one: ask them again."
        case _:
            return f"The contributor of {name} has not agreed to this text: ask them again."


def write_down(
    db: Connection,
    case_id: int,
    text: EditedText,
    by: str,
    now: datetime,
    *,
    outgoing: int | None = None,
    agreed: str = "",
) -> None:
    """Puts on record that the contributor was asked by a mail of ours; or that, and how, they agreed otherwise."""
    values: dict[str, Any] = {
        "case_id": case_id,
        "fingerprint": text.fingerprint,
        "shown": text.shown,
        "outgoing_id": outgoing,
        "asked_by": by,
        "asked_at": now,
    }
    if agreed:
        values |= {"answer": Agreement.YES, "confirmed_by": by, "confirmed_at": now, "note": _note(agreed)}
    db.execute(insert(askings).values(values))


def confirm(
    db: Connection,
    case_id: int,
    asking_id: int,
    answer: Agreement,
    by: str,
    message: int | None,
    note: str,
    now: datetime,
    seen: str | None = None,
    text: EditedText | None = None,
) -> StoryState:
    """A person says what the contributor answered, in `message` or as `note` tells. Gives the story's new state.

    A yes counts for the text that was asked about alone, and where nobody has written since; a no takes down what is published.
    `seen` and `text`: as a decision's.
    Raises UserError where the answer cannot be put on record.
    """
    story = take_up(db, case_id, by, seen, text, now)
    asking = db.execute(select(askings).where(askings.c.id == asking_id, askings.c.case_id == case_id)).one_or_none()
    if asking is None:
        raise UserError(f"The contributor of {reference(case_id)} was not asked that: open the story again.")
    note = _note(note)
    _check(db, story, asking, answer, message, note)
    values = {"answer": answer, "message": message, "note": note or None, "confirmed_by": by, "confirmed_at": now}
    db.execute(update(askings).where(askings.c.id == asking_id).values(values))
    _follow(db, story, answer, asking.fingerprint, now)
    record(db, now, by, "answer confirmed", case_id=case_id, message=message, detail=answer.value)
    if message is not None:
        held = messages.c.id == message, messages.c.state == MessageState.HELD
        db.execute(update(messages).where(*held).values(state=MessageState.FILED))
    db.execute(update(cases).where(cases.c.id == case_id).values(state=CaseState.OPEN, closed_at=None))
    state: StoryState = db.execute(select(stories.c.state).where(stories.c.case_id == case_id)).scalar_one()
    return state


def _check(db: Connection, story: Any, asking: Any, answer: Agreement, message: int | None, note: str) -> None:
    name = reference(story.case_id)
    if story.state is StoryState.WITHDRAWN:
        raise UserError(f"{name} was taken back by its contributor: nothing more can be decided about it.")
    if answer is Agreement.UNCLEAR:
        raise UserError("Say whether they answered yes, asked for a change, or said no; where it is unclear, ask them again.")
    if message is None and not note:
        raise UserError("Name the message in which they answered, or say how else they did.")
    if message is None:
        return
    theirs = select(messages.c.id).where(messages.c.id == message, askings.c.id == asking.id, *MAY_ANSWER)
    if not db.execute(theirs).first():
        raise UserError(f"Message {message} is no answer on {name}: open the story again.")
    if answer is Agreement.YES and _is_overtaken(db, story.case_id, message):
        raise UserError(f"{name} has a later word than message {message}: read it, then say in a note what they answered.")


def _is_overtaken(db: Connection, case_id: int, message: int) -> bool:
    """Whether a person has written after a message, or the contributor has refused since."""
    later = messages.c.case_id == case_id, messages.c.id > message, messages.c.kind != Kind.AUTOMATIC
    came = select(messages.c.received_at).where(messages.c.id == message).scalar_subquery()
    refused = events.c.case_id == case_id, events.c.what == REFUSED, events.c.at > came
    found = select(messages.c.id).where(*later).limit(1), select(events.c.id).where(*refused).limit(1)
    return any(db.execute(query).first() for query in found)


def _follow(db: Connection, story: Any, answer: Agreement, fingerprint: str, now: datetime) -> None:
    """The story follows the answer."""
    if answer is Agreement.NO:
        refuse_consent(db, story.case_id, now)
        return
    values: dict[str, Any] = {}
    if answer is Agreement.YES:
        if fingerprint == text_of(story).fingerprint and story.state in _MAY_CONSENT:
            values["state"] = StoryState.CONSENTED
        elif story.state is StoryState.ASKED:
            values["state"] = StoryState.IN_REVIEW
        if story.consent is Consent.NONE:  # their later word
            values["consent"] = Consent.UNSTATED
    elif story.state in _REVIEWED_AGAIN:
        drop_approvals(db, story.case_id)
        values = {"state": StoryState.IN_REVIEW, "published_at": None}
    if values:
        db.execute(update(stories).where(stories.c.case_id == story.case_id).values(values))


def _note(words: str) -> str:
    words = words.replace("\0", "").strip()
    if len(words) > LONGEST_NOTE:
        raise UserError(f"The note is longer than {LONGEST_NOTE} characters: write a shorter one.")
    return words
