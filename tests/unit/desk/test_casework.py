"""The page of a case, and what a person does there: said before, told after, refused where somebody else was first."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import insert, select, update

from filed import NOW, filed_case, filed_draft, filed_message, filed_story, held_query, raw_mail
from mailflow.domain import CaseState, Kind, OutgoingState, Role, TrainingState
from mailflow.store import casefiles, casework, filing, people, queueing, sessions
from mailflow.store.database import Store
from mailflow.store.tables import bounced, cases, events, notes, outgoings, trainings
from outgoing import outgoing_mail
from visiting import PASSWORD, Clock, Visitor, main_part

TODAY = NOW.date()


@pytest.fixture
def adam(app: FastAPI, store: Store) -> Iterator[Visitor]:
    """An adviser, signed in."""
    with store.writing() as db:
        people.add(db, "adam", PASSWORD, "root", NOW, Role.ADVISER)
        token = sessions.start(db, "adam", NOW)
    with TestClient(app, cookies={"mailflow": token}, follow_redirects=False) as browser:
        yield Visitor(browser)


def _send(visitor: Visitor, action: str, case: str = "EDI-0001", **fields: str) -> int:
    """Sends a form of the page last read."""
    seen = {name: visitor.hidden(name) for name in ("stood", "back")}
    return visitor.send(f"/cases/{case}/{action}", **seen, **fields).status_code


def test_messages_mails_notes_and_decisions_stand_in_the_order_of_time(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_draft(db, text="May I bring a friend?", body="Thank you for asking.\r\n")  # the day before yesterday; yesterday
        casework.write_note(db, 1, "Ask <b>the dean</b>.", "bo", NOW - timedelta(hours=3))
        filing.record(db, NOW - timedelta(hours=2), "bo", "assigned", case_id=1, detail="to ada")
        filed_message(db, 1, raw_mail("And my sister?"), arrived=NOW - timedelta(hours=1))
    page = main_part(ada.open("/cases/EDI-0001").text)
    said = ["May I bring a friend?", "Thank you for asking.", "Ask &lt;b&gt;the dean&lt;/b&gt;.", "bo gave the case to ada."]
    places = [page.index(words) for words in (*said, "And my sister?", "History: who did what")]
    assert places == sorted(places)
    assert page.index("bo wrote a note.") > places[-1]


def test_the_history_says_who_did_what_and_who_has_read_it(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        held_query(db)
        for what, detail in (("filed", "training 0.97"), ("corrected", "query to training, sensitive"), ("something new", None)):
            filing.record(db, NOW, "bo", what, case_id=1, detail=detail)
        filing.record(db, NOW, "bo", "snoozed", case_id=1, detail="until 2026-12-01")
        casefiles.case_file(db, 1, "cy", NOW - timedelta(hours=1))
    page = ada.open("/cases/EDI-0001").text
    for sentence in (
        "bo filed a message (training, 97% sure).",
        "bo said that a message is training, and not query, and that it is sensitive.",
        "bo put the case off until 1 December 2026.",
        "bo: something new.",
        "Read by cy.",
    ):
        assert sentence in page


def test_who_else_has_the_case_open_is_said(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        held_query(db)
        casefiles.case_file(db, 1, "bo", NOW - timedelta(minutes=4))
    assert "Bo opened this case 4 minutes ago." in ada.open("/cases/EDI-0001").text
    assert "Ada opened" not in ada.open("/cases/EDI-0001").text


def test_what_is_asked_for_is_shown_and_leads_to_the_session(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        case_id = filed_case(db, Kind.TRAINING)
        details = {"department": "Physics <b>", "attendees": [10, 12], "dates": ["2027-01-12", ["2027-02-01", "2027-02-05"]]}
        db.execute(insert(trainings).values(case_id=case_id, state=TrainingState.DETAILS_NEEDED, details=details))
    page = ada.open("/cases/EDI-0001").text
    shown = "Physics &lt;b&gt;", "10 to 12", "12 January 2027", "1 February 2027</time> to", 'href="/training/EDI-0001"'
    assert [words for words in shown if words not in page] == []


def test_a_case_is_taken_given_away_and_not_past_somebody_else(store: Store, ada: Visitor, adam: Visitor) -> None:
    with store.writing() as db:
        held_query(db)
    ada.open("/cases/EDI-0001")
    adam.open("/cases/EDI-0001")
    assert _send(ada, "assign", to="ada") == 303
    assert "You gave the case to ada." in ada.open("/cases/EDI-0001?done=1").text
    assert _send(adam, "assign", to="adam") == 409
    assert "Somebody has changed EDI-0001 since you opened it" in adam.page
    assert _send(adam, "assign", to="adam") == 303
    assert "yours" in adam.open("/cases?mine=1").text
    assert "EDI-0001" not in ada.open("/cases?mine=1").text


def test_a_case_is_put_off_and_comes_back_by_itself(store: Store, ada: Visitor, clock: Clock) -> None:
    with store.writing() as db:
        filed_case(db, due=TODAY - timedelta(days=3))
    for until in ("2026-11-24", "tomorrow"):
        ada.open("/cases/EDI-0001")
        assert _send(ada, "snooze", until=until) == 409
        assert "Choose a day after today, and within a year." in ada.page
        assert f'value="{until}"' in ada.page
    assert _send(ada, "snooze", until="2026-11-26") == 303
    for path in ("/", "/cases"):
        assert "EDI-0001" not in main_part(ada.open(path).text)
    assert "Put off until" in main_part(ada.open("/cases?snoozed=1").text)
    ada.open("/cases/EDI-0001")
    assert _send(ada, "snooze") == 303
    assert "EDI-0001" in main_part(ada.open("/cases").text)
    ada.open("/cases/EDI-0001")
    _send(ada, "snooze", until="2026-11-26")
    with store.writing() as db:
        token = sessions.start(db, "ada", clock.now + timedelta(days=2))
    clock.passes(timedelta(days=2))
    ada.browser.cookies.set("mailflow", token)
    assert "EDI-0001" in main_part(ada.open("/").text)


def test_a_note_is_kept_and_one_that_is_refused_is_not_lost(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        held_query(db)
    ada.open("/cases/EDI-0001")
    assert _send(ada, "note", words="Ask the dean." + "x" * 5000) == 409
    assert "longer than 5,000 characters" in ada.page
    assert "Ask the dean." in ada.page
    ada.open("/cases/EDI-0001")
    assert _send(ada, "note", words="Ask the dean.") == 303
    assert "You wrote a note." in ada.open("/cases/EDI-0001?done=1").text
    assert _send(ada, "note", words="Ask the dean.") == 303  # the form once more
    with store.reading() as db:
        assert db.execute(select(notes.c.who, notes.c.words)).one() == ("ada", "Ask the dean.")
        assert [what for (what,) in db.execute(select(events.c.what).where(events.c.detail.contains("dean")))] == []


def test_a_case_is_closed_and_opened_again(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        held_query(db)
    ada.open("/cases/EDI-0001")
    assert _send(ada, "dealt-with") == 303
    assert "Mark as dealt with" not in ada.open("/cases/EDI-0001").text
    assert _send(ada, "reopen") == 303
    assert "Mark as dealt with" in ada.open("/cases/EDI-0001?done=1").text
    assert "You opened the case again." in ada.page


def test_what_came_back_is_sent_again_by_a_button(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        number = filed_draft(db)
        db.execute(update(outgoings).values(state=OutgoingState.BOUNCED))
        db.execute(insert(bounced).values(address="sam.ode@university.example", since=NOW, outgoing_id=number))
    assert "Send again what came back" in ada.open("/cases/EDI-0001").text
    assert _send(ada, "send-again") == 303
    assert "Mail came back" not in ada.open("/cases/EDI-0001").text
    assert _send(ada, "send-again") == 409
    with store.reading() as db:
        assert db.execute(select(outgoings.c.state)).scalar_one() is OutgoingState.QUEUED


@pytest.mark.parametrize("action", ["send-again", "let-write"])
def test_what_came_back_after_the_page_was_opened_is_looked_at_first(store: Store, ada: Visitor, action: str) -> None:
    with store.writing() as db:
        number = filed_draft(db)
        db.execute(update(outgoings).values(state=OutgoingState.BOUNCED))
        db.execute(insert(bounced).values(address="sam.ode@university.example", since=NOW, outgoing_id=number))
        mail = outgoing_mail(7, "kim.lee@university.example")
        queueing.enqueue_all(db, [queueing.Queued(mail, OutgoingState.SENT, 1)], NOW)
    ada.open("/cases/EDI-0001")
    with store.writing() as db:
        db.execute(update(outgoings).values(state=OutgoingState.BOUNCED))
        db.execute(insert(bounced).values(address="kim.lee@university.example", since=NOW, outgoing_id=number + 1))
    assert _send(ada, action) == 409
    assert "What came back on EDI-0001 has changed since you opened it" in ada.page
    with store.reading() as db:
        assert set(db.execute(select(outgoings.c.state)).scalars()) == {OutgoingState.BOUNCED}
        assert len(db.execute(select(bounced.c.address)).all()) == 2
    assert _send(ada, action) == 303
    with store.reading() as db:
        assert db.execute(select(bounced.c.address)).all() == []


@pytest.mark.parametrize("action", ["dealt-with", "reopen", "assign", "snooze", "note", "send-again", "let-write"])
def test_an_adviser_does_nothing_with_a_story_they_may_not_read(store: Store, adam: Visitor, action: str) -> None:
    with store.writing() as db:
        held_query(db)
        filed_story(db)
    adam.open("/cases/EDI-0001")
    assert _send(adam, action, "EDI-0002", words="x", until="2026-12-01", to="adam") == 403
    with store.reading() as db:
        row = db.execute(select(cases.c.state, cases.c.assigned, cases.c.snoozed_until).where(cases.c.id == 2)).one()
        assert tuple(row) == (CaseState.OPEN, None, None)
        assert db.execute(select(notes.c.id)).all() == []


def test_a_reader_is_offered_nothing_that_is_not_theirs(store: Store, app: FastAPI) -> None:
    with store.writing() as db:
        people.add(db, "rhea", PASSWORD, "root", NOW, Role.READER)
        token = sessions.start(db, "rhea", NOW)
        filed_draft(db)
    with TestClient(app, cookies={"mailflow": token}) as browser:
        page = main_part(browser.get("/cases/EDI-0001").text)
    assert "May I bring a friend?" in page
    assert re.findall(r"<form|/answer|/kind|/merge", page) == []
