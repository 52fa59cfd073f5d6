"""`mailflow evaluate`: how well mailflow understands a labelled set of messages."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from mailflow import settings


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
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Judge labelled messages as `mailflow explain` does, and say how much of it is right. Nothing is sent or stored.

    A line names its message by `file`, found in messages/ beside the labels or
    beside them, or holds `subject` and `text`; LABELS.md says what the labels
    mean: kind, sensitive, also, details, identifiers, consent,
    new_text_ends_with.

    Example: mailflow evaluate tests/corpus/labels.jsonl --at-least macro_f1=0.9 --at-most false_alarms=0.07
    """
    # Imported here: reading and deciding take half a second to import, and --help needs none of it.
    from mailflow.commands.evaluation_printed import print_report
    from mailflow.commands.progress import follow
    from mailflow.deciding import House
    from mailflow.evaluation.figures import FIGURES, take_figures
    from mailflow.evaluation.floors import broken, read_bounds
    from mailflow.evaluation.judging import judge
    from mailflow.evaluation.labels import read_labels
    from mailflow.evaluation.report import score
    from mailflow.evaluation.written import report_to_json

    bounds = read_bounds(least or [], most or [], tuple(FIGURES))
    messages = read_labels(labels)
    house, now = House.build(settings.load()), datetime.now(UTC)
    judged = list(follow(judge(messages, lambda _: house, now), len(messages), "messages judged"))
    report = score(judged, house, now)
    if as_json:
        print(json.dumps(report_to_json(report), ensure_ascii=False))
    else:
        print_report(report, [])
    problems = list(broken(bounds, take_figures(report)))
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems or report.failed:
        raise typer.Exit(1)
