"""No day is too far for a page that takes one."""

import pytest

from filed import filed_case
from mailflow.domain import CaseState, Kind
from mailflow.store import casework
from mailflow.store.database import Store
from visiting import Visitor, main_part


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_no_day_is_too_far_for_a_page_with_days(store: Store, ada: Visitor, day: str) -> None:
    with store.writing() as db:
        filed_case(db, Kind.QUERY)
    assert "No entry like these." in main_part(ada.open(f"/settings/audit?day={day}").text)
    assert ada.open(f"/mail?since={day}&until={day}").status_code == 200
    assert ada.open(f"/training/calendar?month={day[:7]}").status_code == 422
    ada.open("/cases/EDI-0001")
    stood = casework.stands(CaseState.OPEN, None, None)
    assert "within a year" in ada.send("/cases/EDI-0001/snooze", until=day, stood=stood).text


@pytest.mark.parametrize("month", ["2000-01", "2099-12"])
def test_the_first_and_the_last_month_of_the_calendar_are_shown(ada: Visitor, month: str) -> None:
    assert ada.open(f"/training/calendar?month={month}").status_code == 200
