"""`mailflow review`: the stories that wait for a reviewer, one of them, and the decision."""

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from mailflow import settings
from mailflow.commands.opening import opened_store, who_asks
from mailflow.desk import wording
from mailflow.desk.shown import Piece, harmless
from mailflow.domain import Decision, StoryState, case_id_of, reference, working_days_between
from mailflow.domain.plain import identifier_to_json

if TYPE_CHECKING:
    from mailflow.desk.letters import Telling
    from mailflow.store.reviewing import StoryFile, StoryLine

app = typer.Typer(invoke_without_command=True)

Reference = Annotated[str, typer.Argument(metavar="REFERENCE", help="The story, such as EDI-0042.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
States = Annotated[list[StoryState] | None, typer.Option("--state", help="Only stories in this state; may be repeated.")]
Every = Annotated[bool, typer.Option("--all", help="Every story, whatever became of it.")]
Reason = Annotated[str, typer.Option(help="Why; only reviewers read it.")]


@app.callback()
def review(context: typer.Context, state: States = None, every: Every = False, as_json: AsJson = False) -> None:
    """List the stories that wait for a reviewer; show, approve, decline or hold one.

    Example: mailflow review, then: mailflow review show EDI-0042
    """
    if not context.invoked_subcommand:
        list_stories(state, every, as_json)


@app.command("list")
def list_stories(state: States = None, every: Every = False, as_json: AsJson = False) -> None:
    """List the stories that wait for a reviewer, as `mailflow review` alone does.

    Example: mailflow review list --all
    """
    from mailflow.store import reviewing

    with opened_store() as store, store.reading() as db:
        found = reviewing.stories(db, () if every else state or reviewing.TO_REVIEW)
    zone = settings.load().zone
    if as_json:
        _print_json([_line_to_json(line, _age(line, zone)) for line in found])
    else:
        _print_lines(found, zone)


@app.command()
def show(ref: Reference, as_json: AsJson = False) -> None:
    """Show one story with what could tell who somebody is. That you have read it goes on record.

    Example: mailflow review show EDI-0042
    """
    from mailflow.desk.letters import open_letter, tell
    from mailflow.store import reviewing

    with opened_store() as store, store.writing() as db:
        story = reviewing.story(db, case_id_of(ref), who_asks(), datetime.now(UTC))
    ourselves = settings.load().ourselves
    tellings = tell([open_letter(message, ourselves) for message in story.messages], story.identifiers)
    if as_json:
        _print_json(_story_to_json(story, tellings))
    else:
        _print_story(story, tellings)


@app.command()
def approve(
    ref: Reference,
    reason: Reason = "",
    agreed: Annotated[
        bool,
        typer.Option("--agreed", help="The contributor has agreed to publication; needed where no message of theirs says so."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put on record that a story may be published. Nothing is published by it.

    Example: mailflow review approve EDI-0042
    """
    _decide(ref, Decision.APPROVE, reason, as_json, agreed=agreed)


@app.command()
def decline(
    ref: Reference,
    reason: Annotated[str, typer.Option(help="Why; only reviewers read it. Needed.")] = "",
    as_json: AsJson = False,
) -> None:
    """Decline a story: it will not be published.

    Example: mailflow review decline EDI-0042 --reason "It could only be one person."
    """
    _decide(ref, Decision.DECLINE, reason, as_json)


@app.command()
def hold(ref: Reference, reason: Reason = "", as_json: AsJson = False) -> None:
    """Put a story back into review, with a note.

    Example: mailflow review hold EDI-0042 --reason "Ask the dean first."
    """
    _decide(ref, Decision.HOLD, reason, as_json)


def _decide(ref: str, decision: Decision, reason: str, as_json: bool, *, agreed: bool = False) -> None:
    from mailflow.store import reviewing

    case_id = case_id_of(ref)
    with opened_store() as store, store.writing() as db:
        state = reviewing.decide(db, case_id, decision, who_asks(), reason, datetime.now(UTC), agreed=agreed)
    if as_json:
        _print_json({"reference": reference(case_id), "state": state.value})
    else:
        meaning = " That is on record; nothing is published by it." if state is StoryState.APPROVED else ""
        print(f"{reference(case_id)} is {wording.STORY[state]}.{meaning}")


def _line_to_json(line: "StoryLine", age: int) -> dict[str, Any]:
    return {
        "reference": line.reference,
        "state": line.state.value,
        "consent": line.consent.value,
        "sensitive": line.sensitive,
        "came": line.came.isoformat(),
        "working_days": age,
        "identifiers": line.identifiers,
    }


def _story_to_json(story: "StoryFile", tellings: list["Telling"]) -> dict[str, Any]:
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
            }
            for telling in tellings
        ],
    }


def _print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def _print_lines(found: list["StoryLine"], zone: ZoneInfo) -> None:
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
            str(_age(line, zone)),
            str(line.identifiers),
            flag,
        )
    Console(highlight=False).print(table)


def _print_story(story: "StoryFile", tellings: list["Telling"]) -> None:
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
        sort = wording.SORT.get(identifier.sort, identifier.sort)
        console.print(f"  • [yellow]{escape(harmless(identifier.text))}[/] ({sort}): {escape(harmless(identifier.reason))}")
    if story.decided_by:
        why = f": {harmless(story.reason)}" if story.reason else "."
        console.print(f"\n[dim]Last decided by {escape(story.decided_by)}{escape(why)}[/]")


def _marked_up(text: str, is_identifier: bool) -> str:
    return f"[black on yellow]{escape(text)}[/]" if is_identifier else escape(text)


def _age(line: "StoryLine", zone: ZoneInfo) -> int:
    return working_days_between(line.came.astimezone(zone).date(), datetime.now(zone).date())
