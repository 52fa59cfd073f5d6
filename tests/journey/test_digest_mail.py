"""The digest arrives in the team's mailbox once a day."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

import letters
from letters import LONDON, Letter, opened, text_of
from mailflow.store.tables import messages
from running import Daemon, Installation
from servers.dovecot import Dovecot

pytestmark = pytest.mark.real


def test_the_digest_comes_once_however_often_the_daemon_starts(
    dovecot: Dovecot,
    install: Callable[..., Installation],
    start: Callable[[Installation], Daemon],
    send: Callable[[Letter], Letter],
) -> None:
    team = dovecot.user()
    installation = install(team=team)
    _let_a_day_pass(installation, start(installation), send(letters.story(dovecot.user())))
    daemon = start(installation)
    assert daemon.await_event("digest made", seconds=30)["needs"] == 1
    (raw,) = dovecot.await_mail(team, seconds=15)
    digest = opened(raw)
    assert str(digest["Subject"]).startswith("mailflow: 1 needs you")
    assert digest["Auto-Submitted"] == "auto-generated"
    for form in ("plain", "html"):
        text = text_of(digest, form)
        assert "EDI-0001" in text
        assert "When the mailbox was last counted (" in text
        assert "accent" not in text
    assert daemon.stop() == 0
    _await_two_looks(installation, start(installation))
    assert len(dovecot.messages(team)) == 1


def _let_a_day_pass(installation: Installation, daemon: Daemon, letter: Letter) -> None:
    """The letter came yesterday, and today's digest has been due for two minutes."""
    daemon.await_event("filed")
    daemon.await_event("sent")
    daemon.stop()
    due = datetime.now(LONDON) - timedelta(minutes=2)
    every_day = 'days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]'
    installation.change_rules(
        ('time = "08:00"', f'time = "{due:%H:%M}"'), ('days = ["mon", "tue", "wed", "thu", "fri"]', every_day)
    )
    with installation.database() as db:
        db.execute(update(messages).values(received_at=letters.yesterday()))


def _await_two_looks(installation: Installation, daemon: Daemon) -> None:
    """The daemon looks whether a digest is due as often as it looks for new rules: waits until it has done so twice."""
    for count in (1, 2):
        installation.rules.touch()
        daemon.await_event("rules and templates read again", count=count, seconds=30)
