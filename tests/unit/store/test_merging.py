"""Two cases that are one: nothing is lost, nothing is answered twice, and nobody's work or trust is thrown away."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, insert, select, update

from filed import NOW, filed_case, filed_draft, filed_message, filed_story, held_query, raw_mail
from mailflow.domain import CaseState, Consent, Kind, MessageState, OutgoingState, Role, StoryState, TrainingState
from mailflow.errors import UserError
from mailflow.store import casefiles, casework, corrections, filing, kept, merging, recalling
from mailflow.store.database import Store
from mailflow.store.tables import cases, linked_cases, merged, messages, outgoings, stories, trainings

TODAY = NOW.date()


def merge(db: Connection, case_id: int, into: int) -> merging.Merge:
    return merging.merge(db, case_id, into, "ada", kept.newest_message(db, case_id), NOW)


def test_all_that_is_on_a_case_goes_to_the_other_which_is_as_urgent_as_either(store: Store) -> None:
    with store.writing() as db:
        one = held_query(db)
        other = filed_case(db, state=CaseState.CLOSED, closed_at=NOW, sensitive=True)
        filed_message(db, other, raw_mail("He threatened me."), sensitive=True)
        casework.write_note(db, one, "Ask the dean.", "bo", NOW)
        db.execute(update(cases).where(cases.c.id == one).values(assigned="bo", due=TODAY))
        done = merge(db, one, other)
        read = casefiles.case_file(db, other, "ada", NOW, Role.ADVISER)
        assert (done.messages, done.notes, done.state) == (1, 1, CaseState.OPEN)
        assert (len(read.messages), len(read.notes), read.absorbed) == (2, 1, ("EDI-0001",))
        assert (read.state, read.due, read.assigned, read.sensitive, read.is_held) == (CaseState.OPEN, TODAY, "bo", True, True)
        assert [deed.what for deed in read.deeds] == ["note written", "merged"]
        left = db.execute(select(cases.c.state, cases.c.closed_at).where(cases.c.id == one)).one()
        assert tuple(left) == (CaseState.CLOSED, NOW)


def test_who_has_been_led_once_is_led_all_the_way(store: Store) -> None:
    with store.writing() as db:
        first, second, third = (held_query(db, text) for text in ("One?", "Two?", "Three?"))
        merge(db, first, second)
        for again in (first, second):
            with pytest.raises(UserError, match="was merged into EDI-0002" if again == first else "cannot be merged into itself"):
                merge(db, again, second)
        merge(db, second, third)
        assert merging.merged_into(db, [first, second, third]) == {first: third, second: third}
        with pytest.raises(UserError, match="EDI-0001 was merged into EDI-0003"):
            casework.deal_with(db, first, "ada", 99, NOW)


def test_a_message_nobody_has_read_keeps_a_case_from_being_merged(store: Store) -> None:
    with store.writing() as db:
        one, other = held_query(db), filed_case(db)
        seen = kept.newest_message(db, one)
        filed_message(db, one, raw_mail("And another thing"))
        with pytest.raises(UserError, match="A new message has come on EDI-0001"):
            merging.merge(db, one, other, "ada", seen, NOW)


@pytest.mark.parametrize("sent", [OutgoingState.SENT, OutgoingState.SENDING, OutgoingState.IN_DOUBT, OutgoingState.DRAFT])
@pytest.mark.parametrize("first_has_it", [True, False])
def test_who_had_a_first_reply_on_either_case_gets_no_second(store: Store, sent: OutgoingState, first_has_it: bool) -> None:
    with store.writing() as db:
        one, other = filed_draft(db), filed_draft(db, text="What does it cost?")
        gone, waits = (one, other) if first_has_it else (other, one)
        db.execute(update(outgoings).where(outgoings.c.id == gone).values(state=sent, begun_at=NOW))
        taken = merge(db, 1, 2).taken_back
        assert taken == ((waits,) if sent is not OutgoingState.DRAFT else (other,))
        assert recalling.known_case(db, 2).acknowledged
        assert db.execute(select(outgoings.c.id).where(outgoings.c.state == OutgoingState.DRAFT)).all() == (
            [] if sent is not OutgoingState.DRAFT else [(one,)]
        )


def test_each_of_two_requesters_keeps_the_first_reply_to_them(store: Store) -> None:
    with store.writing() as db:
        filed_draft(db)
        kim = filed_draft(db, text="What does it cost?")
        db.execute(update(outgoings).where(outgoings.c.id == kim).values(recipient="kim@university.example"))
        assert merge(db, 1, 2).taken_back == ()


def test_a_conversation_that_was_acknowledged_stays_so_when_what_began_in_it_is_merged(store: Store) -> None:
    with store.writing() as db:
        filed_draft(db)
        began, into = held_query(db, "And for Physics?"), held_query(db, "What about Physics?")
        later = held_query(db, "And Chemistry?")
        db.execute(insert(linked_cases), [{"case_id": began, "began_in": 1}, {"case_id": later, "began_in": into}])
        merge(db, began, into)
        assert recalling.known_case(db, into).acknowledged
        assert recalling.known_case(db, later).acknowledged
        merge(db, into, 1)
        assert [tuple(row) for row in db.execute(select(linked_cases.c.case_id, linked_cases.c.began_in))] == [(later, 1)]


def test_a_request_knows_what_either_said_and_its_own_words_go_first(store: Store) -> None:
    with store.writing() as db:
        one, other = filed_case(db, Kind.TRAINING), filed_case(db, Kind.TRAINING)
        said = {"department": "Physics", "attendees": 12, "format": "online", "action": "request"}
        own = {"department": "School of Physics", "dates": ["2027-01-12"], "action": "request"}
        rows = [
            {"case_id": one, "state": TrainingState.DETAILS_NEEDED, "details": said},
            {"case_id": other, "state": TrainingState.DETAILS_NEEDED, "details": own},
        ]
        db.execute(insert(trainings), rows)
        merge(db, one, other)
        row = db.execute(select(trainings)).one()
        assert (row.case_id, row.state) == (other, TrainingState.NEW)
        assert (row.details["department"], row.details["attendees"]) == ("School of Physics", 12)


def test_what_a_person_has_put_right_of_a_request_outlives_its_case(store: Store) -> None:
    with store.writing() as db:
        one, other = filed_case(db, Kind.TRAINING), filed_case(db, Kind.TRAINING)
        right = {"department": "Physics", "attendees": 12, "by_person": ["department"]}
        said = {"department": "School of Phys", "attendees": 30}
        rows = [(one, right), (other, said)]
        db.execute(insert(trainings), [{"case_id": n, "state": TrainingState.NEW, "details": d} for n, d in rows])
        merge(db, one, other)
        known = db.execute(select(trainings.c.details)).scalar_one()
        assert (known["department"], known["attendees"], known["by_person"]) == ("Physics", 30, ["department"])


def test_what_has_a_list_of_its_own_is_not_merged_out_of_it(store: Store) -> None:
    with store.writing() as db:
        query, training, story = held_query(db), filed_case(db, Kind.TRAINING), filed_story(db)
        with pytest.raises(UserError, match="merge EDI-0001 into EDI-0002 instead"):
            merge(db, training, query)
        for one, other in ((story, query), (query, story)):
            with pytest.raises(UserError, match="A story stays apart from everything else"):
                merge(db, one, other)
        planned = filed_case(db, Kind.TRAINING)
        db.execute(insert(trainings).values(case_id=planned, state=TrainingState.SCHEDULED, details={}))
        with pytest.raises(UserError, match="worked on the session of EDI-0004: merge EDI-0002 into EDI-0004 instead"):
            merge(db, planned, training)
        merge(db, query, planned)


def test_of_two_stories_the_older_stays_with_every_word_against_publishing(store: Store) -> None:
    with store.writing() as db:
        older, newer = filed_story(db, consent=Consent.NAMED), filed_story(db, consent=Consent.NONE, text="It was worse.")
        with pytest.raises(UserError, match="EDI-0001 is the older story: merge EDI-0002 into EDI-0001 instead"):
            merge(db, older, newer)
        merge(db, newer, older)
        assert [tuple(row) for row in db.execute(select(stories.c.case_id, stories.c.consent))] == [(older, Consent.NONE)]


def test_stories_of_two_people_stay_apart(store: Store) -> None:
    with store.writing() as db:
        older, newer = filed_story(db), filed_story(db, text="It was worse.")
        for requester in ("kim@university.example", None):
            db.execute(update(cases).where(cases.c.id == newer).values(requester=requester))
            with pytest.raises(UserError, match="EDI-0002 and EDI-0001 were not told by the same person"):
                merge(db, newer, older)


@pytest.mark.parametrize("values", [{"state": StoryState.ASKED}, {"state": StoryState.WITHDRAWN}, {"version": 1}, {"shown": "x"}])
def test_a_story_that_was_worked_on_stays_a_case_of_its_own(store: Store, values: dict[str, object]) -> None:
    with store.writing() as db:
        older, newer = filed_story(db), filed_story(db, text="It was worse.")
        db.execute(update(stories).where(stories.c.case_id == newer).values(values))
        with pytest.raises(UserError, match="Somebody has worked on the story EDI-0002"):
            merge(db, newer, older)


def test_a_case_is_still_what_its_own_first_message_is(store: Store) -> None:
    with store.writing() as db:
        older, newer = held_query(db), held_query(db, "Two?")
        own = kept.newest_message(db, newer)
        filing.record(db, NOW, "mailflow", "held", case_id=newer, message=own)
        merge(db, older, newer)
        assert corrections.opener(db, newer) == own
        others = [message.id for message in corrections.other_messages(db, newer, own)]
        assert others == [number for (number,) in db.execute(select(messages.c.id).where(messages.c.id != own))]


def test_a_case_that_was_put_off_is_there_again_when_one_that_was_not_goes_into_it(store: Store) -> None:
    with store.writing() as db:
        one, other = held_query(db), held_query(db, "Two?")
        db.execute(update(cases).where(cases.c.id == other).values(snoozed_until=TODAY + timedelta(days=9)))
        merge(db, one, other)
        assert db.execute(select(cases.c.snoozed_until).where(cases.c.id == other)).scalar_one() is None
        assert db.execute(select(messages.c.state).distinct()).scalar_one() is MessageState.HELD
        assert db.execute(select(merged.c.who)).scalar_one() == "ada"
