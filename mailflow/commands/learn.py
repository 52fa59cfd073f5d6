"""`mailflow learn`: what people have corrected is learnt, measured, and taken into use where it does no worse."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from mailflow import settings
from mailflow.errors import UserError
from mailflow.settings import Settings


def learn(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only measure: nothing is kept or taken into use.")] = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="Go back to what was in use before; at last to what mailflow comes with.")
    ] = False,
    every: Annotated[bool, typer.Option("--list", help="List what was learnt, and what is in use.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Learn from what people have corrected, and say how well mailflow does before and after. Takes some minutes.

    It learns anew from the examples it comes with and from all corrections
    (`mailflow correct`). Both ways are measured on every one of these messages
    by judges that have not learnt from it. What does worse, beyond chance, is
    not taken into use. The last three are kept in MAILFLOW_DATA/learnt; a
    running mailflow takes a new one up within a minute. Of words that stood in
    fewer than three conversations nothing is kept.

    Example: mailflow learn, and if you do not like what it does: mailflow learn --undo
    """
    if dry_run + undo + every > 1:
        raise UserError("Write only one of --dry-run, --undo and --list.")
    chosen = settings.load()
    if undo or every:
        _tell_kept(chosen, as_json, undo=undo)
    else:
        _learn(chosen, as_json, dry_run=dry_run)


def _tell_kept(chosen: Settings, as_json: bool, *, undo: bool) -> None:
    """What was learnt, and what is in use; where asked, after going back."""
    # Imported here, as below: --help needs none of it.
    from mailflow.commands.learning_printed import kept_to_json, print_kept
    from mailflow.learnt import all_kept, in_use
    from mailflow.learnt import undo as go_back

    found = go_back(chosen.learnt) if undo else in_use(chosen.learnt)
    kept = all_kept(chosen.learnt)
    if as_json:
        print(json.dumps(kept_to_json(found, kept)))
    else:
        print_kept(found, kept, chosen.zone)


def _learn(chosen: Settings, as_json: bool, *, dry_run: bool) -> None:
    from mailflow.commands.learning_printed import print_relearnt, relearnt_to_json
    from mailflow.commands.opening import built_house, opened_store, who_asks
    from mailflow.commands.progress import follow
    from mailflow.learning.examples import read_examples
    from mailflow.learnt import keep
    from mailflow.relearning import STEPS, read_taught, relearn

    house, now = built_house(chosen), datetime.now(UTC)
    with opened_store() as store, store.reading() as db:
        taught = read_taught(db, house)
    known = house.learnt.learnt.said if house.learnt.learnt else ()
    if not (new := {one.said for one in taught}.difference(known)):
        _tell_nothing_new(len(taught), as_json)
        return
    learnt = relearn(read_examples(), taught, known, house, now, lambda steps: follow(steps, STEPS, "lessons learnt"))
    taken = None
    if not dry_run and not learnt.worse:
        figures = {"before": asdict(learnt.before), "after": asdict(learnt.after)}
        taken = keep(chosen.learnt, learnt.weights, now, who_asks(), [one.said for one in taught], figures)
    if as_json:
        print(json.dumps(relearnt_to_json(learnt, len(taught), len(new), taken)))
    else:
        print_relearnt(learnt, len(taught), len(new), taken)
    if learnt.worse:
        raise typer.Exit(1)


def _tell_nothing_new(corrections: int, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"corrections": corrections, "new": 0, "taken": None}))
    elif corrections:
        print(f"Nothing new: what people have said of {corrections} message{'' if corrections == 1 else 's'} is learnt already.")
    else:
        print("There is nothing to learn from: nobody has corrected a message yet (`mailflow correct --help`).")
