"""The list of cases, what it may be narrowed down to, and what rehearsal shows."""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert, select, update

from filed import NOW, filed_case, filed_draft, filed_story, held_query
from mailflow import settings
from mailflow.desk.app import build
from mailflow.domain import CaseState, Kind, OutgoingState
from mailflow.store import sessions
from mailflow.store.database import Store
from mailflow.store.tables import events, linked_cases, outgoings
from visiting import Clock, Visitor


def _listed(page: str) -> list[str]:
    return re.findall(r'class="reference" href="/cases/(EDI-\d+)"', page)


def test_every_open_case_is_listed(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_case(db, Kind.TRAINING, due=(NOW + timedelta(days=3)).date())
        filed_case(db, due=(NOW - timedelta(days=4)).date(), subject="May I <b>join</b>?")
        filed_case(db, Kind.STORY)
        filed_case(db, state=CaseState.CLOSED)
    page = ada.open("/cases").text
    assert _listed(page) == ["EDI-0002", "EDI-0001", "EDI-0003"]
    for shown in (
        "May I &lt;b&gt;join&lt;/b&gt;?",
        "Sam Ode",
        "2 working days late",
        "27 November 2026",
        "2 working days<",
        "training",
    ):
        assert shown in page
    assert page.count("Sam Ode") == 2


def test_a_list_is_narrowed_down_by_links(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_case(db, Kind.TRAINING)
        filed_case(db, state=CaseState.CLOSED)
    for path in re.findall(r'href="(/cases\?[^"]+)"', ada.open("/cases").text):
        assert ada.open(path.replace("&amp;", "&")).status_code == 200
    assert _listed(ada.open("/cases?state=closed").text) == ["EDI-0002"]
    assert _listed(ada.open("/cases?state=open&kind=training").text) == ["EDI-0001"]
    assert "No case like these." in ada.open("/cases?state=waiting").text


@pytest.mark.parametrize(
    "asked", ["state=lost", "kind=poem", "after=0", "after=x", "after=1&after_due=2026-13-01", f"after={2**40}"]
)
def test_a_list_that_there_is_not_is_refused(ada: Visitor, asked: str) -> None:
    assert ada.open(f"/cases?{asked}").status_code == 422


@pytest.mark.parametrize(("state", "next_page"), [("open", "Less urgent"), ("closed", "Older")])
def test_more_than_a_page_goes_on_behind_a_link(store: Store, ada: Visitor, state: str, next_page: str) -> None:
    with store.writing() as db:
        for number in range(120):
            filed_case(db, state=CaseState(state), due=(NOW + timedelta(days=number % 7)).date() if number % 9 else None)
    seen, way = [], f"/cases?state={state}"
    while way:
        page = ada.open(way).text
        seen.append(_listed(page))
        link = re.search(rf'<a class="later" href="([^"]+)" rel="next">{next_page}</a>', page)
        way = link[1].replace("&amp;", "&") if link else ""
    assert [len(page) for page in seen] == [50, 50, 20]
    assert len({reference for page in seen for reference in page}) == 120


def test_looking_at_the_list_changes_nothing_and_is_no_reading(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_case(db)
    ada.open("/cases")
    with store.reading() as db:
        assert db.execute(select(events.c.id).where(events.c.what.like("read%"))).all() == []


@pytest.mark.parametrize(
    ("mode", "said"),
    [("rehearsal", "Rehearsal: nothing is sent or moved."), ("drafts", "Drafts: replies wait for you."), ("live", None)],
)
def test_the_desk_says_when_it_is_not_live(store: Store, clock: Clock, mode: str, said: str | None) -> None:
    with store.writing() as db:
        token = sessions.start(db, "ada", NOW)
    desk = build(store, settings.load(desk_url="http://127.0.0.1:8080", mode=mode), clock=clock)
    with TestClient(desk, cookies={"mailflow": token}) as browser:
        banner = re.findall(r'<aside class="mode"[^>]*>(.*?)</aside>', browser.get("/cases").text)
    assert banner == ([said] if said else [])


def test_a_rehearsed_reply_is_to_be_read_on_its_case(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        number = filed_draft(db, body="You may bring a friend.\r\n")
        db.execute(update(outgoings).where(outgoings.c.id == number).values(state=OutgoingState.REHEARSED))
        case_id = db.execute(select(outgoings.c.case_id)).scalar_one()
    page = ada.open(f"/cases/EDI-{case_id:04d}").text
    assert "would have been sent" in page
    assert re.search(r"<details[^>]* open>(?:(?!</details>).)*You may bring a friend\.", page, re.DOTALL)


def test_a_case_and_what_began_in_its_conversation_lead_to_each_other(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        first, second = filed_case(db), filed_case(db, Kind.TRAINING)
        db.execute(insert(linked_cases).values(case_id=second, began_in=first))
        filed_case(db)
    old, new, other = (ada.open(f"/cases/EDI-000{number}").text for number in (1, 2, 3))
    assert 'Something else was asked in it: <a href="/cases/EDI-0002">EDI-0002</a>.' in old
    assert 'in the conversation of <a href="/cases/EDI-0001">EDI-0001</a>' in new
    assert "The same conversation" not in other


def test_a_case_opens_by_the_reference_that_its_requester_was_told(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_case(db, token="7kq2mxwd")
    page = ada.open("/cases/EDI-0001-7kq2mxwd").text
    assert "EDI-0001" in page
    assert "7kq2mxwd" not in page


def test_an_adviser_sees_the_agreed_answers_that_may_fit_a_question(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        held_query(db, "How long is it? And is the certificate one for lawyers, physicians or vets?")
        filed_draft(db, text="Is it compulsory?")
        filed_story(db, text="Is it compulsory to tell you what I did?")
    case, draft, story = (ada.open(path).text for path in ("/cases/EDI-0001", "/drafts/1", "/cases/EDI-0003"))
    assert case.index("Two and a half hours in person") < case.index("Yes, after the full workshop")
    assert "The Centre does not make it compulsory." in draft
    assert "Agreed answers" not in story
