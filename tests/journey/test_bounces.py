"""A reply that cannot be delivered comes back from a real mail server, and everybody who needs to know it does."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

import letters
from letters import CENTRE, Letter, opened
from mailflow.domain import CaseState, MessageState, OutgoingState
from mailflow.store.tables import bounced, cases, messages, outgoings
from running import Daemon, Installation
from servers.dovecot import Dovecot
from servers.starting import eventually

pytestmark = pytest.mark.real

GONE = "gone.jane@university.example"


def states(installation: Installation) -> list[tuple[OutgoingState, str | None]]:
    with installation.database() as db:
        return [tuple(row) for row in db.execute(select(outgoings.c.state, outgoings.c.failure).order_by(outgoings.c.id))]


def test_a_reply_that_comes_back_is_shown_on_its_case_and_its_address_waits_for_a_person(
    dovecot: Dovecot,
    install: Callable[..., Installation],
    start: Callable[[Installation], Daemon],
    send: Callable[[Letter], Letter],
) -> None:
    installation = install()
    daemon = start(installation)
    send(letters.query(GONE))

    daemon.await_event("ignored", case="EDI-0001", seconds=20)
    assert states(installation) == [(OutgoingState.BOUNCED, "It came back: there is no such address (5.1.1).")]
    with installation.database() as db:
        assert db.execute(select(cases.c.id, cases.c.state)).all() == [(1, CaseState.OPEN)]
        assert db.execute(select(messages.c.state, messages.c.case_id).order_by(messages.c.id)).all() == [
            (MessageState.FILED, 1),
            (MessageState.IGNORED, 1),
        ]
        assert db.execute(select(bounced.c.address)).scalars().all() == [GONE]
    code, said = installation.fails("status")
    assert code == 1
    assert "Came back: EDI-0001." in said
    assert "addresses that are not written to until you retry: 1 (EDI-0001)" in said
    assert GONE not in said

    send(letters.query(GONE))
    daemon.await_event("held", why_held="bounced-address", why_silent="bounced-address")
    assert len(states(installation)) == 1

    dovecot.give_mailbox(GONE)
    assert installation.fails("retry", "EDI-0001") == (0, "To be sent again: mail 1 (EDI-0001).\n")
    (mail,) = dovecot.await_mail(GONE, seconds=20)
    eventually(lambda: states(installation) == [(OutgoingState.SENT, None)], "the mail to be sent again")
    send(letters.training(GONE))
    first, second = dovecot.await_mail(GONE, 2, seconds=20)
    assert opened(first)["Message-ID"] == opened(mail)["Message-ID"] != opened(second)["Message-ID"]
    assert GONE not in daemon.log
    assert [str(opened(raw)["From"]) for raw in dovecot.messages(CENTRE, "Automatic")] != []
