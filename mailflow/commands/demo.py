"""`mailflow demo`: the real daemon on a sample mailbox, with nothing to set up."""

from pathlib import Path
from typing import Annotated

import typer

from mailflow.errors import UserError


def demo(
    once: Annotated[bool, typer.Option("--once", help="Work through the sample mailbox, print a summary, and end.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --once: the summary as JSON.")] = False,
    folder: Annotated[Path, typer.Option("--data", help="Where the demo keeps its database and the mails it sent.")] = Path(
        "data/demo"
    ),
) -> None:
    """Show mailflow at work: embedded mail servers, a sample mailbox, the daemon and the desk. Nothing leaves this machine.

    Example: mailflow demo --once
    """
    if as_json and not once:
        raise UserError("--json needs --once: the demo itself runs until it is stopped; write `mailflow demo --once --json`.")
    # Imported here: --help needs none of it.
    if once:
        from mailflow.demo.once import work_through

        work_through(folder, as_json=as_json)
    else:
        from mailflow.demo.start import show

        show(folder)
