"""The training board: what is open and what was lately done, each in its column, and nothing for eyes it is not for."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from filed import NOW, filed_case
from mailflow.domain import CaseState, Kind, Role, TrainingDetails, TrainingState
from mailflow.domain.plain import details_to_json
from mailflow.store import board
from mailflow.store.database import Store
from mailflow.store.tables import training_sessions, trainings

NEW, NEEDED, SCHEDULED, DELIVERED, CANCELLED = TrainingState
DAY = timedelta(days=1)
File = Callable[..., int]


@pytest.fixture
def file(store: Store) -> File:
    def file(stands: TrainingState, starts: datetime | None = None, cancelled: datetime | None = None, **case: object) -> int:
        with store.writing() as db:
            number = filed_case(db, Kind.TRAINING, **case)
            details = details_to_json(TrainingDetails("Chemistry", 20))
            db.execute(insert(trainings).values(case_id=number, state=stands, details=details))
            if starts:
                session = {"uid": f"u{number}", "sequence": 0, "place": "Room", "starts": starts, "ends": starts + DAY / 24}
                db.execute(insert(training_sessions).values(case_id=number, cancelled_at=cancelled, **session))
        return number

    return file


def columns(store: Store, role: Role = Role.ADVISER) -> dict[TrainingState, list[int]]:
    with store.reading() as db:
        return {state: [card.case_id for card in column.cards] for state, column in board.board(db, role, NOW).items()}


def test_each_request_stands_where_it_belongs(store: Store, file: File) -> None:
    new, needed = file(NEW), file(NEEDED, state=CaseState.WAITING)
    soon, late = file(SCHEDULED, NOW + DAY), file(SCHEDULED, NOW - DAY, state=CaseState.CLOSED)
    done, off = file(DELIVERED, NOW - DAY, state=CaseState.CLOSED), file(CANCELLED)
    assert columns(store) == {NEW: [new], NEEDED: [needed], SCHEDULED: [late, soon], DELIVERED: [done], CANCELLED: [off]}


def test_what_is_closed_or_long_past_is_not_on_the_board(store: Store, file: File) -> None:
    file(NEW, state=CaseState.CLOSED)
    file(CANCELLED, state=CaseState.CLOSED)
    file(DELIVERED, NOW - board.LATELY - DAY, state=CaseState.CLOSED)
    file(CANCELLED, NOW - board.LATELY - DAY, cancelled=NOW, state=CaseState.CLOSED)
    assert columns(store) == {state: [] for state in TrainingState}


def test_what_we_called_off_of_late_is_shown(store: Store, file: File) -> None:
    off = file(CANCELLED, NOW + DAY, cancelled=NOW, state=CaseState.CLOSED)
    assert columns(store)[CANCELLED] == [off]


def test_the_most_urgent_comes_first_and_a_long_column_is_cut(store: Store, file: File) -> None:
    for ahead in range(board.MOST_CARDS + 1, 0, -1):
        file(NEW, due=NOW.date() + DAY * ahead)
    no_day = file(NEW)
    found = columns(store)[NEW]
    assert (found, no_day in found) == (list(range(board.MOST_CARDS + 1, 1, -1)), False)
    with store.reading() as db:
        assert board.board(db, Role.ADVISER, NOW)[NEW].has_more


def test_what_is_sensitive_tells_a_reader_nothing_but_that_it_is_there(store: Store, file: File) -> None:
    file(SCHEDULED, NOW + DAY, sensitive=True)
    with store.reading() as db:
        cards = [board.board(db, role, NOW)[SCHEDULED].cards[0] for role in (Role.READER, Role.ADVISER)]
        month = board.sessions_between(db, NOW, NOW + DAY * 2, Role.READER)
    assert [(card.details, card.requester, card.place) for card in (cards[0], *month)] == [(None, None, None)] * 2
    assert cards[1].details
    assert cards[1].requester == "Sam Ode"


def test_a_month_has_its_sessions_in_order_and_none_that_was_called_off(store: Store, file: File) -> None:
    first, last = datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    second = file(SCHEDULED, first + DAY * 9)
    at_once = file(DELIVERED, first)
    file(SCHEDULED, last)
    file(CANCELLED, first + DAY, cancelled=NOW)
    with store.reading() as db:
        assert [card.case_id for card in board.sessions_between(db, first, last, Role.READER)] == [at_once, second]
