"""What `make bench` rests on: that stages are where it looks for them, and that its mail is all different."""

import pytest

from bench.sample import write_sample
from bench.stages import STAGES, find
from mailflow.domain import Ourselves
from mailflow.message.identity import fingerprint, message_id_of
from mailflow.message.parse import read


@pytest.mark.parametrize("place", [place for places in STAGES.values() for place in places])
def test_a_stage_that_is_measured_is_still_there(place: str) -> None:
    assert callable(getattr(*find(place)))


def test_no_two_messages_of_the_sample_are_alike_and_each_answers_one_of_its_own_round() -> None:
    sample = write_sample(400)
    ids = [message_id_of(raw) for raw in sample]

    assert len({fingerprint(raw) for raw in sample}) == 400
    assert len(set(ids)) == len(ids) - ids.count(None) + 1
    emails = [read(raw, Ourselves("edi.centre@university.example")) for raw in sample]
    answered = [(number, parent) for number, email in enumerate(emails) for parent in email.thread.parents if parent in ids]
    assert answered
    assert all(ids.index(parent) // 200 == number // 200 for number, parent in answered)
