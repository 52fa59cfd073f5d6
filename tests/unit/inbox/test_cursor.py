import pytest

from mailflow.inbox import cursor
from mailflow.inbox.cursor import Reading, moved_on, next_batch, reading
from mailflow.store.receiving import ReadTo


def test_a_folder_that_was_never_read_is_read_from_its_start() -> None:
    assert reading(ReadTo(), 7) == Reading(7, after=0, renumbered=False)


def test_a_folder_is_read_on_from_its_cursor() -> None:
    assert reading(ReadTo(7, 41), 7) == Reading(7, after=41)


@pytest.mark.parametrize("uidvalidity", [6, 8])
def test_a_renumbered_folder_is_read_again_whichever_way_the_number_went(uidvalidity: int) -> None:
    assert reading(ReadTo(7, 41), uidvalidity) == Reading(uidvalidity, after=0, renumbered=True)


def test_a_batch_keeps_below_its_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cursor, "BATCH_BYTES", 100)
    assert next_batch([1, 2, 3, 4], {1: 40, 2: 60, 3: 1, 4: 1}, 1000) == [1, 2]


def test_a_message_bigger_than_a_batch_comes_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cursor, "BATCH_BYTES", 100)
    assert next_batch([1, 2], {1: 1000, 2: 1}, 1000) == [1]


def test_messages_that_are_gone_are_passed_by_the_cursor() -> None:
    batch = next_batch([5, 6, 9], {5: 10}, 1000)
    assert batch == [5, 6, 9]
    assert moved_on(Reading(7, after=4), batch) == ReadTo(7, 9)


def test_a_message_whose_size_is_not_told_comes_alone() -> None:
    assert next_batch([1, 2, 3], {1: 60, 2: None, 3: 60}, 1000) == [1]
    assert next_batch([2, 3], {2: None, 3: 60}, 1000) == [2]


def test_messages_that_are_too_big_make_no_batch_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailflow.inbox.cursor.BATCH_BYTES", 100)
    assert next_batch([1, 2, 3], {1: 5000, 2: 60, 3: 5000}, 1000) == [1, 2, 3]
