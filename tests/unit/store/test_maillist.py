from datetime import timedelta
from itertools import pairwise

from filed import NOW, filed_case, filed_message
from mailflow.domain import AutomaticSort, Kind, MessageState, OutgoingState, Purpose, Reason, Role
from mailflow.domain.plain import reason_to_json
from mailflow.store import queueing
from mailflow.store.database import Store
from mailflow.store.maillist import Narrowing, mail_list
from outgoing import outgoing_mail


def ids(store: Store, narrowing: Narrowing, before: int | None = None, most: int = 50) -> list[int]:
    with store.reading() as db:
        return [line.id for line in mail_list(db, narrowing, Role.ADVISER, before, most).lines]


def test_the_last_to_come_is_first_and_no_page_leaves_out_or_repeats_a_message(store: Store) -> None:
    with store.writing() as db:
        made = [filed_message(db, None, bytes([number])) for number in range(7)]
        assert [line.id for line in mail_list(db, Narrowing(), Role.READER).lines] == made[::-1]
        found, before, more = list[int](), None, True
        while more:
            page = mail_list(db, Narrowing(), Role.READER, before, 3)
            found += [line.id for line in page.lines]
            before, more = page.lines[-1].id, page.has_more
    assert found == made[::-1]
    assert all(newer > older for newer, older in pairwise(found))


def test_a_list_is_narrowed_down_by_what_became_of_a_message(store: Store) -> None:
    with store.writing() as db:
        held = filed_message(db, None, b"a", MessageState.HELD)
        failed = filed_message(db, None, b"b", MessageState.FAILED, kind=None)
        away = filed_message(db, None, b"c", MessageState.IGNORED, Kind.AUTOMATIC, automatic=AutomaticSort.VACATION)
        grave = filed_message(db, None, b"d", sensitive=True, arrived=NOW - timedelta(days=9))
    assert ids(store, Narrowing(state=MessageState.HELD)) == [held]
    assert ids(store, Narrowing(state=MessageState.FAILED)) == [failed]
    assert ids(store, Narrowing(kind=Kind.AUTOMATIC)) == [away]
    assert ids(store, Narrowing(automatic=AutomaticSort.VACATION)) == [away]
    assert ids(store, Narrowing(automatic=AutomaticSort.BOUNCE)) == []
    assert ids(store, Narrowing(sensitive=True)) == [grave]
    assert ids(store, Narrowing(sensitive=False)) == [away, failed, held]
    assert ids(store, Narrowing(until=NOW - timedelta(days=9))) == []
    assert ids(store, Narrowing(until=NOW - timedelta(days=8))) == [grave]
    assert ids(store, Narrowing(since=NOW - timedelta(days=8))) == [away, failed, held]
    assert ids(store, Narrowing(since=NOW - timedelta(days=9), kind=Kind.QUERY)) == [grave, held]


def test_a_message_is_answered_once_a_mail_to_its_writer_goes_out(store: Store) -> None:
    with store.writing() as db:
        case_id = filed_case(db)
        made = {state: filed_message(db, case_id, state.encode()) for state in OutgoingState}
        alerted = filed_message(db, case_id, b"alerted")
        for state, number in made.items():
            mail = outgoing_mail(number, "sam@university.example")
            queueing.enqueue_all(db, [queueing.Queued(mail, state, case_id, number)], NOW)
        mail = outgoing_mail(alerted, "team@university.example", purpose=Purpose.ALERT)
        queueing.enqueue_all(db, [queueing.Queued(mail, OutgoingState.SENT, case_id, alerted)], NOW)
    gone = ("queued", "sending", "sent", "deferred", "in_doubt")
    assert ids(store, Narrowing(answered=True)) == sorted((made[OutgoingState(state)] for state in gone), reverse=True)
    assert set(ids(store, Narrowing(answered=False))) == {alerted, *made.values()} - {made[OutgoingState(one)] for one in gone}
    with store.reading() as db:
        lines = mail_list(db, Narrowing(), Role.READER).lines
    assert {line.id for line in lines if line.answered} == {made[OutgoingState(state)] for state in gone}


def test_a_line_says_what_became_of_the_message_and_why(store: Store) -> None:
    why = Reason("unsure", "It looks like a query.")
    with store.writing() as db:
        case_id = filed_case(db)
        filed_message(db, case_id, b"x", MessageState.HELD, hold=reason_to_json(why), silence=reason_to_json(why), sender_name="")
        (line,) = mail_list(db, Narrowing(), Role.READER).lines
    assert (line.hold, line.silence, line.reference, line.kind) == (why, why, "EDI-0001", Kind.QUERY)
    assert (line.subject, line.sender) == ("Something I saw", "sam.ode@university.example")
    assert "sam.ode" not in repr(line)
    assert "Something" not in repr(line)
