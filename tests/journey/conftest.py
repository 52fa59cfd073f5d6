"""Journeys: real Postfix, real Dovecot, and the real daemon between them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from letters import Letter
from running import Daemon, Installation
from servers.postfix import Postfix


class StartDaemon(Protocol):
    def __call__(self, installation: Installation) -> Daemon: ...


@pytest.fixture
def install(tmp_path: Path, postfix: Postfix) -> Callable[..., Installation]:
    """Makes an installation, live unless told otherwise: `install(mode="drafts")`."""

    def make(name: str = "installation", **settings: str) -> Installation:
        return Installation.at(tmp_path / name, postfix, **{"mode": "live", **settings})

    return make


@pytest.fixture
def start(tmp_path: Path) -> Iterator[StartDaemon]:
    """Starts daemons, and ends those that still run when the test is over."""
    started: list[Daemon] = []

    def launch(installation: Installation) -> Daemon:
        daemon = Daemon(installation, tmp_path / f"log{len(started)}")
        started.append(daemon)
        daemon.await_event("started")
        daemon.await_event("watching")
        return daemon

    yield launch
    for daemon in started:
        if daemon.is_running:
            daemon.kill()


@pytest.fixture
def send(postfix: Postfix) -> Callable[[Letter], Letter]:
    """Sends a letter by SMTP, as a member of staff does."""

    def by_smtp(letter: Letter) -> Letter:
        postfix.deliver(letter.raw, letter.to, sender=letter.envelope_sender)
        return letter

    return by_smtp
