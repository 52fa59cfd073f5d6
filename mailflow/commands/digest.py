"""`mailflow digest`: what the team's mail of the day would say now."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from mailflow import settings
from mailflow.errors import UserError


def digest(
    preview: Annotated[bool, typer.Option("--preview", help="Print it; nothing is sent or noted.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --preview: its numbers and lists as JSON.")] = False,
) -> None:
    """Show the digest of everything unreported until now. The daemon sends it at the time that rules.toml names.

    Example: mailflow digest --preview
    """
    if not preview:
        raise UserError("The daemon sends the digest by itself; write mailflow digest --preview to see what it would say now.")
    # Imported here: half of the start-up time is SQLModel's, and --help needs none of it.
    from mailflow.commands.opening import opened_store
    from mailflow.deciding import House
    from mailflow.digest.send import preview as rendered
    from mailflow.digest.send import unreported

    chosen = settings.load()
    house = House.build(chosen)
    with opened_store() as store:
        report = unreported(store, house, datetime.now(UTC), folder=chosen.imap_folder)
    if as_json:
        print(json.dumps(asdict(report) | {"needs": report.needs, "agrees": report.agrees}, default=datetime.isoformat))
        return
    mail = rendered(report, house)
    print(f"Subject: {mail.subject}\n\n{mail.text.rstrip()}")
