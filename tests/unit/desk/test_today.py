"""The first page: what waits, the most urgent first, and for whom."""

import re
from datetime import date, timedelta

from sqlalchemy import insert, update

from filed import NOW, filed_case, filed_draft, filed_story, held_query
from mailflow.desk.chart import HEIGHT, bars
from mailflow.domain import CaseState, Kind, Reason, TrainingState
from mailflow.domain.plain import reason_to_json
from mailflow.store.database import Store
from mailflow.store.filing import record
from mailflow.store.tables import cases, trainings
from mailflow.store.tables import people as people_table
from mailflow.store.weekly import Week
from visiting import Visitor, main_part

FORGED = reason_to_json(Reason("forged-sender", "Our mail server says that its sender may be forged (dmarc=fail)."))


def sections(page: str) -> list[str]:
    return re.findall(r'<section (?:class="[^"]*" )?id="([a-z-]+)"', page)


def undated(store: Store, **values: object) -> int:
    with store.writing() as db:
        case_id = filed_case(db, Kind.TRAINING, **values)
        db.execute(insert(trainings).values(case_id=case_id, state=TrainingState.NEW, details={"action": "request"}))
        return case_id


def test_the_most_urgent_comes_first(store: Store, ada: Visitor) -> None:
    undated(store, due=date(2026, 11, 20))
    with store.writing() as db:
        filed_draft(db)
        filed_story(db)
        held_query(db)
        held_query(db, sensitive=True)
    assert sections(ada.open("/").text) == ["sensitive", "held", "stories", "drafts", "undated", "overdue"]


def test_an_open_question_stands_there_until_somebody_deals_with_it(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        first = filed_case(db, Kind.QUERY, due=date(2026, 11, 30))
        filed_case(db, Kind.OTHER, due=date(2026, 11, 26))
        filed_case(db, Kind.QUERY, state=CaseState.WAITING)
        filed_draft(db)
    page = ada.open("/").text
    assert sections(page) == ["drafts", "to-answer"]
    assert re.findall(r'href="/cases/(EDI-\d+)"', page[page.index('id="to-answer"') :]) == ["EDI-0002", "EDI-0001"]
    with store.writing() as db:
        db.execute(update(cases).where(cases.c.id == first).values(state=CaseState.CLOSED))
    assert 'href="/cases/EDI-0001"' not in ada.open("/").text


def test_what_is_held_is_told_by_its_cause_with_how_many_share_it(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        held_query(db)
        held_query(db, hold=FORGED)
        held_query(db)
    causes = re.findall(r'<h3 class="cause">(.*?) <span class="quiet">(\d+)</span>', ada.open("/").text)
    assert causes == [("Not clear enough what it is", "2"), ("Its sender may be forged", "1")]


def test_a_training_without_a_date_waits_until_it_has_one(store: Store, ada: Visitor) -> None:
    case_id = undated(store, due=date(2026, 12, 1))
    page = ada.open("/").text
    assert 'href="/cases/EDI-0001"' in page
    assert 'Due <time datetime="2026-12-01">' in page
    with store.writing() as db:
        db.execute(update(trainings).where(trainings.c.case_id == case_id).values(state=TrainingState.SCHEDULED))
    assert "undated" not in sections(ada.open("/").text)


def test_what_is_put_off_waits_again_when_its_day_comes(store: Store, ada: Visitor) -> None:
    for number in (undated(store), undated(store, due=date(2026, 11, 2))):
        assert number
    with store.writing() as db:
        held_query(db)
        filed_draft(db)
        db.execute(update(cases).values(snoozed_until=NOW.date() + timedelta(days=1)))
    assert "Nothing waits for a person." in ada.open("/").text
    with store.writing() as db:
        db.execute(update(cases).values(snoozed_until=NOW.date()))
    assert sections(ada.open("/").text) == ["held", "drafts", "undated", "overdue"]


def test_it_tells_who_else_has_a_case_open_and_not_that_one_has_it_oneself(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        first, second = held_query(db), held_query(db)
        record(db, NOW - timedelta(minutes=3), "rosa", "read", case_id=first)
        record(db, NOW - timedelta(minutes=3), "ada", "read", case_id=second)
    page = ada.open("/").text
    assert page.count("has it open") == 1
    assert "rosa has it open" in page


def test_who_may_not_read_stories_is_not_shown_the_queue(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_story(db)
        db.execute(update(people_table).values(role="adviser"))
    page = main_part(ada.open("/").text)
    assert "/review" not in page
    assert "to review" not in page
    assert "Nothing waits for a person." in page


def test_the_chart_has_the_same_numbers_as_its_table(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        for _ in range(3):
            filed_case(db, Kind.QUERY, opened_at=NOW)
        filed_case(db, Kind.STORY, opened_at=NOW - timedelta(days=7))
    page = ada.open("/").text
    assert re.findall(r"<text x=[^>]*>(\d+)</text>", page) == ["1", "3"]
    rows = re.findall(r'<tr><th scope="row"><time datetime="([^"]*)">.*?</th>(.*?)</tr>', page)
    assert [(day, re.findall(r"<td>(\d+)</td>", cells)) for day, cells in rows[:2]] == [
        ("2026-11-23", ["0", "3", "0", "0", "3"]),
        ("2026-11-16", ["0", "0", "1", "0", "1"]),
    ]


def test_the_highest_bar_reaches_the_top_and_every_bar_stands_on_the_ground() -> None:
    weeks = [Week(date(2026, 11, 16), {Kind.QUERY: 1}), Week(date(2026, 11, 23), {Kind.QUERY: 2, Kind.TRAINING: 2})]
    low, high = bars(weeks)
    assert (low.top, high.top) == (HEIGHT * 3 / 4, 0)
    assert all(bar.stretches[0].top + bar.stretches[0].height == HEIGHT for bar in (low, high))
    assert [one.kind for one in high.stretches] == [Kind.TRAINING, Kind.QUERY]
    assert bars([Week(date(2026, 11, 23), {})])[0].stretches == ()
