from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from filed import NOW, WHY_HELD, WHY_SILENT, filed_case, filed_draft, filed_message, filed_story, held_query, raw_mail
from mailflow.domain import CaseState, Kind, MessageState, Role
from mailflow.errors import UserError
from mailflow.store import casefiles, casework, draftfiles, drafting, kept
from mailflow.store.database import Store
from mailflow.store.filing import record
from mailflow.store.tables import bounced, cases, events, linked_cases, messages, outgoings


def test_a_case_comes_with_its_verdicts_and_the_reading_is_on_record(store: Store) -> None:
    with store.writing() as db:
        case_id = held_query(db)
        read = casefiles.case_file(db, case_id, "ada", NOW)
        assert read.is_held
        assert (read.messages[0].hold, read.messages[0].silence) == (WHY_HELD, WHY_SILENT)
        assert read.messages[0].reasons[0].text == "It asks a question."
        assert b"bring a friend" in read.messages[0].raw
        assert tuple(db.execute(select(events.c.who, events.c.what, events.c.case_id)).one()) == ("ada", "read", case_id)


def test_dealing_with_a_case_closes_it_and_nothing_on_it_is_held_any_more(store: Store) -> None:
    with store.writing() as db:
        case_id = held_query(db)
        casework.deal_with(db, case_id, "ada", casefiles.case_file(db, case_id, "ada", NOW).newest, NOW)
        casework.deal_with(db, case_id, "bo", 99, NOW + timedelta(hours=1))
        assert tuple(db.execute(select(cases.c.state, cases.c.closed_at)).one()) == (CaseState.CLOSED, NOW)
        assert db.execute(select(messages.c.state)).scalar_one() is MessageState.FILED
        done = db.execute(select(events.c.who).where(events.c.what == "dealt with")).scalars().all()
        assert done == ["ada"]


def test_a_message_nobody_has_read_keeps_its_case_open(store: Store) -> None:
    with store.writing() as db:
        case_id = held_query(db)
        seen = casefiles.case_file(db, case_id, "ada", NOW).newest
        filed_message(db, case_id, raw_mail("And another thing"), MessageState.HELD)
        with pytest.raises(UserError, match="A new message has come"):
            casework.deal_with(db, case_id, "ada", seen, NOW)
        assert db.execute(select(cases.c.state)).scalar_one() is CaseState.OPEN


def test_a_thread_that_ran_wild_is_shown_by_its_first_and_newest_messages(store: Store) -> None:
    with store.writing() as db:
        case_id = filed_case(db)
        numbers = [filed_message(db, case_id, raw_mail(f"Message {n}"), kind=Kind.OTHER) for n in range(30)]
        read = casefiles.case_file(db, case_id, "ada", NOW)
    assert [message.id for message in read.messages] == [numbers[0], *numbers[-19:]]
    assert read.left_out == 10


def test_what_is_not_there_is_said_in_a_sentence(store: Store) -> None:
    with store.writing() as db:
        with pytest.raises(UserError, match="There is no case EDI-0007"):
            casefiles.case_file(db, 7, "ada", NOW)
        with pytest.raises(UserError, match="There is no message 7"):
            kept.message_file(db, 7, "ada", NOW)
        with pytest.raises(UserError, match="There is no case EDI-0007"):
            casework.deal_with(db, 7, "ada", 0, NOW)


@pytest.mark.parametrize(("role", "known"), [(Role.READER, False), (Role.ADVISER, False), (Role.REVIEWER, True)])
def test_no_case_names_a_story_to_who_may_not_read_it(store: Store, role: Role, known: bool) -> None:
    told = "EDI-0002", "EDI-0003"
    with store.writing() as db:
        number = filed_draft(db)
        filed_story(db), filed_story(db)
        db.execute(insert(linked_cases), [{"case_id": 2, "began_in": 1}, {"case_id": 1, "began_in": 3}])
        db.execute(update(outgoings).where(outgoings.c.id == number).values(case_id=2))
        db.execute(insert(bounced).values(address="sam.ode@university.example", since=NOW, outgoing_id=number))
        record(db, NOW, "bo", "corrected", case_id=1, message=2, detail="query to story")
        record(db, NOW, "bo", "split off", case_id=1, message=2, detail="into EDI-0002")
        record(db, NOW, "bo", "split off", case_id=1, message=1, detail="from EDI-0003")
        read = casefiles.case_file(db, 1, "rhea", NOW, role)
    assert (read.linked, read.began_in, read.blocked_by) == (((told[0],), told[1], (told[0],)) if known else ((), None, ()))
    assert read.blocked == ("sam.ode@university.example",)
    assert [deed.what for deed in read.deeds] == (["corrected", "split off", "split off"] if known else [])


def test_a_case_names_the_others_that_its_reader_may_read(store: Store) -> None:
    with store.writing() as db:
        filed_draft(db), filed_case(db)
        db.execute(insert(linked_cases).values(case_id=2, began_in=1))
        record(db, NOW, "bo", "split off", case_id=1, message=1, detail="into EDI-0002")
        read = casefiles.case_file(db, 1, "rhea", NOW)
    assert (read.linked, [deed.what for deed in read.deeds]) == (("EDI-0002",), ["split off"])


def test_a_draft_asks_for_the_role_of_what_it_answers_and_without_a_case_for_an_adviser(store: Store) -> None:
    needs = []
    with store.writing() as db:
        number = filed_draft(db)
        filed_story(db)
        for case_id, answers in ((1, 1), (1, 2), (None, None)):
            db.execute(update(outgoings).values(case_id=case_id, answers=answers))
            read = draftfiles.draft_file(db, number, "ada", NOW).needs
            needs.append((read, draftfiles.bytes_of(db, number, "ada", NOW)[0], drafting.needs_of(db, number)))
    assert needs == [(Role.READER,) * 3, (Role.REVIEWER,) * 3, (Role.ADVISER,) * 3]
