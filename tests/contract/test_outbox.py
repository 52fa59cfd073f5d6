"""The step that sends, over real connections: every mail leaves once, and one that cannot leave keeps no other waiting."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from threading import Event, Timer

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from mailflow.domain import OutgoingState, Purpose
from mailflow.outbox import relays
from mailflow.outbox.deliver import Outbox
from mailflow.store import resolving
from mailflow.store.database import Store
from mailflow.store.tables import attempts
from outgoing import NOW, SENDER, Clock, outgoing_mail, queue, row_of, settings_for, states
from servers import scripted
from servers.postfix import Postfix
from servers.scripted import DROP, Scripted
from servers.sink import SmtpSink
from servers.starting import HOST, eventually, free_port

NEVER = Event()
QUEUED, SENT, DEFERRED = OutgoingState.QUEUED, OutgoingState.SENT, OutgoingState.DEFERRED
FAILED, IN_DOUBT = OutgoingState.FAILED, OutgoingState.IN_DOUBT


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted.started() as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def outbox(store: Store, server: Scripted, clock: Clock) -> Iterator[Outbox]:
    with closing(Outbox(store, settings_for(server.port), "elsewhere/1/1", clock=clock, chance=lambda: 1.0)) as opened:
        yield opened


def deliver_all(outbox: Outbox) -> int:
    return sum(iter(lambda: outbox.deliver(NEVER), 0))


def count_attempts(store: Store) -> int:
    with store.reading() as db:
        return db.execute(select(func.count()).select_from(attempts)).scalar_one()


def test_every_queued_mail_is_sent_once(store: Store, server: Scripted, outbox: Outbox) -> None:
    mails = [outgoing_mail(n) for n in range(100)]
    queue(store, *mails)
    assert deliver_all(outbox) == 100
    assert sorted(server.complete) == sorted(mail.raw for mail in mails)
    assert set(states(store).values()) == {SENT}
    assert outbox.deliver(NEVER) == 0
    assert len(server.complete) == 100
    assert server.connections == 4


def test_in_rehearsal_nothing_is_sent_whatever_was_queued_before(store: Store, server: Scripted) -> None:
    queue(store, outgoing_mail(1))
    with closing(Outbox(store, settings_for(server.port, mode="rehearsal"), "elsewhere/1/1")) as outbox:
        assert outbox.deliver(NEVER) == 0
    assert (server.connections, list(states(store).values())) == (0, [QUEUED])


@pytest.mark.parametrize("connections", [1, 4])
def test_as_many_mails_are_under_way_as_there_may_be_connections(store: Store, server: Scripted, connections: int) -> None:
    server.seconds = 0.05
    queue(store, *(outgoing_mail(n) for n in range(12)))
    with closing(Outbox(store, settings_for(server.port, smtp_connections=connections), "elsewhere/1/1")) as outbox:
        assert outbox.deliver(NEVER) == (10 if connections == 1 else 12)
    assert server.most_at_once == connections


def test_there_are_no_more_connections_than_mails(store: Store, server: Scripted, outbox: Outbox) -> None:
    queue(store, outgoing_mail(1), outgoing_mail(2))
    deliver_all(outbox)
    assert server.connections == 2


def test_a_server_that_allows_fewer_connections_gets_all_the_same(store: Store, server: Scripted, outbox: Outbox) -> None:
    server.answers["greeting"] = ["220 here", *["421 4.7.0 too many connections"] * 3]
    queue(store, *(outgoing_mail(n) for n in range(8)))
    assert outbox.deliver(NEVER) == 8
    assert set(states(store).values()) == {SENT}


def test_a_connection_that_died_between_two_deliveries_is_made_anew(store: Store, server: Scripted, outbox: Outbox) -> None:
    for number in (1, 2):
        queue(store, outgoing_mail(number))
        deliver_all(outbox)
        server.cut()
    assert (server.connections, len(server.accepted)) == (2, 2)
    assert set(states(store).values()) == {SENT}


def test_one_poisoned_recipient_keeps_nobody_waiting(store: Store, smtp_sink: SmtpSink) -> None:
    smtp_sink.refusals = {"person1@university.example": "550 5.1.1 nobody", "person2@university.example": "451 4.3.0 ouch"}
    numbers = queue(store, *(outgoing_mail(n) for n in range(1, 7)))
    with closing(Outbox(store, settings_for(smtp_sink.port, smtp_connections=1), "elsewhere/1/1")) as outbox:
        assert outbox.deliver(NEVER) == 6
    assert list(states(store).values()) == [FAILED, DEFERRED, SENT, SENT, SENT, SENT]
    assert len(smtp_sink.received) == 4
    assert row_of(store, numbers[0])["failure"] == "The mail server refuses the recipient: 550 5.1.1 (there is no such address)."


def test_a_refusal_for_now_is_tried_again_at_its_time(store: Store, server: Scripted, outbox: Outbox, clock: Clock) -> None:
    server.answers["."] = ["451 4.3.0 later", "451 4.3.0 later"]
    (number,) = queue(store, outgoing_mail(1))
    for seconds in (60, 120):
        assert outbox.deliver(NEVER) == 1
        assert row_of(store, number)["next_attempt_at"] == clock.now + timedelta(seconds=seconds)
        assert outbox.deliver(NEVER) == 0
        clock.now += timedelta(seconds=seconds)
    assert outbox.deliver(NEVER) == 1
    row = row_of(store, number)
    assert (row["state"], row["attempts"], row["failure"]) == (SENT, 3, None)


def test_after_three_days_of_refusals_a_mail_has_failed(store: Store, server: Scripted, outbox: Outbox, clock: Clock) -> None:
    server.answers["RCPT"] = "450 4.2.0 later"
    (number,) = queue(store, outgoing_mail(1))
    for _ in range(40):
        outbox.deliver(NEVER)
        clock.now += timedelta(hours=4)
    assert states(store)[number] is FAILED
    assert timedelta(days=3) <= last_attempt(store) - NOW < timedelta(days=3, hours=5)


def last_attempt(store: Store) -> datetime:
    with store.reading() as db:
        return db.execute(select(func.max(attempts.c.at))).scalar_one()


def test_a_final_refusal_is_not_tried_again_until_a_person_says_so(
    store: Store, server: Scripted, outbox: Outbox, clock: Clock
) -> None:
    server.answers["."] = ["554 5.6.0 no"]
    (number,) = queue(store, outgoing_mail(1))
    outbox.deliver(NEVER)
    clock.now += timedelta(days=9)
    assert outbox.deliver(NEVER) == 0
    assert states(store)[number] is FAILED
    with store.writing() as db:
        resolving.retry(db, [number], "sam", clock.now)
    assert outbox.deliver(NEVER) == 1
    assert server.accepted == [outgoing_mail(1).raw]


def test_what_the_server_may_have_taken_is_in_doubt_and_not_sent_again(
    store: Store, server: Scripted, outbox: Outbox, clock: Clock
) -> None:
    server.answers["."] = [DROP]
    queue(store, *(outgoing_mail(n) for n in range(3)))
    assert deliver_all(outbox) == 3
    clock.now += timedelta(days=9)
    assert deliver_all(outbox) == 0
    assert sorted(states(store).values()) == sorted([IN_DOUBT, SENT, SENT])
    assert len(server.complete) == 3


def test_a_drop_in_the_middle_of_a_mail_is_tried_again(store: Store, server: Scripted, outbox: Outbox, clock: Clock) -> None:
    server.answers["content"] = ""
    (number,) = queue(store, outgoing_mail(1, body="A line.\r\n" * 500_000))
    outbox.deliver(NEVER)
    assert states(store)[number] is DEFERRED
    del server.answers["content"]
    clock.now += timedelta(minutes=1)
    outbox.deliver(NEVER)
    assert (states(store)[number], len(server.complete)) == (SENT, 1)


def test_while_the_mail_server_is_away_mails_wait_and_it_is_left_alone(store: Store, server: Scripted, clock: Clock) -> None:
    numbers = queue(store, outgoing_mail(1), outgoing_mail(2))
    with closing(Outbox(store, settings_for(free_port()), "elsewhere/1/1", clock=clock, chance=lambda: 1.0)) as outbox:
        for seconds in (2, 4, 8):
            with capture_logs() as logs:
                assert outbox.deliver(NEVER) == outbox.deliver(NEVER) == 0
            (told,) = logs
            assert (told["event"], told["again_in"]) == ("the mail server is away", seconds)
            assert "MAILFLOW_SMTP_HOST" in told["error"]
            clock.now += timedelta(seconds=seconds)
    assert states(store) == dict.fromkeys(numbers, QUEUED)
    assert count_attempts(store) == 0


def test_a_mail_server_that_goes_away_halfway_gets_the_rest_later(store: Store, server: Scripted, clock: Clock) -> None:
    server.answers["MAIL"] = ["250 fine", *[DROP] * 2]
    numbers = queue(store, *(outgoing_mail(n) for n in range(5)))
    with closing(Outbox(store, settings_for(server.port, smtp_connections=1), "elsewhere/1/1", clock=clock)) as outbox:
        assert outbox.deliver(NEVER) == 2
        assert outbox.deliver(NEVER) == 0
        assert list(states(store).values()) == [SENT, *[QUEUED] * 4]
        assert row_of(store, numbers[1])["attempts"] == 0
        clock.now += timedelta(seconds=10)
        assert outbox.deliver(NEVER) == 4
    assert len(server.complete) == 5


def test_after_a_stop_nothing_is_begun(store: Store, server: Scripted, outbox: Outbox) -> None:
    (number,) = queue(store, outgoing_mail(1))
    stop = Event()
    stop.set()
    assert outbox.deliver(stop) == 0
    assert (states(store)[number], server.complete) == (QUEUED, [])


def test_a_stop_lets_what_is_under_way_finish_and_leaves_the_rest(store: Store, server: Scripted, outbox: Outbox) -> None:
    server.seconds = 0.3
    queue(store, *(outgoing_mail(n) for n in range(10)))
    stop = Event()
    timer = Timer(0.1, stop.set)
    timer.start()
    assert outbox.deliver(stop) == 4
    timer.join()
    assert sorted(states(store).values()) == sorted([*[SENT] * 4, *[QUEUED] * 6])


def test_a_stop_does_not_wait_for_a_server_that_says_nothing(
    store: Store, server: Scripted, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relays, "PATIENCE_SECONDS", 0.1)
    server.seconds = 2
    (number,) = queue(store, outgoing_mail(1))
    stop = Event()
    with ThreadPoolExecutor(1) as pool:
        delivery = pool.submit(outbox.deliver, stop)
        eventually(lambda: server.complete, "the mail to be under way")
        stop.set()
        assert delivery.result(1.5) == 1
    assert states(store)[number] is IN_DOUBT


@pytest.mark.parametrize("before", [1, 2], ids=["no other connection was open", "another one is idle"])
def test_while_the_server_is_slow_over_one_mail_an_alert_leaves_over_another_connection(
    store: Store, server: Scripted, outbox: Outbox, before: int
) -> None:
    with server.slow_over(outgoing_mail(1).raw) as answered, ThreadPoolExecutor(1) as pool:
        queue(store, *(outgoing_mail(n) for n in range(1, before + 1)))
        delivery = pool.submit(outbox.deliver, NEVER)
        eventually(lambda: len(server.complete) == before, "the first mails to be under way")
        (alert,) = queue(store, outgoing_mail(9, purpose=Purpose.ALERT))
        eventually(lambda: states(store)[alert] is SENT, "the alert to be sent")
        assert not delivery.done()
        answered.set()
        assert delivery.result(5) == before + 1
    assert set(states(store).values()) == {SENT}


def test_what_comes_while_a_mail_is_under_way_keeps_to_the_cap_and_none_leaves_after_a_stop(
    store: Store, server: Scripted, outbox: Outbox
) -> None:
    stop = Event()
    with server.slow_over(outgoing_mail(1).raw) as answered, ThreadPoolExecutor(1) as pool:
        queue(store, outgoing_mail(1))
        delivery = pool.submit(outbox.deliver, stop, 2)
        eventually(lambda: server.complete, "the first mail to be under way")
        _, above, late = queue(store, outgoing_mail(2), outgoing_mail(3), outgoing_mail(4))
        eventually(lambda: len(server.complete) == 2, "one more to leave")
        stop.set()
        answered.set()
        assert delivery.result(5) == 2
    assert (states(store)[above], states(store)[late]) == (QUEUED, QUEUED)
    assert len(server.accepted) == 2


def test_a_server_that_allows_one_connection_gets_what_came_meanwhile_over_that_one(
    store: Store, server: Scripted, outbox: Outbox
) -> None:
    server.answers["greeting"] = ["220 here", "421 4.7.0 too many connections"]
    with server.slow_over(outgoing_mail(1).raw) as answered, ThreadPoolExecutor(1) as pool:
        queue(store, outgoing_mail(1))
        delivery = pool.submit(outbox.deliver, NEVER)
        eventually(lambda: server.complete, "the first mail to be under way")
        queue(store, outgoing_mail(2))
        eventually(lambda: server.connections == 2, "another connection to be tried")
        answered.set()
        assert delivery.result(5) == 2
    assert (set(states(store).values()), server.connections) == ({SENT}, 2)


def test_a_stop_does_not_wait_for_a_server_that_does_not_greet(store: Store) -> None:
    (number,) = queue(store, outgoing_mail(1))
    stop = Event()
    timer = Timer(0.1, stop.set)
    with socket.create_server((HOST, 0)) as silent, ThreadPoolExecutor(1) as pool:
        outbox = Outbox(store, settings_for(silent.getsockname()[1]), "elsewhere/1/1")
        timer.start()
        assert pool.submit(outbox.deliver, stop).result(3) == 0
    timer.join()
    assert states(store)[number] is QUEUED


def test_a_copy_of_each_sent_mail_is_kept_and_none_of_others(store: Store, server: Scripted, clock: Clock) -> None:
    server.answers["RCPT"] = ["550 5.1.1 nobody"]
    queue(store, outgoing_mail(1), outgoing_mail(2))
    kept: list[bytes] = []
    settings = settings_for(server.port, smtp_connections=1)
    with closing(Outbox(store, settings, "elsewhere/1/1", keep_copy=kept.append)) as outbox:
        outbox.deliver(NEVER)
    assert kept == [outgoing_mail(2).raw]


def test_a_copy_that_cannot_be_kept_does_not_make_a_mail_unsent(store: Store, server: Scripted) -> None:
    def full(raw: bytes) -> None:
        raise OSError("No room.")

    queue(store, outgoing_mail(1), outgoing_mail(2))
    with closing(Outbox(store, settings_for(server.port), "elsewhere/1/1", keep_copy=full)) as outbox:
        assert deliver_all(outbox) == 2
    assert set(states(store).values()) == {SENT}


@pytest.mark.parametrize("way", ["bcc", "server"])
def test_we_send_ourselves_a_blind_copy_where_it_is_set(store: Store, smtp_sink: SmtpSink, way: str) -> None:
    queue(store, outgoing_mail(1))
    with closing(Outbox(store, settings_for(smtp_sink.port, sent_copy=way), "elsewhere/1/1")) as outbox:
        outbox.deliver(NEVER)
    (received,) = smtp_sink.await_mail()
    assert received.sender == SENDER
    assert received.recipients == ("person1@university.example", *([SENDER] if way == "bcc" else []))
    assert b"bcc" not in received.raw.lower()


def test_of_several_readers_those_refused_for_now_get_it_later_and_the_others_not_again(
    store: Store, smtp_sink: SmtpSink, clock: Clock
) -> None:
    smtp_sink.refusals = {"b@university.example": "450 4.7.1 greylisted"}
    (number,) = queue(store, outgoing_mail(1, "a@university.example", "b@university.example", purpose=Purpose.DIGEST))
    with closing(Outbox(store, settings_for(smtp_sink.port), "elsewhere/1/1", clock=clock)) as outbox:
        outbox.deliver(NEVER)
        assert states(store)[number] is DEFERRED
        smtp_sink.refusals.clear()
        clock.now += timedelta(minutes=1)
        outbox.deliver(NEVER)
    assert [received.recipients for received in smtp_sink.received] == [("a@university.example",), ("b@university.example",)]
    assert states(store)[number] is SENT


def test_automatic_replies_above_the_cap_wait_until_the_hour_is_over(
    store: Store, server: Scripted, outbox: Outbox, clock: Clock
) -> None:
    queue(store, *(outgoing_mail(n) for n in range(5)), outgoing_mail(5, purpose=Purpose.DIGEST))
    with capture_logs() as logs:
        for _ in range(4):
            outbox.deliver(NEVER, most_an_hour=3)
            clock.now += timedelta(minutes=1)
    assert list(states(store).values()) == [SENT, SENT, SENT, QUEUED, QUEUED, SENT]
    assert [entry["log_level"] for entry in logs if "cap" in entry["event"]] == ["warning"]
    clock.now += timedelta(hours=1)
    outbox.deliver(NEVER, most_an_hour=3)
    assert set(states(store).values()) == {SENT}


FULL_DISK = {
    "sqlite": [
        "CREATE TRIGGER full_disk BEFORE UPDATE ON outgoing WHEN NEW.state = 'sent'"
        " BEGIN SELECT RAISE(ABORT, 'disk is full'); END",
    ],
    "postgresql": [
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
        " $$BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full', MESSAGE = 'disk is full'; END$$",
        "CREATE TRIGGER full_disk BEFORE UPDATE ON outgoing FOR EACH ROW WHEN (NEW.state = 'sent') EXECUTE FUNCTION full_disk()",
    ],
}
SPACE_AGAIN = {"sqlite": "DROP TRIGGER full_disk", "postgresql": "DROP TRIGGER full_disk ON outgoing"}


@contextmanager
def full_disk(store: Store) -> Iterator[None]:
    """Until the block ends the database cannot write down that a mail was sent."""
    with store.writing() as db:
        for statement in FULL_DISK[db.dialect.name]:
            db.exec_driver_sql(statement)
    yield
    with store.writing() as db:
        db.exec_driver_sql(SPACE_AGAIN[db.dialect.name])


def test_what_was_sent_while_the_database_failed_is_written_down_later_and_not_sent_again(
    store: Store, server: Scripted, outbox: Outbox, clock: Clock
) -> None:
    queue(store, *(outgoing_mail(n) for n in range(3)))
    with full_disk(store):
        with pytest.raises(Exception, match="disk is full"):
            outbox.deliver(NEVER)
        assert SENT not in states(store).values()
    clock.now += timedelta(days=1)
    assert outbox.deliver(NEVER) == 0
    assert set(states(store).values()) == {SENT}
    assert len(server.complete) == 3


def test_two_outboxes_of_one_database_never_send_the_same_mail(store: Store, server: Scripted) -> None:
    mails = [outgoing_mail(n) for n in range(80)]
    queue(store, *mails)
    settings = settings_for(server.port, smtp_connections=2)
    boxes = [Outbox(store, settings, f"elsewhere/{n}/1") for n in range(2)]
    with ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(deliver_all, boxes))
    for box in boxes:
        box.close()
    assert sum(counts) == 80
    assert sorted(server.complete) == sorted(mail.raw for mail in mails)


def test_the_log_has_a_line_for_each_mail_and_no_address(store: Store, server: Scripted, outbox: Outbox) -> None:
    server.answers["RCPT"] = ["550 5.1.1 person1@university.example is unknown"]
    queue(store, *(outgoing_mail(n) for n in (1, 2)))
    with capture_logs() as logs:
        deliver_all(outbox)
    assert sorted(entry["event"] for entry in logs) == ["failed", "sent"]
    assert "@" not in str(logs)


@pytest.mark.real
def test_a_mail_comes_to_its_readers_mailbox_by_postfix_and_dovecot(store: Store, postfix: Postfix) -> None:
    staff = postfix.user()
    queue(store, outgoing_mail(1, staff))
    with closing(Outbox(store, settings_for(postfix.port), "elsewhere/1/1")) as outbox:
        assert deliver_all(outbox) == 1
    assert b"Thank you." in postfix.dovecot.await_mail(staff, 1)[0]
