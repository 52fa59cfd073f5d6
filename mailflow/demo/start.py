"""Puts the demo together: a fresh data folder, both servers, the sample mailbox, the daemon, and somebody to sign in as."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import structlog
from rich.console import Console

from mailflow import settings
from mailflow.daemon import Daemon
from mailflow.demo.folder import RULES, emptied
from mailflow.demo.servers import HOST, MailServers, choose_port
from mailflow.demo.show import Show
from mailflow.domain import Role
from mailflow.settings import Settings
from mailflow.store import people

ADDRESS = "edi.centre@university.example"
TEAM = "edi.team@university.example"
IMAP_PORT, SMTP_PORT, DESK_PORT = 1143, 2525, 8080
PERSON = "demo"


def show(folder: Path) -> None:
    """Runs the demo until stopped, and shows live what happens to each message."""
    console = Console(highlight=False)
    with furnished(folder, desk=True) as (daemon, servers):
        structlog.configure(processors=[structlog.processors.add_log_level, Show(daemon.store, console, daemon.stop.is_set)])
        password = secrets.token_urlsafe(12)
        with daemon.store.writing() as db:
            people.add(db, PERSON, password, "mailflow demo", datetime.now(UTC), Role.ADMINISTRATOR)
        daemon.run(ready=lambda: _welcome(console, daemon, servers, password))
    console.print(f"The demo has ended. What it sent is kept in {servers.sent}", soft_wrap=True)


@contextmanager
def furnished(folder: Path, *, desk: bool) -> Iterator[tuple[Daemon, MailServers]]:
    """A daemon that is not started yet, and the running servers with the sample in the mailbox. `folder` is made fresh.

    Without `desk` no link leads to one. Raises UserError where the folder is not the demo's to empty.
    """
    password = secrets.token_urlsafe()
    with emptied(folder):
        servers = MailServers(ADDRESS, password, folder / "sent", choose_port(IMAP_PORT), choose_port(SMTP_PORT))
        with servers.running():
            samples = sample_mailbox()
            now = datetime.now(UTC)
            for age, raw in zip(range(len(samples), 0, -1), samples, strict=True):
                servers.deliver(raw, now - timedelta(minutes=age))
            yield Daemon(_settings(folder, password, servers, choose_port(DESK_PORT) if desk else None)), servers


def sample_mailbox() -> list[bytes]:
    """The messages of the sample, oldest first."""
    folder = files("mailflow.demo") / "mailbox"
    return [file.read_bytes() for file in sorted(folder.iterdir(), key=lambda file: file.name) if file.name.endswith(".eml")]


def _settings(folder: Path, password: str, servers: MailServers, desk_port: int | None) -> Settings:
    """Nothing of the host's own settings: this machine may be the one that runs the real mailbox.

    The rules are a copy, which may be changed at the desk.
    """
    rules = Path(shutil.copyfile(settings.only().rules, folder / RULES))
    return settings.only(
        rules=rules,
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
        desk_port=desk_port or 0,
        desk_url=f"http://{HOST}:{desk_port}" if desk_port else None,
        poll_seconds=2,
    )


def _welcome(console: Console, daemon: Daemon, servers: MailServers, password: str) -> None:
    console.print("[bold]mailflow demo[/] is running; nothing leaves this machine. Ctrl-C ends it.")
    console.print(f"  Desk        {daemon.settings.desk_url}   sign in as [bold]{PERSON}[/] with [bold]{password}[/]")
    console.print(f"  Write to    {ADDRESS} by SMTP at {HOST}:{servers.smtp_port}")
    console.print(f"  What it sends is kept in {servers.sent}")
    for sentence in moved_ports(servers.imap_port, servers.smtp_port, daemon.settings.desk_port):
        console.print(f"  {sentence}")


def moved_ports(imap: int, smtp: int, desk: int) -> list[str]:
    """A sentence for each port that is not the usual one: what is written elsewhere about the demo names those."""
    ports = (("IMAP server", IMAP_PORT, imap), ("SMTP server", SMTP_PORT, smtp), ("desk", DESK_PORT, desk))
    return [f"Port {usual} is taken: the {name} listens at {port} instead." for name, usual, port in ports if port != usual]
