"""A daemon's life: it stops when told, takes up where it was, hears of new mail at once, and learns new rules."""

import time
from collections import Counter
from collections.abc import Callable
from urllib.request import urlopen

import pytest
from sqlalchemy import func, select

import letters
from letters import CENTRE, Letter, opened
from mailflow.domain import OutgoingState
from mailflow.store.tables import messages, outgoings
from running import Daemon, Installation
from servers.dovecot import Dovecot
from servers.starting import eventually

pytestmark = pytest.mark.real

MANY = 300
# Everybody of the crowd has the same mailbox, and so counts as one person.
NO_CAP = (("total_an_hour = 60 ", "total_an_hour = 9999 "), ("per_address_a_day = 2 ", "per_address_a_day = 9999 "))

Install = Callable[..., Installation]
Start = Callable[[Installation], Daemon]
Send = Callable[[Letter], Letter]


@pytest.fixture
def crowd(dovecot: Dovecot) -> str:
    """A mailbox for everybody of a backlog: what is for name+17@ comes to name@."""
    return dovecot.user()


def fill(dovecot: Dovecot, crowd: str, count: int) -> list[str]:
    """A backlog of questions, each by somebody else: their addresses."""
    name, _, domain = crowd.partition("@")
    senders = [f"{name}+{number}@{domain}" for number in range(count)]
    dovecot.append_all([letters.query(sender).raw for sender in senders], CENTRE)
    return senders


def answered(dovecot: Dovecot, crowd: str) -> Counter[str]:
    """How many answers each of the crowd has got."""
    return Counter(str(opened(raw)["To"].addresses[0].addr_spec) for raw in dovecot.messages(crowd))


def await_settled(installation: Installation) -> Counter[OutgoingState]:
    """Waits until all is filed and no reply is under way; how many mails of ours are in which state."""

    def settled() -> Counter[OutgoingState]:
        with installation.database() as db:
            filed = db.execute(select(func.count()).where(messages.c.case_id.is_not(None))).scalar_one()
            states = Counter(db.execute(select(outgoings.c.state)).scalars())
        rest = states.keys() & {OutgoingState.QUEUED, OutgoingState.SENDING, OutgoingState.DEFERRED}
        return states if filed == MANY and not rest else Counter()

    return eventually(settled, "all to be filed and sent", seconds=60, pause=0.2)


def assert_filed_once(dovecot: Dovecot, installation: Installation) -> None:
    with installation.database() as db:
        assert db.execute(select(func.count(messages.c.case_id.distinct()))).scalar_one() == MANY
        assert db.execute(select(func.count()).select_from(messages)).scalar_one() == MANY
    lying = dovecot.await_mail(CENTRE, MANY, "Queries", seconds=30)
    assert len({opened(raw)["Message-ID"] for raw in lying}) == len(lying) == MANY
    assert dovecot.messages(CENTRE) == []


def test_it_stops_when_told_and_leaves_nothing_held(install: Install, start: Start) -> None:
    installation = install()
    assert start(installation).stop(seconds=5) == 0
    assert start(installation).stop(seconds=5) == 0


def test_the_log_tells_where_the_desk_is_so_that_it_can_be_opened(install: Install, start: Start) -> None:
    with urlopen(start(install()).await_event("started")["desk"]) as page:
        assert page.status == 200


def test_told_to_stop_in_a_backlog_it_loses_and_doubles_nothing(
    dovecot: Dovecot, crowd: str, install: Install, start: Start
) -> None:
    installation = install()
    installation.change_rules(*NO_CAP)
    senders = fill(dovecot, crowd, MANY)
    daemon = start(installation)
    daemon.await_event("sent", count=20)
    assert daemon.stop(seconds=5) == 0
    assert len(daemon.said("sent")) < MANY, "it was to be stopped in the middle"
    start(installation)
    assert await_settled(installation) == {OutgoingState.SENT: MANY}
    dovecot.await_mail(crowd, MANY, seconds=30)
    assert answered(dovecot, crowd) == Counter(senders)
    assert_filed_once(dovecot, installation)


def test_killed_in_a_backlog_it_files_all_once_and_doubts_only_what_was_under_way(
    dovecot: Dovecot, crowd: str, install: Install, start: Start
) -> None:
    installation = install()
    installation.change_rules(*NO_CAP)
    senders = fill(dovecot, crowd, MANY)
    daemon = start(installation)
    daemon.await_event("sent", count=20)
    daemon.kill()
    start(installation)
    states = await_settled(installation)
    doubtful = states[OutgoingState.IN_DOUBT]
    assert doubtful <= 4, "no more than there are connections"
    assert states == Counter({OutgoingState.SENT: MANY - doubtful, OutgoingState.IN_DOUBT: doubtful})
    with installation.database() as db:
        found = db.execute(select(outgoings.c.recipients).where(outgoings.c.state == OutgoingState.IN_DOUBT)).scalars()
        doubted = Counter(recipient for recipients in found for recipient in recipients)

    def accounted_for() -> Counter[str]:
        return answered(dovecot, crowd) | doubted

    eventually(lambda: len(accounted_for()) == MANY, "the answers to arrive", 30, pause=0.2)
    assert accounted_for() == Counter(senders)
    assert_filed_once(dovecot, installation)


def test_new_mail_is_answered_at_once_however_rarely_the_timer_looks(
    dovecot: Dovecot, install: Install, start: Start, send: Send
) -> None:
    start(install(poll_seconds="600"))
    for _ in range(3):
        letter = send(letters.query(dovecot.user()))
        sent_at = time.monotonic()
        dovecot.await_mail(letter.sender)
        assert time.monotonic() - sent_at < 5


def test_rules_with_a_mistake_change_nothing_and_right_ones_are_taken_up(
    dovecot: Dovecot, install: Install, start: Start, send: Send
) -> None:
    installation = install()
    daemon = start(installation)
    folder, mistake = 'folder = "Queries"', "folder = Queries"
    installation.change_rules((folder, mistake))
    (problem,) = daemon.await_event("the old rules and templates are kept")["problems"]
    assert "rules.toml" in problem
    send(letters.query(dovecot.user()))
    dovecot.await_mail(CENTRE, folder="Queries", seconds=15)
    installation.change_rules((mistake, 'folder = "Questions"'))
    daemon.await_event("rules and templates read again")
    send(letters.query(dovecot.user()))
    dovecot.await_mail(CENTRE, folder="Questions", seconds=15)
    assert len(dovecot.messages(CENTRE, "Queries")) == 1


def test_two_daemons_on_one_database_double_nothing_and_stand_in_for_each_other(
    dovecot: Dovecot, crowd: str, install: Install, start: Start, send: Send
) -> None:
    installation = install()
    installation.change_rules(*NO_CAP)
    senders = fill(dovecot, crowd, 40)
    daemons = [start(installation), start(installation)]
    dovecot.await_mail(crowd, len(senders), seconds=30)
    dovecot.await_mail(CENTRE, len(senders), "Queries", seconds=30)
    assert daemons[0].stop() == 0
    letter = send(letters.query(dovecot.user()))
    dovecot.await_mail(letter.sender, seconds=15)
    assert answered(dovecot, crowd) == Counter(senders)
    assert len(dovecot.messages(CENTRE, "Queries")) == len(senders) + 1
