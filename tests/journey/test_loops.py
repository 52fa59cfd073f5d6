"""Never a loop: two installations that write to each other, a robot that answers everything, and the cap on all replies."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

import letters
from letters import CENTRE, Letter, opened
from mailflow.domain import MessageState, OutgoingState
from mailflow.store.tables import messages, outgoings
from running import Daemon, Installation
from servers.dovecot import Dovecot
from servers.starting import DOMAIN, eventually

pytestmark = pytest.mark.real

OTHER = f"training.desk@{DOMAIN}"
SECONDS = 30
CAP = "the cap on automatic replies is reached; they wait"

Install = Callable[..., Installation]
Start = Callable[[Installation], Daemon]
Send = Callable[[Letter], Letter]


def mails(installation: Installation) -> Counter[OutgoingState]:
    """Our mails by their state."""
    with installation.database() as db:
        return Counter(db.execute(select(outgoings.c.state)).scalars())


def await_mails(installation: Installation, **states: int) -> None:
    """Waits until our mails stand just so: `sent=2, queued=1`."""
    wanted = Counter({OutgoingState(state): count for state, count in states.items()})
    eventually(lambda: mails(installation) == wanted, f"{states} mails", SECONDS, pause=0.1)


def received(installation: Installation) -> Counter[MessageState]:
    """The messages that came, by their state."""
    with installation.database() as db:
        return Counter(db.execute(select(messages.c.state)).scalars())


def test_two_installations_that_write_to_each_other_acknowledge_once_each(install: Install, start: Start, send: Send) -> None:
    ours, theirs = install("ours"), install("theirs", address=OTHER)
    here, there = start(ours), start(theirs)
    send(Letter(OTHER, "Active Bystander training", letters.TRAINING))
    send(Letter(CENTRE, "A workshop for our team", letters.TRAINING, to=OTHER))
    for daemon in (here, there):
        daemon.await_event("filed", reply="training")
        daemon.await_event("ignored", why_silent="automatic")
    for installation in (ours, theirs):
        await_mails(installation, sent=1)
        assert received(installation) == {MessageState.FILED: 1, MessageState.IGNORED: 1}
    assert [len(daemon.said("filed")) + len(daemon.said("ignored")) for daemon in (here, there)] == [2, 2]


def test_a_robot_that_answers_everything_under_ever_new_names_is_stopped_by_the_cap(
    install: Install, start: Start, send: Send, dovecot: Dovecot
) -> None:
    """It bears no mark of a machine, has a new subject and a new subaddress each time, and belongs to no thread."""
    robot = dovecot.user()
    name, _, domain = robot.partition("@")
    daemon = start(install())
    for turn in range(1, 4):
        send(Letter(f"{name}+{turn}@{domain}", f"Training for our department, no. {turn * 17}", letters.TRAINING))
        filed = daemon.await_event("filed", count=turn)
        if filed["why_silent"]:
            break
        dovecot.await_mail(robot, count=turn, seconds=SECONDS)
    assert (turn, filed["why_silent"]) == (3, "address-cap")
    assert len(dovecot.messages(robot)) == 2


def test_what_is_above_the_cap_on_all_replies_waits_and_leaves_later(
    install: Install, start: Start, send: Send, dovecot: Dovecot
) -> None:
    """A robot that changes its whole address each time meets this one; people who write meanwhile lose nothing."""
    installation = install()
    installation.change_rules(("total_an_hour = 60 ", "total_an_hour = 2 "))
    daemon = start(installation)
    writers = [dovecot.user() for _ in range(4)]
    for writer in writers:
        send(letters.query(writer))
    daemon.await_event(CAP, most_an_hour=2)
    daemon.await_event("filed", count=4)
    await_mails(installation, sent=2, queued=2)
    an_hour_passes(installation)
    await_mails(installation, sent=4)
    answers = [opened(dovecot.await_mail(writer, seconds=SECONDS)[0]) for writer in writers]
    assert [str(answer["To"]) for answer in answers] == writers
    assert [len(dovecot.messages(writer)) for writer in writers] == [1, 1, 1, 1]


def an_hour_passes(installation: Installation) -> None:
    """For what was sent, that is."""
    with installation.database() as db:
        sent = db.execute(select(outgoings.c.id, outgoings.c.sent_at).where(outgoings.c.sent_at.is_not(None))).all()
        for mail in sent:
            earlier = mail.sent_at - timedelta(hours=1, minutes=1)
            db.execute(update(outgoings).where(outgoings.c.id == mail.id).values(sent_at=earlier, begun_at=earlier))
