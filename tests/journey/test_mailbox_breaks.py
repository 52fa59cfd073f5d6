"""The mailbox's server restarts, or drops us in the middle of a backlog: the daemon goes on where it was, by itself."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

import letters
from letters import CENTRE
from mailflow.store.tables import messages
from running import Daemon, Installation
from servers import dovecot as dovecots
from servers.dovecot import Dovecot
from servers.relay import Moment, Relay, relaying
from servers.sink import SmtpSink
from servers.starting import eventually

pytestmark = pytest.mark.real

MANY = 160

Launch = Callable[..., tuple[Installation, Daemon]]


@pytest.fixture
def server() -> Iterator[Dovecot]:
    """A Dovecot of its own, which may be stopped."""
    with dovecots.started() as dovecot:
        yield dovecot


@pytest.fixture
def relay(server: Dovecot) -> Iterator[Relay]:
    with relaying(server.port) as wire:
        yield wire


@pytest.fixture
def launch(tmp_path: Path, smtp_sink: SmtpSink) -> Iterator[Launch]:
    """Starts a daemon that reads the Centre's mailbox at a port, and looks every second."""
    daemons: list[Daemon] = []

    def begin(port: int, **settings: str) -> tuple[Installation, Daemon]:
        imap = {"imap_host": SmtpSink.host, "imap_port": str(port), "poll_seconds": "1"}
        smtp = {"smtp_host": SmtpSink.host, "smtp_port": str(smtp_sink.port)}
        installation = Installation(tmp_path / "installation", CENTRE, **{"mode": "live", **imap, **smtp, **settings})
        installation.change_rules(("total_an_hour = 60 ", "total_an_hour = 9999 "))
        daemons.append(Daemon(installation, tmp_path / "log"))
        return installation, daemons[0]

    yield begin
    for daemon in daemons:
        if daemon.is_running:
            daemon.kill()


def test_a_mailbox_server_that_restarts_is_found_again(server: Dovecot, smtp_sink: SmtpSink, launch: Launch) -> None:
    _, daemon = launch(server.port)
    daemon.await_event("watching")
    server.deliver(letters.query("ada@university.example").raw, CENTRE)
    smtp_sink.await_mail(1, seconds=15)
    server.stop()
    daemon.await_event("watch interrupted")
    daemon.await_event("trouble", worker="mail", seconds=15)
    server.start()
    server.deliver(letters.query("bea@university.example").raw, CENTRE)
    # A pause before another try may last some seconds by now.
    smtp_sink.await_mail(2, seconds=30)
    daemon.await_event("watching", count=2, seconds=30)
    server.await_mail(CENTRE, 2, "Queries")
    assert [mail.recipients for mail in smtp_sink.received] == [("ada@university.example",), ("bea@university.example",)]
    assert daemon.stop() == 0


def test_cut_off_again_and_again_in_a_backlog_it_files_and_answers_everybody_once(
    server: Dovecot, relay: Relay, smtp_sink: SmtpSink, launch: Launch
) -> None:
    senders = [f"person{number}@university.example" for number in range(MANY)]
    server.append_all([letters.query(sender).raw for sender in senders], CENTRE)
    relay.cut_at("UID FETCH .*BODY.PEEK", Moment.WITHIN, times=2)
    installation, daemon = launch(relay.port)
    for command, moment in (("UID FETCH .*BODY.PEEK", Moment.AFTER), ("UID MOVE", Moment.WITHIN), ("UID MOVE", Moment.AFTER)):
        assert relay.struck.wait(30)
        relay.struck.clear()
        relay.cut_at(command, moment)
    server.await_mail(CENTRE, MANY, "Queries", seconds=60)
    smtp_sink.await_mail(MANY, seconds=60)
    assert Counter(mail.recipients[0] for mail in smtp_sink.received) == Counter(senders)
    eventually(lambda: not server.messages(CENTRE), "the inbox to be empty")
    assert len(server.messages(CENTRE, "Queries")) == MANY
    with installation.database() as db:
        assert db.execute(select(func.count(), func.count(messages.c.case_id.distinct()))).one() == (MANY, MANY)
    assert len(daemon.said("trouble", worker="mail")) >= 3
    assert daemon.stop() == 0


def test_of_a_message_too_big_the_sender_is_told_once_and_it_waits_for_a_person(
    server: Dovecot, smtp_sink: SmtpSink, launch: Launch
) -> None:
    big = letters.query("ada@university.example").raw + b"x" * 300_000
    server.append_all([big, letters.query("bea@university.example").raw], CENTRE)
    installation, daemon = launch(server.port, largest_megabytes="0.2")
    ada, bea = sorted(smtp_sink.await_mail(2, seconds=15), key=lambda mail: mail.recipients)
    assert "0.2 MB" in letters.text_of(ada.mail)
    assert "0.2 MB" not in letters.text_of(bea.mail)
    server.await_mail(CENTRE, 1, "Queries")
    (told,) = daemon.said("held")
    assert (told["why_held"], told["reply"]) == ("too-big", "too-big")
    (waiting,) = server.messages(CENTRE)
    with installation.database() as db:
        kept = db.execute(select(messages.c.whole, messages.c.size).order_by(messages.c.id)).all()
    assert kept[0] == (False, len(waiting))
    assert daemon.stop() == 0
