"""Safe to switch on: what each mode does, and what it leaves alone."""

from collections.abc import Callable

import pytest

import letters
from letters import CENTRE, Letter
from mailflow.domain import OutgoingState
from running import Daemon, Installation
from servers.dovecot import Dovecot

pytestmark = pytest.mark.real

SECONDS = 30


def placed(server: Dovecot) -> list[tuple[str, int, tuple[bytes, ...]]]:
    """Every message of the Centre's mailbox: folder, UID, flags (without the session's own \\Recent)."""
    found = []
    with server.mailbox(CENTRE) as session:
        for _, _, folder in session.list_folders():
            session.select_folder(folder, readonly=True)
            flags = session.get_flags(session.search("ALL"))
            found += [(folder, uid, tuple(f for f in flags[uid] if f != b"\\Recent")) for uid in sorted(flags)]
    return found


def test_a_rehearsal_sends_nothing_and_moves_nothing(
    dovecot: Dovecot, install: Callable[..., Installation], start: Callable[[Installation], Daemon]
) -> None:
    member, alerted = dovecot.user(), dovecot.user()
    for letter in (letters.training(member), letters.query(dovecot.user()), letters.sensitive(dovecot.user())):
        dovecot.append(letter.raw, CENTRE)
    with dovecot.mailbox(CENTRE, "INBOX") as session:
        session.add_flags(session.search("ALL")[0], [b"\\Seen", b"\\Flagged"])
    before = placed(dovecot)
    installation = install(mode="rehearsal", alert_to=alerted, team=dovecot.user())
    daemon = start(installation)
    daemon.await_event("filed", count=2)
    daemon.await_event("held")
    status = installation.command("status")
    assert status["mails"] == {OutgoingState.REHEARSED: 3}
    assert daemon.stop() == 0
    assert placed(dovecot) == before
    assert dovecot.messages(member) == dovecot.messages(alerted) == []
    with dovecot.mailbox(CENTRE) as session:
        assert {name for _, _, name in session.list_folders()} == {"INBOX", "Sent"}


def test_a_rehearsal_opens_the_folder_so_that_nothing_could_be_changed(
    dovecot: Dovecot, install: Callable[..., Installation], start: Callable[[Installation], Daemon]
) -> None:
    dovecot.append(letters.query(dovecot.user()).raw, CENTRE)
    start(install(mode="rehearsal")).await_event("filed")
    with dovecot.mailbox(CENTRE, "INBOX") as session:
        # A session that opened the folder with SELECT would have taken this flag away.
        assert b"\\Recent" in session.get_flags(session.search("ALL")).popitem()[1]


def test_drafts_wait_for_a_person_and_the_message_is_moved(
    dovecot: Dovecot, install: Callable[..., Installation], start: Callable[[Installation], Daemon]
) -> None:
    letter = letters.training(dovecot.user())
    dovecot.append(letter.raw, CENTRE)
    installation = install(mode="drafts")
    daemon = start(installation)
    dovecot.await_mail(CENTRE, folder="Training", seconds=SECONDS)
    assert installation.command("status")["mails"] == {OutgoingState.DRAFT: 1}
    assert daemon.stop() == 0
    assert daemon.said("sent") == []
    assert dovecot.messages(letter.sender) == []


def test_mail_from_before_the_go_live_date_is_filed_and_never_answered(
    dovecot: Dovecot,
    install: Callable[..., Installation],
    start: Callable[[Installation], Daemon],
    send: Callable[[Letter], Letter],
) -> None:
    old = letters.training(dovecot.user())
    dovecot.append(old.raw, CENTRE, arrived=letters.yesterday())
    daemon = start(install(mode="live", go_live=f"{letters.today()}"))
    assert daemon.await_event("filed")["why_silent"] == "before-go-live"
    dovecot.await_mail(CENTRE, folder="Training", seconds=SECONDS)
    new = send(letters.query(dovecot.user()))
    dovecot.await_mail(new.sender, seconds=SECONDS)
    assert dovecot.messages(old.sender) == []
