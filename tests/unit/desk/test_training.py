"""Training at the desk: what the board and the calendar show, a session's page, and the forms that are refused."""

from datetime import date, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import insert, select

from filed import NOW, filed_case, filed_message, raw_mail
from mailflow.domain import AutomaticSort, CaseState, Format, Kind, MessageState, Role, TrainingDetails, TrainingState
from mailflow.domain.plain import details_to_json
from mailflow.store import people, sessions, training
from mailflow.store.database import Store
from mailflow.store.tables import cases, events, outgoings, training_sessions, trainings
from visiting import PASSWORD, Clock, Visitor, main_part

DETAILS = TrainingDetails(
    "Department of Chemistry", (15, 20), (date(2027, 1, 14),), ("after the exams",), Format.IN_PERSON, "Sam Reed"
)
SESSION = {"day": "2027-01-14", "begins": "10:00", "ends": "12:30", "place": "Hartree 301", "facilitator": "Alex Morgan"}
SAM = "sam.ode@university.example"


@pytest.fixture
def asked(store: Store) -> str:
    """A request by Sam for the Department of Chemistry."""
    with store.writing() as db:
        return f"/training/EDI-{filed_request(db, DETAILS):04d}"


def filed_request(db, details: TrainingDetails, stands: TrainingState = TrainingState.NEW, **case: object) -> int:
    case_id = filed_case(db, Kind.TRAINING, token="7kq2mxwd", **case)
    sensitive = bool(case.get("sensitive"))
    filed_message(db, case_id, raw_mail(f"A session? {case_id}"), kind=Kind.TRAINING, sensitive=sensitive)
    db.execute(insert(trainings).values(case_id=case_id, state=stands, details=details_to_json(details)))
    return case_id


def enter(store: Store, visitor: Visitor, role: Role) -> None:
    with store.writing() as db:
        people.add(db, "kit", PASSWORD, "root", NOW, role)
        visitor.browser.cookies.set("mailflow", sessions.start(db, "kit", NOW))


def queued(store: Store) -> list[str]:
    with store.reading() as db:
        return list(db.execute(select(outgoings.c.once).order_by(outgoings.c.id)).scalars())


def test_the_board_says_what_is_asked_for_and_what_comes_next(store: Store, ada: Visitor, asked: str) -> None:
    with store.writing() as db:
        filed_request(db, TrainingDetails("Registry"), TrainingState.DETAILS_NEEDED, state=CaseState.WAITING)
    page = main_part(ada.open("/training").text)
    for words in ("Department of Chemistry", "15 to 20 people, in person", "Thu 14 Jan 2027; after the exams", "Sam Ode"):
        assert words in page
    assert "Agree a date and a facilitator" in page
    assert "Wait for their answer" in page
    assert asked in page
    assert "26 November 2026" in page  # the next open date


def test_what_is_sensitive_tells_a_reader_only_that_it_is_there(store: Store, stranger: Visitor) -> None:
    with store.writing() as db:
        filed_request(db, DETAILS, sensitive=True)
    enter(store, stranger, Role.READER)
    for path in ("/training", "/training/calendar"):
        assert "Chemistry" not in main_part(stranger.open(path).text)
    assert stranger.open("/training/EDI-0001").status_code == 403


def test_a_reader_sees_a_session_and_no_forms(store: Store, stranger: Visitor, asked: str) -> None:
    enter(store, stranger, Role.READER)
    page = main_part(stranger.open(asked).text)
    assert "Department of Chemistry" in page
    assert "<form" not in page


def test_a_month_is_a_table_with_its_days_off(store: Store, ada: Visitor, asked: str) -> None:
    ada.open(asked)
    ada.send(f"{asked}/schedule", **SESSION, decision="silent")
    page = main_part(ada.open("/training/calendar?month=2027-01").text)
    assert '<th scope="col"><abbr title="Monday">Mon</abbr></th>' in page
    assert "10:00</time> Department of Chemistry" in page
    assert "10:00 to 12:30 open, in person" in page
    assert "Day</span>" in page  # New Year's
    assert 'href="/training/calendar?month=2026-12"' in page
    assert 'href="/training/calendar?month=2027-02"' in page
    assert "Training in November 2026" in ada.open("/training/calendar").text


def test_no_other_month_is_shown(ada: Visitor) -> None:
    for month in ("2026-13", "26-12", "x", "2026-12-01", ""):
        assert ada.open(f"/training/calendar?month={month}").status_code == 422, month


def test_a_session_is_looked_at_first_and_then_scheduled(store: Store, ada: Visitor, asked: str) -> None:
    page = ada.open(asked).text
    assert 'name="day" value="2027-01-14"' in page
    assert f'value="{SAM}" checked' in page
    answer = ada.send(f"{asked}/schedule", **SESSION, invited=SAM, decision="preview")
    assert (answer.status_code, queued(store)) == (200, [])
    assert "Time: 10:00 to 12:30" in answer.text
    assert "Nothing has been sent yet." in answer.text
    assert 'value="Hartree 301"' in answer.text
    answer = ada.send(f"{asked}/schedule", **SESSION, invited=SAM, decision="send")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{asked}?done=sent")
    page = main_part(ada.open(answer.headers["location"]).text)
    assert "The session is fixed, and the invitation is on its way." in page
    assert "Thursday" in page
    assert "14 January 2027, 10:00" in page
    assert queued(store) == ["invitation:case:EDI-0001:0"]
    with store.reading() as db:
        starts = db.execute(select(training_sessions.c.starts)).scalar_one()
        assert starts == datetime.fromisoformat("2027-01-14T10:00+00:00")
        assert db.execute(select(cases.c.state)).scalar_one() is CaseState.WAITING


def test_what_was_done_is_said_to_whoever_did_it_and_not_for_an_address(store: Store, ada: Visitor, asked: str) -> None:
    for done in ("sent", "silent", "details", "call+off", "deliver", "nothing"):
        assert 'role="status"' not in main_part(ada.open(f"{asked}?done={done}").text)
    ada.send(f"{asked}/schedule", **SESSION, invited=SAM, decision="send")
    assert "the invitation is on its way" in ada.open(f"{asked}?done=sent").text
    assert 'role="status"' not in main_part(ada.open(f"{asked}?done=call+off").text)
    enter(store, ada, Role.READER)
    assert "on its way" not in ada.open(f"{asked}?done=sent").text


WRONG_SESSIONS = (
    ({"day": "14/01/2027"}, "Which day is it?"),
    ({"day": "0001-01-01"}, "Which day is it?"),
    ({"begins": ""}, "When does it start?"),
    ({"ends": "noon"}, "When does it end?"),
    ({"ends": "09:00"}, "ends before it begins"),
    ({"place": " "}, "Where does it take place?"),
    ({"place": "x" * 501}, "too long"),
    ({"day": "2027-03-28", "begins": "01:30"}, "the clocks go forward"),
    ({"invited": "eve@elsewhere.example"}, "has not written on this case"),
    ({"invited": ""}, "has not written on this case"),
)


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(store: Store, ada: Visitor, asked: str) -> None:
    ada.open(asked)
    for decision, (wrong, said) in product(("send", "preview"), WRONG_SESSIONS):
        typed = {**SESSION, "invited": SAM, **wrong}
        answer = ada.send(f"{asked}/schedule", **typed, decision=decision)
        assert answer.status_code == 422, wrong
        assert said in answer.text.partition('role="alert"')[2].partition("</div>")[0]
        assert 'value="Alex Morgan"' in answer.text
    assert queued(store) == []


def test_a_form_that_is_stale_is_refused_with_what_was_typed(store: Store, ada: Visitor, asked: str) -> None:
    ada.open(asked)
    with store.writing() as db:
        filed_message(db, 1, raw_mail("Not in January, please."), kind=Kind.TRAINING)
    for way, fields in {
        "schedule": {**SESSION, "invited": SAM, "decision": "send"},
        "details": {"department": "Alex Morgan"},
        "step": {"step": "call off"},
    }.items():
        ada.page = ada.page.replace(ada.hidden("seen"), "0" * 16)
        answer = ada.send(f"{asked}/{way}", **fields)
        assert answer.status_code == 409
        assert "EDI-0001 has changed since you opened it" in answer.text
        assert ("Alex Morgan" in answer.text) is (way != "step")
    with store.reading() as db:
        assert db.execute(select(trainings.c.state)).scalar_one() is TrainingState.NEW
    assert queued(store) == []


def test_each_step_says_what_was_done(store: Store, ada: Visitor, asked: str, clock: Clock) -> None:
    ada.open(asked)
    ada.open(ada.send(f"{asked}/schedule", **SESSION, invited=SAM, decision="send").headers["location"])
    assert ada.send(f"{asked}/step", step="deliver").status_code == 409  # it has not begun
    changed = {**SESSION, "day": "2026-11-25", "invited": SAM}
    assert "on its way" in ada.open(ada.send(f"{asked}/schedule", **changed, decision="send").headers["location"]).text
    clock.passes(timedelta(days=1))
    with store.writing() as db:
        ada.browser.cookies.set("mailflow", sessions.start(db, "ada", clock.now))
    ada.open(asked)
    for step, said in (
        ("deliver", "marked as delivered"),
        ("undo", "scheduled again"),
        ("call off", "called off"),
        ("reopen", "open again"),
    ):
        answer = ada.send(f"{asked}/step", step=step)
        assert answer.status_code == 303, step
        assert said in main_part(ada.open(answer.headers["location"]).text)
    assert queued(store) == ["invitation:case:EDI-0001:0", "invitation:case:EDI-0001:1", "cancellation:case:EDI-0001:2"]
    with store.reading() as db:
        done = list(db.execute(select(events.c.what).where(events.c.who == "ada").order_by(events.c.id)).scalars())
    decided = [
        "scheduled",
        "changed session",
        "delivered session",
        "took back delivery",
        "called off session",
        "reopened request",
    ]
    assert [what for what in done if what in decided] == decided


def test_details_are_put_right_on_record_and_stay(store: Store, ada: Visitor, asked: str) -> None:
    ada.open(asked)
    typed = {
        "department": "School of Chemistry",
        "fewest": "30",
        "most": "",
        "first": "2027-02-01",
        "last": "2027-02-05",
        "words": "mornings\n\nnot Mondays",
        "format": "online",
        "contact": "Kim",
        "action": "confirm",
    }
    answer = ada.send(f"{asked}/details", **typed)
    assert answer.headers["location"] == f"{asked}?done=details"
    with store.writing() as db:
        training.add_details(db, 1, TrainingDetails(department="Physics", attendees=99))
        said = [tuple(row) for row in db.execute(select(events.c.what, events.c.detail).where(events.c.what.like("changed%")))]
    assert said == [("changed details", None)]
    page = main_part(ada.open(asked).text)
    for words in ("School of Chemistry", "30", "Mon 1 Feb 2027 to Fri 5 Feb 2027; mornings; not Mondays", "online", "Kim"):
        assert words in page
    assert "A later message says: Physics." in page
    ada.send(f"{asked}/details", **{**typed, "department": "Physics"})
    assert "A later message says" not in ada.open(asked).text


WRONG_DETAILS = (
    ({"fewest": "many"}, "must be a whole number"),
    ({"fewest": "0"}, "must be a whole number"),
    ({"fewest": "20", "most": "15"}, "exchange the two numbers"),
    ({"first": "soon"}, "cannot be read"),
    ({"last": "2027-01-01"}, "cannot be read"),
    ({"first": "2027-02-05", "last": "2027-02-01"}, "ends before it begins"),
    ({"words": "x" * 201}, "longer than 200"),
    ({"department": "x" * 201}, "longer than 200"),
)


def test_details_that_cannot_be_are_said(store: Store, ada: Visitor, asked: str) -> None:
    ada.open(asked)
    for wrong, said in WRONG_DETAILS:
        answer = ada.send(f"{asked}/details", **{"department": "Mine", "contact": "Kim L.", **wrong})
        assert (answer.status_code, said in answer.text, "Kim L." in answer.text) == (422, True, True), wrong
    with store.reading() as db:
        assert db.execute(select(trainings.c.details)).scalar_one() == details_to_json(DETAILS)


def test_what_calendars_answer_is_shown(store: Store, ada: Visitor, asked: str) -> None:
    ada.open(asked)
    ada.send(f"{asked}/schedule", **SESSION, invited=SAM, decision="send")
    with store.writing() as db:
        uid = db.execute(select(training_sessions.c.uid)).scalar_one()
        reply = (
            f"From: Sam <{SAM}>\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n"
            "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nVERSION:2.0\r\n"
            f"PRODID:x\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nSEQUENCE:0\r\nDTSTAMP:20261124T100000Z\r\n"
            f"ATTENDEE;PARTSTAT=DECLINED:mailto:{SAM}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )
        machine = {"kind": Kind.AUTOMATIC, "automatic": AutomaticSort.CALENDAR}
        filed_message(db, 1, reply.encode(), MessageState.IGNORED, **machine)
    assert f"{SAM} declined" in main_part(ada.open(asked).text)


def test_reading_a_request_is_on_record(store: Store, ada: Visitor, asked: str) -> None:
    ada.open(asked)
    with store.reading() as db:
        assert ("ada", "read", 1) in [tuple(row) for row in db.execute(select(events.c.who, events.c.what, events.c.case_id))]


def test_what_is_no_request_is_said(ada: Visitor, store: Store) -> None:
    with store.writing() as db:
        filed_case(db)
    for reference in ("EDI-0001", "EDI-0099"):
        assert "is no training request" in ada.open(f"/training/{reference}").text
