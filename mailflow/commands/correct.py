"""`mailflow correct`: a person says what a message is, and everything that follows from that follows."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from mailflow import settings
from mailflow.commands.naming import read_name
from mailflow.domain import Kind
from mailflow.errors import UserError

if TYPE_CHECKING:
    from sqlalchemy import Connection

_KINDS = tuple(kind.value for kind in Kind)


def correct(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="MESSAGE [KIND]",
            help="EDI-0042, message 17 or a Message-ID in quotes; then what it is: training, query, story, other or automatic.",
            show_default=False,
        ),
    ] = None,
    sensitive: Annotated[
        bool | None,
        typer.Option("--sensitive/--not-sensitive", help="Whether it may be about somebody being harmed.", show_default=False),
    ] = None,
    no_reply: Annotated[bool, typer.Option("--no-reply", help="Send no automatic reply because of this.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Say what a message is: its case, its folder, its reply and its deadline follow, and mailflow can learn from it.

    A case is what its first message is. Mail that was taken for a machine's
    has no case; name it by its number, or by the Message-ID in its headers.

    A reply that has not left yet is taken back, and the right one takes its
    place; where one was sent already, no second one is. Correcting back
    undoes a correction. `mailflow learn` learns what each message was said to be
    last, also where that is what mailflow took it for.

    Examples: mailflow correct EDI-0042 training, mailflow correct message 17 query --no-reply,
    mailflow correct EDI-0043 --sensitive
    """
    named, kind = _read(words or ())
    if kind is None and sensitive is None:
        raise UserError(
            f"Say what it is, as in `mailflow correct EDI-0042 training`: {_kinds()}; or --sensitive, --not-sensitive."
        )
    # Imported here: half of the start-up time is SQLModel's, and --help needs none of it.
    from mailflow.commands.corrections_printed import print_correction, to_json
    from mailflow.commands.opening import built_house, opened_store, who_asks
    from mailflow.correcting import Said
    from mailflow.correcting import correct as correct_message

    house = built_house(settings.load())
    said = Said(who_asks(), kind, sensitive, reply=not no_reply)
    with opened_store() as store, store.writing() as db:
        corrected = correct_message(db, house, _number(db, named), said, datetime.now(UTC))
    if as_json:
        print(json.dumps(to_json(corrected)))
    else:
        print_correction(corrected, house)


def _read(words: Sequence[str]) -> tuple[str, Kind | None]:
    """What names the message, and the kind behind it. Raises UserError where that is no name, or no kind."""
    words = " ".join(words).split()
    kind = Kind(words.pop().lower()) if words and words[-1].lower() in _KINDS else None
    if not words:
        raise UserError("Name the message: EDI-0042, message 17, or its Message-ID in quotes, '<…>'.")
    if words[0].isdigit():
        # 0003 may mean the message or the case, and a reply may go to whoever wrote the wrong one.
        raise UserError(f"{words[0][:18]} may be two things; write message {int(words[0][:18])} or EDI-{words[0][:18]:0>4}.")
    named = " ".join(words[:1] if words[0].startswith("<") else words)
    rest = words[1:] if named == words[0] else read_name(named)[2].split()
    if rest:
        raise UserError(f"{' '.join(rest)[:40]!r} is no kind; write one of {_kinds()}.")
    return named, kind


def _number(db: "Connection", named: str) -> int:
    """The number of the message that is meant. Raises UserError where there is none."""
    from mailflow.store import corrections

    if named.startswith("<"):
        return corrections.bearing(db, named)
    sort, number, _ = read_name(named)
    if sort == "mail":
        raise UserError(f"Mail {number} is one of ours; name the message that it answers: EDI-0042, or message 17.")
    return corrections.opener(db, number) if sort == "case" else number


def _kinds() -> str:
    *first, last = _KINDS
    return f"{', '.join(first)} or {last}"
