from datetime import date, timedelta

import pytest

from filed import NOW, filed_case
from mailflow.domain import CaseState, Kind
from mailflow.store import listing
from mailflow.store.database import Store
from mailflow.store.listing import Wanted

TODAY = NOW.date()


def _all_pages(store: Store, state: CaseState, most: int) -> list[int]:
    found: list[int] = []
    after = None
    with store.reading() as db:
        while True:
            page = listing.listed(db, Wanted(state), TODAY, after, most)
            found += [line.case_id for line in page.lines]
            if not page.has_more:
                return found
            after = listing.After(page.lines[-1].case_id, page.lines[-1].due, page.lines[-1].sensitive)


@pytest.mark.parametrize("state", [CaseState.OPEN, CaseState.WAITING])
@pytest.mark.parametrize("most", [1, 2, 3, 50])
def test_the_most_urgent_come_first_and_no_page_leaves_out_or_repeats_a_case(store: Store, state: CaseState, most: int) -> None:
    days: list[date | None] = [None, TODAY, TODAY - timedelta(days=3), TODAY, None, TODAY + timedelta(days=9)]
    with store.writing() as db:
        never, today, late, too, never_too, far = (filed_case(db, state=state, due=day) for day in days)
        grave = filed_case(db, state=state, due=TODAY + timedelta(days=9), sensitive=True)
    assert _all_pages(store, state, most) == [grave, late, today, too, far, never, never_too]


def test_the_newest_of_the_closed_come_first(store: Store) -> None:
    with store.writing() as db:
        made = [filed_case(db, state=CaseState.CLOSED, due=TODAY - timedelta(days=days)) for days in range(5)]
    assert _all_pages(store, CaseState.CLOSED, 2) == made[::-1]


def test_a_list_may_be_narrowed_down_to_one_kind(store: Store) -> None:
    with store.writing() as db:
        query, training = filed_case(db), filed_case(db, Kind.TRAINING)
        filed_case(db, Kind.TRAINING, state=CaseState.CLOSED)
    with store.reading() as db:
        assert [line.case_id for line in listing.listed(db, Wanted(), TODAY).lines] == [query, training]
        assert [line.case_id for line in listing.listed(db, Wanted(kind=Kind.TRAINING), TODAY).lines] == [training]
        assert listing.count_unclosed(db, Wanted(), TODAY) == {CaseState.OPEN: 2, CaseState.WAITING: 0}
        assert listing.count_unclosed(db, Wanted(kind=Kind.QUERY), TODAY) == {CaseState.OPEN: 1, CaseState.WAITING: 0}


def test_who_wrote_a_story_or_something_sensitive_is_not_told(store: Store) -> None:
    with store.writing() as db:
        filed_case(db)
        filed_case(db, Kind.STORY)
        filed_case(db, sensitive=True)
        filed_case(db, requester_name="")
    with store.reading() as db:
        found = listing.listed(db, Wanted(), TODAY).lines
    assert [(line.subject, line.requester) for line in found] == [
        (None, None),
        ("Something I saw", "Sam Ode"),
        (None, None),
        ("Something I saw", "sam.ode@university.example"),
    ]
    assert "Sam" not in repr(found)
