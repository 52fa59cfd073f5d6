"""SIGTERM ends the daemon with 0 within five seconds, also where a server has gone silent."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from letters import CENTRE
from running import Daemon, Installation
from servers import scripted, silent
from servers.scripted import Scripted
from servers.silent import Silent
from servers.starting import HOST

Watch = Callable[..., Daemon]


@pytest.fixture
def relay() -> Iterator[Scripted]:
    with scripted.started() as server:
        yield server


@pytest.fixture
def run(tmp_path: Path, relay: Scripted) -> Iterator[Watch]:
    """Starts a daemon with this IMAP server, and any settings besides."""
    daemons: list[Daemon] = []

    def launch(mailbox: Silent, **settings: str) -> Daemon:
        servers = {
            "imap_host": HOST,
            "imap_port": str(mailbox.port),
            "smtp_host": HOST,
            "smtp_port": str(relay.port),
        }
        installation = Installation(tmp_path / "installation", CENTRE, **{"mode": "live", **servers, **settings})
        daemons.append(Daemon(installation, tmp_path / "log"))
        return daemons[0]

    yield launch
    for daemon in daemons:
        if daemon.is_running:
            daemon.kill()


def test_it_stops_while_the_mailbox_gives_no_greeting(run: Watch) -> None:
    with silent.started() as mailbox:
        daemon = run(mailbox)
        assert mailbox.fell_silent.wait(30)
        assert daemon.stop() == 0


def test_it_stops_while_the_mail_server_gives_no_greeting(run: Watch) -> None:
    with silent.started("NEVER") as mailbox, silent.started() as hanging:
        daemon = run(mailbox, smtp_port=str(hanging.port))
        assert hanging.fell_silent.wait(30)
        assert daemon.stop() == 0


@pytest.mark.parametrize("command", ["LOGOUT", "DONE", "NOOP"])
def test_it_stops_while_the_mailbox_no_longer_answers(run: Watch, command: str) -> None:
    with silent.started(command) as mailbox:
        daemon = run(mailbox)
        daemon.await_event("started")
        if command == "NOOP":
            assert mailbox.fell_silent.wait(30)
        else:
            daemon.await_event("watching")
        assert daemon.stop() == 0


def test_it_stops_while_another_program_keeps_the_database(run: Watch, tmp_path: Path) -> None:
    with silent.started("NEVER") as mailbox:
        daemon = run(mailbox, poll_seconds="1")
        daemon.await_event("started")
        with closing(sqlite3.connect(tmp_path / "installation/data/mailflow.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            # By now every timer has woken somebody.
            time.sleep(6)
            assert daemon.stop() == 0


def test_it_stops_while_no_server_says_goodbye(run: Watch, relay: Scripted) -> None:
    with silent.started("LOGOUT") as mailbox:
        relay.answers["QUIT"] = "250-wait"
        daemon = run(mailbox)
        daemon.await_event("started")
        daemon.await_event("watching")
        assert daemon.stop() == 0
        assert "quit" in relay.commands
