"""How `mailflow review` prints stories: for people, or as JSON."""

import json
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from mailflow.desk import wording
from mailflow.desk.shown import Piece, harmless
from mailflow.domain import working_days_between
from mailflow.domain.plain import identifier_to_json

if TYPE_CHECKING:
    from mailflow.desk.letters import Telling
    from mailflow.store.storyfiles import StoryFile, StoryLine


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


def story_to_json(story: "StoryFile", tellings: list["Telling"]) -> dict[str, Any]:
    """A story whole, with what its messages tell."""
    return {
        "reference": story.reference,
        "state": story.state.value,
        "consent": story.consent.value,
        "sensitive": story.sensitive,
        "came": story.came.isoformat(),
        "decided_by": story.decided_by,
        "decided_at": story.decided_at.isoformat() if story.decided_at else None,
        "reason": story.reason,
        "identifiers": [identifier_to_json(identifier) for identifier in story.identifiers],
        "messages": [
            {
                "arrived": telling.letter.kept.arrived.isoformat(),
                "new_text": telling.letter.email.new_text if telling.letter.email else None,
                "identifiers": [identifier_to_json(identifier) for identifier in telling.identifiers],
                "proposed_text": telling.proposed(story.consent),
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


def print_story(story: "StoryFile", tellings: list["Telling"]) -> None:
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
    if story.decided_by:
        why = f": {harmless(story.reason)}" if story.reason else "."
        console.print(f"\n[dim]Last decided by {escape(story.decided_by)}{escape(why)}[/]")


def _marked_up(text: str, is_identifier: bool) -> str:
    return f"[black on yellow]{escape(text)}[/]" if is_identifier else escape(text)


def working_days(line: "StoryLine", zone: ZoneInfo) -> int:
    """How long a story has waited."""
    return working_days_between(line.came.astimezone(zone).date(), datetime.now(zone).date())
