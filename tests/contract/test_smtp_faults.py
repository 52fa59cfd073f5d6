"""What a mail server can do to us, and what it costs: a wait, never a mail. On each database, over real connections."""

import ssl
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Event

import pytest

from mailflow.domain import OutgoingState, Purpose, Trouble
from mailflow.errors import TemporaryError
from mailflow.outbox.deliver import Outbox
from mailflow.store import troubles
from mailflow.store.database import Store
from outgoing import NOW, Clock, outgoing_mail, queue, row_of, settings_for, states
from servers import scripted
from servers.dovecot import certify
from servers.scripted import Scripted
from servers.starting import free_port, need

NEVER = Event()
QUEUED, SENT, DEFERRED, FAILED = OutgoingState.QUEUED, OutgoingState.SENT, OutgoingState.DEFERRED, OutgoingState.FAILED

Open = Callable[..., Outbox]


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted.started() as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_outbox(store: Store, clock: Clock) -> Iterator[Open]:
    """A sender of its own, by the server at a port; its pauses are as long as they can be."""
    with ExitStack() as opened:
        yield lambda port, **others: opened.enter_context(
            closing(Outbox(store, settings_for(port, **others), "elsewhere/1/1", clock=clock, chance=lambda: 1.0))
        )


@pytest.fixture
def outbox(server: Scripted, open_outbox: Open) -> Outbox:
    """One connection at a time, so that it is known who is first."""
    return open_outbox(server.port, smtp_connections=1)


def standing(store: Store) -> tuple[Trouble, ...]:
    with store.reading() as db:
        return troubles.standing(db)


def pass_time(clock: Clock, **time: float) -> None:
    clock.now += timedelta(**time)


def keep_trying(outbox: Outbox, clock: Clock, hours: int) -> None:
    for _ in range(0, hours, 4):
        outbox.deliver(NEVER)
        pass_time(clock, hours=4)


def assert_nothing_was_held_against(store: Store, *numbers: int) -> None:
    for number in numbers:
        row = row_of(store, number)
        assert (row["state"], row["attempts"], row["next_attempt_at"]) == (QUEUED, 0, None)


def test_a_server_that_is_away_is_trouble_from_the_first_failure_until_it_takes_a_mail(
    store: Store, server: Scripted, outbox: Outbox, clock: Clock
) -> None:
    (number,) = queue(store, outgoing_mail(1))
    server.answers["greeting"] = "421 4.3.2 down"
    keep_trying(outbox, clock, 100)
    (trouble,) = standing(store)
    assert (trouble.is_sending, trouble.since) == (True, NOW)
    assert "421 4.3.2" in trouble.why
    assert_nothing_was_held_against(store, number)
    del server.answers["greeting"]
    assert outbox.deliver(NEVER) == 1
    assert (states(store)[number], standing(store)) == (SENT, ())


def test_a_server_that_is_back_is_noticed_though_nothing_waits_for_it(
    store: Store, server: Scripted, outbox: Outbox, clock: Clock
) -> None:
    with store.writing() as db:
        troubles.note(db, "SMTP", "Another daemon said so, and has ended.", NOW)
    server.answers["greeting"] = "421 4.3.2 down"
    assert outbox.deliver(NEVER) == 0
    del server.answers["greeting"]
    assert outbox.deliver(NEVER) == 0
    assert standing(store), "it is left alone for a while"
    pass_time(clock, seconds=2)
    assert outbox.deliver(NEVER) == 0
    assert standing(store) == ()
    assert not [command for command in server.commands if command.startswith("MAIL")]


def test_the_first_sign_in_says_how_the_server_is(store: Store, server: Scripted, open_outbox: Open) -> None:
    with pytest.raises(TemporaryError):
        open_outbox(free_port()).sign_in()
    assert [trouble.is_sending for trouble in standing(store)] == [True]
    open_outbox(server.port).sign_in()
    assert standing(store) == ()


def test_a_password_that_was_changed_costs_a_wait_and_no_mail(
    store: Store, server: Scripted, open_outbox: Open, clock: Clock
) -> None:
    server.extensions.append("AUTH PLAIN")
    outbox = open_outbox(server.port, smtp_user="me", smtp_password="hush")
    queue(store, outgoing_mail(1))
    outbox.deliver(NEVER)
    server.answers["AUTH"] = "535 5.7.8 bad password hush"
    server.cut()
    numbers = queue(store, outgoing_mail(2), outgoing_mail(3))
    keep_trying(outbox, clock, 5 * 24)
    assert_nothing_was_held_against(store, *numbers)
    (trouble,) = standing(store)
    assert "MAILFLOW_SMTP_USER and MAILFLOW_SMTP_PASSWORD" in trouble.why
    assert "hush" not in trouble.why
    del server.answers["AUTH"]
    keep_trying(outbox, clock, 1)
    assert set(states(store).values()) == {SENT}
    assert standing(store) == ()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate for localhost, one that has expired, and their key."""
    need("openssl", package="openssl")
    folder = tmp_path_factory.mktemp("certificates")
    certify(folder)
    expire = ["openssl", "x509", "-in", "certificate.pem", "-signkey", "key.pem", "-days", "-1", "-out", "expired.pem"]
    subprocess.run(expire, check=True, capture_output=True, cwd=folder)
    return folder


@pytest.mark.parametrize(
    ("shown", "trusted", "why"),
    [
        (
            "expired.pem",
            "expired.pem",
            "MAILFLOW_SMTP_HOST: the certificate of localhost is not trusted (certificate has expired)",
        ),
        ("certificate.pem", None, "MAILFLOW_SMTP_HOST: the certificate of localhost is not trusted (self-signed certificate)"),
        (None, "certificate.pem", "MAILFLOW_SMTP_SECURITY: localhost offers no STARTTLS"),
    ],
    ids=["expired", "self-signed", "stripped"],
)
def test_where_the_way_is_not_safe_no_mail_leaves_and_none_is_lost(
    store: Store, open_outbox: Open, certificates: Path, shown: str | None, trusted: str | None, why: str
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificates / (shown or "certificate.pem"), certificates / "key.pem")
    (number,) = queue(store, outgoing_mail(1))
    with scripted.started(tls) as server:
        server.extensions += ["STARTTLS"] if shown else []
        ca_file = certificates / trusted if trusted else None
        outbox = open_outbox(server.port, smtp_host="localhost", smtp_security="starttls", ca_file=ca_file)
        assert outbox.deliver(NEVER) == 0
        assert why in standing(store)[0].why
        assert not [command for command in server.commands if command.startswith(("AUTH", "MAIL"))]
    assert_nothing_was_held_against(store, number)


def test_a_greylisted_mail_is_taken_the_next_time(store: Store, server: Scripted, outbox: Outbox, clock: Clock) -> None:
    server.answers["RCPT"] = ["450 4.7.1 greylisted, come back in five minutes"]
    (number,) = queue(store, outgoing_mail(1))
    outbox.deliver(NEVER)
    assert (states(store)[number], standing(store)) == (DEFERRED, ())
    pass_time(clock, minutes=5)
    outbox.deliver(NEVER)
    assert (states(store)[number], len(server.accepted)) == (SENT, 1)


def test_while_we_may_not_relay_mails_wait_and_go_when_we_may(
    store: Store, server: Scripted, outbox: Outbox, clock: Clock
) -> None:
    server.answers["RCPT"] = "554 5.7.1 Relay access denied"
    numbers = queue(store, *(outgoing_mail(n) for n in range(5)))
    keep_trying(outbox, clock, 48)
    assert states(store) == dict.fromkeys(numbers, DEFERRED)
    assert (
        row_of(store, numbers[0])["failure"]
        == "The mail server refuses the recipient: 554 5.7.1 (refused by security or policy)."
    )
    del server.answers["RCPT"]
    keep_trying(outbox, clock, 5)
    assert set(states(store).values()) == {SENT}


def test_a_recipient_who_is_barred_for_days_is_given_up_and_keeps_nobody_waiting(
    store: Store, server: Scripted, outbox: Outbox, clock: Clock
) -> None:
    (barred,) = queue(store, outgoing_mail(1))
    server.answers["RCPT"] = ["554 5.7.1 members only"]
    outbox.deliver(NEVER)
    (other,) = queue(store, outgoing_mail(2))
    outbox.deliver(NEVER)
    assert states(store)[other] is SENT
    server.answers["RCPT"] = "554 5.7.1 members only"
    keep_trying(outbox, clock, 80)
    assert states(store)[barred] is FAILED
    assert str(row_of(store, barred)["failure"]).startswith("Given up after 3 days.")


DENIED = "550 5.7.60 SMTP; Client does not have permissions to send as this sender"


def test_where_we_may_not_send_from_our_address_mails_wait_and_go_when_we_may(
    store: Store, server: Scripted, outbox: Outbox, clock: Clock
) -> None:
    server.answers["."] = DENIED
    (number,) = queue(store, outgoing_mail(1))
    keep_trying(outbox, clock, 48)
    assert states(store)[number] is DEFERRED
    assert "MAILFLOW_ADDRESS" in str(row_of(store, number)["failure"])
    assert "MAILFLOW_ADDRESS" in standing(store)[0].why
    del server.answers["."]
    keep_trying(outbox, clock, 5)
    assert (states(store)[number], standing(store)) == (SENT, ())


def test_mails_that_bear_an_address_we_had_before_hold_up_none_behind_them(
    store: Store, server: Scripted, open_outbox: Open, clock: Clock
) -> None:
    outbox = open_outbox(server.port, smtp_connections=4)
    server.answers["."] = [DENIED] * 4
    old = queue(store, *(outgoing_mail(n) for n in range(4)))
    assert outbox.deliver(NEVER) == 4
    assert states(store) == dict.fromkeys(old, DEFERRED)
    (new,) = queue(store, outgoing_mail(4))
    pass_time(clock, seconds=2)
    assert outbox.deliver(NEVER) == 1
    assert states(store)[new] is SENT


def test_a_mail_that_is_too_large_has_failed_and_the_next_one_leaves(store: Store, server: Scripted, outbox: Outbox) -> None:
    server.extensions.append("SIZE 1000")
    large, small = queue(store, outgoing_mail(1, body="A line.\r\n" * 200), outgoing_mail(2))
    outbox.deliver(NEVER)
    assert states(store) == {large: FAILED, small: SENT}
    assert "takes 1000 at most" in str(row_of(store, large)["failure"])


def test_a_server_that_wants_fewer_mails_is_left_alone_for_longer_each_time(
    store: Store, server: Scripted, outbox: Outbox, clock: Clock
) -> None:
    numbers = queue(store, *(outgoing_mail(n) for n in range(3)))
    server.answers["MAIL"] = "421 4.7.0 too many messages"
    for seconds in (2, 4, 8):
        assert outbox.deliver(NEVER) == 1, "the first one's turn, and no other's"
        connections = server.connections
        pass_time(clock, seconds=seconds - 0.1)
        assert outbox.deliver(NEVER) == 0
        assert server.connections == connections
        pass_time(clock, seconds=0.1)
    assert_nothing_was_held_against(store, *numbers)
    del server.answers["MAIL"]
    assert outbox.deliver(NEVER) == 3
    assert server.accepted == [outgoing_mail(n).raw for n in range(3)]


@pytest.mark.parametrize(
    "answer", ["421 4.7.0 too many messages", DENIED, "554 5.2.252 SendAsDenied"], ids=["421", "5.7.60", "5.2.252"]
)
def test_a_mail_that_the_server_cannot_bear_waits_its_own_time_and_the_others_go(
    store: Store, server: Scripted, outbox: Outbox, clock: Clock, answer: str
) -> None:
    server.answers["."] = [answer]
    poison, *others = queue(store, *(outgoing_mail(n) for n in range(3)))
    assert outbox.deliver(NEVER) == 1
    assert outbox.deliver(NEVER) == 0, "it is left alone for a while"
    assert states(store)[poison] is DEFERRED
    pass_time(clock, seconds=2)
    assert outbox.deliver(NEVER) == 2
    assert {states(store)[number] for number in others} == {SENT}
    pass_time(clock, minutes=1)
    assert outbox.deliver(NEVER) == 1
    assert states(store)[poison] is SENT


def test_no_more_mails_leave_in_a_minute_than_the_server_takes_alerts_first_and_the_others_in_order(
    store: Store, server: Scripted, open_outbox: Open, clock: Clock
) -> None:
    outbox = open_outbox(server.port, smtp_connections=1, smtp_a_minute=3)
    alert = outgoing_mail(9, purpose=Purpose.ALERT)
    numbers = queue(store, *(outgoing_mail(n) for n in range(5)), alert)
    assert (outbox.deliver(NEVER), outbox.deliver(NEVER)) == (3, 0)
    assert server.accepted == [alert.raw, outgoing_mail(0).raw, outgoing_mail(1).raw]
    assert_nothing_was_held_against(store, *numbers[2:5])
    pass_time(clock, seconds=59)
    assert outbox.deliver(NEVER) == 0
    pass_time(clock, seconds=1)
    assert (outbox.deliver(NEVER), outbox.deliver(NEVER)) == (3, 0)
    assert server.accepted[3:] == [outgoing_mail(n).raw for n in (2, 3, 4)]


def test_senders_at_once_keep_to_one_pace_together(store: Store, server: Scripted, clock: Clock) -> None:
    queue(store, *(outgoing_mail(n) for n in range(20)))
    together = Barrier(2)

    def send(holder: str) -> None:
        with closing(Outbox(store, settings_for(server.port, smtp_a_minute=7), holder, clock=clock)) as outbox:
            together.wait(10)
            for _ in range(4):
                outbox.deliver(NEVER)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(send, ["elsewhere/1/1", "elsewhere/2/1"]))
    assert len(server.accepted) == 7
