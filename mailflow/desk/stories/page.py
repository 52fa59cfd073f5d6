"""The page on which a story is reviewed, and the pieces of it that follow what is written there."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fastapi import Response

from mailflow.desk import wording
from mailflow.desk.mail.letters import Telling, open_letter, tell
from mailflow.desk.room import Room
from mailflow.desk.stories.rulings import Typed
from mailflow.desk.stories.sheet import Sheet, open_sheet
from mailflow.domain import CHECKLIST, Agreement, Decision, Kind, StoryState
from mailflow.kinds.agreement import read_agreement
from mailflow.store import opened, storyfiles, waiting
from mailflow.store.sessions import Session
from mailflow.store.storyfiles import StoryFile
from mailflow.store.texts import Saved

OTHERWISE = (Decision.THEMES, Decision.HOLD, Decision.DECLINE)  # the decisions that stand folded, with their reason


@dataclass(frozen=True, slots=True)
class Answered:
    """What the contributor seems to answer, in a message that no person has confirmed yet."""

    message: int
    words: str = field(repr=False)
    reads: Agreement
    reason: str


def review_page(
    room: Room,
    session: Session,
    case_id: int,
    status: int = 200,
    said: Typed | None = None,
    *,
    problem: str = "",
    done: bool = False,
) -> Response:
    """A story as it is kept; or, where `problem` says why what was `said` on it is not, with that. The reading goes on record."""
    now = room.clock()
    with room.store.writing() as db:
        others = opened.others(db, case_id, session.person, now)
        story = storyfiles.story(db, case_id, session.person, now)
        last = waiting.last_done(db, session.person, case_id) if done else None
    tellings = tell([open_letter(message, room.ourselves) for message in story.messages], story.identifiers)
    kept = open_sheet(story, room.ourselves)
    sheet = kept.typed(said) if said and said.has_text and story.may_be_edited else kept
    typed = {name: said.fields.get(name, "") if said else "" for name in ("reason", "further", "note", "agreed")}
    return room.page(
        "review/page",
        session,
        status,
        **_both(room, story, sheet),
        **typed,
        tellings=tellings,
        answered=_answered(story, tellings),
        others=others,
        problem=problem,
        otherwise=bool(said and said.fields.get("decision") in OTHERWISE),
        done=last and wording.DECIDED.get(last),
        theirs=kept.text if sheet is not kept and _is_another(story, said) else None,
    )


def pieces(room: Room, session: Session, case_id: int, sheet: Sheet, saved: Saved, seen: str) -> Response:
    """The pieces of the page that follow what was just saved: for the page that saves while it is written on.

    It shows no message: whoever had not `seen` all there was before the save has not seen it by the save either.
    """
    with room.store.reading() as db:
        story = storyfiles.unread_story(db, case_id)
    story = replace(story, version=saved.version, seen=saved.seen if seen == saved.before else seen)
    return room.page("review/pieces", session, **_both(room, story, sheet))


def reviewers(room: Room) -> int:
    """How many must approve a story."""
    return room.house().rules.kinds[Kind.STORY].reviewers


def _is_another(story: StoryFile, said: Typed | None) -> bool:
    """Whether somebody has saved another version than the one that was typed into."""
    return said is not None and said.fields.get("version", str(story.version)) != str(story.version)


def _both(room: Room, story: StoryFile, sheet: Sheet) -> dict[str, Any]:
    return {"story": story, "sheet": sheet, "checklist": CHECKLIST, "reviewers": reviewers(room)}


def _answered(story: StoryFile, tellings: Sequence[Telling]) -> Answered | None:
    """The newest message since they were asked, where nobody has said what it answers."""
    asking = story.asking
    if asking is None or asking.mail is None or asking.candidate is None or story.state is StoryState.WITHDRAWN:
        return None
    if asking.answer is not None and asking.candidate <= (asking.message or asking.candidate):
        return None
    letter = next((telling.letter for telling in tellings if telling.letter.kept.id == asking.candidate), None)
    if letter is None or letter.email is None:
        return None
    email = letter.email
    name = email.sender.name if email.sender else ""
    return Answered(asking.candidate, email.new_text.strip(), *read_agreement(email.new_text, name))
