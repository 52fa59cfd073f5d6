"""The text of a story that may be shown, as its reviewers keep it: each save is counted, and none overwrites another unseen."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from mailflow.domain import CaseState, EditedText, StoryState, reference
from mailflow.domain.plain import ruled_from_json, ruled_to_json
from mailflow.domain.review import EDITED_IN, LONGEST_SHOWN, LONGEST_TITLE
from mailflow.errors import UserError
from mailflow.store.approving import drop_approvals
from mailflow.store.contributors import stop_asking
from mailflow.store.filing import record
from mailflow.store.kept import newest_message
from mailflow.store.tables import cases, events, stories

ONE_EVENT = timedelta(minutes=10)  # within which what one person saves is one entry of the audit log
_EDITED = "text saved"
# What was asked, agreed or approved was another text than the one that stands there now.
_BACK_TO_REVIEW = (StoryState.ASKED, StoryState.CONSENTED, StoryState.APPROVED)


@dataclass(frozen=True, slots=True)
class Saved:
    """A text that is kept now. `seen`: what a reviewer has before them from here on who had seen what there was `before`."""

    version: int
    before: str  # as StoryFile.seen
    seen: str
    reopened: bool = False  # the story went back into review, because what was asked about or approved was another text


def story_row(db: Connection, case_id: int, *, for_update: bool = False) -> Any:
    """The row of a story; `for_update`: neither it nor its case changes until the transaction ends.

    Raises UserError where there is no such story.
    """
    if for_update:
        db.execute(select(cases.c.id).where(cases.c.id == case_id).with_for_update()).first()
    query = select(stories).where(stories.c.case_id == case_id)
    row = db.execute(query.with_for_update() if for_update else query).one_or_none()
    if row is None:
        raise UserError(f"There is no story {reference(case_id)}.")
    return row


def text_of(story: Any) -> EditedText:
    """The text that the row of a story keeps; empty where nobody has saved one."""
    rulings = tuple(ruled_from_json(plain) for plain in story.rulings or ())
    return EditedText(story.title or "", story.shown or "", rulings, tuple(story.checked or ()))


def kept_text(db: Connection, case_id: int) -> EditedText:
    """The text that is kept of a story. Raises UserError where there is no such story."""
    return text_of(story_row(db, case_id))


def seen_now(db: Connection, case_id: int) -> str:
    """What a reviewer has before them who reads a story now. Raises UserError where there is none."""
    return as_seen(db, story_row(db, case_id))


def as_seen(db: Connection, story: Any) -> str:
    """The same of a story whose row was read."""
    return _seen(story.state, newest_message(db, story.case_id), story.version)


def take_up(db: Connection, case_id: int, by: str, seen: str | None, text: EditedText | None, now: datetime) -> Any:
    """The row of a story that is decided on, kept from changing until the transaction ends; the `text` they typed is saved first.

    `seen` is what they have before them, as StoryFile.seen; None where they decide without having opened it.
    Raises UserError where the story has changed since, or its text may not be saved.
    """
    story = story_row(db, case_id, for_update=True)
    if seen is not None and seen != as_seen(db, story):
        raise UserError(f"{reference(case_id)} has changed since you opened it: read it again, then decide.")
    if text is not None:
        save(db, case_id, by, story.version, text, now)
        story = story_row(db, case_id)
    return story


def save(db: Connection, case_id: int, by: str, version: int, text: EditedText, now: datetime) -> Saved:
    """Keeps the text, the rulings and the ticks; `version` is the one that they were made from. What is kept already is no save.

    The first save takes the story into review; a changed title or text takes it back there, ends its approvals, and
    stops a question about another text that has not left.
    Raises UserError where somebody else has saved meanwhile, where the text is too long, or not to be worked on now.
    """
    story = story_row(db, case_id, for_update=True)
    newest, kept, text = newest_message(db, case_id), text_of(story), text.tidied()
    before = _seen(story.state, newest, story.version)
    if text == kept:
        return Saved(story.version, before, before)
    _check(story, version, text)
    another = text.fingerprint != kept.fingerprint
    reopened = another and (drop_approvals(db, case_id) or story.state in _BACK_TO_REVIEW)
    state = StoryState.IN_REVIEW if another and story.state in (StoryState.RECEIVED, *_BACK_TO_REVIEW) else story.state
    values = {
        "state": state,
        "title": text.title,
        "shown": text.shown,
        "rulings": [ruled_to_json(ruled) for ruled in text.rulings],
        "checked": list(text.checked),
        "version": story.version + 1,
        "edited_by": by,
        "edited_at": now,
    }
    db.execute(update(stories).where(stories.c.case_id == case_id).values(values))
    if another:
        stop_asking(db, case_id, by, now)
    if reopened:
        db.execute(update(cases).where(cases.c.id == case_id).values(state=CaseState.OPEN, closed_at=None))
        record(db, now, by, "put back into review", case_id=case_id, detail="its text was changed")
    _note(db, case_id, by, now)
    return Saved(story.version + 1, before, _seen(state, newest, story.version + 1), reopened)


def untick(db: Connection, case_id: int) -> None:
    """The next who approves goes through the checklist themselves."""
    db.execute(update(stories).where(stories.c.case_id == case_id).values(checked=None))


def _seen(state: StoryState, newest: int, version: int) -> str:
    return f"{state}-{newest}-{version}"


def _check(story: Any, version: int, text: EditedText) -> None:
    name = reference(story.case_id)
    if version != story.version:
        raise UserError(
            f"{story.edited_by} has saved another version of {name} since you opened it. Yours is not lost: it stands below. "
            "Compare the two, then save again."
        )
    if story.state not in EDITED_IN:
        first = {
            StoryState.PUBLISHED: "take it down",
            StoryState.THEMES: "put it back into review",
            StoryState.DECLINED: "put it back into review",
        }.get(story.state)
        raise UserError(
            f"{name} is {story.state}: {first} before you change its text."
            if first
            else f"{name} was taken back by its contributor: its text is not worked on any more."
        )
    if len(text.title) > LONGEST_TITLE:
        raise UserError(f"The title is longer than {LONGEST_TITLE} characters: find a shorter one.")
    if len(text.shown) > LONGEST_SHOWN:
        raise UserError(f"The text is longer than {LONGEST_SHOWN} characters: shorten it.")


def _note(db: Connection, case_id: int, by: str, now: datetime) -> None:
    """An audit event, unless the same person's last one is fresh: a desk that saves by itself must not flood the log."""
    theirs = events.c.case_id == case_id, events.c.who == by, events.c.what == _EDITED
    if not db.execute(select(events.c.id).where(*theirs, events.c.at > now - ONE_EVENT).limit(1)).first():
        record(db, now, by, _EDITED, case_id=case_id)
