"""Judging: each message by its own house, and what becomes of one that cannot be judged."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NoReturn

import pytest

from mailflow.classify import Classifier
from mailflow.classify.model import Trust
from mailflow.deciding import House
from mailflow.domain import Kind
from mailflow.errors import TemporaryError
from mailflow.evaluation.judging import judge
from mailflow.evaluation.label import Label
from mailflow.evaluation.labels import Labelled


@dataclass(frozen=True)
class Broken:
    """A judge that fails."""

    error: Exception
    trust: Trust = field(default_factory=Trust)

    def judge(self, subject: str, text: str) -> NoReturn:
        raise self.error


def labelled(name: str) -> Labelled:
    text = "Could you run a session of Active Bystander for our group of twenty in March, please?"
    return Labelled(name, Label(kind=Kind.TRAINING, sensitive=False, text=text), name, None)


def with_judge(house: House, judge: Broken) -> House:
    return replace(house, classifier=Classifier(house.rules, judge))


def test_a_message_that_cannot_be_judged_is_of_no_confidence_and_the_others_are_judged(house: House, now: datetime) -> None:
    broken = with_judge(house, Broken(ValueError("its words")))
    one, other = judge([labelled("one"), labelled("other")], lambda message: broken if message.name == "one" else house, now)

    assert one.failure == "Reading it failed with ValueError."
    assert (one.kind, one.confidence, one.settled, one.answered) == (Kind.OTHER, 0.0, False, False)
    assert [reason.text for reason in one.reasons] == ["Reading it failed with ValueError."]
    assert (other.kind, other.failure) == (Kind.TRAINING, None)


def test_a_fault_of_the_machine_is_no_figure(house: House, now: datetime) -> None:
    broken = with_judge(house, Broken(OSError("disk")))
    with pytest.raises(TemporaryError):
        list(judge([labelled("one")], lambda _: broken, now))
