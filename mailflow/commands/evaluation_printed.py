"""How `mailflow evaluate` shows a report to people: tables on a terminal, plain columns elsewhere."""

from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mailflow.domain import Kind
from mailflow.evaluation.details import Match
from mailflow.evaluation.figures import FIGURES
from mailflow.evaluation.report import Report
from mailflow.evaluation.stories import SortScores
from mailflow.evaluation.worst import Case

_Section = tuple[str, tuple[str, ...], list[tuple[str, ...]]]  # title, headings, rows


def print_report(report: Report, note: str) -> None:
    """Prints everything. `note`: how the figures were come by, told first and last."""
    console = Console(highlight=False)
    console.print(Text(note, style="bold yellow"), soft_wrap=True)
    for section in _sections(report):
        _print_section(console, *section)
    for number, case in enumerate(report.worst, 1):
        _print_case(console, number, case)
    console.print(Text(note, style="bold yellow"), soft_wrap=True)


def _sections(report: Report) -> Iterator[_Section]:
    yield (
        f"Figures ({report.messages} messages)",
        ("Figure", "", "Meaning"),
        [(name, _figure(figure.of(report)), figure.meaning) for name, figure in FIGURES.items()],
    )
    yield _kinds(report)
    yield (
        "How sure, and how often right",
        ("Confidence", "Messages", "Sure on average", "Right"),
        [
            (
                f"{band.low:.2f} to {band.high:.2f}",
                str(band.messages),
                _figure(band.confidence),
                _figure(band.right / band.messages),
            )
            for band in report.confidence
        ],
    )
    yield _curve(report)
    if report.details.messages:
        yield _details(report)
    if report.stories.stories:
        yield _stories(report)
    if rows := list(_named(report)):
        yield "Messages to look at", ("What", "Messages"), rows


def _named(report: Report) -> Iterator[tuple[str, ...]]:
    lost = [f"{name} ({lines})" for name, lines in report.new_text.lost]
    for what, names in (
        ("cannot be read", report.failed),
        ("sensitive, and answered", report.alarms.answered),
        ("sensitive, no alarm", report.alarms.missed),
        ("a person's, and ignored", report.kinds.people_ignored),
        ("lines lost from the new text", lost),
    ):
        if names:
            yield what, ", ".join(names)


def _kinds(report: Report) -> _Section:
    kinds = report.kinds
    rows = [
        (
            labelled.value,
            *(str(kinds.confusion.get((labelled, judged), 0)) for judged in Kind),
            *map(_figure, (figures.precision, figures.recall, figures.f1)),
        )
        for labelled, figures in kinds.by_kind.items()
    ]
    return "Kinds: labelled (rows), taken for (columns)", ("", *(kind.value for kind in Kind), "Precision", "Recall", "F1"), rows


def _curve(report: Report) -> _Section:
    lines = [("as in rules.toml", report.answering.now), *((f"{at:g}", settled) for at, settled in report.answering.curve)]
    rows = [
        (
            at,
            *map(_figure, (settled.coverage, settled.settled_precision, settled.answered_share, settled.reply_precision)),
        )
        for at, settled in lines
    ]
    return "Without a person, by the confidence asked for", ("Confidence", "Coverage", "Rightly", "Answered", "Rightly"), rows


def _details(report: Report) -> _Section:
    details = report.details
    title = f"Training details ({details.messages} messages, {details.untaken} of them taken for something else)"
    rows = [
        (
            field,
            *(str(scores.counts.get(match, 0)) for match in Match),
            _figure(scores.right),
            _figure(scores.right_where_said),
            _figure(details.where_taken[field].right),
        )
        for field, scores in details.by_field.items()
    ]
    return title, ("Field", *(match.value.capitalize() for match in Match), "Of all", "If said", "If taken"), rows


def _stories(report: Report) -> _Section:
    stories = report.stories
    title = f"Identifiers ({stories.stories} stories, {stories.untaken} of them taken for something else)"
    by_sort = [*stories.by_sort.items(), ("all", stories.all_sorts), ("all, if taken", stories.where_taken)]
    return title, ("Sort", "Labelled", "Recall", "Marked", "Precision"), [_sort(sort, scores) for sort, scores in by_sort]


def _sort(sort: str, scores: SortScores) -> tuple[str, ...]:
    return sort, str(scores.labelled), _figure(scores.recall), str(scores.marked), _figure(scores.precision)


def _figure(figure: float | None) -> str:
    if figure is None:
        return "–"
    return str(figure) if isinstance(figure, int) else f"{figure:.3f}"


def _print_section(console: Console, title: str, heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    if console.is_terminal:
        table = Table(*heads, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
        for row in rows:
            table.add_row(*map(Text, row))
        console.print(Text(title, style="bold"), table)
        return
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    print(f"{title}:")
    for row in (heads, *rows):
        print(f"  {'  '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))}".rstrip())
    print()


def _print_case(console: Console, number: int, case: Case) -> None:
    if number == 1:
        console.print("The worst, and why they were so decided", style="bold")
    console.print(Text(f"{number}. {case.name}"), soft_wrap=True)
    for fault in case.faults:
        console.print(Text(f"   ✗ {fault.text}", style="red"), soft_wrap=True)
    for reason in case.reasons:
        console.print(Text(f"   • {reason.text}", style="dim"), soft_wrap=True)
