"""Replies that wait for a person: read, then sent or taken back. And messages that are tried again."""

from contextlib import closing
from threading import Event

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from filed import NOW, TOLD, filed_case, filed_draft, filed_message, raw_mail
from mailflow import settings
from mailflow.deciding import House
from mailflow.desk.app import build
from mailflow.domain import CaseState, Fetched, Kind, Location, MessageState, OutgoingState
from mailflow.message.parse import read
from mailflow.outbox.deliver import Outbox
from mailflow.pipeline import process
from mailflow.store import queueing, recalling, receiving, resolving, sessions
from mailflow.store.database import Store
from mailflow.store.receiving import ReadTo
from mailflow.store.tables import cases, events, messages, outgoings
from outgoing import outgoing_mail, row_of, states
from servers.sink import SmtpSink
from visiting import Clock, Visitor, main_part

NEVER = Event()
WANTED = (
    "Dear colleagues,\n\nCould you run an Active Bystander workshop for our department, please? We are the Department of "
    "Physics, and about 20 of us would take part. We would like it in person.\n\nBest wishes,\nJane Smith\n"
)
ASKED = "May I bring a friend to the session?"


def drafted(store: Store, kind: Kind = Kind.QUERY, text: str = ASKED, body: str = "Thank you.\r\n", **case: object) -> int:
    """A case whose message is answered by a draft; gives the draft's number."""
    with store.writing() as db:
        return filed_draft(db, kind, text, body, **case)


def done(store: Store) -> list[tuple[str, str, str | None]]:
    """What people did, by the audit log."""
    with store.reading() as db:
        by_ada = events.c.who == "ada", events.c.what != "signed in"
        rows = db.execute(select(events.c.who, events.c.what, events.c.detail).where(*by_ada).order_by(events.c.id))
        return [tuple(row) for row in rows]


def test_today_lists_the_replies_that_wait(store: Store, ada: Visitor) -> None:
    drafted(store)
    with store.writing() as db:
        db.execute(update(outgoings).values(template="query"))
    page = ada.open("/").text
    for shown in ('href="/drafts/1"', ">EDI-0001</a>", "Something I saw", "Sam Ode", "template query", 'href="#drafts"'):
        assert shown in page
    assert "Nothing waits for a person." not in page


@pytest.mark.parametrize("case", [{"kind": Kind.STORY}, {"sensitive": True}])
def test_the_list_never_shows_whose_trust_is_at_stake(store: Store, ada: Visitor, case: dict[str, object]) -> None:
    drafted(store, **case)
    page = ada.open("/").text
    assert 'href="/drafts/1"' in page
    assert "Sam Ode" not in page
    assert "Something I saw" not in page


def test_a_draft_is_shown_as_it_would_be_sent_beside_what_it_answers(store: Store, ada: Visitor) -> None:
    number = drafted(store, body="Dear Sam,\r\n\r\nYes, you may.\r\n")
    page = ada.open(f"/drafts/{number}").text
    for shown in (
        "<dt>To</dt><dd>sam.ode@university.example</dd>",
        "<dt>Subject</dt><dd>Mail 1</dd>",
        'aria-label="The words of the reply">Dear Sam,\n\nYes, you may.\n</div>',
        ASKED,
        'href="/cases/EDI-0001"',
        "leaves within five seconds",
        "It was written 1 working day ago: do the days that it names still hold?",
    ):
        assert shown in page
    assert done(store) == [("ada", "read", None)]


def test_reading_the_reply_to_a_story_is_on_record_as_reading_a_story(store: Store, ada: Visitor) -> None:
    number = drafted(store, kind=Kind.STORY, text=TOLD)
    ada.open(f"/drafts/{number}")
    assert done(store) == [("ada", "read story", None)]


def test_what_people_wrote_is_only_text_on_the_page_of_a_draft(store: Store, ada: Visitor) -> None:
    number = drafted(store, text="<script>alert(1)</script>", body="Dear <script>alert(2)</script>\u202e,\r\n")
    page = ada.open(f"/drafts/{number}").text
    assert page.count("&lt;script&gt;") == 2
    assert "<script" not in main_part(page)
    assert "\u202e" not in page


def test_an_approved_reply_is_queued_and_on_record(store: Store, ada: Visitor) -> None:
    number = drafted(store)
    ada.open(f"/drafts/{number}")
    answer = ada.send(f"/drafts/{number}", decision="send")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/drafts/{number}")
    assert states(store) == {number: OutgoingState.QUEUED}
    assert done(store) == [("ada", "read", None), ("ada", "mail approved", f"mail {number}")]
    assert "Approved by ada" in ada.open(f"/drafts/{number}").text
    page = ada.open("/").text
    assert f"/drafts/{number}" not in page


def test_a_reply_that_is_taken_back_is_not_sent_and_says_by_whom_and_why(store: Store, ada: Visitor) -> None:
    number = drafted(store)
    ada.open(f"/drafts/{number}")
    assert ada.send(f"/drafts/{number}", decision="take back", reason="I have rung <him>.").status_code == 303
    assert states(store) == {number: OutgoingState.CANCELLED}
    assert done(store)[-1] == ("ada", "mail cancelled", f"mail {number}")
    assert "It is not sent." in ada.open(f"/drafts/{number}").text
    for path in (f"/drafts/{number}", "/cases/EDI-0001"):
        page = ada.open(path).text
        assert "Taken back by ada" in page
        assert "I have rung &lt;him&gt;." in page
        assert 'value="send"' not in page


def test_a_question_that_was_taken_back_leaves_the_case_with_us(store: Store, ada: Visitor) -> None:
    number = drafted(store, kind=Kind.TRAINING, state=CaseState.WAITING)
    ada.open(f"/drafts/{number}")
    ada.send(f"/drafts/{number}", decision="take back")
    with store.reading() as db:
        assert db.execute(select(cases.c.state)).scalar_one() is CaseState.OPEN


def test_where_a_person_wanted_no_automatic_reply_none_is_made_later(store: Store, ada: Visitor) -> None:
    number = drafted(store)
    ada.open(f"/drafts/{number}")
    ada.send(f"/drafts/{number}", decision="take back")
    later = read(b"References: <mailflow.1@university.example>\n" + raw_mail("Are you there?"), settings.load().ourselves)
    with store.reading() as db:
        case = recalling.recall(db, [later], NOW).of(later).case
    assert case
    assert (case.reference, case.acknowledged) == ("EDI-0001", True)


@pytest.mark.parametrize(
    ("first", "said"), [(True, "bo has approved this reply meanwhile"), (False, "bo has taken back this reply meanwhile")]
)
def test_what_somebody_else_has_decided_is_not_decided_again(store: Store, ada: Visitor, first: bool, said: str) -> None:
    number = drafted(store)
    ada.open(f"/drafts/{number}")
    with store.writing() as db:
        (resolving.approve if first else resolving.cancel)(db, number, "bo", NOW)
    before = states(store)
    for decision in ("send", "take back"):
        answer = ada.send(f"/drafts/{number}", decision=decision, seen="1")
        assert answer.status_code == 409
        assert f'role="alert" id="problem">{said}: nothing is left to be decided.' in answer.text
    assert states(store) == before
    assert [what for _, what, _ in done(store)] == ["read"] * 3


def test_a_message_that_came_meanwhile_is_read_before_a_reply_is_sent(store: Store, ada: Visitor) -> None:
    number = drafted(store)
    ada.open(f"/drafts/{number}")
    with store.writing() as db:
        filed_message(db, 1, raw_mail("Never mind."))
    answer = ada.send(f"/drafts/{number}", decision="send", reason="Fine.")
    assert answer.status_code == 409
    assert "A new message has come on EDI-0001 since you opened it: read it first." in answer.text
    assert "1 later message has come on this case" in answer.text
    assert "Fine.</textarea>" in answer.text
    assert ada.send(f"/drafts/{number}", decision="send").status_code == 303


def test_a_reason_has_an_end(store: Store, ada: Visitor) -> None:
    number = drafted(store)
    ada.open(f"/drafts/{number}")
    assert ada.send(f"/drafts/{number}", decision="take back", reason="x" * 2001).status_code == 409
    assert states(store) == {number: OutgoingState.DRAFT}


@pytest.mark.parametrize("decision", ["", "approve", "hold"])
def test_an_invented_decision_changes_nothing(store: Store, ada: Visitor, decision: str) -> None:
    number = drafted(store)
    ada.open(f"/drafts/{number}")
    assert ada.send(f"/drafts/{number}", decision=decision).status_code == 422
    assert states(store) == {number: OutgoingState.DRAFT}


def test_a_mail_that_never_waited_for_anybody_is_no_draft(store: Store, ada: Visitor) -> None:
    number = drafted(store)
    with store.writing() as db:
        db.execute(update(outgoings).values(state=OutgoingState.SENT))
    assert ada.open(f"/drafts/{number}").status_code == 404
    assert ada.open("/drafts/4711").status_code == 404


def test_the_case_shows_its_draft_and_leads_to_it(store: Store, ada: Visitor) -> None:
    number = drafted(store, state=CaseState.CLOSED)
    page = ada.open("/cases/EDI-0001").text
    for shown in (f'href="/drafts/{number}"', "draft, waits for approval", "Thank you.", "Nothing else on this case waits"):
        assert shown in page
    ada.open(f"/drafts/{number}")
    ada.send(f"/drafts/{number}", decision="send")
    page = ada.open("/cases/EDI-0001").text
    assert "Approved by ada." in page
    assert f'href="/drafts/{number}"' not in page


def test_in_rehearsal_no_page_says_that_a_reply_leaves(store: Store, clock: Clock) -> None:
    number = drafted(store)
    with store.writing() as db:
        token = sessions.start(db, "ada", NOW)
    with TestClient(build(store, settings.load(mode="rehearsal"), clock=clock), cookies={"mailflow": token}) as browser:
        ada = Visitor(browser)
        for page in (
            ada.open(f"/drafts/{number}"),
            ada.send(f"/drafts/{number}", decision="send"),
            ada.open(f"/drafts/{number}"),
        ):
            assert "In rehearsal nothing leaves" in page.text
            assert "within five seconds" not in page.text


def test_a_case_whose_question_was_not_sent_does_not_wait_for_its_answer(store: Store, ada: Visitor) -> None:
    drafted(store, kind=Kind.TRAINING, state=CaseState.WAITING)
    page = ada.open("/cases/EDI-0001").text
    assert "reply waits for approval" in page
    assert "waits for their answer" not in page


def test_a_draft_without_a_case_can_be_decided_as_well(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        queueing.enqueue(db, outgoing_mail(1), OutgoingState.DRAFT, NOW)
    assert "Mail 1" in ada.open("/").text
    ada.open("/drafts/1")
    assert ada.send("/drafts/1", decision="send").headers["location"] == "/drafts/1"
    assert states(store) == {1: OutgoingState.QUEUED}


def test_in_mode_drafts_a_reply_is_sent_once_and_only_when_approved(store: Store, ada: Visitor, smtp_sink: SmtpSink) -> None:
    server = {"smtp_host": smtp_sink.host, "smtp_port": smtp_sink.port, "smtp_security": "none"}
    chosen = settings.load(address="edi.centre@university.example", mode="drafts", **server)
    raw = raw_mail(WANTED, "Active Bystander training for our department", "Jane Smith <jane.smith@university.example>")
    with store.writing() as db:
        fetched = Fetched(Location("here", "INBOX", 1, 1), raw, NOW, "f" * 64, "<1@x.example>")
        receiving.keep(db, "here", "INBOX", [fetched], ReadTo(1, 1), NOW)
    assert process(store, House.build(chosen), "elsewhere/1/1", NOW) == 1
    with closing(Outbox(store, chosen, "elsewhere/1/1")) as outbox:
        assert outbox.deliver(NEVER) == 0
        shown = ada.open("/drafts/1").text
        assert ada.send("/drafts/1", decision="send").status_code == 303
        assert outbox.deliver(NEVER) == 1
        assert ada.send("/drafts/1", decision="send", seen="1").status_code == 409
        assert outbox.deliver(NEVER) == 0
    (received,) = smtp_sink.received
    assert received.recipients == ("jane.smith@university.example",)
    assert received.raw == row_of(store, 1)["raw"]
    assert states(store) == {1: OutgoingState.SENT}
    part = received.mail.get_body(("plain",))
    assert part is not None
    assert part.get_content().replace("\r\n", "\n") in shown.replace("&#39;", "'").replace("&amp;", "&")
    assert "Approved by ada" in ada.open("/drafts/1").text


def test_a_message_that_could_not_be_read_is_tried_again(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        number = filed_message(db, None, b" ", MessageState.FAILED, failure="The message is empty.")
    ada.open(f"/messages/{number}")
    answer = ada.send(f"/messages/{number}/again")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/messages/{number}")
    with store.reading() as db:
        assert db.execute(select(messages.c.state)).scalar_one() is MessageState.RECEIVED
    assert "mailflow reads it within five seconds." in ada.open(f"/messages/{number}").text
    answer = ada.send(f"/messages/{number}/again")
    assert answer.status_code == 409
    assert f"Message {number} is not decided yet; wait a moment, then correct it." in answer.text
    assert [what for _, what, _ in done(store)].count("message retried") == 1


def test_only_what_failed_is_offered_to_be_tried_again(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        number = filed_message(db, filed_case(db), raw_mail(ASKED))
    page = ada.open(f"/messages/{number}").text
    assert "Try again" not in page
    assert 'href="/cases/EDI-0001"' in page
