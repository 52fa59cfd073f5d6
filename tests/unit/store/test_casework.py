"""What a person does with a case besides answering, and how it meets what somebody else did meanwhile."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select, update

from filed import NOW, filed_case, filed_draft, filed_message, filed_story, held_query, raw_mail
from mailflow.domain import CaseState, Kind, OutgoingState, Role
from mailflow.errors import UserError
from mailflow.store import casefiles, casework, filing, people
from mailflow.store.casework import stands
from mailflow.store.database import Store
from mailflow.store.listing import Wanted, count_unclosed, listed, overdue
from mailflow.store.tables import bounced, cases, events, outgoings
from visiting import PASSWORD

TODAY = NOW.date()
TOMORROW = TODAY + timedelta(days=1)
OPEN = stands(CaseState.OPEN, None, None)
CLOSED = stands(CaseState.CLOSED, None, None)


def test_a_case_is_given_to_who_may_work_on_it_and_not_past_somebody_else(store: Store) -> None:
    with store.writing() as db:
        for name, role in (("adam", Role.ADVISER), ("rhea", Role.READER), ("rosa", Role.REVIEWER)):
            people.add(db, name, PASSWORD, "root", NOW, role)
        case_id, story = held_query(db), filed_story(db)
        casework.assign(db, case_id, "adam", "adam", OPEN, NOW)
        with pytest.raises(UserError, match="Somebody has changed EDI-0001 since"):
            casework.assign(db, case_id, "rosa", "rosa", OPEN, NOW)
        for to in ("rhea", "nobody"):
            with pytest.raises(UserError, match="Choose somebody of the team"):
                casework.assign(db, case_id, to, "rosa", stands(CaseState.OPEN, "adam", None), NOW)
        with pytest.raises(UserError, match="Choose somebody of the team"):
            casework.assign(db, story, "adam", "rosa", OPEN, NOW)
        assert casework.assignable(db, Role.REVIEWER) == ["rosa"]
        assert [line.case_id for line in listed(db, Wanted(assigned="adam"), TODAY).lines] == [case_id]
        casework.assign(db, case_id, None, "rosa", stands(CaseState.OPEN, "adam", None), NOW)
        told = db.execute(select(events.c.what, events.c.detail).where(events.c.case_id == case_id))
        assert [tuple(row) for row in told] == [("assigned", "to adam"), ("assigned to nobody", None)]


def test_a_case_that_is_put_off_is_in_no_list_until_its_day_or_a_message(store: Store) -> None:
    with store.writing() as db:
        late = filed_case(db, due=TODAY - timedelta(days=3))
        casework.snooze(db, late, TOMORROW, "ada", OPEN, TODAY, NOW)
        assert (listed(db, Wanted(), TODAY).lines, overdue(db, TODAY, 9)) == ((), [])
        assert count_unclosed(db, Wanted(), TODAY)[CaseState.OPEN] == 0
        assert [line.case_id for line in listed(db, Wanted(snoozed=True), TODAY).lines] == [late]
        assert [line.case_id for line in listed(db, Wanted(), TOMORROW).lines] == [late]
        filing.reopen_case(db, late, None, sensitive=False)
        assert [line.case_id for line in overdue(db, TODAY, 9)] == [late]


@pytest.mark.parametrize("until", [TODAY, TODAY - timedelta(days=1), TODAY + timedelta(days=367), date.max])
def test_a_case_is_put_off_to_a_day_to_come(store: Store, until: date) -> None:
    with store.writing() as db, pytest.raises(UserError, match="Choose a day after today"):
        casework.snooze(db, filed_case(db), until, "ada", OPEN, TODAY, NOW)


def test_a_closed_case_is_opened_again_but_for_a_story(store: Store) -> None:
    with store.writing() as db:
        case_id, story = filed_case(db, state=CaseState.CLOSED, closed_at=NOW), filed_story(db)
        db.execute(update(cases).where(cases.c.id == story).values(state=CaseState.CLOSED))
        with pytest.raises(UserError, match="is closed: it is in no list"):
            casework.snooze(db, case_id, TOMORROW, "ada", CLOSED, TODAY, NOW)
        casework.reopen(db, case_id, "ada", CLOSED, NOW)
        with pytest.raises(UserError, match="Somebody has changed"):
            casework.reopen(db, case_id, "bo", CLOSED, NOW)
        with pytest.raises(UserError, match="put it back into review instead"):
            casework.reopen(db, story, "ada", CLOSED, NOW)
        row = db.execute(select(cases.c.state, cases.c.closed_at).where(cases.c.id == case_id)).one()
        assert tuple(row) == (CaseState.OPEN, None)


def test_notes_are_kept_in_their_order_and_say_nothing_in_the_audit_log(store: Store) -> None:
    with store.writing() as db:
        case_id = held_query(db)
        casework.write_note(db, case_id, "  Ask the dean.\r\nNow.\0 ", "ada", NOW)
        casework.write_note(db, case_id, "x" * casework.LONGEST_NOTE, "bo", NOW)
        for words, why in ((" \n", "it is empty"), ("x" * (casework.LONGEST_NOTE + 1), "longer than 5,000")):
            with pytest.raises(UserError, match=why):
                casework.write_note(db, case_id, words, "ada", NOW)
        read = casefiles.case_file(db, case_id, "cy", NOW)
        assert [(note.who, note.words[:20]) for note in read.notes] == [("ada", "Ask the dean.\nNow."), ("bo", "x" * 20)]
        assert "dean" not in repr(read)
        assert not any(deed.detail for deed in read.deeds)


def test_what_came_back_is_sent_again_once_and_its_address_written_to(store: Store) -> None:
    with store.writing() as db:
        number = filed_draft(db)
        db.execute(update(outgoings).values(state=OutgoingState.BOUNCED))
        db.execute(insert(bounced).values(address="sam.ode@university.example", since=NOW, outgoing_id=number))
        assert casefiles.case_file(db, 1, "ada", NOW).may_be_sent_again
        assert casework.send_again(db, 1, "ada", casework.came_back(db, 1), NOW) == [number]
        assert db.execute(select(bounced.c.address)).all() == []
        with pytest.raises(UserError, match="somebody has sent it again meanwhile"):
            casework.send_again(db, 1, "bo", casework.came_back(db, 1), NOW)
        db.execute(update(outgoings).values(state=OutgoingState.IN_DOUBT))
        with pytest.raises(UserError, match="Nothing of EDI-0001"):  # it may have arrived
            casework.send_again(db, 1, "bo", casework.came_back(db, 1), NOW)


def test_an_address_is_written_to_again_without_sending_what_came_back(store: Store) -> None:
    with store.writing() as db:
        number = filed_draft(db)
        other = filed_case(db)
        filed_message(db, other, raw_mail("And this?"), kind=Kind.QUERY)
        db.execute(insert(bounced).values(address="sam.ode@university.example", since=NOW, outgoing_id=number))
        casework.let_be_written_to(db, other, "ada", casework.came_back(db, other), NOW)
        assert db.execute(select(bounced.c.address)).all() == []
        assert db.execute(select(outgoings.c.state)).scalar_one() is OutgoingState.DRAFT
