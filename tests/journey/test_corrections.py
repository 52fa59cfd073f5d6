"""A person says what a mail is: its case, its folder and its reply follow; and what was learnt from it is taken up."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

import letters
from letters import CENTRE, Letter, opened, text_of
from mailflow.classify.judges import shipped_weights
from mailflow.learnt import keep, pointer
from mailflow.store import resolving
from running import Daemon, Installation
from servers.dovecot import Dovecot

pytestmark = pytest.mark.real

SECONDS = 30


def test_what_a_person_corrects_moves_to_its_folder_and_gets_the_right_reply_only(
    dovecot: Dovecot,
    install: Callable[..., Installation],
    start: Callable[[Installation], Daemon],
    send: Callable[[Letter], Letter],
) -> None:
    installation = install(mode="drafts")
    daemon = start(installation)
    letter = send(letters.query(dovecot.user()))
    daemon.await_event("filed", case="EDI-0001")
    dovecot.await_mail(CENTRE, folder="Queries", seconds=SECONDS)
    said = installation.command("correct", "EDI-0001", "training")
    assert (said["was"], said["kind"], said["taken_back"], said["reply"]) == ("query", "training", [1], "draft")
    assert (said["folder"], said["moves"]) == ("Training", True)
    assert installation.command("correct", "EDI-0001", "training")["changed"] is False
    send(letters.query(dovecot.user()))  # which wakes the daemon
    dovecot.await_mail(CENTRE, folder="Training", seconds=SECONDS)
    dovecot.await_mail(CENTRE, folder="Queries", seconds=SECONDS)
    assert len(dovecot.messages(CENTRE, "Queries")) == 1
    with installation.database() as db:
        assert not resolving.approve(db, 1, "tom", datetime.now(UTC))
        assert resolving.approve(db, 2, "tom", datetime.now(UTC))
    (reply,) = dovecot.await_mail(letter.sender, seconds=SECONDS)
    assert "still need to know" in text_of(opened(reply))


def test_what_was_learnt_is_taken_up_and_left_where_it_is_damaged(
    dovecot: Dovecot,
    install: Callable[..., Installation],
    start: Callable[[Installation], Daemon],
    send: Callable[[Letter], Letter],
) -> None:
    installation = install()
    daemon = start(installation)
    learnt = installation.data / "learnt"
    keep(learnt, shipped_weights(), datetime.now(UTC), "tom", [], {})
    daemon.await_event("rules and templates read again", learnt="0001")
    letter = send(letters.query(dovecot.user()))
    daemon.await_event("filed", case="EDI-0001", kind="query")
    pointer(learnt).write_text("0009\n")
    daemon.await_event("not judged by what was learnt")
    send(letters.query(letter.sender))
    daemon.await_event("filed", case="EDI-0002", kind="query")
