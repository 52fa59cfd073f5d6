"""Settings, for whoever looks after mailflow: health, the digest as it would go now, and the audit log."""

from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

import mailflow
from filed import NOW, filed_case, filed_draft, filed_story, held_query
from furnished import entered, everything
from mailflow import settings
from mailflow.desk.app import build
from mailflow.domain import Role
from mailflow.publishing import write_out
from mailflow.store import audit, people, receiving, sessions
from mailflow.store.database import Store, form
from mailflow.store.filing import record
from mailflow.store.tables import digests, outgoings
from visiting import PASSWORD, Visitor, main_part

MAILBOX = "edi.centre@university.example"


def looked(store: Store, on_server: int, known: int) -> None:
    with store.writing() as db:
        receiving.note_poll(db, MAILBOX, "INBOX", NOW)
        receiving.note_count(db, MAILBOX, "INBOX", on_server, known, NOW)


def test_health_tells_what_waits_and_what_runs(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        held_query(db)
        filed_draft(db)
    page = main_part(ada.open("/settings/health").text)
    for said in (mailflow.__version__, "SQLite at", "what it came with", "drafts", "Nobody has looked into it yet."):
        assert said in page
    with store.reading() as db:
        assert f"<dd>{form(db)}</dd>" in page
    assert '<th scope="row">Messages: waits for a person</th><td class="figure">1</td>' in page
    assert "mailflow is not running" in page


@pytest.mark.parametrize(("on_server", "known", "said"), [(7, 7, "all known"), (7, 6, "they differ")])
def test_health_compares_the_mailbox_with_what_is_known(
    store: Store, ada: Visitor, on_server: int, known: int, said: str
) -> None:
    looked(store, on_server, known)
    page = ada.open("/settings/health").text
    assert f"{on_server} on the server, {known} known here" in page
    assert said in page


def test_health_says_where_the_folder_of_the_website_is_behind(store: Store, tmp_path: Path) -> None:
    host = settings.load(desk_url="http://127.0.0.1:8080", stories_folder=tmp_path / "site")
    with store.writing() as db:
        token = sessions.start(db, "ada", NOW)
    with TestClient(build(store, host, clock=lambda: NOW), cookies={"mailflow": token}) as browser:
        assert "does not say what is published now" in browser.get("/settings/health").text
        write_out(store, host)
        assert "does not say what is published now" not in browser.get("/settings/health").text


def test_the_digest_is_shown_in_both_parts_and_nothing_is_noted_by_looking(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        held_query(db)
    before = everything(store)
    page = ada.open("/settings/digest").text
    html = ada.open("/settings/digest/html")
    assert everything(store) == before
    assert 'sandbox src="/settings/digest/html"' in page
    assert "EDI-0001" in page
    assert "EDI-0001" in html.text
    policy = html.headers["content-security-policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert html.headers["x-frame-options"] == "SAMEORIGIN"
    with store.reading() as db:
        assert db.execute(select(digests)).all() == db.execute(select(outgoings)).all() == []


def test_every_read_of_a_story_stands_in_the_audit_log(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_story(db)
    ada.open("/review/EDI-0001")
    page = main_part(ada.open("/settings/audit?what=read+story").text)
    assert page.count('<li class="line">') == 1
    assert '<a class="reference" href="/cases/EDI-0001">EDI-0001</a>' in page
    assert "<strong>ada</strong>" in page


def test_the_log_is_narrowed_down_by_person_deed_case_and_day(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        case = filed_case(db)
        record(db, NOW - timedelta(days=3), "bo", "dealt with", case_id=case, detail="<b>bold</b>")
        record(db, NOW, "cy", "dealt with")
    for narrowed, names in (
        ("who=bo", ["bo"]),
        ("what=dealt+with", ["cy", "bo"]),
        ("case=edi-0001", ["bo"]),
        ("day=2026-11-21", ["bo"]),
        ("who=bo&day=2026-11-24", []),
    ):
        page = main_part(ada.open(f"/settings/audit?{narrowed}").text)
        assert [name for name in ("cy", "bo") if f"<strong>{name}</strong>" in page] == names, narrowed
    assert "&lt;b&gt;bold&lt;/b&gt;" in ada.open("/settings/audit?who=bo").text


@pytest.mark.parametrize(("asked", "why"), [("case=nonsense", "nonsense"), ("day=yesterday", "That is no day")])
def test_what_cannot_be_looked_for_is_said(ada: Visitor, asked: str, why: str) -> None:
    answer = ada.open(f"/settings/audit?{asked}")
    assert (answer.status_code, why in answer.text, 'role="alert"' in answer.text) == (422, True, True)


def test_the_log_is_turned_over_page_by_page(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        for number in range(audit.PAGE * 2 + 3):
            record(db, NOW, "bo", "dealt with", detail=f"number {number:03}")
    seen: list[str] = []
    way: str | None = "/settings/audit?who=bo"
    while way:
        page = main_part(ada.open(way).text)
        seen += [word[:3] for word in page.split("number ")[1:]]
        later = page.partition('class="later" href="')[2].partition('"')[0]
        way = later.replace("&amp;", "&") or None
    assert seen == [f"{number:03}" for number in reversed(range(audit.PAGE * 2 + 3))]


def test_a_day_of_the_log_is_the_teams_day(store: Store, ada: Visitor) -> None:
    summer = NOW.replace(month=7, day=1, hour=23, minute=30)  # half past midnight on the 2nd in London
    with store.writing() as db:
        record(db, summer, "bo", "dealt with")
    assert "<strong>bo</strong>" in ada.open("/settings/audit?day=2026-07-02").text
    assert "<strong>bo</strong>" not in ada.open("/settings/audit?day=2026-07-01").text


def test_nobody_below_sees_how_many_stories_wait(store: Store, app: FastAPI, ada: Visitor) -> None:
    with store.writing() as db:
        people.add(db, "rhea", PASSWORD, "root", NOW, Role.READER)
    with TestClient(app, follow_redirects=False) as browser:
        entered(browser, store, "rhea")
        assert "Stories to review" in ada.open("/settings/health").text
        assert "Stories to review" not in browser.get("/settings/health").text
