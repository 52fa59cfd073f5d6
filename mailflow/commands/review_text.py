"""`mailflow review write`: the text that a story may show, from a file or as mailflow proposes it."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailflow import settings
from mailflow.commands.opening import opened_store, who_asks
from mailflow.commands.stories_printed import AsJson, Reference, print_standing
from mailflow.domain import CHECKLIST, EditedText, case_id_of
from mailflow.errors import UserError

if TYPE_CHECKING:
    from sqlalchemy import Connection

Title = Annotated[str | None, typer.Option(help="What stands over it.")]
TextFile = Annotated[
    Path | None,
    typer.Option("--text", metavar="FILE", help="A file with the text (UTF-8). Without it, what mailflow proposes."),
]


def write(ref: Reference, title: Title = None, text: TextFile = None, as_json: AsJson = False) -> None:
    """Write what a story may show. What is not given stays as it is, or as mailflow proposes it; read it with `show`.

    Example: mailflow review write EDI-0042 --title "A word in time" --text story.txt
    """
    from mailflow.desk.stories.sheet import open_sheet
    from mailflow.store import storyfiles, texts

    case_id, words = case_id_of(ref), _read(text) if text else None
    with opened_store() as store, store.writing() as db:
        story = storyfiles.unread_story(db, case_id)
        kept = open_sheet(story, settings.load().ourselves).text
        new = replace(kept, title=kept.title if title is None else title, shown=kept.shown if words is None else words)
        saved = texts.save(db, case_id, who_asks(), story.version, new, datetime.now(UTC))
        state = storyfiles.unread_story(db, case_id).state
    back = " What was asked about or approved was another text, so that it is back in review." if saved.reopened else ""
    print_standing(case_id, state, f"Saved.{back}", as_json)


def all_ticked(db: "Connection", case_id: int) -> EditedText:
    """The text that is kept, with every line of the checklist ticked."""
    from mailflow.store import texts

    return replace(texts.kept_text(db, case_id), checked=CHECKLIST)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise UserError(f"{path} is not UTF-8 text; save it again as UTF-8.") from None
