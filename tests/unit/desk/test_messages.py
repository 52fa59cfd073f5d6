from dataclasses import replace

import pytest
from sqlalchemy import select, update

from filed import NOW, WHY_HELD, filed_case, filed_draft, filed_message, formatted_mail, held_query, raw_mail
from furnished import everything
from mailflow.domain import CORRECTED, Kind, MessageState, OutgoingState, Purpose, Reason
from mailflow.domain.plain import reason_to_json
from mailflow.store import queueing
from mailflow.store.database import Store
from mailflow.store.tables import events, messages, outgoings
from outgoing import outgoing_mail
from visiting import Visitor, main_part

QUERY = (
    "Dear EDI Centre,\n\nI have a question about the Active Bystander programme: are the sessions open to doctoral students as"
    " well, and do they cost anything? Where can I find out more about it?\n\nMany thanks,\nSam Ode\n"
)


def test_the_verdict_is_told_in_sentences_the_weightiest_reasons_first(store: Store, ada: Visitor) -> None:
    reasons = [Reason(f"r{weight}", f"It weighs {weight}.", weight, Kind.QUERY) for weight in (0.5, 3.0, -9.0, 2.0, 1.0)]
    reasons.append(Reason("other", "It could be a story.", 4.0, Kind.STORY))
    with store.writing() as db:
        filed_message(db, None, raw_mail("May I?"), confidence=0.91, reasons=[reason_to_json(reason) for reason in reasons])
    page = main_part(ada.open("/messages/1").text)
    assert "It took this for <strong>a query</strong>, 91% sure, because:" in page
    first, _, rest = page.partition("<details><summary>3 more reasons")
    assert [first.find(f"It weighs {weight}.") > 0 for weight in (3.0, 2.0, 1.0, 0.5, -9.0)] == [True, True, True, False, False]
    assert first.index("weighs 3.0") < first.index("weighs 2.0") < first.index("weighs 1.0")
    assert rest.index("weighs -9.0") < rest.index("could be a story") < rest.index("weighs 0.5")


def test_a_persons_word_goes_before_all_reasons(store: Store, ada: Visitor) -> None:
    said = [Reason(CORRECTED, "adam says that it is query.", kind=Kind.QUERY), Reason("r", "It weighs.", 9.0, Kind.QUERY)]
    with store.writing() as db:
        filed_message(db, None, raw_mail("May I?"), reasons=[reason_to_json(reason) for reason in said])
    page = main_part(ada.open("/messages/1").text)
    assert "A person has said that it is <strong>a query</strong>." in page
    assert page.index("adam says") < page.index("It weighs.")
    assert "/messages/1/again" not in page


def test_why_nothing_was_answered_is_said_with_the_rule_to_look_at(store: Store, ada: Visitor) -> None:
    silent = Reason("never-to", "rules.toml names its sender under never_to.")
    rule = Reason("asks us to run a session", "The rule “asks us to run a session” speaks for training.", 2.0, Kind.TRAINING)
    with store.writing() as db:
        held_query(db)
        values = {"silence": reason_to_json(silent), "reasons": [reason_to_json(rule)], "kind": Kind.TRAINING}
        filed_message(db, filed_case(db), raw_mail("Hello?"), **values)  # type: ignore[arg-type]
    held, silenced = main_part(ada.open("/messages/1").text), main_part(ada.open("/messages/2").text)
    assert "Why was this not answered?" in held
    assert WHY_HELD.text in held
    assert "<code>[kinds.query] confidence</code>" in held
    assert "<code>[replies] never_to</code>" in silenced
    assert "<code>[[rules]] asks us to run a session</code> It speaks for training, by 2." in silenced
    for way in ('href="/rules"', 'href="/messages/2/kind"', 'href="/cases/EDI-0002/answer"', 'href="/messages/2/again"'):
        assert way in silenced


def test_what_was_answered_is_said_so(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        number = filed_draft(db)
    page = main_part(ada.open("/messages/1").text)
    assert "How it was answered" in page
    assert f'<a href="/drafts/{number}">waits for approval</a>' in page
    assert "Why was this not answered?" not in page


def test_attachments_are_handed_out_to_be_saved(store: Store, ada: Visitor) -> None:
    names = {
        "plan.pdf": "application/octet-stream",
        'Übersicht "1".txt': "application/octet-stream",
        "page.html": "application/octet-stream",
    }
    with store.writing() as db:
        for name in names:
            filed_message(db, None, formatted_mail(file=b"<script>alert(1)</script>", name=name))
    for number, kind in enumerate(names.values(), 1):
        answer = ada.open(f"/messages/{number}/attachments/1")
        assert answer.content == b"<script>alert(1)</script>"
        assert answer.headers["content-type"] == kind
        assert answer.headers["content-disposition"].startswith("attachment; filename=")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
    wide = ada.open("/messages/2/attachments/1").headers["content-disposition"]
    assert wide == "attachment; filename=\"_bersicht _1_.txt\"; filename*=UTF-8''%C3%9Cbersicht%20_1_.txt"
    page = main_part(ada.open("/messages/3").text)
    assert 'href="/messages/3/attachments/1" download>page.html</a>' in page
    assert "do not sign in anywhere from there" in page
    for place in (0, 2, 999):
        assert ada.open(f"/messages/1/attachments/{place}").status_code in (404, 422)


def test_a_forwarded_message_is_handed_out_whole(store: Store, ada: Visitor) -> None:
    inner = raw_mail("The words within.", "Inner")
    outer = (
        b"From: sam.ode@university.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\n\r\nSee.\r\n"
        b'--b\r\nContent-Type: message/rfc822; name="Re: Inner"\r\nContent-Disposition: attachment\r\n\r\n'
        + inner
        + b"\r\n--b--\r\n"
    )
    with store.writing() as db:
        filed_message(db, None, outer)
    answer = ada.open("/messages/1/attachments/1")
    assert b"The words within." in answer.content
    assert answer.headers["content-disposition"] == 'attachment; filename="Re_ Inner.eml"'


def test_a_failed_message_is_not_taken_apart(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_message(db, None, formatted_mail(), MessageState.FAILED, kind=None, failure="Reading it takes too long.")
    assert ada.open("/messages/1/attachments/1").status_code == 404
    assert ada.open("/messages/1/html").status_code == 404
    assert "May I bring a friend?" in ada.open("/messages/1/raw").text


def test_the_frame_of_a_formatted_mail_may_do_nothing(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_message(db, None, formatted_mail("<p onclick=alert(1)>May I <b>bring</b> her?<script>alert(2)</script></p>"))
        filed_message(db, None, raw_mail("Plain."))
    page = main_part(ada.open("/messages/1").text)
    assert '<iframe class="mail" sandbox src="/messages/1/html"' in page
    answer = ada.open("/messages/1/html")
    policy = answer.headers["content-security-policy"]
    assert {"default-src 'none'", "img-src data:", "frame-ancestors 'self'", "sandbox"} <= set(policy.split("; "))
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert "<p>May I <b>bring</b> her?</p>" in answer.text
    assert "alert" not in answer.text
    assert "iframe" not in main_part(ada.open("/messages/2").text)
    assert ada.open("/messages/2/html").status_code == 404


def test_the_source_is_shown_in_part_and_saved_whole(store: Store, ada: Visitor) -> None:
    raw = raw_mail("<script>alert(1)</script>\n" + "x\n" * 40_000)
    with store.writing() as db:
        filed_message(db, None, raw)
    page = main_part(ada.open("/messages/1/raw").text)
    assert "&lt;script&gt;alert(1)" in page
    assert "not shown here" in page
    saved = ada.open("/messages/1/raw.eml")
    assert saved.content == raw
    assert saved.headers["content-type"] == "application/octet-stream"
    assert saved.headers["content-disposition"] == 'attachment; filename="message-1.eml"'


def test_every_look_at_a_message_is_on_record(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_message(db, None, formatted_mail(), kind=Kind.STORY)
    for way in ("", "/raw", "/raw.eml", "/html", "/attachments/1"):
        assert ada.open(f"/messages/1{way}").status_code == 200
    with store.reading() as db:
        read = db.execute(select(events.c.who, events.c.message).where(events.c.what == "read story")).all()
    assert [tuple(row) for row in read] == [("ada", 1)] * 5


def test_what_deciding_again_comes_to_is_shown_before_it_is_done(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        held_query(db, QUERY, kind=Kind.OTHER, confidence=0.4)
    before = everything(store, reading=True)
    page = main_part(ada.open("/messages/1/again").text)
    assert "It is taken for a query, and no longer for other business" in page
    assert "It no longer waits for a person." in page
    assert "A reply (query" in page
    assert "waits for approval at the desk." in page
    assert everything(store, reading=True) == before
    done = ada.send("/messages/1/again", told=ada.hidden("told"))
    assert done.headers["location"] == "/messages/1?done=again"
    assert "It was decided again." in ada.open("/messages/1?done=again").text
    with store.reading() as db:
        row = db.execute(select(messages.c.state, messages.c.kind, messages.c.hold)).one()
        said = db.execute(select(events.c.who, events.c.detail).where(events.c.what == "decided again")).one()
        assert db.execute(select(outgoings.c.state)).scalars().all() == [OutgoingState.DRAFT]
    assert tuple(row) == (MessageState.FILED, Kind.QUERY, None)
    assert (said.who, said.detail[:5]) == ("ada", "query")


def test_deciding_again_never_answers_twice(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        held_query(db, QUERY)
        mail = outgoing_mail(1, "sam.ode@university.example")
        queueing.enqueue_all(db, [queueing.Queued(mail, OutgoingState.SENT, 1, 1)], NOW)
    for _ in range(2):
        assert "No reply is sent now: Its thread has had its acknowledgement" in ada.open("/messages/1/again").text
        assert ada.send("/messages/1/again", told=ada.hidden("told")).status_code == 303
    with store.reading() as db:
        assert db.execute(select(outgoings.c.state)).scalars().all() == [OutgoingState.SENT]


def test_nothing_is_decided_again_that_was_not_told(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        held_query(db, QUERY)
    before = everything(store, reading=True)
    for told in ("", "something else"):
        answer = ada.send("/messages/1/again", told=told)
        assert answer.status_code == 409
        assert "Something has changed since you looked" in answer.text
    assert everything(store, reading=True) == before


@pytest.mark.parametrize("reason", ["said", "answered", "ours", "header"])
def test_what_a_person_has_settled_stays(store: Store, ada: Visitor, reason: str) -> None:
    with store.writing() as db:
        held_query(db, QUERY)
        if reason == "answered":
            mail = replace(outgoing_mail(1, "sam.ode@university.example"), purpose=Purpose.ANSWER)
            queueing.enqueue_all(db, [queueing.Queued(mail, OutgoingState.SENT, 1, 1)], NOW)
        elif reason == "header":
            db.execute(update(messages).values(whole=False))
        else:
            why = Reason(CORRECTED if reason == "said" else "our-own-copy", "So it is.", kind=Kind.QUERY)
            db.execute(update(messages).values(reasons=[reason_to_json(why)]))
    before = everything(store, reading=True)
    assert ada.open("/messages/1/again").status_code == 409
    assert ada.send("/messages/1/again").status_code == 409
    assert everything(store, reading=True) == before
