"""The real daemon while its servers are not well: nothing is lost, nothing is doubled, and the team hears of it, once."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

import letters
from letters import opened
from mailflow.domain import OutgoingState
from mailflow.store.tables import outgoings
from running import Daemon, Installation
from servers import scripted, silent
from servers.embedded import Pymap
from servers.relay import Relay, relaying
from servers.scripted import DROP, Scripted
from servers.starting import HOST, eventually

TEAM = "team@university.example"
SOON = {"alert_after_minutes": "0.03", "poll_seconds": "1"}

Start = Callable[..., tuple[Installation, Daemon]]


@pytest.fixture
def mailbox(pymap_server: Pymap) -> Iterator[Relay]:
    """The way to the mailbox."""
    with relaying(pymap_server.port) as relay:
        yield relay


@pytest.fixture
def sink() -> Iterator[Scripted]:
    with scripted.started() as server:
        server.extensions.append("AUTH PLAIN")
        yield server


@pytest.fixture
def start(tmp_path: Path, mailbox: Relay, sink: Scripted) -> Iterator[Start]:
    """Starts a daemon that has signed in to both servers."""
    started: list[Daemon] = []

    def launch(**settings: str) -> tuple[Installation, Daemon]:
        servers = {"imap_host": HOST, "imap_port": str(mailbox.port), "smtp_host": HOST, "smtp_port": str(sink.port)}
        own = {"mode": "live", "team": TEAM, "smtp_user": "me", "smtp_password": "hush", **servers, **settings}
        installation = Installation(tmp_path / "installation", letters.CENTRE, **own)
        daemon = Daemon(installation, tmp_path / "log")
        started.append(daemon)
        daemon.await_event("started")
        return installation, daemon

    yield launch
    for daemon in started:
        if daemon.is_running:
            daemon.kill()


def subjects_to(sink: Scripted, recipient: str) -> list[str]:
    """The subjects of what somebody has received, in order."""
    return [str(mail["Subject"]) for mail in map(opened, sink.accepted) if mail["To"] == recipient]


def await_subjects(sink: Scripted, recipient: str, *subjects: str) -> None:
    wanted = list(subjects)
    eventually(lambda: len(subjects_to(sink, recipient)) >= len(wanted), f"{wanted} to {recipient}", 60, pause=0.05)
    assert subjects_to(sink, recipient) == wanted


def test_the_team_is_told_of_a_mailbox_out_of_reach_once_and_once_when_it_is_back(
    start: Start, mailbox: Relay, sink: Scripted, pymap_server: Pymap
) -> None:
    installation, daemon = start(**SOON)
    mailbox.answers["LOGIN"] = "NO [UNAVAILABLE] The directory is away."
    mailbox.cut()
    pymap_server.append(letters.query("sam@university.example").raw, letters.CENTRE)
    await_subjects(sink, TEAM, f"mailflow: the mailbox {letters.CENTRE} cannot be read")
    code, said = installation.fails("status")
    assert code == 1
    assert f"There has been trouble with the mailbox {letters.CENTRE} since " in said
    assert "The IMAP server takes no sign-in now." in said
    assert daemon.is_running
    mailbox.answers.clear()
    await_subjects(
        sink,
        TEAM,
        f"mailflow: the mailbox {letters.CENTRE} cannot be read",
        f"mailflow: the mailbox {letters.CENTRE} works again",
    )
    eventually(lambda: subjects_to(sink, "sam@university.example"), "the reply", 30, pause=0.05)
    assert len(subjects_to(sink, "sam@university.example")) == 1
    assert "There has been trouble" not in installation.fails("status")[1]


def test_the_team_is_told_of_a_mailbox_that_lets_us_hang(start: Start, sink: Scripted) -> None:
    with silent.started("SEARCH") as hanging:
        start(**SOON, imap_port=str(hanging.port))
        await_subjects(sink, TEAM, f"mailflow: the mailbox {letters.CENTRE} cannot be read")


def test_through_every_fault_of_the_mail_server_nobody_gets_two_replies_and_only_a_doubt_gets_none(
    start: Start, sink: Scripted, pymap_server: Pymap
) -> None:
    installation, daemon = start(**SOON)

    def write(name: str) -> str:
        letter = letters.query(f"{name}@university.example")
        pymap_server.append(letter.raw, letters.CENTRE)
        return letter.sender

    sink.answers["."] = [DROP]
    doubtful = write("doubt")
    daemon.await_event("in_doubt")
    sink.answers["DATA"] = [DROP]
    dropped = write("dropped")
    daemon.await_event("deferred")
    sink.answers["RCPT"] = ["450 4.7.1 greylisted"]
    greylisted = write("greylisted")
    daemon.await_event("deferred", count=2)
    sink.answers["RCPT"] = ["550 5.1.1 no such user"]
    gone = write("gone")
    daemon.await_event("failed", purpose="acknowledgement")
    sink.answers["AUTH"] = "535 5.7.8 bad password"
    sink.cut()
    waits = write("waits")
    daemon.await_event("the mail server is away", count=2)
    code, said = installation.fails("status")
    assert code == 1
    assert "There has been trouble with the outgoing mail server since " in said
    assert "Mails that wait to be sent: 3." in said
    assert "hush" not in said + daemon.log
    del sink.answers["AUTH"]
    with installation.database() as db:
        db.execute(update(outgoings).where(outgoings.c.state == OutgoingState.DEFERRED).values(next_attempt_at=None))
    await_subjects(sink, TEAM, "mailflow: the outgoing mail server works again")
    received = Counter(str(opened(raw)["To"]) for raw in sink.accepted)
    assert received == Counter([dropped, greylisted, waits, TEAM])
    assert Counter(str(opened(raw)["To"]) for raw in sink.complete)[doubtful] == 1
    with installation.database() as db:
        rows = db.execute(select(outgoings.c.recipient, outgoings.c.state))
        states = {row.recipient: row.state for row in rows}
    assert (states[doubtful], states[gone]) == (OutgoingState.IN_DOUBT, OutgoingState.FAILED)
    code, said = installation.fails("status")
    assert "Refused: EDI-" in said
    assert "In doubt whether they were sent: EDI-" in said
