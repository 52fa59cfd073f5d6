"""Each kind gets its own understanding; any text is survived, and quickly."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailflow.domain import Email, Fold, FoldReason, Kind, QueryAnswers, StoryReading, TrainingDetails, Verdict
from mailflow.kinds.understand import understand
from mailflow.rules import Rules

NOW = datetime(2026, 1, 12, 9, 30, tzinfo=UTC)
UNDERSTOOD = (Kind.TRAINING, Kind.QUERY, Kind.STORY)

_PIECES = st.sampled_from(
    [
        *("31/02", "29 Feb", "30 February", "Feb 30", "0 May", "31-1 March", "from 3 to 1 March", "the 31st", "next Wed"),
        *("w/c 31 ", "w/c 31/02", "any Mon in Feb", "before Easter", "fifth Friday in June", "last week of Feb"),
        *("12 of us + ", "half a dozen", "twenty-", "Sam (cc'd) looks after the diary", "contact: ", "department: ", "MSc "),
        *("Dr ", "R.K.", "the only ", "Dear ", "don't use my name", "\n", "\x00", "’", "İ", "ẞ", "٣", "²"),
    ]
)
_TEXT = st.lists(_PIECES | st.text(max_size=20), max_size=15).map(" ".join)
_ANY_TEXT = _TEXT | st.text(max_size=400)


def mail(text: str, subject: str = "", folds: tuple[Fold, ...] = ()) -> Email:
    return Email(None, None, (), (), (), subject, None, (), None, text, text, folds)


@pytest.mark.parametrize(
    ("kind", "sort"),
    [
        (Kind.TRAINING, TrainingDetails),
        (Kind.QUERY, QueryAnswers),
        (Kind.STORY, StoryReading),
        (Kind.OTHER, type(None)),
        (Kind.AUTOMATIC, type(None)),
    ],
)
def test_each_kind_has_its_own_understanding(rules: Rules, kind: Kind, sort: type) -> None:
    assert isinstance(understand(mail("Hello"), Verdict(kind, 0.9), rules, NOW), sort)


def test_a_mail_without_a_date_is_seen_from_now(rules: Rules) -> None:
    details = understand(mail("Could we have next Tuesday?"), Verdict(Kind.TRAINING, 0.9), rules, NOW)
    assert isinstance(details, TrainingDetails)
    assert [str(day) for day in details.dates] == ["2026-01-20"]


@pytest.mark.parametrize("year", [1, 1904, 9999])
def test_a_date_of_another_age_is_not_believed(rules: Rules, year: int) -> None:
    email = replace(mail("Could we have the 31st, next Tuesday or w/c 12 December?"), date=datetime(year, 12, 31, tzinfo=UTC))
    details = understand(email, Verdict(Kind.TRAINING, 0.9), rules, NOW)
    assert isinstance(details, TrainingDetails)
    assert details.dates


@pytest.fixture(scope="module")
def read(rules: Rules) -> Callable[..., object]:
    """Understands by the team's rules, without showing them where hypothesis reports a failure."""
    return lambda email, kind, now: understand(email, Verdict(kind, 0.9), rules, now)


@settings(max_examples=200, deadline=None)
@given(text=_ANY_TEXT, subject=_TEXT, sent=st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2060, 1, 1)))
def test_no_text_is_too_odd(read: Callable[..., object], text: str, subject: str, sent: datetime) -> None:
    half = len(text) // 2
    folds = (Fold(0, half, FoldReason.SIGNATURE), Fold(half, len(text), FoldReason.FORWARD))
    for kind in UNDERSTOOD:
        understood = read(mail(text, subject, folds), kind, sent.replace(tzinfo=UTC))
        if isinstance(understood, TrainingDetails):
            assert all((when[0] if isinstance(when, tuple) else when) >= sent.date() for when in understood.dates)
        if isinstance(understood, StoryReading):
            assert all(text[one.start : one.end] == one.text for one in understood.identifiers)


@pytest.mark.parametrize(
    "piece",
    [
        "A",
        "a-",
        "1, ",
        "1/2 ",
        "A B ",
        "the ",
        "Dr ",
        "12 and ",
        "\n",
        "x@",
        "For the A ",
        "don't ",
        "move from ",
        "[ ] ",
        "'A",
        "(A, b ",
    ],
)
def test_four_times_as_much_of_anything_takes_about_four_times_as_long(rules: Rules, piece: str) -> None:
    """A ratio, not seconds; quadratic work would take sixteen times as long."""

    def cost(size: int) -> float:
        text = piece * (size // len(piece))
        start = time.process_time()
        for kind in UNDERSTOOD:
            understand(mail(text, text[:1000]), Verdict(kind, 0.9), rules, NOW)
        return time.process_time() - start

    cost(1_000)
    assert cost(1_000_000) < 9 * max(cost(250_000), 0.03)
