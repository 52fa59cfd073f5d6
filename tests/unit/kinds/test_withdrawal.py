"""A story is taken back by a plain reply, and not by a mail that only mentions it."""

from datetime import UTC, datetime

import pytest

from mailflow.domain import Address, Email
from mailflow.kinds.withdrawal import asks_to_withdraw


def answer(text: str) -> Email:
    return Email(
        message_id="<2@x.example>",
        sender=Address("Sam", "sam@x.example"),
        reply_to=(),
        to=(),
        cc=(),
        subject="Re: Your message",
        date=datetime(2026, 11, 24, tzinfo=UTC),
        headers=(),
        return_path=None,
        text=text,
        new_text=text,
    )


@pytest.mark.parametrize(
    "text",
    [
        "withdraw",
        "Withdraw.",
        "Hello, I would like to withdraw my story, please.",
        "Please take it down.",
        "Don’t publish this after all.",
    ],
)
def test_these_take_a_story_back(text: str) -> None:
    assert asks_to_withdraw(answer(text))


@pytest.mark.parametrize(
    "text",
    [
        "Thank you!",
        "I do not want to withdraw it.",
        "I never withdraw.",
        "Thank you for the kind words. " * 10 + "A friend asked how one can withdraw.",
        "",
    ],
)
def test_these_do_not(text: str) -> None:
    assert not asks_to_withdraw(answer(text))
