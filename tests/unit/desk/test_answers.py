"""Answering from the desk: written, kept as a draft, read as it leaves, sent once, and had back until it has left."""

from contextlib import closing
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Event

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import insert, select, update

from filed import NOW, TOLD, WHY_HELD, filed_case, filed_message, filed_story, raw_mail
from mailflow import settings
from mailflow.desk.app import build
from mailflow.domain import CaseState, Kind, MessageState, OutgoingState, Purpose, Role
from mailflow.domain.plain import reason_to_json
from mailflow.outbox.deliver import Outbox
from mailflow.store import people, queueing, sessions
from mailflow.store.database import Store
from mailflow.store.tables import bounced, cases, events, messages
from outgoing import outgoing_mail, row_of, states
from servers.sink import SmtpSink
from visiting import PASSWORD, Clock, Visitor, main_part

WAY = "/cases/EDI-0001/answer"
ASKED = "Does it cost anything to come to the session?"
SAM, KIM = "sam.ode@university.example", "kim.lee@university.example"


def asked(store: Store, text: str = ASKED, *, held: bool = True, kind: Kind = Kind.QUERY, **case: object) -> int:
    """A case whose only message waits for a person."""
    with store.writing() as db:
        case_id = filed_case(db, kind, **{"token": "7kq2mxwd", **case})
        hold = {"hold": reason_to_json(WHY_HELD)} if held else {}
        raw = raw_mail(text, "A question")
        filed_message(db, case_id, raw, MessageState.HELD if held else MessageState.FILED, kind, **hold)
        return case_id


def written(ada: Visitor, text: str = "Dear Sam,\n\nno, it is free.\n", **fields: str) -> str:
    """Writes an answer and keeps it; gives the way to its page, opened."""
    ada.open(WAY)
    way = ada.send(WAY, subject="Re: A question", text=text, **fields).headers["location"]
    ada.open(way)
    return way


def raw_of(store: Store, number: int) -> bytes:
    raw = row_of(store, number)["raw"]
    assert isinstance(raw, bytes)
    return raw


def mail_of(store: Store, number: int = 1) -> EmailMessage:
    mail = message_from_bytes(raw_of(store, number), policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def standing(store: Store) -> tuple[CaseState, set[MessageState]]:
    with store.reading() as db:
        return db.execute(select(cases.c.state)).scalar_one(), set(db.execute(select(messages.c.state)).scalars())


def did(store: Store) -> list[str]:
    with store.reading() as db:
        on_case = events.c.case_id.is_not(None), events.c.what != "read"
        return list(db.execute(select(events.c.what).where(*on_case).order_by(events.c.id)).scalars())


def test_an_answer_begins_with_whom_it_is_for_and_what_they_wrote(store: Store, ada: Visitor) -> None:
    asked(store)
    page = ada.open(WAY).text
    for shown in (
        f"Sam Ode &lt;{SAM}&gt;",
        "Re: A question [EDI-0001-7kq2mxwd]",
        "Dear Sam Ode,",
        "The Active Bystander team, EDI Centre",
        ASKED,
    ):
        assert shown in page
    assert states(store) == {}


def test_an_answer_is_kept_shown_as_it_leaves_sent_once_and_settles_its_case(store: Store, ada: Visitor) -> None:
    asked(store)
    way = written(ada, "Dear Sam,\n\nno, it is **free**.\nSee https://www.university.example/edi")
    assert states(store) == {1: OutgoingState.DRAFT}
    assert standing(store) == (CaseState.OPEN, {MessageState.HELD})
    frame = ada.browser.get("/drafts/1/html")
    assert "it is <strong>free</strong>.<br>" in frame.text
    assert "sandbox" in frame.headers["content-security-policy"]
    assert frame.headers["x-frame-options"] == "SAMEORIGIN"
    assert ada.send(way, decision="send", then="closed").headers["location"] == way
    assert states(store) == {1: OutgoingState.QUEUED}
    assert standing(store) == (CaseState.CLOSED, {MessageState.FILED})
    mail, row = mail_of(store), row_of(store, 1)
    assert [to.addr_spec for to in mail["To"].addresses] == row["recipients"] == [SAM]
    assert (mail["Subject"], mail["In-Reply-To"]) == (
        "Re: A question [EDI-0001-7kq2mxwd]",
        message_from_bytes(raw_mail(ASKED, "A question"))["Message-ID"],
    )
    assert "Auto-Submitted" not in mail
    assert (row["purpose"], row["answers"], row["decided_by"]) == (Purpose.ANSWER, 1, "ada")
    assert row["next_attempt_at"] == NOW + timedelta(seconds=20)
    assert did(store) == ["answer written", "answered"]
    assert ada.send(way, decision="send", then="open").status_code == 409


def test_an_answer_that_is_refused_stays_with_whom_it_was_written_for(store: Store, ada: Visitor) -> None:
    asked(store)
    kim = {"sender": KIM, "sender_name": "Kim Lee"}
    with store.writing() as db:
        filed_message(db, 1, raw_mail("And me?", sender=KIM), **kim)
    ada.open(f"{WAY}?to=2")
    with store.writing() as db:
        filed_message(db, 1, raw_mail("And one thing more.", sender=KIM), **kim)
        filed_message(db, 1, raw_mail("Thank you."))
    refused = ada.send(WAY, subject="Re: A question", text="Dear Kim, yes.")
    assert refused.status_code == 409
    assert "A new message has come" in ada.page
    assert ada.hidden("to") == "3"  # what Kim has written since
    ada.open(ada.send(WAY, subject="Re: A question", text="Dear Kim, yes.").headers["location"])
    assert row_of(store, 1)["recipients"] == [KIM]


def test_an_answer_to_what_is_no_longer_on_the_case_is_kept_for_nobody_and_not_lost(store: Store, ada: Visitor) -> None:
    asked(store)
    with store.writing() as db:
        filed_message(db, 1, raw_mail("And me?", sender=KIM), sender=KIM, sender_name="Kim Lee")
    ada.open(f"{WAY}?to=2")
    with store.writing() as db:
        db.execute(update(messages).where(messages.c.id == 2).values(case_id=filed_case(db)))
    for do in ("keep", "question", "keep"):
        answer = ada.send(WAY, subject="Re: A question", text="Dear Kim, yes.", do=do)
        assert answer.status_code == (200 if do == "question" else 409)
        assert "Nobody: what you answered is not on this case any more." in ada.page
        assert "Dear Kim, yes." in ada.page
    assert states(store) == {}
    assert "Choose somebody who wrote on EDI-0001" in ada.open(f"{WAY}?to=2").text


def test_the_same_form_sent_again_keeps_one_draft_and_writes_one_line_in_the_log(store: Store, ada: Visitor) -> None:
    asked(store)
    ada.open(WAY)
    first, second = (ada.send(WAY, subject="Re: x", text="Dear Sam,").headers["location"] for _ in range(2))
    assert (first, second, len(states(store)), did(store)) == ("/drafts/1", "/drafts/1", 1, ["answer written"])
    ada.open(WAY)
    assert ada.send(WAY, subject="Re: x", text="Another.").headers["location"] == "/drafts/2"


def test_sent_by_two_at_once_with_two_answers_the_second_reads_first(store: Store, ada: Visitor) -> None:
    asked(store)
    one, other = written(ada, "One."), written(ada, "Two.")
    page = ada.page
    ada.open(one)
    assert "Another answer on this case waits, too" in ada.page
    assert ada.send(one, decision="send", then="closed").status_code == 303
    ada.page = page
    answer = ada.send(other, decision="send", then="closed")
    assert answer.status_code == 409
    assert "Somebody has answered on EDI-0001 since you opened this reply" in answer.text
    assert states(store) == {1: OutgoingState.QUEUED, 2: OutgoingState.DRAFT}


def test_until_it_has_left_an_answer_can_be_had_back_and_changed(store: Store, ada: Visitor, smtp_sink: SmtpSink) -> None:
    asked(store)
    way = written(ada)
    ada.send(way, decision="send", then="closed")
    page = ada.open(way).text
    assert "It leaves in about 20 seconds." in page
    assert ada.send(f"{way}/back").headers["location"] == way
    assert states(store) == {1: OutgoingState.DRAFT}
    assert standing(store)[0] is CaseState.OPEN
    message_id = mail_of(store)["Message-ID"]
    ada.open(f"{way}/edit")
    assert ada.send(f"{way}/edit", subject="Re: A question", text="Dear Sam, it is free.").status_code == 303
    ada.open(way)
    ada.send(way, decision="send", then="waiting")
    assert standing(store)[0] is CaseState.WAITING
    assert mail_of(store)["Message-ID"] == message_id
    server = {"smtp_host": smtp_sink.host, "smtp_port": smtp_sink.port, "smtp_security": "none"}
    chosen = settings.load(address="edi.centre@university.example", mode="live", **server)
    early, late = Clock(NOW + timedelta(seconds=19)), Clock(NOW + timedelta(seconds=20))
    with closing(Outbox(store, chosen, "elsewhere/1/1", clock=early)) as outbox:
        assert outbox.deliver(Event()) == 0
    with closing(Outbox(store, chosen, "elsewhere/1/1", clock=late)) as outbox:
        assert (outbox.deliver(Event()), outbox.deliver(Event())) == (1, 0)
    (received,) = smtp_sink.received
    assert received.recipients == (SAM,)
    assert text_of(received.mail).strip() == "Dear Sam, it is free."
    late_answer = ada.send(f"{way}/back")
    assert (late_answer.status_code, states(store)) == (409, {1: OutgoingState.SENT})
    assert "It is too late to take it back" in late_answer.text


def test_in_rehearsal_nothing_leaves_and_the_case_stays_as_it_is(store: Store, clock: Clock) -> None:
    asked(store)
    with store.writing() as db:
        token = sessions.start(db, "ada", NOW)
    desk = build(store, settings.load(mode="rehearsal"), clock=clock)
    with TestClient(desk, cookies={"mailflow": token}, follow_redirects=False) as browser:
        ada = Visitor(browser)
        way = written(ada)
        assert "In rehearsal nothing leaves, and the case stays as it is." in ada.page
        ada.send(way, decision="send", then="closed")
        assert "In rehearsal nothing leaves" in ada.open(way).text
    assert states(store) == {1: OutgoingState.REHEARSED}
    assert standing(store) == (CaseState.OPEN, {MessageState.HELD})


def test_an_automatic_reply_that_still_waits_is_taken_back_and_that_is_said_before(store: Store, ada: Visitor) -> None:
    case_id = asked(store, held=False)
    with store.writing() as db:
        queueing.put(db, queueing.Queued(outgoing_mail(9, SAM), OutgoingState.DRAFT, case_id, 1), NOW)
    assert "Once yours is sent, it is taken back" in ada.open(WAY).text
    way = written(ada)
    assert "The automatic reply that waits on this case is then taken back" in ada.page
    ada.send(way, decision="send", then="closed")
    assert states(store) == {1: OutgoingState.CANCELLED, 2: OutgoingState.QUEUED}
    assert row_of(store, 1)["reason"] == "A person answers instead."
    assert standing(store)[0] is CaseState.CLOSED


def test_a_draft_that_is_dropped_leaves_the_case_as_it_was(store: Store, ada: Visitor) -> None:
    asked(store, state=CaseState.WAITING)
    way = written(ada)
    ada.send(way, decision="take back")
    assert states(store) == {1: OutgoingState.CANCELLED}
    assert standing(store) == (CaseState.WAITING, {MessageState.HELD})


def test_it_goes_to_whoever_was_chosen_of_those_who_wrote_and_to_nobody_else(store: Store, ada: Visitor) -> None:
    case_id = asked(store)
    with store.writing() as db:
        other = filed_case(db)
        by_kim = {"sender": KIM, "sender_name": "Kim Lee"}
        filed_message(db, case_id, raw_mail("And I?", sender=f"Kim Lee <{KIM}>"), **by_kim)
        elsewhere = filed_message(db, other, raw_mail("Hello."), sender="eve@elsewhere.example", sender_name="Eve")
        machine = {"sender": "robot@university.example", "sender_name": "Robot"}
        filed_message(db, case_id, raw_mail("Beep."), MessageState.IGNORED, Kind.AUTOMATIC, **machine)
        ours = {"sender": "edi.centre@university.example", "sender_name": "EDI Centre"}
        filed_message(db, case_id, raw_mail("From us."), **ours)
    page = main_part(ada.open(WAY).text)
    assert "Kim Lee &lt;" in page
    assert f'<a href="{WAY}?to=1">Sam Ode</a>' in page
    for nobody in ("robot@", "Robot", "Eve"):
        assert nobody not in page
    assert "<dd>EDI Centre" not in page
    for to in (elsewhere, 4, 5, 4711):
        answer = ada.send(WAY, to=str(to), subject="Re: x", text="My words.")
        assert answer.status_code == 409
        assert "Choose somebody who wrote on EDI-0001" in answer.text
        assert "My words.</textarea>" in answer.text
    ada.open(f"{WAY}?to=1")
    assert "Dear Sam Ode," in ada.page
    ada.send(WAY, subject="Re: x", text="My words.")
    assert row_of(store, 1)["recipients"] == [SAM]


def test_a_message_that_came_meanwhile_is_read_first_and_nothing_typed_is_lost(store: Store, ada: Visitor) -> None:
    case_id = asked(store)
    ada.open(WAY)
    with store.writing() as db:
        filed_message(db, case_id, raw_mail("Never mind, I have found it."))
    answer = ada.send(WAY, subject="Re: <x>", text="My <b>words</b>.")
    assert answer.status_code == 409
    for shown in (
        "A new message has come on EDI-0001",
        "My &lt;b&gt;words",
        'value="Re: &lt;x&gt;"',
        "Never mind, I have found it.",
    ):
        assert shown in answer.text
    assert ada.send(WAY, subject="Re: x", text="My words.").status_code == 303


def test_templates_and_agreed_answers_go_in_and_what_was_written_stays(store: Store, ada: Visitor) -> None:
    case_id = asked(store)
    told = outgoing_mail(9, SAM, body="No. The course is free for members of the\r\nUniversity and their departments.\r\n")
    with store.writing() as db:
        queueing.put(db, queueing.Queued(told, OutgoingState.SENT, case_id, 1), NOW)
    page = ada.open(WAY).text
    fitting = page.partition('label="May fit this message"')[2].partition("</optgroup>")[0]
    assert "Does it cost anything? (they were told this automatically)" in fitting
    assert "How long is it?" in page.partition('label="All others"')[2]
    begun = page.partition("required>\n")[2].partition("</textarea>")[0]
    page = ada.send(WAY, subject="Re: x", text=begun, do="template", template="answer-dates").text
    assert "The next open sessions of Active Bystander are:" in page
    assert page.count("Dear Sam Ode,") == 1
    page = ada.send(
        WAY, subject="My subject", text="My words.", do="question", question="How long is it?", template="answer-dates"
    ).text
    for shown in ("My words.\n\nTwo and a half hours in person", 'value="My subject"'):
        assert shown in page
    page = ada.send(WAY, subject="Re: x", text="My words.", do="template", template="digest").text
    assert "My words.</textarea>" in page
    assert set(states(store)) == {1}


def test_what_is_still_to_be_filled_in_never_leaves(store: Store, ada: Visitor) -> None:
    asked(store)
    way = written(ada, "Dear Sam, we cannot: [[say what]]. The list is attached.")
    assert "Still to be filled in: [[say what]]" in ada.page
    assert "It speaks of something attached, and nothing is" in ada.page
    answer = ada.send(way, decision="send", then="closed")
    assert (answer.status_code, states(store)) == (409, {1: OutgoingState.DRAFT})
    assert "Something is still to be filled in: [[say what]]." in answer.text


def test_where_mail_came_back_somebody_says_that_the_address_is_right(store: Store, ada: Visitor) -> None:
    asked(store)
    way = written(ada)
    with store.writing() as db:
        db.execute(insert(bounced).values(address=SAM, since=NOW, outgoing_id=1))
    ada.open(way)
    assert ada.send(way, decision="send", then="closed").status_code == 409
    assert states(store) == {1: OutgoingState.DRAFT}
    assert ada.send(way, decision="send", then="closed", right="true").status_code == 303
    with store.reading() as db:
        assert db.execute(select(bounced.c.address)).all() == []
    assert states(store) == {1: OutgoingState.QUEUED}


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 10_001])
def test_nothing_and_too_much_are_refused_and_kept_on_the_page(store: Store, ada: Visitor, text: str) -> None:
    asked(store)
    ada.open(WAY)
    assert ada.send(WAY, subject="Re: x", text=text).status_code == 409
    assert states(store) == {}


def test_who_changed_a_reply_is_told_and_a_stale_change_or_approval_is_refused(store: Store, ada: Visitor) -> None:
    asked(store)
    way = written(ada, "First.")
    shown = ada.page
    ada.open(f"{way}/edit")
    editing = ada.page
    assert "First.</textarea>" in editing
    assert ada.send(f"{way}/edit", subject="Re: x", text="Second.").status_code == 303
    ada.page = shown
    refused = ada.send(way, decision="send", then="closed")
    assert (refused.status_code, "ada has changed this reply since you opened it" in refused.text) == (409, True)
    ada.page = editing
    refused = ada.send(f"{way}/edit", subject="Re: x", text="Third.")
    assert (refused.status_code, "Third.</textarea>" in refused.text) == (409, True)
    assert "Second." in refused.text
    assert text_of(mail_of(store)).strip() == "Second."
    assert did(store) == ["answer written", "draft changed"]
    assert ada.send(f"{way}/edit", subject="Re: x", text="Third.").status_code == 303  # now they have seen the second


def test_an_automatic_reply_is_changed_before_it_is_approved_and_stays_one(store: Store, ada: Visitor) -> None:
    case_id = asked(store, held=False)
    with store.writing() as db:
        queueing.put(db, queueing.Queued(outgoing_mail(9, SAM), OutgoingState.DRAFT, case_id, 1), NOW)
    ada.open("/drafts/1/edit")
    ada.send("/drafts/1/edit", subject="Re: A question", text="Dear Sam,\n\nyes.")
    mail, row = mail_of(store), row_of(store, 1)
    assert (mail["Message-ID"], mail["Auto-Submitted"]) == ("<mailflow.9@university.example>", "auto-replied")
    assert (row["once"], row["message_id"], row["purpose"]) == ("reply:9", mail["Message-ID"], Purpose.ACKNOWLEDGEMENT)
    assert "and changed by ada" in ada.open("/drafts/1").text


def test_after_one_reply_the_next_that_waits_is_offered(store: Store, ada: Visitor) -> None:
    asked(store)
    way, _ = written(ada, "One."), written(ada, "Two.")
    ada.open(way)
    ada.send(way, decision="take back")
    assert '<a href="/drafts/2">The next reply that waits: EDI-0001</a>' in ada.open(way).text


def test_nobody_answers_a_story_who_may_not_read_it(store: Store, app: FastAPI) -> None:
    with store.writing() as db:
        filed_story(db)
        people.add(db, "adam", PASSWORD, "root", NOW, Role.ADVISER)
        token = sessions.start(db, "adam", NOW)
    with TestClient(app, cookies={"mailflow": token}, follow_redirects=False) as browser:
        adam = Visitor(browser)
        adam.open("/")
        assert adam.open(WAY).status_code == 403
        assert TOLD[:20] not in adam.page
        answer = adam.send(WAY, to="1", seen="1", form="abcdefgh", subject="Re: x", text="Hello.")
        assert (answer.status_code, states(store)) == (403, {})


def test_a_story_is_answered_without_repeating_its_subject(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_story(db)
    page = ada.open(WAY).text
    assert "Re: your message [EDI-0001]" in page


def test_a_case_on_which_nobody_wrote_is_answered_from_the_mailbox(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_case(db)
    answer = ada.open(WAY)
    assert (answer.status_code, "Nobody wrote on EDI-0001 who could be answered from here" in answer.text) == (404, True)
