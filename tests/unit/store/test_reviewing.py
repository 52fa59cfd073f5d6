from datetime import timedelta

import pytest
from sqlalchemy import select, update

from filed import NOW, filed_case, filed_message, filed_story, raw_mail
from mailflow.domain import CaseState, Consent, Decision, Kind, MessageState, StoryState
from mailflow.errors import UserError
from mailflow.store import reviewing
from mailflow.store.database import Store
from mailflow.store.tables import cases, events, messages, stories

S, D = StoryState, Decision


def _events(store: Store) -> list[tuple[str, str, int | None, str | None]]:
    with store.reading() as db:
        return [tuple(row) for row in db.execute(select(events.c.who, events.c.what, events.c.case_id, events.c.detail))]


def test_the_queue_names_what_waits_and_no_words_of_it(store: Store) -> None:
    with store.writing() as db:
        first, second = filed_story(db), filed_story(db, S.IN_REVIEW, Consent.NONE, identifiers=())
        filed_story(db, S.WITHDRAWN)
        earlier = update(messages).where(messages.c.case_id == second)
        db.execute(earlier.values(arrived=NOW - timedelta(days=9)))
    with store.reading() as db:
        found = reviewing.stories(db)
        assert [(line.case_id, line.state, line.consent, line.identifiers) for line in found] == [
            (second, S.IN_REVIEW, Consent.NONE, 0),
            (first, S.RECEIVED, Consent.ANONYMOUS, 1),
        ]
        assert [line.came for line in found] == [NOW - timedelta(days=9), NOW - timedelta(days=2)]
        assert "Priya" not in repr(found)
        assert [line.state for line in reviewing.stories(db, [S.WITHDRAWN])] == [S.WITHDRAWN]
        assert len(reviewing.stories(db, ())) == 3


def test_a_story_comes_with_its_bytes_and_its_identifiers_and_the_reading_is_on_record(store: Store) -> None:
    with store.writing() as db:
        case_id = filed_story(db)
        read = reviewing.story(db, case_id, "ada", NOW)
    assert read.reference == f"EDI-{case_id:04d}"
    assert b"Priya Nair" in read.messages[0].raw
    assert [identifier.text for identifier in read.identifiers] == ["Priya Nair"]
    assert "Priya" not in repr(read)
    assert _events(store) == [("ada", "read story", case_id, None)]


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("decision", list(D))
def test_only_these_decisions_may_be_taken(store: Store, state: StoryState, decision: Decision) -> None:
    undecided = {S.RECEIVED, S.IN_REVIEW, S.ASKED, S.CONSENTED}
    allowed = {D.APPROVE: undecided, D.DECLINE: undecided | {S.APPROVED}, D.HOLD: undecided | {S.APPROVED, S.DECLINED}}
    with store.writing() as db:
        case_id = filed_story(db, state)
        assert reviewing.story(db, case_id, "ada", NOW).allows(decision) is (state in allowed[decision])
        if state in allowed[decision]:
            after = {D.APPROVE: S.APPROVED, D.DECLINE: S.DECLINED, D.HOLD: S.IN_REVIEW}[decision]
            assert reviewing.decide(db, case_id, decision, "ada", "Because.", NOW) is after
        else:
            with pytest.raises(UserError, match=f"EDI-{case_id:04d}"):
                reviewing.decide(db, case_id, decision, "ada", "Because.", NOW)
            assert reviewing.story(db, case_id, "ada", NOW).state is state


def test_a_story_without_consent_is_not_approved(store: Store) -> None:
    with store.writing() as db:
        case_id = filed_story(db, consent=Consent.NONE)
        with pytest.raises(UserError, match="does not want it published"):
            reviewing.decide(db, case_id, D.APPROVE, "ada", "", NOW)


@pytest.mark.parametrize("consent", list(Consent))
def test_approving_needs_the_contributors_word_or_a_person_who_gives_it_for_them(store: Store, consent: Consent) -> None:
    may = {
        Consent.NAMED: (True, True),
        Consent.ANONYMOUS: (True, True),
        Consent.UNSTATED: (False, True),
        Consent.NONE: (False, False),
    }
    for agreed, allowed in zip((False, True), may[consent], strict=True):
        with store.writing() as db:
            case_id = filed_story(db, consent=consent)
            if allowed:
                assert reviewing.decide(db, case_id, D.APPROVE, "ada", "", NOW, agreed=agreed) is S.APPROVED
            else:
                with pytest.raises(UserError, match="publi"):
                    reviewing.decide(db, case_id, D.APPROVE, "ada", "", NOW, agreed=agreed)


def test_who_gave_the_contributors_word_is_on_record(store: Store) -> None:
    with store.writing() as db:
        case_id = filed_story(db, consent=Consent.UNSTATED)
        reviewing.decide(db, case_id, D.APPROVE, "ada", "", NOW, agreed=True)
    assert _events(store) == [("ada", "approved", case_id, "says that the contributor agreed")]


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 2001])
def test_declining_needs_a_reason_of_reasonable_length(store: Store, reason: str) -> None:
    with store.writing() as db, pytest.raises(UserError, match="reason"):
        reviewing.decide(db, filed_story(db), D.DECLINE, "ada", reason, NOW)


def test_the_reason_stays_with_the_story_and_out_of_the_audit_log(store: Store) -> None:
    with store.writing() as db:
        case_id = filed_story(db)
        reviewing.decide(db, case_id, D.DECLINE, "ada", "Priya can be told by her accent.", NOW)
    assert _events(store) == [("ada", "declined", case_id, None)]
    with store.reading() as db:
        row = db.execute(select(stories.c.reason, stories.c.decided_by, stories.c.decided_at)).one()
    assert tuple(row) == ("Priya can be told by her accent.", "ada", NOW)


def test_nobody_decides_on_what_they_have_not_read(store: Store) -> None:
    with store.writing() as db:
        case_id = filed_story(db)
        seen = reviewing.story(db, case_id, "ada", NOW).seen
        filed_message(db, case_id, raw_mail("One more thing: please leave the place out."), kind=Kind.STORY)
        with pytest.raises(UserError, match="changed since you opened it"):
            reviewing.decide(db, case_id, D.APPROVE, "ada", "", NOW, seen)
        seen = reviewing.story(db, case_id, "ada", NOW).seen
        reviewing.decide(db, case_id, D.HOLD, "bo", "Later.", NOW)
        with pytest.raises(UserError, match="changed since you opened it"):
            reviewing.decide(db, case_id, D.APPROVE, "ada", "", NOW, seen)


def test_a_decided_story_closes_its_case_and_a_held_one_opens_it_again(store: Store) -> None:
    with store.writing() as db:
        case_id = filed_story(db)
        states = []
        for decision in (D.APPROVE, D.HOLD, D.DECLINE):
            reviewing.decide(db, case_id, decision, "ada", "Because.", NOW)
            states.append(db.execute(select(cases.c.state).where(cases.c.id == case_id)).scalar_one())
    assert states == [CaseState.CLOSED, CaseState.OPEN, CaseState.CLOSED]


def test_a_story_with_a_message_that_waits_for_a_person_stays_open(store: Store) -> None:
    with store.writing() as db:
        case_id = filed_story(db)
        filed_message(db, case_id, raw_mail("It is happening again."), MessageState.HELD, sensitive=True)
        reviewing.decide(db, case_id, D.DECLINE, "ada", "Because.", NOW)
        assert db.execute(select(cases.c.state)).scalar_one() is CaseState.OPEN


def test_what_is_no_story_cannot_be_opened_as_one(store: Store) -> None:
    with store.writing() as db:
        for number in (filed_case(db), 4711):
            with pytest.raises(UserError, match="There is no story"):
                reviewing.story(db, number, "ada", NOW)
