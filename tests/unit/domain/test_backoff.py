from hypothesis import given
from hypothesis import strategies as st

from mailflow.domain.backoff import pause


def test_pauses_double_up_to_the_ceiling() -> None:
    assert [pause(attempt, 1, 300, 1.0) for attempt in (1, 2, 3, 9, 10, 11)] == [1, 2, 4, 256, 300, 300]


def test_chance_is_the_share_that_is_waited() -> None:
    assert pause(4, 1, 300, 0.25) == 2


@given(st.integers(1, 10**9), st.floats(0.001, 60), st.floats(60, 86400), st.floats(0, 1))
def test_a_pause_is_never_negative_nor_above_the_ceiling(attempt: int, first: float, ceiling: float, chance: float) -> None:
    assert 0 <= pause(attempt, first, ceiling, chance) <= ceiling
