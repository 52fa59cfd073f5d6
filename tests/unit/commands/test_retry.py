"""`mailflow retry`: what failed is tried again; what may have arrived only where a person insists."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import Result
from sqlalchemy import insert, select

from filed import NOW, filed_case, filed_message
from mailflow.commands.opening import who_asks
from mailflow.commands.retry import retry
from mailflow.domain import CaseState, MessageState, OutgoingState
from mailflow.errors import UserError
from mailflow.store import claiming
from mailflow.store.database import Store
from mailflow.store.tables import bounced, events, messages, outgoings, places
from outgoing import outgoing_mail, queue, set_row, states

Run = Callable[..., Result]
FAILED, IN_DOUBT, QUEUED = OutgoingState.FAILED, OutgoingState.IN_DOUBT, OutgoingState.QUEUED


def failed_message(store: Store, raw: bytes = b"\xff") -> int:
    with store.writing() as db:
        number = filed_message(db, None, raw, MessageState.FAILED, failure="It is empty.", decided_at=NOW)
        where = {"mailbox": "m", "folder": "INBOX", "uidvalidity": 1, "uid": number, "message": number}
        db.execute(insert(places).values(settled=True, departed=False, **where))
        return number


def test_a_failed_message_is_received_again_and_may_be_moved(store: Store, run: Run) -> None:
    number = failed_message(store)
    done = run(retry, str(number))
    assert (done.exit_code, done.output) == (0, f"To be read again: message {number}.\n")
    with store.writing() as db:
        row = db.execute(select(messages.c.state, messages.c.failure, messages.c.decided_at)).one()
        assert tuple(row) == (MessageState.RECEIVED, None, None)
        assert not db.execute(select(places.c.settled)).scalar_one()
        assert db.execute(select(events.c.who, events.c.what, events.c.message)).one() == (
            who_asks(),
            "message retried",
            number,
        )
        assert [message.id for message in claiming.claim(db, "me/1/1", 10, NOW + timedelta(days=1))] == [number]


@pytest.mark.parametrize("words", [("mail", "1"), ("EDI-0001",), ("edi-1",), ("mail 1",)])
def test_a_failed_mail_is_named_by_its_number_or_its_case(store: Store, run: Run, words: tuple[str, ...]) -> None:
    queue(store, outgoing_mail(1), outgoing_mail(2), state=FAILED)
    with store.writing() as db:
        case_id = filed_case(db)
        db.execute(outgoings.update().where(outgoings.c.id == 1).values(case_id=case_id))
    done = run(retry, *words)
    assert (done.exit_code, done.output) == (0, "To be sent again: mail 1 (EDI-0001).\n")
    assert states(store) == {1: QUEUED, 2: FAILED}


def test_several_things_are_retried_at_once(store: Store, run: Run) -> None:
    first, second = failed_message(store), failed_message(store, b"\xfe")
    queue(store, outgoing_mail(1), state=FAILED)
    done = run(retry, "message", str(first), str(second), "mail", "1")
    assert done.output == f"To be read again: message {first}, message {second}.\nTo be sent again: mail 1.\n"


def test_a_mail_in_doubt_is_left_alone_until_a_person_insists(store: Store, run: Run) -> None:
    queue(store, outgoing_mail(1), state=IN_DOUBT)
    refused = run(retry, "mail", "1")
    assert isinstance(refused.exception, UserError)
    assert "Ask whoever it was for" in str(refused.exception)
    assert "at the risk of a second copy" in str(refused.exception)
    assert states(store) == {1: IN_DOUBT}
    assert run(retry, "mail", "1", "--in-doubt").exit_code == 0
    assert states(store) == {1: QUEUED}


def test_all_leaves_mails_in_doubt_alone_and_says_so(store: Store, run: Run) -> None:
    number = failed_message(store)
    queue(store, outgoing_mail(1), state=FAILED)
    queue(store, outgoing_mail(2), state=IN_DOUBT)
    done = run(retry, "--all")
    assert done.exit_code == 1
    assert f"To be read again: message {number}.\nTo be sent again: mail 1.\nIn doubt, and left alone: mail 2." in done.output
    assert states(store) == {1: QUEUED, 2: IN_DOUBT}
    assert run(retry, "--all", "--in-doubt").exit_code == 0
    assert states(store) == {1: QUEUED, 2: QUEUED}


def test_all_leaves_alone_what_was_dealt_with_and_its_name_sends_it(store: Store, run: Run) -> None:
    queue(store, outgoing_mail(1), state=FAILED)
    with store.writing() as db:
        case_id = filed_case(db, state=CaseState.CLOSED, closed_at=NOW + timedelta(hours=1))
        db.execute(outgoings.update().values(case_id=case_id))
    assert run(retry, "--all").output == "Nothing has failed.\n"
    assert states(store) == {1: FAILED}
    assert run(retry, "mail", "1").exit_code == 0
    assert states(store) == {1: QUEUED}


def test_all_passes_over_a_mail_in_doubt_whose_case_is_dealt_with_and_its_name_does_not(store: Store, run: Run) -> None:
    (number,) = queue(store, outgoing_mail(1), state=IN_DOUBT)
    with store.writing() as db:
        case_id = filed_case(db, state=CaseState.CLOSED)
    set_row(store, number, case_id=case_id)
    assert (run(retry, "--all").output, states(store)) == ("Nothing has failed.\n", {number: IN_DOUBT})
    assert run(retry, "EDI-0001", "--in-doubt").exit_code == 0
    assert states(store) == {number: QUEUED}


def test_where_nothing_failed_all_is_done(run: Run) -> None:
    done = run(retry, "--all")
    assert (done.exit_code, done.output) == (0, "Nothing has failed.\n")


def test_a_name_of_something_that_did_not_fail_changes_nothing(store: Store, run: Run) -> None:
    number = failed_message(store)
    refused = run(retry, str(number), "message", "99", "mail", "5", "EDI-0042")
    assert isinstance(refused.exception, UserError)
    assert [problem.partition(";")[0] for problem in refused.exception.problems] == [
        "There is no failed message 99",
        "There is no failed mail 5",
        "There is no failed mail of EDI-0042",
    ]
    with store.reading() as db:
        assert db.execute(select(messages.c.state)).scalar_one() is MessageState.FAILED


@pytest.mark.parametrize("words", [(), ("mail",), ("everything",), ("17x",), ("17", "--all"), ("",)])
def test_what_names_nothing_is_the_users_mistake(run: Run, words: tuple[str, ...]) -> None:
    refused = run(retry, *words)
    assert isinstance(refused.exception, UserError)
    assert "message 17, mail 12" in str(refused.exception)


def came_back(store: Store, number: int = 1) -> None:
    """A mail to somebody came back, and one that waited for the same address was given up."""
    with store.writing() as db:
        db.execute(insert(bounced).values(address="person1@university.example", since=NOW, outgoing_id=number))
    set_row(store, number, state=OutgoingState.BOUNCED, failure="It came back: there is no such address (5.1.1).")


def test_what_came_back_is_sent_again_where_it_is_named_and_its_address_written_to_as_before(store: Store, run: Run) -> None:
    queue(store, outgoing_mail(1))
    came_back(store)
    done = run(retry, "mail", "1")
    assert (done.exit_code, done.output) == (0, "To be sent again: mail 1.\n")
    assert states(store) == {1: QUEUED}
    with store.reading() as db:
        assert db.execute(select(bounced.c.address)).all() == []
        assert db.execute(select(events.c.who, events.c.what, events.c.detail).order_by(events.c.id)).all() == [
            (who_asks(), "mail retried", "mail 1"),
            (who_asks(), "address may be written to again", "mail 1"),
        ]


def test_all_leaves_alone_what_came_back_and_what_was_given_up_for_that(store: Store, run: Run) -> None:
    queue(store, outgoing_mail(1), outgoing_mail(2, "Person1@university.example"), outgoing_mail(3), state=FAILED)
    came_back(store)
    done = run(retry, "--all")
    assert done.exit_code == 1
    assert done.output == (
        "To be sent again: mail 3.\nCame back, and left alone: mail 1, mail 2. Name them, and they are sent to the same "
        "addresses again.\n"
    )
    assert states(store) == {1: OutgoingState.BOUNCED, 2: FAILED, 3: QUEUED}
    assert run(retry, "mail 2").exit_code == 0
    assert states(store)[2] is QUEUED


def test_a_case_whose_sender_mail_came_back_from_names_the_mail_to_retry(store: Store, run: Run) -> None:
    queue(store, outgoing_mail(1))
    came_back(store)
    with store.writing() as db:
        filed_message(db, filed_case(db), b"Hello?", MessageState.HELD, sender="person1@university.example")
    refused = run(retry, "EDI-0001")
    assert isinstance(refused.exception, UserError)
    assert "`mailflow retry mail 1` sends that again, and lets the address be written to" in str(refused.exception)
