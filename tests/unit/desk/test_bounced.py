"""A bounce at the desk: on the case of the mail that came back, with the address and the way out, and never as their words."""

from datetime import timedelta

from sqlalchemy import insert, select

from bounces import GONE, failed
from filed import NOW, filed_case, filed_draft, filed_message, filed_story, raw_mail
from mailflow.domain import AutomaticSort, CaseState, Kind, MessageState, OutgoingState
from mailflow.store.database import Store
from mailflow.store.tables import bounced, outgoings
from outgoing import outgoing_mail, queue, set_row
from visiting import Visitor


def came_back(store: Store, case_id: int) -> None:
    """Our reply on the case came back, and the bounce is filed there."""
    (number,) = queue(store, outgoing_mail(1, GONE))
    set_row(
        store, number, state=OutgoingState.BOUNCED, failure="It came back: there is no such address (5.1.1).", case_id=case_id
    )
    with store.writing() as db:
        db.execute(insert(bounced).values(address=GONE, since=NOW, outgoing_id=number, status="5.1.1"))
        of = {"automatic": AutomaticSort.BOUNCE, "sender": None, "sender_name": None}
        filed_message(db, case_id, failed(), MessageState.IGNORED, Kind.AUTOMATIC, **of)


def test_a_case_shows_what_came_back_from_where_and_what_to_do(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        case_id = filed_case(db)
        filed_message(db, case_id, raw_mail("May I bring a friend?"))
    came_back(store, case_id)
    page = ada.open("/cases/EDI-0001").text
    for shown in ("came back undelivered", "It came back: there is no such address (5.1.1).", "A delivery report", GONE):
        assert shown in page
    assert "Send again what came back" in page
    assert "A later message" not in page
    with store.writing() as db:
        db.execute(bounced.delete())
    assert "Nothing more is written by itself" not in ada.open("/cases/EDI-0001").text


def test_today_lists_what_came_back_until_its_case_is_dealt_with(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        case_id = filed_case(db)
        filed_message(db, case_id, raw_mail("May I bring a friend?"))
    came_back(store, case_id)
    assert "Came back undelivered. It came back: there is no such address (5.1.1)." in ada.open("/").text
    ada.send("/cases/EDI-0001/dealt-with", seen="2")
    assert "Came back undelivered" not in ada.open("/").text
    with store.reading() as db:
        assert db.execute(select(outgoings.c.state)).scalar_one() is OutgoingState.BOUNCED


def test_who_approves_a_reply_is_told_that_mail_to_its_address_came_back(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        number = filed_draft(db)
    assert "came back" not in ada.open(f"/drafts/{number}").text
    with store.writing() as db:
        db.execute(insert(bounced).values(address="sam.ode@university.example", since=NOW, outgoing_id=number))
    assert "Other mail to this address came back." in ada.open(f"/drafts/{number}").text


def test_a_reviewer_reads_no_bounce_as_the_contributors_words(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        case_id = filed_story(db)
    came_back(store, case_id)
    page = ada.open("/review/EDI-0001").text
    assert "please withdraw my story" not in page
    assert "A later message" not in page
    assert "please withdraw my story" in ada.open("/cases/EDI-0001").text


def test_today_lists_a_mail_in_doubt_with_what_to_do_until_its_case_is_dealt_with(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        case_id = filed_case(db)
        filed_message(db, case_id, raw_mail("May I bring a friend?"))
    (number,) = queue(store, outgoing_mail(1), state=OutgoingState.IN_DOUBT)
    set_row(store, number, failure="mailflow was interrupted while sending it.", case_id=case_id)
    for page in ("/", "/cases/EDI-0001"):
        shown = ada.open(page).text
        assert "mailflow was interrupted while sending it." in shown
        assert "It may have arrived, and is not sent again by itself. Ask them, or answer yourself" in shown
    assert "In doubt: sent or not" in ada.open("/").text
    assert "could not be read or delivered" not in ada.open("/").text
    ada.send("/cases/EDI-0001/dealt-with", seen="1")
    assert "interrupted" not in ada.open("/").text
    with store.reading() as db:
        assert db.execute(select(outgoings.c.state)).scalar_one() is OutgoingState.IN_DOUBT


def test_another_case_of_theirs_says_where_mail_came_back_and_lets_it_be_written_to(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        came_back_on, later = filed_case(db), filed_case(db)
        filed_message(db, later, raw_mail("And now?"), MessageState.HELD, sender=GONE.upper())
    came_back(store, came_back_on)
    page = ada.open("/cases/EDI-0002").text
    assert "came back from there (EDI-0001)." in page
    assert "Only let it be written to" in page
    assert "Send again what came back" not in page


def test_a_mail_that_fails_after_its_case_was_closed_can_still_be_settled(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        case_id = filed_case(db, state=CaseState.CLOSED, closed_at=NOW - timedelta(days=1))
        filed_message(db, case_id, raw_mail("May I bring a friend?"), MessageState.FILED)
    (number,) = queue(store, outgoing_mail(1), state=OutgoingState.IN_DOUBT)
    set_row(store, number, case_id=case_id)
    assert "In doubt: sent or not" in ada.open("/").text
    assert "Mark as dealt with" in ada.open("/cases/EDI-0001").text
    ada.send("/cases/EDI-0001/dealt-with", seen="1")
    assert "In doubt: sent or not" not in ada.open("/").text
    assert "Mark as dealt with" not in ada.open("/cases/EDI-0001").text
