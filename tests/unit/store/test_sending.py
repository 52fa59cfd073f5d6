"""Never twice, in the database: of one occasion one mail, of one mail one sender, and of what was sent nothing more."""

import os
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from mailflow.domain import OutgoingState, Purpose
from mailflow.store import pacing, queueing, resolving, sending
from mailflow.store.database import Store, migrate
from mailflow.store.leases import LEASE, this_process
from mailflow.store.sending import BEGUN_LEASE, Outcome
from mailflow.store.tables import attempts, events, outgoings
from outgoing import NOW, outgoing_mail, queue, row_of, set_row, states

ONE, OTHER = "elsewhere/1/1", "elsewhere/2/2"
SENT = Outcome(OutgoingState.SENT)


def claim(store: Store, holder: str = ONE, limit: int = 10, now=NOW, replies: int | None = None) -> list[int]:
    with store.writing() as db:
        return [mail.id for mail in sending.claim(db, holder, limit, now, replies)]


def begin(store: Store, *ids: int, holder: str = ONE, now=NOW) -> set[int]:
    with store.writing() as db:
        return sending.begin(db, ids, holder, now)


def settle(store: Store, number: int, outcome: Outcome = SENT, holder: str = ONE, now=NOW) -> bool:
    with store.writing() as db:
        return sending.settle(db, number, holder, outcome, now)


def recover(store: Store, now=NOW) -> list[int]:
    with store.writing() as db:
        return sending.recover(db, now)


def tries(store: Store, number: int) -> list[tuple[OutgoingState, str | None]]:
    with store.reading() as db:
        rows = db.execute(select(attempts.c.outcome, attempts.c.detail).where(attempts.c.outgoing_id == number))
        return [tuple(row) for row in rows]


def test_an_occasion_is_used_once_and_the_transaction_goes_on(store: Store) -> None:
    with store.writing() as db:
        assert queueing.enqueue(db, outgoing_mail(1), OutgoingState.QUEUED, NOW)
        assert not queueing.enqueue(db, outgoing_mail(1), OutgoingState.QUEUED, NOW)
        assert queueing.enqueue(db, outgoing_mail(2), OutgoingState.DRAFT, NOW)
    assert list(states(store).values()) == [OutgoingState.QUEUED, OutgoingState.DRAFT]


def test_an_occasion_stays_used_after_the_mail_was_sent_or_cancelled(store: Store) -> None:
    number, other = queue(store, outgoing_mail(1), outgoing_mail(2))
    set_row(store, number, state=OutgoingState.SENT)
    set_row(store, other, state=OutgoingState.CANCELLED)
    with store.writing() as db:
        assert not queueing.enqueue(db, outgoing_mail(1), OutgoingState.QUEUED, NOW)
        assert not queueing.enqueue(db, outgoing_mail(2), OutgoingState.QUEUED, NOW)


def test_a_message_id_of_another_occasion_is_an_error_and_not_a_silence(store: Store) -> None:
    queue(store, outgoing_mail(1))
    with pytest.raises(IntegrityError), store.writing() as db:
        queueing.enqueue(db, replace(outgoing_mail(1), once="something else"), OutgoingState.QUEUED, NOW)


def test_mails_are_claimed_oldest_first_and_only_those_that_are_due(store: Store) -> None:
    mails = [outgoing_mail(n) for n in range(1, 8)]
    a, draft, deferred, later, rehearsed, b, c = queue(store, *mails)
    set_row(store, draft, state=OutgoingState.DRAFT)
    set_row(store, deferred, state=OutgoingState.DEFERRED, next_attempt_at=NOW)
    set_row(store, later, state=OutgoingState.DEFERRED, next_attempt_at=NOW + timedelta(seconds=1))
    set_row(store, rehearsed, state=OutgoingState.REHEARSED)
    assert claim(store, limit=3) == [a, deferred, b]
    assert claim(store, holder=OTHER) == [c]
    assert claim(store) == []
    assert claim(store, now=NOW + timedelta(seconds=1)) == [later]


def test_a_claimed_mail_brings_what_sending_needs(store: Store) -> None:
    mail = outgoing_mail(1, "a@university.example", "b@university.example")
    queue(store, mail)
    with store.writing() as db:
        (claimed,) = sending.claim(db, ONE, 10, NOW)
    assert (claimed.recipients, claimed.raw, claimed.purpose, claimed.attempts) == (mail.recipients, mail.raw, mail.purpose, 0)
    assert "a@university.example" not in repr(claimed)


def test_only_a_claimed_mail_can_be_begun_only_by_its_holder_and_only_once(store: Store) -> None:
    number, unclaimed = queue(store, outgoing_mail(1), outgoing_mail(2))
    assert claim(store, limit=1) == [number]
    assert begin(store, number, unclaimed, holder=OTHER) == set()
    assert begin(store, number, unclaimed) == {number}
    assert begin(store, number) == set()


def test_settling_by_another_holder_changes_nothing(store: Store) -> None:
    (number,) = queue(store, outgoing_mail(1))
    claim(store)
    begin(store, number)
    before = row_of(store, number)
    assert not settle(store, number, holder=OTHER)
    assert row_of(store, number) == before
    assert tries(store, number) == []


def test_a_mail_that_was_not_begun_cannot_be_settled(store: Store) -> None:
    (number,) = queue(store, outgoing_mail(1))
    claim(store)
    assert not settle(store, number)
    assert states(store)[number] is OutgoingState.SENDING


def test_after_sent_nothing_changes_it_and_nobody_gets_it(store: Store) -> None:
    (number,) = queue(store, outgoing_mail(1))
    claim(store)
    begin(store, number)
    assert settle(store, number)
    before = row_of(store, number)
    assert before["sent_at"] == NOW
    assert not settle(store, number, Outcome(OutgoingState.FAILED, "no"))
    far = NOW + timedelta(days=9)
    recover(store, far)
    with store.writing() as db:
        sending.give_back(db, [number], ONE)
        assert resolving.retry(db, [number], "sam", far) == []
        assert not resolving.cancel(db, number, "sam", far)
        assert not resolving.approve(db, number, "sam", far)
    assert claim(store, now=far) == []
    assert row_of(store, number) == before


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome(OutgoingState.DEFERRED, "450.", again_at=NOW + timedelta(minutes=1)),
        Outcome(OutgoingState.FAILED, "550."),
        Outcome(OutgoingState.IN_DOUBT, "Broken."),
    ],
)
def test_an_attempt_is_written_down_with_its_outcome(store: Store, outcome: Outcome) -> None:
    (number,) = queue(store, outgoing_mail(1))
    claim(store)
    begin(store, number)
    assert settle(store, number, outcome)
    row = row_of(store, number)
    assert (row["state"], row["failure"], row["next_attempt_at"]) == (outcome.state, outcome.detail, outcome.again_at)
    assert (row["attempts"], row["claimed_by"], row["sent_at"]) == (1, None, None)
    assert tries(store, number) == [(outcome.state, outcome.detail)]


def test_a_try_that_never_reached_the_server_does_not_count(store: Store) -> None:
    (number,) = queue(store, outgoing_mail(1))
    claim(store)
    begin(store, number)
    assert settle(store, number, Outcome(OutgoingState.QUEUED, "away"))
    assert row_of(store, number)["attempts"] == 0
    assert claim(store, holder=OTHER) == [number]


def test_what_some_have_got_is_claimed_for_the_others_only_and_that_is_kept(store: Store) -> None:
    (number,) = queue(store, outgoing_mail(1, "a@x.example", "b@x.example", "c@x.example"))
    partly = Outcome(OutgoingState.DEFERRED, "450.", again_at=NOW, remaining=("b@x.example", "c@x.example"), reached=True)
    for outcome in (partly, Outcome(OutgoingState.DEFERRED, "450.", again_at=NOW)):
        claim(store)
        begin(store, number)
        settle(store, number, outcome)
        with store.writing() as db:
            (mail,) = sending.claim(db, OTHER, 1, NOW)
            assert mail.recipients == ("b@x.example", "c@x.example")
            sending.give_back(db, [number], OTHER)
    assert row_of(store, number)["sent_at"] == NOW


def test_what_was_not_begun_goes_back_and_what_was_begun_does_not(store: Store) -> None:
    begun, idle = queue(store, outgoing_mail(1), outgoing_mail(2))
    claim(store)
    begin(store, begun)
    with store.writing() as db:
        sending.give_back(db, [begun, idle], OTHER)
    assert states(store)[idle] is OutgoingState.SENDING
    with store.writing() as db:
        sending.give_back(db, [begun, idle], ONE)
    assert states(store) == {begun: OutgoingState.SENDING, idle: OutgoingState.QUEUED}


def test_a_lease_that_ran_out_leaves_the_begun_in_doubt_and_the_rest_queued(store: Store) -> None:
    begun, idle = queue(store, outgoing_mail(1), outgoing_mail(2))
    claim(store)
    begin(store, begun)
    assert recover(store, NOW + LEASE) == []
    assert states(store)[idle] is OutgoingState.SENDING
    assert recover(store, NOW + LEASE * 2) == []
    assert states(store) == {begun: OutgoingState.SENDING, idle: OutgoingState.QUEUED}
    assert recover(store, NOW + BEGUN_LEASE * 2) == [begun]
    assert states(store)[begun] is OutgoingState.IN_DOUBT
    assert claim(store, now=NOW + BEGUN_LEASE * 2) == [idle]


def test_a_process_seen_to_be_dead_is_recovered_from_at_once_and_a_living_one_is_left_alone(store: Store) -> None:
    # Our pid, but started at another time: the one that had it before us.
    dead = f"{socket.gethostname()}/{os.getpid()}/0"
    mine, theirs = queue(store, outgoing_mail(1), outgoing_mail(2))
    claim(store, holder=this_process(), limit=1)
    claim(store, holder=dead)
    begin(store, theirs, holder=dead)
    assert recover(store) == [theirs]
    assert states(store) == {mine: OutgoingState.SENDING, theirs: OutgoingState.IN_DOUBT}


def test_a_slow_sender_that_was_given_up_still_tells_what_it_knows(store: Store) -> None:
    (number,) = queue(store, outgoing_mail(1))
    claim(store)
    begin(store, number)
    later = NOW + BEGUN_LEASE * 2
    recover(store, later)
    assert settle(store, number, now=later)
    assert states(store)[number] is OutgoingState.SENT


def test_a_slow_sender_is_not_heard_after_a_person_has_decided(store: Store) -> None:
    (number,) = queue(store, outgoing_mail(1))
    claim(store)
    begin(store, number)
    later = NOW + BEGUN_LEASE * 2
    recover(store, later)
    with store.writing() as db:
        assert resolving.retry(db, [number], "sam", later) == [number]
    claim(store, holder=OTHER, now=later)
    assert not settle(store, number, now=later)
    assert begin(store, number, now=later) == set()
    assert begin(store, number, holder=OTHER, now=later) == {number}


def test_the_first_of_a_series_of_tries_is_remembered_until_a_person_retries(store: Store) -> None:
    (number,) = queue(store, outgoing_mail(1))
    for hours in (0, 1, 2):
        now = NOW + timedelta(hours=hours)
        with store.writing() as db:
            (mail,) = sending.claim(db, ONE, 1, now)
            assert sending.trying_since(db, mail) == (NOW if hours else None)
            sending.begin(db, [number], ONE, now)
            sending.settle(db, number, ONE, Outcome(OutgoingState.DEFERRED, "450.", again_at=now), now)
    set_row(store, number, state=OutgoingState.FAILED)
    with store.writing() as db:
        resolving.retry(db, None, "sam", now)
        (mail,) = sending.claim(db, ONE, 1, now)
        assert sending.trying_since(db, mail) is None


def test_the_cap_holds_replies_back_and_nothing_else(store: Store) -> None:
    reply, digest, other = queue(store, outgoing_mail(1), outgoing_mail(2, purpose=Purpose.DIGEST), outgoing_mail(3))
    assert claim(store, replies=0) == [digest]
    assert claim(store, replies=1) == [reply]
    assert claim(store, replies=-5) == []
    assert claim(store, replies=None) == [other]


def test_what_was_sent_or_may_have_been_counts_for_an_hour_and_what_is_claimed_while_it_is(store: Store) -> None:
    sent, begun, waiting, alert = queue(
        store, outgoing_mail(1), outgoing_mail(2), outgoing_mail(3), outgoing_mail(4, purpose=Purpose.ALERT)
    )
    claim(store)
    begin(store, sent, begun, alert)
    settle(store, sent)
    settle(store, alert)
    for minutes, count in ((1, 3), (59, 2), (61, 0)):
        with store.reading() as db:
            assert pacing.replies_left(db, 10, NOW + timedelta(minutes=minutes)) == 10 - count
    assert states(store)[waiting] is OutgoingState.SENDING


def test_the_audit_log_names_no_address(store: Store) -> None:
    first, second = queue(store, outgoing_mail(1), outgoing_mail(2))
    claim(store)
    begin(store, first, second)
    settle(store, first, Outcome(OutgoingState.FAILED, "The mail server refuses the recipient: 550."))
    recover(store, NOW + BEGUN_LEASE * 2)
    with store.reading() as db:
        entries = [tuple(row) for row in db.execute(select(events.c.what, events.c.detail))]
    assert entries == [("mail failed", f"mail {first}"), ("mail in_doubt", f"mail {second}")]


def test_holders_that_claim_at_once_never_get_the_same_mail(store: Store) -> None:
    numbers = queue(store, *(outgoing_mail(n) for n in range(60)))
    together = Barrier(4)

    def take_all(holder: str) -> list[int]:
        together.wait(10)
        got: list[int] = []
        while mine := claim(store, holder, limit=3):
            assert begin(store, *mine, holder=holder) == set(mine)
            got += mine
        return got

    with ThreadPoolExecutor(4) as pool:
        shares = list(pool.map(take_all, [f"elsewhere/{n}/1" for n in range(4)]))
    assert sorted(number for share in shares for number in share) == numbers


def test_senders_that_claim_at_once_stay_under_the_cap_on_replies_together(store: Store) -> None:
    queue(store, *(outgoing_mail(n) for n in range(12)))
    together = Barrier(4)

    def take_some(holder: str) -> int:
        together.wait(10)
        with store.writing() as db:
            return len(sending.claim(db, holder, 3, NOW, replies=pacing.replies_left(db, 5, NOW)))

    with ThreadPoolExecutor(4) as pool:
        shares = list(pool.map(take_some, [f"elsewhere/{n}/1" for n in range(4)]))
    assert sum(shares) == 5


class TwoSenders(RuleBasedStateMachine):
    """Two holders do what senders do, in any order, with crashes and time passing; a person never retries here."""

    def __init__(self) -> None:
        super().__init__()
        self.store = Store("sqlite://")  # only in memory: each of hundreds of runs needs an empty one
        migrate(self.store)
        self.now = NOW
        self.made = 0
        self.begun: dict[int, str] = {}  # a mail on its way to the server
        self.taken: list[int] = []  # what the server took

    def teardown(self) -> None:
        self.store.close()

    @rule()
    def a_mail_is_queued(self) -> None:
        self.made += 1
        queue(self.store, outgoing_mail(self.made))

    @rule(holder=st.sampled_from((ONE, OTHER)), limit=st.integers(1, 3))
    def somebody_claims(self, holder: str, limit: int) -> None:
        claim(self.store, holder, limit, self.now)

    @rule(holder=st.sampled_from((ONE, OTHER)), number=st.integers(1, 5))
    def somebody_begins(self, holder: str, number: int) -> None:
        for mail in begin(self.store, number, holder=holder, now=self.now):
            assert mail not in self.begun, "two senders send the same mail"
            assert mail not in self.taken, "a mail is sent again"
            self.begun[mail] = holder

    @rule(number=st.integers(1, 5))
    def the_server_takes_one_and_its_sender_learns_it(self, number: int) -> None:
        if holder := self.begun.pop(number, None):
            self.taken.append(number)
            assert settle(self.store, number, holder=holder, now=self.now)

    @rule(number=st.integers(1, 5))
    def the_server_takes_one_and_its_sender_dies(self, number: int) -> None:
        if self.begun.pop(number, None):
            self.taken.append(number)

    @rule(number=st.integers(1, 5))
    def the_server_refuses_one_for_now(self, number: int) -> None:
        if holder := self.begun.pop(number, None):
            assert settle(self.store, number, Outcome(OutgoingState.DEFERRED, "450.", again_at=self.now), holder, self.now)

    @rule(minutes=st.sampled_from((1, 2, 40)))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        recover(self.store, self.now)

    @invariant()
    def nothing_is_taken_twice_or_forgotten(self) -> None:
        assert len(self.taken) == len(set(self.taken))
        known = states(self.store)
        assert len(known) == self.made
        for number in self.taken:
            assert known[number] in {OutgoingState.SENT, OutgoingState.SENDING, OutgoingState.IN_DOUBT}


def test_in_any_order_of_events_no_mail_is_sent_twice() -> None:
    run_state_machine_as_test(TwoSenders, settings=settings(max_examples=25, stateful_step_count=30, deadline=None))


def test_what_failed_or_is_in_doubt_is_listed_and_only_a_person_queues_it_again(store: Store) -> None:
    failed, doubtful, fine = queue(store, *(outgoing_mail(n) for n in (1, 2, 3)))
    before = row_of(store, failed)
    claim(store)
    begin(store, failed, doubtful, fine)
    settle(store, failed, Outcome(OutgoingState.FAILED, "550."))
    settle(store, doubtful, Outcome(OutgoingState.IN_DOUBT, "Broken."))
    settle(store, fine)
    assert claim(store, now=NOW + timedelta(days=9)) == []
    with store.writing() as db:
        assert [mail.id for mail in resolving.failed(db)] == [failed]
        assert [mail.id for mail in resolving.in_doubt(db)] == [doubtful]
        assert resolving.retry(db, None, "sam", NOW) == [failed, doubtful]
    after = row_of(store, failed)
    assert all(after[name] == before[name] for name in ("raw", "message_id", "recipients", "state", "attempts", "failure"))
    with store.reading() as db:
        assert [(row.who, row.what) for row in db.execute(select(events.c.who, events.c.what))][-1] == ("sam", "mail retried")


def test_a_draft_goes_out_when_approved_and_not_when_cancelled(store: Store) -> None:
    wanted, unwanted = queue(store, outgoing_mail(1), outgoing_mail(2), state=OutgoingState.DRAFT)
    assert claim(store) == []
    with store.writing() as db:
        assert resolving.approve(db, wanted, "sam", NOW)
        assert resolving.cancel(db, unwanted, "sam", NOW)
        assert not resolving.approve(db, unwanted, "sam", NOW)
    assert claim(store) == [wanted]
    assert begin(store, wanted) == {wanted}
    with store.writing() as db:
        assert not resolving.cancel(db, wanted, "sam", NOW)
    with store.reading() as db:
        assert db.execute(select(outgoings.c.state).where(outgoings.c.id == unwanted)).scalar_one() is OutgoingState.CANCELLED
