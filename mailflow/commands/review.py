"""`mailflow review`: the stories that wait for a reviewer, one of them, its text, and the decisions about it."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from mailflow import settings
from mailflow.commands import review_consent, review_text
from mailflow.commands.opening import opened_store, reviewers_needed, who_asks
from mailflow.commands.stories_printed import (
    AsJson,
    Reference,
    line_to_json,
    print_json,
    print_lines,
    print_standing,
    print_story,
    print_unwritten,
    story_to_json,
    working_days,
)
from mailflow.desk import wording
from mailflow.domain import Decision, StoryState, case_id_of

app = typer.Typer(invoke_without_command=True)

States = Annotated[list[StoryState] | None, typer.Option("--state", help="Only stories in this state; may be repeated.")]
Every = Annotated[bool, typer.Option("--all", help="Every story, whatever became of it.")]
Reason = Annotated[str, typer.Option(help="Why; only reviewers read it.")]


@app.callback()
def review(context: typer.Context, state: States = None, every: Every = False, as_json: AsJson = False) -> None:
    """List the stories that wait for a reviewer; read one, write what it may show, ask its contributor, decide.

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
    """Show one story: what was sent, what could tell who somebody is, what may be shown. That you have read it goes on record.

    Example: mailflow review show EDI-0042
    """
    from mailflow.desk.mail.letters import open_letter, tell
    from mailflow.desk.stories.sheet import open_sheet
    from mailflow.store import storyfiles

    with opened_store() as store, store.writing() as db:
        story = storyfiles.story(db, case_id_of(ref), who_asks(), datetime.now(UTC))
    ourselves = settings.load().ourselves
    tellings = tell([open_letter(message, ourselves) for message in story.messages], story.identifiers)
    text = open_sheet(story, ourselves).text
    if as_json:
        print_json(story_to_json(story, tellings, text))
    else:
        print_story(story, tellings, text)


app.command()(review_text.write)
app.command()(review_consent.ask)
app.command()(review_consent.confirm)


@app.command()
def approve(
    ref: Reference,
    reason: Reason = "",
    checked: Annotated[
        bool, typer.Option("--checked", help="You have gone through the checklist, and every line of it holds. Needed.")
    ] = False,
    agreed: Annotated[
        str,
        typer.Option(
            metavar="HOW",
            help="How the contributor has agreed to this text; needed where no answer of theirs to it is on record.",
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Approve the text that a story may show, once you have gone through the checklist that `show` prints.

    Example: mailflow review approve EDI-0042 --checked --agreed "By telephone, on 3 November."
    """
    _decide(ref, Decision.APPROVE, reason, as_json, agreed=agreed, checked=checked)


@app.command()
def publish(ref: Reference, as_json: AsJson = False) -> None:
    """Publish an approved story: anybody can read it then.

    Example: mailflow review publish EDI-0042
    """
    _decide(ref, Decision.PUBLISH, "", as_json)


@app.command("take-down")
def take_down(ref: Reference, reason: Reason = "", as_json: AsJson = False) -> None:
    """Take a published story down, and back into review.

    Example: mailflow review take-down EDI-0042 --reason "A colleague was recognised."
    """
    _decide(ref, Decision.TAKE_DOWN, reason, as_json)


@app.command()
def themes(ref: Reference, reason: Reason = "", as_json: AsJson = False) -> None:
    """Keep a story for what it teaches: its text will not be published.

    Example: mailflow review themes EDI-0042 --reason "Too easy to recognise."
    """
    _decide(ref, Decision.THEMES, reason, as_json)


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


def _decide(ref: str, decision: Decision, reason: str, as_json: bool, *, agreed: str = "", checked: bool = False) -> None:
    from mailflow.publishing import why_not_written
    from mailflow.store import reviewing, storyfiles

    case_id, needed, by = case_id_of(ref), reviewers_needed(), who_asks()
    with opened_store() as store:
        with store.writing() as db:
            text = review_text.all_ticked(db, case_id) if checked else None
            now = datetime.now(UTC)
            state = reviewing.decide(db, case_id, decision, by, reason, now, reviewers=needed, text=text, agreed=agreed)
            approvals = len(storyfiles.unread_story(db, case_id).approvals)
        unwritten = why_not_written(store, settings.load())
    waits = decision is Decision.APPROVE and state is not StoryState.APPROVED
    said = f"{approvals} of {needed} have approved it." if waits else wording.DECIDED[reviewing.DONE[decision]]
    print_standing(case_id, state, said, as_json)
    print_unwritten(unwritten)
