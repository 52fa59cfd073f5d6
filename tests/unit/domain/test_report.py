"""What needs somebody."""

from dataclasses import replace
from datetime import UTC, datetime

from mailflow.domain import DayReport, Kind, Mode, ReportLine

LINE = ReportLine("EDI-0001", Kind.STORY, "received", 2)
QUIET = DayReport(datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=UTC), Mode.LIVE)


def test_a_story_that_is_overdue_needs_somebody_once() -> None:
    assert replace(QUIET, overdue=(LINE,), stories=(LINE,)).needs == 1


def test_what_waits_in_time_needs_nobody_yet() -> None:
    assert replace(QUIET, waiting=(LINE,)).needs == 0


def test_each_draft_needs_somebody() -> None:
    assert replace(QUIET, drafts=3, held=(LINE,)).needs == 4


def test_a_mailbox_that_does_not_agree_needs_somebody() -> None:
    assert replace(QUIET, in_mailbox=10, known=9).needs == 1
    assert replace(QUIET, in_mailbox=10, known=10).needs == 0


def test_nobody_looked_is_neither_agreement_nor_disagreement() -> None:
    assert QUIET.agrees is None
    assert replace(QUIET, in_mailbox=10).agrees is None
