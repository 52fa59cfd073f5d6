from datetime import UTC, datetime, timedelta, timezone

import pytest

from mailflow.inbox.parts import HEADER, WHOLE, as_answered, in_utc


@pytest.mark.parametrize(
    ("asked", "answered"),
    [(WHOLE, b"BODY[]"), (HEADER, b"BODY[HEADER]<0>"), (b"RFC822.SIZE", b"RFC822.SIZE"), (b"INTERNALDATE", b"INTERNALDATE")],
)
def test_a_part_is_known_by_the_name_that_the_server_gives_it(asked: bytes, answered: bytes) -> None:
    assert as_answered(asked) == answered


def test_a_time_of_arrival_is_told_in_utc_whatever_the_server_writes() -> None:
    noon = datetime(2026, 7, 1, 12, 0)
    assert in_utc(noon.replace(tzinfo=timezone(timedelta(hours=1)))) == datetime(2026, 7, 1, 11, 0, tzinfo=UTC)
    assert in_utc(noon) == noon.replace(tzinfo=UTC)
