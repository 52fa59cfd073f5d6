"""How `mailflow review` prints stories: for people, or as JSON."""

import json
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from mailflow.desk import wording
from mailflow.desk.shown import Piece, harmless
from mailflow.domain import CHECKLIST, EditedText, StoryState, reference, working_days_between
from mailflow.domain.plain import identifier_to_json, ruled_to_json

if TYPE_CHECKING:
    from mailflow.desk.mail.letters import Telling
    from mailflow.store.storyfiles import StoryFile, StoryLine


Reference = Annotated[str, typer.Argument(metavar="REFERENCE", help="The story, such as EDI-0042.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def line_to_json(line: "StoryLine", age: int) -> dict[str, Any]:
    """A story of the queue; `age` in working days."""
    return {
        "reference": line.reference,
        "state": line.state.value,
        "consent": line.consent.value,
        "sensitive": line.sensitive,
        "came": line.came.isoformat(),
        "working_days": age,
        "identifiers": line.identifiers,
    }


def story_to_json(story: "StoryFile", tellings: list["Telling"], text: EditedText) -> dict[str, Any]:
    """A story whole, with what its messages tell and what it may show, saved or proposed."""
    asking = story.asking
    return {
        "reference": story.reference,
        "state": story.state.value,
        "consent": story.consent.value,
        "sensitive": story.sensitive,
        "came": story.came.isoformat(),
        "decided_by": story.decided_by,
        "decided_at": story.decided_at.isoformat() if story.decided_at else None,
        "reason": story.reason,
        "title": text.title,
        "text": text.shown,
        "version": story.version,
        "edited_by": story.edited_by,
        "rulings": [ruled_to_json(ruled) for ruled in text.rulings],
        "checked": list(text.checked),
        "approved_by": [approved.who for approved in story.approvals],
        "missing_consent": story.missing_consent,
        "asked_at": asking.asked_at.isoformat() if asking else None,
        "answer": asking.answer if asking else None,
        "answered_in": asking.candidate if asking else None,
        "identifiers": [identifier_to_json(identifier) for identifier in story.identifiers],
        "messages": [
            {
                "arrived": telling.letter.kept.arrived.isoformat(),
                "new_text": telling.letter.email.new_text if telling.letter.email else None,
                "identifiers": [identifier_to_json(identifier) for identifier in telling.identifiers],
            }
            for telling in tellings
        ],
    }


def print_json(value: object) -> None:
    """Prints a value as JSON."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def print_lines(found: list["StoryLine"], zone: ZoneInfo) -> None:
    """Prints the queue as a table."""
    if not found:
        print("No story waits for a reviewer.")
        return
    table = Table(
        "Reference", "State", "Consent", "Working days", "Identifiers", "", box=None, pad_edge=False, header_style="bold"
    )
    for line in found:
        flag = "[bold red]sensitive[/]" if line.sensitive else ""
        table.add_row(
            line.reference,
            wording.STORY[line.state],
            wording.CONSENT[line.consent],
            str(working_days(line, zone)),
            str(line.identifiers),
            flag,
        )
    Console(highlight=False).print(table)


def print_story(story: "StoryFile", tellings: list["Telling"], text: EditedText) -> None:
    """Prints a story for its reviewer, with what could tell who somebody is."""
    console = Console(highlight=False)
    flag = " · [bold red]sensitive[/]" if story.sensitive else ""
    console.rule(f"[bold]{story.reference}[/] · {wording.STORY[story.state]}{flag}", align="left")
    console.print(wording.CONSENT_SENTENCE[story.consent])
    for telling in tellings:
        letter = telling.letter
        pieces = telling.pieces if letter.email else [Piece(letter.raw_text)]
        since = " · after the decision" if story.decided_at and letter.kept.arrived > story.decided_at else ""
        console.print(f"\n[dim]{letter.kept.arrived:%d %B %Y, %H:%M} UTC{since}[/]")
        console.print("".join(_marked_up(harmless(piece.text), piece.identifier is not None) for piece in pieces))
    found = [identifier for telling in tellings for identifier in telling.identifiers]
    if found:
        console.print("\n[bold]Could tell who somebody is:[/]")
    for identifier in found:
        sort, whose = wording.SORT.get(identifier.sort, identifier.sort), wording.WHOSE[identifier.whose]
        say = f" Say: {identifier.wording}." if identifier.wording else ""
        told = escape(harmless(f"{identifier.reason}{say}"))
        console.print(f"  • [yellow]{escape(harmless(identifier.text))}[/] ({sort}, {whose}): {told}")
    _print_shown(console, story, text)
    if story.decided_by:
        why = f": {harmless(story.reason)}" if story.reason else "."
        console.print(f"\n[dim]Last decided by {escape(story.decided_by)}{escape(why)}[/]")


def _print_shown(console: Console, story: "StoryFile", text: EditedText) -> None:
    saved = f"saved by {escape(story.edited_by)}" if story.edited_by else "as mailflow proposes it"
    console.print(f"\n[bold]What may be shown[/] [dim]({saved})[/]")
    console.print(f"[bold]{escape(harmless(text.title)) or '(no title yet)'}[/]\n{escape(harmless(text.shown))}")
    console.print("\n[bold]Before it is approved:[/]")
    for line in CHECKLIST:
        console.print(f"  [{'green' if line in text.checked else 'dim'}]{'✓' if line in text.checked else '·'}[/] {line}")
    if story.approvals:
        console.print(f"Approved by {escape(', '.join(approved.who for approved in story.approvals))}.")
    if story.missing_consent:
        console.print(story.missing_consent)
    if story.asking and story.asking.answer is None and story.asking.candidate:
        console.print(f"Message {story.asking.candidate} may be the answer: mailflow review confirm {story.reference} …")


def print_standing(case_id: int, state: StoryState, said: str, as_json: bool) -> None:
    """Prints what was done, and where a story stands by it."""
    if as_json:
        print_json({"reference": reference(case_id), "state": state.value})
    else:
        print(f"{reference(case_id)} ({wording.STORY[state]}): {said}")


def print_unwritten(unwritten: str | None) -> None:
    """Where the website's folder could not be written after a decision, says so, and ends with 1."""
    if unwritten:
        print(unwritten, file=sys.stderr)
        raise typer.Exit(1)


def _marked_up(text: str, is_identifier: bool) -> str:
    return f"[black on yellow]{escape(text)}[/]" if is_identifier else escape(text)


def working_days(line: "StoryLine", zone: ZoneInfo) -> int:
    """How long a story has waited."""
    return working_days_between(line.came.astimezone(zone).date(), datetime.now(zone).date())
