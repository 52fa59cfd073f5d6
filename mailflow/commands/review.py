"""`mailflow review`: the stories that wait for a reviewer, one of them, and the decision."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from mailflow import settings
from mailflow.commands.opening import opened_store, who_asks
from mailflow.commands.stories_printed import line_to_json, print_json, print_lines, print_story, story_to_json, working_days
from mailflow.desk import wording
from mailflow.domain import Decision, StoryState, case_id_of, reference

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
    from mailflow.store import storyfiles

    with opened_store() as store, store.reading() as db:
        found = storyfiles.stories(db, () if every else state or storyfiles.TO_REVIEW)
    zone = settings.load().zone
    if as_json:
        print_json([line_to_json(line, working_days(line, zone)) for line in found])
    else:
        print_lines(found, zone)


@app.command()
def show(ref: Reference, as_json: AsJson = False) -> None:
    """Show one story with what could tell who somebody is. That you have read it goes on record.

    Example: mailflow review show EDI-0042
    """
    from mailflow.desk.letters import open_letter, tell
    from mailflow.store import storyfiles

    with opened_store() as store, store.writing() as db:
        story = storyfiles.story(db, case_id_of(ref), who_asks(), datetime.now(UTC))
    ourselves = settings.load().ourselves
    tellings = tell([open_letter(message, ourselves) for message in story.messages], story.identifiers)
    if as_json:
        print_json(story_to_json(story, tellings))
    else:
        print_story(story, tellings)


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


def _decide(ref: str, decision: Decision, reason: str, as_json: bool, *, agreed: str = "") -> None:
    from mailflow.store import reviewing

    case_id = case_id_of(ref)
    with opened_store() as store, store.writing() as db:
        state = reviewing.decide(db, case_id, decision, who_asks(), reason, datetime.now(UTC), reviewers=1, agreed=agreed)
    if as_json:
        print_json({"reference": reference(case_id), "state": state.value})
    else:
        meaning = " That is on record; nothing is published by it." if state is StoryState.APPROVED else ""
        print(f"{reference(case_id)} is {wording.STORY[state]}.{meaning}")
