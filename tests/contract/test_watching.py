"""Watching: an arrival wakes us, and a stop is heard."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from imapclient import SocketTimeout

from mailflow.inbox.watch import IDLE_SECONDS, watch
from mailflow.settings import Settings
from servers.embedded import Pymap
from servers.imap import ImapServer
from servers.ours import expunge, mail, opened, settings_for
from servers.relay import relaying
from servers.starting import eventually


def test_an_arrival_wakes_us_and_a_stop_is_heard_within_a_second(server: ImapServer, settings: Settings) -> None:
    with watching(settings) as wakes:
        eventually(lambda: wakes, "the watch to begin")
        before = len(wakes)
        server.deliver(mail(1), settings.address)
        eventually(lambda: len(wakes) > before, "the watch to wake us", seconds=3)


def test_what_arrives_between_two_waits_is_found_when_the_second_begins(server: ImapServer, settings: Settings) -> None:
    with opened(settings, readonly=True) as watched, opened(settings, readonly=True) as mailbox:
        assert not watched.await_arrival(0.1, lambda: False)
        server.deliver(mail(1), settings.address)
        found: list[int] = []
        watched.await_arrival(0.1, lambda: False, lambda: found.extend(mailbox.uids_after(0)))
        assert len(found) == 1


def test_news_that_is_no_arrival_wakes_nobody(server: ImapServer, settings: Settings) -> None:
    server.append_all([mail(1), mail(2)], settings.address)
    with opened(settings, readonly=True) as mailbox:
        expunging = threading.Timer(0.2, expunge, (server, settings.address, mailbox.uids_after(0)[:1]))
        expunging.start()
        assert not mailbox.await_arrival(1.5, lambda: False)
        expunging.join()
        assert len(mailbox.uids_after(0)) == 1


def test_a_watch_that_was_cut_off_looks_again(server: ImapServer, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailflow.workers.FIRST_PAUSE", 0.01)
    with relaying(server.port) as relay, watching(settings.model_copy(update={"imap_port": relay.port})) as wakes:
        eventually(lambda: wakes, "the watch to begin")
        relay.cut()
        eventually(lambda: len(wakes) > 1, "the watch to begin again")
        assert relay.accepted == 2
        before = len(wakes)
        server.deliver(mail(1), settings.address)
        eventually(lambda: len(wakes) > before, "the watch to wake us", seconds=3)


def test_a_server_that_says_bye_while_we_wait_is_watched_anew(
    server: ImapServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailflow.workers.FIRST_PAUSE", 0.01)
    with relaying(server.port) as relay, watching(settings.model_copy(update={"imap_port": relay.port})) as wakes:
        eventually(lambda: wakes, "the watch to begin")
        relay.cut(farewell=b"* BYE The server is shutting down.\r\n")
        eventually(lambda: relay.accepted == 2 and len(wakes) > 1, "the watch to begin again")


def test_waiting_is_begun_anew_long_before_a_server_may_hang_up(
    server: ImapServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert IDLE_SECONDS < 29 * 60, "RFC 2177"
    monkeypatch.setattr("mailflow.inbox.watch.IDLE_SECONDS", 0.05)
    with relaying(server.port) as relay, watching(settings.model_copy(update={"imap_port": relay.port})):
        eventually(lambda: relay.commands.count("IDLE") > 3, "the waits to follow one another")
        assert relay.commands.count("DONE") >= 3
        assert relay.accepted == 1


@pytest.mark.parametrize("command", ["IDLE", "DONE"])
def test_a_server_that_fell_silent_while_we_waited_is_watched_anew(
    server: ImapServer, settings: Settings, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr("mailflow.inbox.watch.IDLE_SECONDS", 0.05)
    monkeypatch.setattr("mailflow.workers.FIRST_PAUSE", 0.01)
    monkeypatch.setattr("mailflow.inbox.signin.TIMEOUT", SocketTimeout(connect=5, read=0.3))
    monkeypatch.setattr("mailflow.inbox.mailbox.GOODBYE_SECONDS", 0.1)
    with relaying(server.port) as relay:
        relay.fall_silent_at(command)
        with watching(settings.model_copy(update={"imap_port": relay.port})) as wakes:
            assert relay.struck.wait(5)
            eventually(lambda: relay.accepted > 1, "a new connection")
            before = len(wakes)
            server.deliver(mail(1), settings.address)
            eventually(lambda: len(wakes) > before, "the watch to wake us", seconds=3)


@pytest.mark.parametrize("refusal", ["NO [AUTHENTICATIONFAILED] Wrong password.", "NO [UNAVAILABLE] Later."])
def test_a_watch_that_is_refused_over_and_over_is_not_given_up(
    server: ImapServer, settings: Settings, monkeypatch: pytest.MonkeyPatch, refusal: str
) -> None:
    monkeypatch.setattr("mailflow.workers.FIRST_PAUSE", 0.01)
    monkeypatch.setattr("mailflow.workers.LONGEST_PAUSE", 0.02)
    with relaying(server.port) as relay:
        relay.answers["LOGIN"] = refusal
        with watching(settings.model_copy(update={"imap_port": relay.port})) as wakes:
            eventually(lambda: relay.accepted > 10, "many tries")
            assert not wakes
            relay.answers.clear()
            eventually(lambda: wakes, "the watch to begin")


def test_without_idle_the_watch_ends_at_once(pymap_server: Pymap) -> None:
    pymap_server.hide("IDLE")
    settings = settings_for(pymap_server, pymap_server.user())
    wakes: list[bool] = []
    watch(settings, lambda: wakes.append(True), threading.Event())
    assert wakes == []


@contextmanager
def watching(settings: Settings) -> Iterator[list[bool]]:
    wakes: list[bool] = []
    stop = threading.Event()
    thread = threading.Thread(target=watch, args=(settings, lambda: wakes.append(True), stop))
    thread.start()
    try:
        yield wakes
    finally:
        stop.set()
        thread.join(1)
        assert not thread.is_alive()
