"""One mail that reaches the mailbox three times: one case, one answer, and every copy in the same folder."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

import letters
from letters import CENTRE, LONDON
from running import Daemon, Installation
from servers.dovecot import Dovecot
from servers.starting import eventually

pytestmark = pytest.mark.real

SECONDS = 30


def test_copies_of_one_mail_go_to_one_folder_and_get_one_answer(
    dovecot: Dovecot, install: Callable[..., Installation], start: Callable[[Installation], Daemon]
) -> None:
    writer = dovecot.user()
    raw = letters.training(writer).raw
    to_one = f"Delivered-To: {CENTRE}\r\n".encode() + raw
    to_other = b"Delivered-To: bystander@university.example\r\nReceived: by mx2.university.example\r\n" + raw
    dovecot.append_all([to_one, to_other], CENTRE)
    daemon = start(install(aliases="bystander@university.example"))
    dovecot.await_mail(CENTRE, count=2, folder="Training", seconds=SECONDS)
    dovecot.await_mail(writer, seconds=SECONDS)
    dovecot.append(b"Received: by a.slow.relay.example\r\n" + raw, CENTRE, arrived=datetime.now(LONDON) + timedelta(minutes=1))
    dovecot.await_mail(CENTRE, count=3, folder="Training", seconds=SECONDS)
    eventually(lambda: dovecot.messages(CENTRE) == [], "the inbox to be empty", SECONDS, pause=0.1)
    assert len(daemon.said("filed")) == 1
    assert len(dovecot.messages(writer)) == 1
