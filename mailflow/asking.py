"""A reviewer asks the contributor of a story whether its text may appear: the mail is written and queued, and the story waits."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from mailflow.deciding import House
from mailflow.domain import Decision, EditedText, Mode, OutgoingMail, OutgoingState, StoryState, Thread, reference
from mailflow.errors import PermanentError, UserError
from mailflow.reply.asking import compose_asking
from mailflow.store import askings, queueing, reviewing, texts
from mailflow.store.approving import check_whole
from mailflow.store.kept import kept_message

# A person has pressed the button: in drafts it waits for nobody else.
_BECOMES = {Mode.LIVE: OutgoingState.QUEUED, Mode.DRAFTS: OutgoingState.QUEUED, Mode.REHEARSAL: OutgoingState.REHEARSED}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was written, and where the story stands by it."""

    mail: OutgoingMail = field(repr=False)
    state: StoryState
    leaves: bool  # False in rehearsal

    @property
    def sentence(self) -> str:
        """What has happened, for whoever asked."""
        if self.leaves:
            return "The question is on its way to the contributor. Their answer comes back here."
        return "This is a rehearsal: the question was written, nothing has left, and the story stays where it was."


def preview(db: Connection, house: House, case_id: int, now: datetime, text: EditedText | None = None) -> OutgoingMail:
    """The mail that `ask` would send: about this text, or about the one that is kept. Nothing is written down.

    Raises UserError where there is nobody to ask, or nothing to ask about.
    """
    return _compose(db, house, case_id, now, text.tidied() if text else texts.kept_text(db, case_id))


def ask(
    db: Connection, house: House, case_id: int, by: str, now: datetime, seen: str | None = None, text: EditedText | None = None
) -> Asked:
    """Asks the contributor about the kept text, or about `text`, which is saved first; once for each text.

    `seen` is what StoryFile.seen said. In rehearsal nothing leaves, and the story does not move.
    Raises UserError where it may not be asked, with one sentence that says why.
    """
    reviewing.begin(db, case_id, Decision.ASK, by, "", now, seen, text)
    kept = texts.kept_text(db, case_id)
    mail, state = _compose(db, house, case_id, now, kept), _BECOMES[house.mode]
    outgoing = queueing.enqueue_anew(db, queueing.Queued(mail, state, case_id), now)
    if outgoing is None:
        raise UserError(f"The contributor of {reference(case_id)} was asked about this very text before: wait for the answer.")
    if state is OutgoingState.REHEARSED:
        return Asked(mail, reviewing.state_of(db, case_id), leaves=False)
    askings.write_down(db, case_id, kept, by, now, outgoing=outgoing)
    reviewing.enter(db, case_id, Decision.ASK, StoryState.ASKED, by, "", now)
    return Asked(mail, StoryState.ASKED, leaves=True)


def _compose(db: Connection, house: House, case_id: int, now: datetime, text: EditedText) -> OutgoingMail:
    check_whole(case_id, text)
    contributor = askings.contributor_of(db, case_id)
    parent, thread = _answered(db, house, contributor.message)
    told = reference(case_id, contributor.token)
    to = contributor.address, contributor.name
    try:
        return compose_asking(
            text, case_id, told, *to, house.templates, house.rules, house.ourselves, now, house.zone, parent, thread
        )
    except PermanentError:
        raise UserError(f"The address of the contributor of {reference(case_id)} is not one that mail can be sent to.") from None


def _answered(db: Connection, house: House, message: int | None) -> tuple[str | None, Thread | None]:
    """The Message-ID and the thread of the contributor's message, where it can be read."""
    if message is None:
        return None, None
    try:
        email = house.read(kept_message(db, message).raw)
    except Exception:  # any bytes may have come; the question then stands in a thread of its own, and names the case
        return None, None
    return email.message_id, email.thread
