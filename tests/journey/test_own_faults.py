"""What is our fault, or this machine's, is never written down as a mail's: the message waits, and is answered when it is over."""

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

import letters
from letters import CENTRE, Letter
from mailflow.domain import MessageState
from mailflow.store.tables import messages
from running import Daemon, Installation
from servers.dovecot import Dovecot
from servers.postgres import Postgres

pytestmark = pytest.mark.real

Install = Callable[..., Installation]
Start = Callable[[Installation], Daemon]
Send = Callable[[Letter], Letter]

# Python tries every way of cutting the line into pieces: more than there are atoms.
HANGING = (
    '[[rules]]\nname = "hangs"\nkind = "query"\nweight = 1\npatterns = ["(?:a|aa)+b"]\n\n# Training: a group wants a session\n'
)


def limit(daemon: Daemon, **limits: str) -> None:
    """Changes what the system lets the running daemon have (prlimit(1), the soft limits)."""
    options = [f"--{name}={value}" for name, value in limits.items()]
    subprocess.run(["prlimit", "--pid", str(daemon.pid), *options], check=True)


def children(daemon: Daemon) -> list[int]:
    """The processes that the daemon has started."""
    return [int(pid) for pid in Path(f"/proc/{daemon.pid}/task/{daemon.pid}/children").read_text().split()] or [
        int(pid) for task in Path(f"/proc/{daemon.pid}/task").iterdir() for pid in (task / "children").read_text().split()
    ]


def states(installation: Installation) -> list[MessageState]:
    with installation.database() as db:
        return list(db.execute(select(messages.c.state).order_by(messages.c.id)).scalars())


def answered_once(dovecot: Dovecot, letter: Letter) -> bool:
    return len(dovecot.await_mail(letter.sender, seconds=30)) == 1


def test_a_full_disk_loses_nothing_and_blames_no_mail(dovecot: Dovecot, install: Install, start: Start, send: Send) -> None:
    installation = install()
    daemon = start(installation)
    limit(daemon, fsize="65536:")
    big = send(Letter(dovecot.user(), "Next open session?", f"{letters.QUERY}\n{'x ' * 200_000}"))
    daemon.await_event("trouble", worker="mail")
    assert states(installation) == []
    limit(daemon, fsize="unlimited:")
    assert answered_once(dovecot, big)
    assert states(installation) == [MessageState.FILED]
    assert daemon.stop() == 0


def test_too_many_open_files_loses_nothing_and_blames_no_mail(
    dovecot: Dovecot, install: Install, start: Start, send: Send
) -> None:
    daemon = start(install())
    first = send(letters.query(dovecot.user()))
    assert answered_once(dovecot, first)
    limit(daemon, nofile="3:")
    for child in children(daemon):
        os.kill(child, signal.SIGKILL)
    second = send(letters.query(dovecot.user()))
    daemon.await_event("trouble")
    limit(daemon, nofile="1024:")
    assert answered_once(dovecot, second)
    assert daemon.stop() == 0


def test_a_database_that_goes_away_loses_nothing(
    dovecot: Dovecot, postgres: Postgres, install: Install, start: Start, send: Send
) -> None:
    with postgres.database() as url:
        daemon = start(install(database_url=url))
        name = url.rpartition("/")[2]
        postgres.execute("ALTER DATABASE {} ALLOW_CONNECTIONS false", name)
        postgres.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        letter = send(letters.query(dovecot.user()))
        daemon.await_event("trouble", worker="mail")
        postgres.execute("ALTER DATABASE {} ALLOW_CONNECTIONS true", name)
        assert answered_once(dovecot, letter)
        assert daemon.stop() == 0


def test_a_message_that_hangs_is_put_aside_listed_and_taken_up_when_the_rule_is_mended(
    dovecot: Dovecot, install: Install, start: Start, send: Send
) -> None:
    installation = install(message_seconds="1")
    marker = "# Training: a group wants a session\n"
    installation.change_rules((marker, HANGING))
    daemon = start(installation)
    deadly = send(Letter(dovecot.user(), "Next open session?", f"{'a' * 100}c\n\n{letters.QUERY}"))
    failed = daemon.await_event("failed")
    letter = send(letters.query(dovecot.user()))
    assert answered_once(dovecot, letter)
    status = installation.command("status")
    assert [line["reference"] for line in status["failed"]] == [f"message {failed['message']}"]
    assert "computing" in status["failed"][0]["reason"]
    assert dovecot.messages(CENTRE), "it stays in the inbox"
    installation.change_rules((HANGING, marker))
    daemon.await_event("rules and templates read again")
    assert installation.fails("retry", "--all")[0] == 0
    assert answered_once(dovecot, deadly)


def test_a_template_broken_by_an_edit_changes_nothing(dovecot: Dovecot, install: Install, start: Start, send: Send) -> None:
    installation = install()
    daemon = start(installation)
    template = installation.templates / "query.md"
    sound = template.read_text()
    template.write_text(sound + "\n{% if %}\n")
    daemon.await_event("the old rules and templates are kept")
    assert answered_once(dovecot, send(letters.query(dovecot.user())))
    template.unlink()
    daemon.await_event("the old rules and templates are kept", count=2)
    assert answered_once(dovecot, send(letters.query(dovecot.user())))
