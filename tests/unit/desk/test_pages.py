"""What the pages say, and what a decision there does."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from filed import NAMED, NOW, filed_case, filed_draft, filed_message, filed_story, held_query, raw_mail
from mailflow import settings
from mailflow.deciding import House
from mailflow.desk.app import build
from mailflow.domain import SMTP, CaseState, Kind, MessageState, OutgoingState, imap
from mailflow.store import sessions, troubles
from mailflow.store.database import Store
from mailflow.store.tables import cases, events, messages, stories
from outgoing import outgoing_mail, queue, set_row
from visiting import Visitor, main_part

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)><svg onload=alert(1)></svg>"
    '</div></article><style>body{display:none}</style>"><a href="javascript:alert(1)">x</a>{{ 7*7 }} \u202eevil'
)


def _done(store: Store) -> list[tuple[str, str]]:
    with store.reading() as db:
        query = select(events.c.who, events.c.what).where(events.c.what.not_in(["signed in", "added user"])).order_by(events.c.id)
        return [tuple(row) for row in db.execute(query)]


def test_a_quiet_day_says_so(ada: Visitor) -> None:
    assert "Nothing waits for a person." in ada.open("/").text


def test_today_lists_what_waits_with_why_and_never_the_words_of_a_story(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        story, held = filed_story(db), held_query(db)
        late = filed_case(db, Kind.TRAINING, due=(NOW - timedelta(days=4)).date())
        failed = filed_message(db, None, b" ", MessageState.FAILED, failure="The message is empty: there is nothing to read.")
    page = ada.open("/").text
    for shown in (
        f'href="/review/EDI-{story:04d}"',
        f'href="/cases/EDI-{held:04d}"',
        f'href="/cases/EDI-{late:04d}"',
        f'href="/messages/{failed}"',
        "It looks like a query (55% sure), and 70% is needed.",
        "The message is empty: there is nothing to read.",
        "consent: anonymous",
        "1 identifier<",
        "2 working days late",
    ):
        assert shown in page
    assert "Priya" not in page


def test_today_says_which_server_is_not_well_since_when_and_why(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        troubles.note(db, imap("INBOX"), "The IMAP server does not answer.", NOW - timedelta(hours=1))
        troubles.note(db, imap("INBX"), "There is no folder INBX.", NOW)
        troubles.note(db, SMTP, "The SMTP server takes no sign-in now: 454 4.7.0.", NOW)
    queue(store, outgoing_mail(1), outgoing_mail(2))
    page = re.sub(r"<[^>]+>", "", ada.open("/").text)
    assert "work with the mailbox edi.centre@university.example since 24 November 2026, 09:00. Nothing is lost." in page
    assert "Please tell whoever looks after mailflow: The IMAP server does not answer." in page
    assert "Nothing is lost: 2 mails wait to be sent. Please tell whoever" in page
    assert "takes no sign-in now: 454 4.7.0." in page
    assert "INBX" not in page, "nobody watches it any more"


def test_today_says_how_many_replies_wait_for_the_cap(store: Store, house: House) -> None:
    host = settings.load(mode="live")
    capped = house.rules.replies.model_copy(update={"total_an_hour": 1})
    app = build(store, host, lambda: replace(house, rules=house.rules.model_copy(update={"replies": capped})), clock=lambda: NOW)
    (sent, *_) = queue(store, outgoing_mail(1), outgoing_mail(2), outgoing_mail(3))
    set_row(store, sent, state=OutgoingState.SENT, sent_at=NOW)
    with store.writing() as db:
        token = sessions.start(db, "ada", NOW)
    with TestClient(app, cookies={"mailflow": token}, follow_redirects=False) as browser:
        assert "The cap on replies an hour is reached: 2 replies wait for it, and leave by themselves." in browser.get("/").text


def test_the_desk_says_whose_times_it_shows(ada: Visitor) -> None:
    assert "Times are UK time (Europe/London)." in ada.open("/").text


def test_times_are_the_teams_in_summer_too(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_case(db, opened_at=NOW.replace(month=7, day=1))
    assert '<time datetime="2026-07-01T10:00:00+00:00">1 July 2026, 11:00</time>' in ada.open("/cases/EDI-0001").text


def test_a_hostile_story_is_only_text(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        where = {**NAMED, "text": "<script>", "start": 0, "end": 8, "reason": '"><script>alert(2)</script>'}
        filed_story(db, text=HOSTILE, identifiers=(where,))
        held_query(db, HOSTILE, subject=HOSTILE, sender_name=HOSTILE)
    for path in ("/", "/review/EDI-0001", "/cases/EDI-0002", "/messages/1"):
        page = main_part(ada.open(path).text)
        tags = set(re.findall(r"<([a-z]+)", page))
        assert not tags & {"script", "style", "iframe"}
        assert "<svg onload" not in page
        assert "onerror=alert(1)>" not in page.replace("&gt;", "")
        assert "49" not in re.findall(r"\{\{.*?\}\}|>49<", page)
        assert "\u202e" not in page
        assert page.count("</html>") == 1


def test_a_get_changes_nothing_but_the_audit_log(store: Store, ada: Visitor) -> None:
    def everything() -> list[object]:
        with store.reading() as db:
            return [db.execute(select(table).order_by(*table.primary_key)).all() for table in (messages, cases, stories)]

    with store.writing() as db:
        filed_story(db)
        held_query(db)
    before = everything()
    for path in ("/", "/review", "/review/EDI-0001", "/cases/EDI-0002", "/messages/2", "/?done=EDI-0001", "/?done=x"):
        assert ada.open(path).status_code == 200
    assert ada.open("/review/EDI-0001?decision=approve").status_code == 200
    assert everything() == before
    assert _done(store) == [("ada", "read story"), ("ada", "read"), ("ada", "read"), ("ada", "read story")]


def test_a_held_message_is_opened_with_its_reasons_and_settled(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        case_id = held_query(db, "May I bring a friend?\n\n-- \nSam Ode\nHR\n")
    page = ada.open(f"/cases/EDI-{case_id:04d}").text
    for shown in (
        "May I bring a friend?",
        "It asks a question.",
        "<strong>It waits for a person:</strong>",
        "A person answers.",
        "<summary>Signature",
    ):
        assert shown in page
    assert ada.send(f"/cases/EDI-{case_id:04d}/dealt-with").status_code == 303
    assert _done(store) == [("ada", "read"), ("ada", "dealt with")]
    page = ada.open(f"/?done=EDI-{case_id:04d}").text
    assert "is marked as dealt with." in page
    assert "Nothing waits for a person." in page


def test_a_message_that_came_meanwhile_is_shown_before_its_case_is_settled(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        held_query(db)
    ada.open("/cases/EDI-0001")
    with store.writing() as db:
        filed_message(db, 1, raw_mail("It has become worse."), MessageState.HELD)
    answer = ada.send("/cases/EDI-0001/dealt-with")
    assert answer.status_code == 409
    assert "A new message has come on EDI-0001" in answer.text
    assert "It has become worse." in answer.text
    with store.reading() as db:
        assert db.execute(select(cases.c.state)).scalar_one() is CaseState.OPEN


def test_a_message_that_could_not_be_read_is_shown_as_it_came(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        number = filed_message(db, None, b" ", MessageState.FAILED, failure="The message is empty: there is nothing to read.")
    page = ada.open(f"/messages/{number}").text
    assert "there is nothing to read. This is how it came." in page
    assert "mailflow retry" in page


@pytest.mark.parametrize("path", ["/review/EDI-4711", "/review/x", "/cases/EDI-4711", "/cases/%3Cb%3E", "/messages/4711"])
def test_what_is_not_there_is_not_found(ada: Visitor, path: str) -> None:
    answer = ada.open(path)
    assert answer.status_code == 404
    assert "<b>" not in answer.text


@pytest.mark.parametrize("number", ["0", "-1", "9" * 30])
def test_a_number_that_no_message_can_have_is_refused(ada: Visitor, number: str) -> None:
    assert ada.open(f"/messages/{number}").status_code == 422


def test_reading_a_story_by_its_case_is_on_record_as_well(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_story(db)
    ada.open("/cases/EDI-0001")
    ada.open("/messages/1")
    assert _done(store) == [("ada", "read story"), ("ada", "read story")]


def test_every_page_has_its_landmarks_and_one_heading(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_story(db)
        filed_draft(db)
    for path in ("/", "/review", "/review/EDI-0001", "/cases/EDI-0002", "/messages/1", "/drafts/1", "/nowhere"):
        page = ada.open(path).text
        assert '<html lang="en-GB">' in page
        for tag in ("<main id=", "<header class=", "<footer>", "<h1"):
            assert page.count(tag) == 1, (path, tag)
        ids = re.findall(r' id="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        assert "style=" not in page
        assert " onclick" not in page


def test_of_a_message_too_big_the_desk_says_that_only_its_header_was_fetched(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_message(db, filed_case(db), raw_mail("", "Our pictures"), MessageState.HELD, whole=False)
    for path in ("/messages/1", "/cases/EDI-0001"):
        page = ada.open(path).text
        assert "Our pictures" in page
        assert "only its header was fetched" in page
        assert "no words in it" not in page
