"""Puts the demo together: a fresh data folder, both servers, the sample mailbox, the daemon, and somebody to sign in as."""

import json
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import structlog
from rich.console import Console

from mailflow import settings
from mailflow.daemon import Daemon
from mailflow.demo.servers import HOST, MailServers, choose_port
from mailflow.demo.show import Show
from mailflow.errors import UserError
from mailflow.settings import Settings
from mailflow.store import people

ADDRESS = "edi.centre@university.example"
TEAM = "edi.team@university.example"
IMAP_PORT, SMTP_PORT, DESK_PORT = 1143, 2525, 8080
PERSON = "demo"


def show(folder: Path) -> None:
    """Runs the demo until stopped, and shows live what happens to each message."""
    console = Console(highlight=False)
    with _house(folder) as (daemon, servers):
        structlog.configure(processors=[structlog.processors.add_log_level, Show(daemon.store, console)])
        password = secrets.token_urlsafe(6)
        with daemon.store.writing() as db:
            people.add(db, PERSON, password, datetime.now(UTC))
        daemon.run(ready=lambda: _welcome(console, daemon, servers, password))


def work_through(folder: Path, as_json: bool) -> None:
    """Works through the sample mailbox, sends every reply and the digest, and prints a summary."""
    with _house(folder) as (daemon, servers):
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("warning"))
        while daemon.mail_step() or daemon.decide_step() or daemon.post_step():
            pass
        daemon.report(at_once=True)
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


@contextmanager
def _house(folder: Path) -> Iterator[tuple[Daemon, MailServers]]:
    sent = folder / "sent"
    _make_fresh(folder, sent)
    password = secrets.token_urlsafe()
    servers = MailServers(ADDRESS, password, sent, choose_port(IMAP_PORT), choose_port(SMTP_PORT))
    with servers.running():
        samples = sample_mailbox()
        now = datetime.now(UTC)
        for age, raw in zip(range(len(samples), 0, -1), samples, strict=True):
            servers.deliver(raw, now - timedelta(minutes=age))
        yield Daemon(_settings(folder, password, servers)), servers


def sample_mailbox() -> list[bytes]:
    """The messages of the sample, oldest first."""
    folder = files("mailflow.demo") / "mailbox"
    return [file.read_bytes() for file in sorted(folder.iterdir(), key=lambda file: file.name) if file.name.endswith(".eml")]


def _make_fresh(folder: Path, sent: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for database in folder.glob("mailflow.db*"):
            database.unlink()
        shutil.rmtree(sent, ignore_errors=True)
    except OSError as error:
        raise UserError(f"--data: {folder} cannot be written to ({error.strerror}).") from None


def _settings(folder: Path, password: str, servers: MailServers) -> Settings:
    desk_port = choose_port(DESK_PORT)
    return settings.load(
        address=ADDRESS,
        mode="live",
        team=(TEAM,),
        imap_host=HOST,
        imap_port=servers.imap_port,
        imap_security="none",
        imap_password=password,
        smtp_host=HOST,
        smtp_port=servers.smtp_port,
        smtp_security="none",
        data=folder,
        desk_host=HOST,
        desk_port=desk_port,
        desk_url=f"http://{HOST}:{desk_port}",
        poll_seconds=2,
    )


def _welcome(console: Console, daemon: Daemon, servers: MailServers, password: str) -> None:
    console.print("[bold]mailflow demo[/] is running; nothing leaves this machine. Ctrl-C ends it.")
    console.print(f"  Desk        {daemon.settings.desk_url}   sign in as [bold]{PERSON}[/] with [bold]{password}[/]")
    console.print(f"  Write to    {ADDRESS} by SMTP at {HOST}:{servers.smtp_port}")
    console.print(f"  What it sends is kept in {servers.sent}")
