"""`mailflow evaluate`: how well mailflow understands a labelled set of messages."""

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailflow import settings

if TYPE_CHECKING:
    from mailflow.deciding import House
    from mailflow.evaluation.judging import HouseFor
    from mailflow.evaluation.labels import Labelled
    from mailflow.evaluation.report import Report


def evaluate(
    labels: Annotated[
        list[Path], typer.Argument(metavar="LABELS.jsonl...", help="Labelled sets, one JSON object a line.", show_default=False)
    ],
    least: Annotated[
        list[str] | None, typer.Option("--at-least", metavar="NAME=FIGURE", help="End with 1 where a figure is lower.")
    ] = None,
    most: Annotated[
        list[str] | None, typer.Option("--at-most", metavar="NAME=FIGURE", help="End with 1 where a figure is higher.")
    ] = None,
    folds: Annotated[
        int | None,
        typer.Option(
            min=2, max=50, show_default=False, help="Learn as many times anew, each time without the part that is judged then."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Judge labelled messages as `mailflow explain` does, and say how much of it is right. Nothing is sent or stored.

    A line names its message by `file`, found in messages/ beside the labels or
    beside them, or holds `subject` and `text`; LABELS.md says what the labels
    mean: kind, sensitive, also, details, identifiers, consent,
    new_text_ends_with.

    A message that mailflow has learnt from is easily understood: with --folds,
    each is judged by what has learnt from the others only.

    Example: mailflow evaluate tests/corpus/labels.jsonl --folds 5 --at-least macro_f1=0.9 --at-most false_alarms=0.07
    """
    # Imported here, as below: reading and deciding take half a second to import, and --help needs none of it.
    from mailflow.evaluation.figures import FIGURES, take_figures
    from mailflow.evaluation.floors import broken, read_bounds

    bounds = read_bounds(least or [], most or [], tuple(FIGURES))
    report, learnt = _measure(labels, folds)
    _show(report, learnt, folds, as_json)
    problems = list(broken(bounds, take_figures(report)))
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems or report.failed:
        raise typer.Exit(1)


def _measure(labels: Sequence[Path], folds: int | None) -> tuple["Report", int]:
    """The report on the labelled sets, and how many of their messages the shipped judges have learnt from."""
    from mailflow.commands.progress import follow
    from mailflow.deciding import House
    from mailflow.evaluation.judging import judge
    from mailflow.evaluation.known import count_known
    from mailflow.evaluation.labels import read_labels
    from mailflow.evaluation.report import score

    messages = read_labels(labels)
    house, now = House.build(settings.load()), datetime.now(UTC)
    judged = list(follow(judge(messages, _judges(messages, house, folds), now), len(messages), "messages judged"))
    return score(judged, house, now), count_known(judged)


def _judges(messages: Sequence["Labelled"], house: "House", folds: int | None) -> "HouseFor":
    """The shipped ones for all; with folds, for each message some that have not learnt from it."""
    if folds is None:
        return lambda _: house
    from mailflow.evaluation.unseen import judge_as_new

    print(f"Learning {folds} times anew; this takes a minute.", file=sys.stderr, flush=True)
    return judge_as_new(messages, house, folds)


def _show(report: "Report", learnt: int, folds: int | None, as_json: bool) -> None:
    from mailflow.commands.evaluation_printed import print_report
    from mailflow.evaluation.written import report_to_json

    note = _how_it_was_measured(report.messages, learnt, folds)
    if as_json:
        how = {"note": note, "folds": folds, "learnt_from": learnt}
        print(json.dumps({**how, **report_to_json(report)}, ensure_ascii=False))
    else:
        print_report(report, note)


def _how_it_was_measured(messages: int, learnt: int, folds: int | None) -> str:
    if folds:
        return f"Each message was judged by what had not learnt from it ({folds} folds)."
    if learnt:
        return (
            f"mailflow has learnt from {learnt} of these {messages} messages: what it makes of their kinds and alarms is better "
            "than on new mail. --folds 5 measures as on new mail."
        )
    return "mailflow has learnt from none of these messages."
