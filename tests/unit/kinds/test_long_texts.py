"""A sentence may have no end: reading around each of its dates must not mean reading all of it each time."""

import time
from datetime import date

import pytest

from mailflow.domain import Action
from mailflow.kinds.session_dates import find_session_dates


@pytest.mark.parametrize("piece", ["the 1st of ", "next Tuesday ", "3 March ", "before the 1st "])
def test_four_times_the_dates_in_a_sentence_take_about_four_times_as_long(piece: str) -> None:
    """A ratio, not seconds. Quadratic work would take sixteen times: six seconds for what is read of one mail."""

    def cost(size: int) -> float:
        text = piece * (size // len(piece))
        started = time.process_time()
        find_session_dates(text, "", date(2026, 11, 24), Action.REQUEST)
        return time.process_time() - started

    cost(100)
    assert cost(16_000) < 9 * max(cost(4_000), 0.03)
