"""What becomes of a mail after an attempt."""

from datetime import timedelta

import pytest

from mailflow.domain import OutgoingState, Purpose
from mailflow.errors import InDoubtError, PermanentError, TemporaryError
from mailflow.outbox.answers import Answer
from mailflow.outbox.outcome import GIVE_UP, LONGEST_PAUSE, Result, judge
from mailflow.outbox.smtp import AwayError
from mailflow.store.sending import ClaimedMail, Outcome
from outgoing import NOW


def judged(result: Result, *, attempts: int = 0, ago: timedelta = timedelta(), chance: float = 1.0) -> Outcome:
    mail = ClaimedMail(1, Purpose.DIGEST, ("a@x.example", "b@x.example"), b"", None, attempts)
    return judge(mail, result, NOW - ago, NOW, chance)


@pytest.mark.parametrize(
    ("result", "state"),
    [
        ({}, OutgoingState.SENT),
        (TemporaryError("450."), OutgoingState.DEFERRED),
        (PermanentError("550."), OutgoingState.FAILED),
        (InDoubtError("Broken."), OutgoingState.IN_DOUBT),
        (AwayError("Away."), OutgoingState.QUEUED),
        (ValueError("sam@x.example"), OutgoingState.IN_DOUBT),
    ],
)
def test_each_result_has_its_state(result: Result, state: OutgoingState) -> None:
    outcome = judged(result)
    assert outcome.state is state
    assert "sam" not in (outcome.detail or "")


def test_the_pauses_double_up_to_a_ceiling() -> None:
    pauses = [(judged(TemporaryError("450."), attempts=n).again_at - NOW).total_seconds() for n in range(12)]
    assert pauses[:4] == [60, 120, 240, 480]
    assert pauses[-1] == LONGEST_PAUSE


def test_a_pause_is_jittered_but_never_short() -> None:
    assert (judged(TemporaryError("450."), chance=0.0).again_at - NOW).total_seconds() == 30


def test_a_mail_is_given_up_after_three_days() -> None:
    assert judged(TemporaryError("450."), attempts=30, ago=GIVE_UP - timedelta(seconds=1)).state is OutgoingState.DEFERRED
    given_up = judged(TemporaryError("450."), attempts=30, ago=GIVE_UP)
    assert given_up == Outcome(OutgoingState.FAILED, "Given up after 3 days. 450.")


def test_a_mail_server_that_is_away_for_long_never_makes_a_mail_fail() -> None:
    assert judged(AwayError("Away."), attempts=30, ago=GIVE_UP * 9).state is OutgoingState.QUEUED


def test_where_some_were_refused_for_good_it_has_failed_for_these_only() -> None:
    outcome = judged({"b@x.example": Answer(550, "5.1.1")})
    assert (outcome.state, outcome.remaining, outcome.reached) == (OutgoingState.FAILED, ("b@x.example",), True)
    assert outcome.detail == "1 of 2 recipients were refused: 550 5.1.1 (there is no such address)."


def test_where_some_were_refused_for_now_it_is_tried_again_for_these_only() -> None:
    outcome = judged({"a@x.example": Answer(550), "b@x.example": Answer(450)})
    assert (outcome.state, outcome.remaining) == (OutgoingState.DEFERRED, ("a@x.example", "b@x.example"))
