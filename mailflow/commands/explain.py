"""`mailflow explain`: what mailflow would do with messages in files, and why. Needs no server and no database."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from mailflow import settings
from mailflow.domain import Kind, MessageState, Plan
from mailflow.domain.plain import Json
from mailflow.errors import UserError

if TYPE_CHECKING:
    from mailflow.deciding import House


def explain(
    paths: Annotated[list[Path], typer.Argument(help="Messages (.eml), or folders of them.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Say what mailflow would do with a message, and why; nothing is sent or stored.

    Example: mailflow explain message.eml
    """
    # Imported here, as below: reading and deciding take half a second to import, and --help needs none of it.
    from mailflow.commands.opening import built_house

    house = built_house(settings.load())
    all_well = True
    for name, path in _messages(paths):
        explained, state = _explain(name, path, house)
        all_well = all_well and state is not MessageState.FAILED
        if as_json:
            sys.stdout.write(json.dumps(explained, ensure_ascii=False) + "\n")
            sys.stdout.flush()
        else:
            _show(explained, state)
    if not all_well:
        raise typer.Exit(1)


def _messages(paths: list[Path]) -> Iterator[tuple[str, Path]]:
    """Each message and its name: below a folder its path from there, else its file name."""
    for path in paths:
        if path.is_dir():
            found = sorted(file for file in path.rglob("*") if file.is_file() and file.suffix.lower() in {".eml", ".msg", ""})
            if not found:
                raise UserError(f"{path} holds no messages; write a folder with .eml files.")
            yield from ((str(file.relative_to(path)), file) for file in found)
        elif path.is_file():
            yield path.name, path
        else:
            raise UserError(f"{path} is not there; write the path of a message (.eml) or of a folder of them.")


def _explain(name: str, path: Path, house: "House") -> tuple[Json, MessageState]:
    from mailflow.deciding import consider
    from mailflow.explaining import contract, reply_to

    now = datetime.now(UTC)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}).") from None
    plan = consider(raw, house, now)
    if not isinstance(plan, Plan):  # the others are still explained
        return _unreadable(name, str(plan)), MessageState.FAILED
    return {"file": name, **contract(plan, reply_to(plan, house, now))}, plan.state


def _unreadable(name: str, why: str) -> Json:
    return {
        "file": name,
        "message_id": None,
        "kind": Kind.OTHER.value,
        "confidence": 0.0,
        "sensitive": False,
        "automatic": None,
        "reasons": [{"name": "unreadable", "text": why}],
        "new_text": "",
        "also": None,
        "details": {},
        "identifiers": [],
        "consent": None,
        "thread": {"in_reply_to": None, "references": [], "cases": []},
        "reply": None,
        "no_reply_reason": why,
        "defects": [why],
    }


def _show(explained: Json, state: MessageState) -> None:
    console = Console(highlight=False)
    flag = " · [bold red]sensitive[/]" if explained["sensitive"] else ""
    console.rule(f"[bold]{escape(explained['file'])}[/]", align="left")
    console.print(f"[bold]{explained['kind']}[/], {explained['confidence']:.0%} sure → {state}{flag}")
    for reason in explained["reasons"]:
        weight = f" [dim]({reason['weight']:+.2f})[/]" if "weight" in reason else ""
        console.print(f"  • {escape(reason['text'])}{weight}")
    for name in ("details", "identifiers", "consent", "defects"):
        if explained[name]:
            console.print(f"{name}: {escape(json.dumps(explained[name], ensure_ascii=False))}")
    if explained["reply"]:
        console.print(f"[green]Reply ({explained['reply']['template']}):[/] {escape(explained['reply']['subject'])}")
        console.print(escape(explained["reply"]["text"]), style="dim")
    else:
        console.print(f"[yellow]No reply:[/] {escape(explained['no_reply_reason'] or '')}")
