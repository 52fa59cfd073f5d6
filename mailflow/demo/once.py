"""The demo without a spectator: works through the sample mailbox, and says in a table or in JSON what came of it."""

import json
from pathlib import Path
from typing import Any

import structlog
from rich.console import Console
from rich.table import Column, Table

from mailflow.demo.start import furnished
from mailflow.domain import Kind, MessageState
from mailflow.store import outcomes
from mailflow.store.outcomes import Tally


def work_through(folder: Path, as_json: bool) -> None:
    """Works through the sample mailbox, sends every reply and the digest, and prints a summary."""
    with furnished(folder, desk=False) as (daemon, servers):
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("warning"))
        while daemon.mail_step() or daemon.decide_step() or daemon.post_step():
            pass
        daemon.report(early=True)
        while daemon.post_step():
            pass
        with daemon.store.reading() as db:
            tally = outcomes.tally(db)
        daemon.close()
    summary = _summary(tally, servers.sent)
    if as_json:
        print(json.dumps(summary, indent=2))
    else:
        _print_summary(summary)


def _summary(tally: Tally, sent: Path) -> dict[str, Any]:
    def count(state: MessageState, kind: Kind | None = None) -> int:
        return sum(n for (of, found), n in tally.states.items() if found is state and kind in (None, of))

    decided = (MessageState.FILED, MessageState.HELD, MessageState.IGNORED)
    return {
        "kinds": {kind.value: {state.value: count(state, kind) for state in decided} for kind in Kind},
        "messages": sum(tally.states.values()),
        **{state.value: count(state) for state in decided},
        "replies_sent": tally.replies_sent,
        "stories_waiting": tally.stories_waiting,
        "mails_received": len(list(sent.glob("*.eml"))),
        "folder": str(sent),
    }


def _print_summary(summary: dict[str, Any]) -> None:
    table = Table("kind", *(Column(state, justify="right") for state in ("filed", "held", "ignored")), title="The sample mailbox")
    for kind, states in summary["kinds"].items():
        table.add_row(kind, *(str(states[column]) for column in ("filed", "held", "ignored")))
    table.add_section()
    table.add_row("all", *(str(summary[column]) for column in ("filed", "held", "ignored")))
    console = Console(highlight=False)
    console.print(table)
    console.print(f"Replies sent: {summary['replies_sent']}. Stories waiting for review: {summary['stories_waiting']}.")
    console.print(
        f"{summary['mails_received']} mails (replies, alerts and the digest) are in {summary['folder']}.", soft_wrap=True
    )
