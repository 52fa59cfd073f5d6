"""What contributors were asked and answered: a yes counts for one very text, and a no from everywhere."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, insert, select, update

from filed import NOW, SHOWN, filed_message, raw_mail, ready_story
from mailflow.domain import (
    Agreement,
    CaseState,
    Consent,
    Decision,
    EditedText,
    Kind,
    MessageState,
    OutgoingState,
    Purpose,
    StoryState,
)
from mailflow.errors import UserError
from mailflow.store import askings, contributors, queueing, reviewing, storyfiles, storylist, texts
from mailflow.store.database import Store
from mailflow.store.tables import bounced, cases, events, messages, outgoings
from outgoing import outgoing_mail

S, A = StoryState, Agreement
OTHER = replace(SHOWN, shown="Another text.")
LATER = NOW + timedelta(hours=1)


def asked(db: Connection, state: StoryState = S.ASKED, text: EditedText = SHOWN, **values: object) -> tuple[int, int]:
    """A story whose contributor was asked about a text, and the number of the asking."""
    case_id = ready_story(db, state, **values)  # type: ignore[arg-type]
    askings.write_down(db, case_id, text, "ada", NOW)
    found = askings.latest(db, case_id)
    assert found
    return case_id, found.id


def answered(db: Connection, case_id: int, text: str = "Yes", kind: Kind = Kind.STORY) -> int:
    return filed_message(db, case_id, raw_mail(text), MessageState.HELD, kind, arrived=LATER, received_at=LATER)


def test_the_newest_message_of_a_person_since_may_be_the_answer(store: Store) -> None:
    with store.writing() as db:
        case_id, _ = asked(db)
        assert (found := askings.latest(db, case_id)) and found.candidate is None
        answered(db, case_id, "Which story?")
        newest = answered(db, case_id, "Yes")
        answered(db, case_id, "Out of office", kind=Kind.AUTOMATIC)
        found = askings.latest(db, case_id)
    assert found and (found.candidate, found.answer, found.asked_by, found.asked_at) == (newest, None, "ada", NOW)
    assert SHOWN.shown not in repr(found)


def test_a_confirmed_yes_is_consent_to_the_text_that_was_asked_about_and_to_no_other(store: Store) -> None:
    with store.writing() as db:
        case_id, number = asked(db, consent=Consent.UNSTATED)
        message = answered(db, case_id)
        assert askings.confirm(db, case_id, number, A.YES, "bo", message, "", LATER) is S.CONSENTED
        assert askings.missing_consent(db, case_id, Consent.UNSTATED, SHOWN.fingerprint) is None
        assert "another text" in (askings.missing_consent(db, case_id, Consent.UNSTATED, OTHER.fingerprint) or "")
        found = askings.latest(db, case_id)
        assert db.execute(select(messages.c.state).where(messages.c.id == message)).scalar_one() is MessageState.FILED
        last = db.execute(select(events.c.who, events.c.what, events.c.detail).order_by(events.c.id.desc())).first()
    assert found and (found.answer, found.confirmed_by, found.confirmed_at, found.message) == (A.YES, "bo", LATER, message)
    assert last and tuple(last) == ("bo", "answer confirmed", "yes")


@pytest.mark.parametrize("consent", [Consent.NAMED, Consent.ANONYMOUS, Consent.UNSTATED])
def test_once_they_were_asked_what_they_said_before_counts_no_more(store: Store, consent: Consent) -> None:
    with store.writing() as db:
        case_id, number = asked(db, consent=consent)
        with pytest.raises(UserError, match="no answer is confirmed"):
            reviewing.decide(db, case_id, Decision.APPROVE, "ada", "", NOW, reviewers=1)
        askings.confirm(db, case_id, number, A.CHANGE, "bo", answered(db, case_id), "", LATER)
        with pytest.raises(UserError, match="has not agreed to this text"):
            reviewing.decide(db, case_id, Decision.APPROVE, "ada", "", NOW, reviewers=1)


def test_a_yes_to_another_text_approves_nothing(store: Store) -> None:
    with store.writing() as db:
        case_id, number = asked(db, text=OTHER)
        assert askings.confirm(db, case_id, number, A.YES, "bo", answered(db, case_id), "", LATER) is S.IN_REVIEW
        with pytest.raises(UserError, match="agreed to another text"):
            reviewing.decide(db, case_id, Decision.APPROVE, "ada", "", NOW, reviewers=1)


def test_a_later_word_about_a_text_stands_before_an_earlier_yes_to_it(store: Store) -> None:
    with store.writing() as db:
        case_id = ready_story(db, consent=Consent.UNSTATED)
        askings.write_down(db, case_id, SHOWN, "ada", NOW, agreed="By telephone.")
        assert askings.missing_consent(db, case_id, Consent.UNSTATED, SHOWN.fingerprint) is None
        askings.write_down(db, case_id, SHOWN, "ada", LATER)
        assert askings.missing_consent(db, case_id, Consent.UNSTATED, SHOWN.fingerprint)


@pytest.mark.parametrize("state", list(S))
def test_each_answer_moves_a_story_where_it_must_be(store: Store, state: StoryState) -> None:
    decided = {S.RECEIVED: S.RECEIVED, S.IN_REVIEW: S.IN_REVIEW, S.THEMES: S.THEMES, S.DECLINED: S.DECLINED}
    may_consent = {S.RECEIVED, S.IN_REVIEW, S.ASKED}
    after = {
        A.YES: S.CONSENTED if state in may_consent else state,
        A.CHANGE: decided.get(state, S.IN_REVIEW),
        A.NO: decided.get(state, S.IN_REVIEW),
    }
    with store.writing() as db:
        for answer, expected in after.items():
            case_id, number = asked(db, state, approved_by=("bo",))
            if state is S.WITHDRAWN:
                with pytest.raises(UserError, match="taken back by its contributor"):
                    askings.confirm(db, case_id, number, answer, "bo", None, "They rang.", LATER)
                continue
            assert askings.confirm(db, case_id, number, answer, "bo", None, "They rang.", LATER) is expected
            read = storyfiles.unread_story(db, case_id)
            assert (read.published_at is not None) is (expected is S.PUBLISHED)
            assert bool(read.approvals) is (answer is A.YES or (answer is A.CHANGE and expected is state))
            assert (read.consent is Consent.NONE) is (answer is A.NO)
            assert db.execute(select(cases.c.state).where(cases.c.id == case_id)).scalar_one() is CaseState.OPEN


def test_whoever_said_no_and_then_yes_has_agreed_to_that_text_alone(store: Store) -> None:
    with store.writing() as db:
        case_id, number = asked(db)
        askings.confirm(db, case_id, number, A.NO, "bo", answered(db, case_id, "No"), "", LATER)
        assert askings.confirm(db, case_id, number, A.YES, "bo", answered(db, case_id, "Oh, yes"), "", LATER) is S.CONSENTED
        read = storyfiles.unread_story(db, case_id)
        assert (read.consent, read.missing_consent) == (Consent.UNSTATED, None)
        assert askings.missing_consent(db, case_id, read.consent, OTHER.fingerprint)


def test_an_answer_is_a_message_on_the_case_or_told_in_a_note(store: Store) -> None:
    with store.writing() as db:
        (case_id, number), (elsewhere, _) = asked(db), asked(db)
        for message, note, answer, why in (
            (None, " ", A.YES, "Name the message"),
            (answered(db, elsewhere), "", A.YES, "no answer on"),
            (answered(db, case_id, "Away", kind=Kind.AUTOMATIC), "", A.YES, "no answer on"),
            (answered(db, case_id), "", A.UNCLEAR, "Say whether"),
            (None, "x" * 501, A.YES, "longer than 500"),
        ):
            with pytest.raises(UserError, match=why):
                askings.confirm(db, case_id, number, answer, "bo", message, note, LATER)
        with pytest.raises(UserError, match="was not asked that"):
            askings.confirm(db, elsewhere, number, A.YES, "bo", None, "They rang.", LATER)


@pytest.mark.parametrize("state", list(S))
def test_one_word_takes_a_story_back_from_wherever_it_stands(store: Store, state: StoryState) -> None:
    with store.writing() as db:
        case_id = ready_story(db, state, approved_by=("bo",))
        contributors.withdraw_story(db, case_id, LATER)
        read = storyfiles.unread_story(db, case_id)
        assert (read.state, read.published_at, read.approvals) == (S.WITHDRAWN, None, ())
        with pytest.raises(UserError, match="taken back"):
            texts.save(db, case_id, "ada", 1, OTHER, LATER)


@pytest.mark.parametrize("state", list(S))
def test_a_later_no_takes_down_what_is_published_and_ends_what_was_approved(store: Store, state: StoryState) -> None:
    with store.writing() as db:
        case_id = ready_story(db, state, approved_by=("bo",))
        contributors.refuse_consent(db, case_id, LATER)
        read = storyfiles.unread_story(db, case_id)
    reopened = state in (S.ASKED, S.CONSENTED, S.APPROVED, S.PUBLISHED)
    assert read.state is (S.IN_REVIEW if reopened else state)
    assert (read.published_at, read.approvals, read.consent) == (None, (), Consent.NONE)


def test_whoever_takes_a_story_back_is_not_asked_after_all(store: Store) -> None:
    with store.writing() as db:
        case_id, _ = asked(db)
        for number, state in enumerate((OutgoingState.QUEUED, OutgoingState.DEFERRED, OutgoingState.SENT)):
            mail = replace(outgoing_mail(number, "sam.ode@university.example"), purpose=Purpose.ASKING)
            queueing.enqueue_all(db, [queueing.Queued(mail, state, case_id)], NOW)
        contributors.withdraw_story(db, case_id, LATER)
        found = list(db.execute(select(outgoings.c.state).order_by(outgoings.c.id)).scalars())
    assert found == [OutgoingState.CANCELLED, OutgoingState.CANCELLED, OutgoingState.SENT]


def test_nobody_is_written_to_whose_mail_comes_back_or_who_is_not_known(store: Store) -> None:
    with store.writing() as db:
        case_id = ready_story(db)
        assert askings.contributor_of(db, case_id).address == "sam.ode@university.example"
        mail = outgoing_mail(1, "sam.ode@university.example")
        queueing.enqueue_all(db, [queueing.Queued(mail, OutgoingState.SENT, case_id)], NOW)
        number = db.execute(select(outgoings.c.id)).scalar_one()
        db.execute(insert(bounced).values(address="sam.ode@university.example", since=NOW, outgoing_id=number))
        with pytest.raises(UserError, match="came back"):
            askings.contributor_of(db, case_id)
        db.execute(update(cases).values(requester=None))
        with pytest.raises(UserError, match="nobody to ask"):
            askings.contributor_of(db, case_id)


def test_an_answer_is_confirmed_by_who_has_seen_all_there_is_and_what_they_typed_is_kept_with_it(store: Store) -> None:
    with store.writing() as db:
        case_id, number = asked(db)
        message, seen = answered(db, case_id), texts.seen_now(db, case_id)
        answered(db, case_id, "Wait, no!")
        with pytest.raises(UserError, match="has changed since you opened it"):
            askings.confirm(db, case_id, number, A.YES, "bo", message, "", LATER, seen, OTHER)
        assert (texts.kept_text(db, case_id), reviewing.state_of(db, case_id)) == (SHOWN, S.ASKED)
        now_seen = texts.seen_now(db, case_id)
        state = askings.confirm(db, case_id, number, A.CHANGE, "bo", message, "", LATER, now_seen, OTHER)
        assert (texts.kept_text(db, case_id), state) == (OTHER, S.IN_REVIEW)


def test_an_earlier_yes_is_no_answer_once_they_have_written_again(store: Store) -> None:
    with store.writing() as db:
        case_id, number = asked(db)
        yes = answered(db, case_id)
        answered(db, case_id, "Out of office", kind=Kind.AUTOMATIC)
        answered(db, case_id, "No, please do not publish it.")
        contributors.refuse_consent(db, case_id, LATER)
        with pytest.raises(UserError, match=f"a later word than message {yes}"):
            askings.confirm(db, case_id, number, A.YES, "bo", yes, "", LATER)
        assert askings.confirm(db, case_id, number, A.YES, "bo", None, "They rang: yes after all.", LATER) is S.CONSENTED


def test_an_earlier_yes_is_no_answer_once_they_have_refused_by_telephone(store: Store) -> None:
    with store.writing() as db:
        case_id, number = asked(db)
        yes = answered(db, case_id)
        askings.confirm(db, case_id, number, A.NO, "bo", None, "They rang.", LATER + timedelta(minutes=1))
        with pytest.raises(UserError, match="a later word"):
            askings.confirm(db, case_id, number, A.YES, "ada", yes, "", LATER + timedelta(minutes=2))
        later = LATER + timedelta(minutes=3)
        again = filed_message(db, case_id, raw_mail("Yes, do"), kind=Kind.STORY, arrived=later, received_at=later)
        assert askings.confirm(db, case_id, number, A.YES, "ada", again, "", later) is S.CONSENTED


def test_only_what_the_contributor_has_written_since_they_were_asked_may_be_their_answer(store: Store) -> None:
    with store.writing() as db:
        case_id, number = asked(db)
        strangers = filed_message(db, case_id, raw_mail("Yes, fine."), kind=Kind.STORY, sender="m@x.example", received_at=LATER)
        own = db.execute(select(messages.c.id).where(messages.c.case_id == case_id).order_by(messages.c.id)).scalars().first()
        found = askings.latest(db, case_id)
        assert found and found.candidate is None
        assert not storylist.in_state(db, S.ASKED, most=5)[0].answered
        for message in (strangers, own):
            with pytest.raises(UserError, match="is no answer on"):
                askings.confirm(db, case_id, number, A.YES, "bo", message, "", LATER)
        theirs = filed_message(
            db, case_id, raw_mail("Yes"), kind=Kind.STORY, sender="Sam.Ode@University.example", received_at=LATER
        )
        found = askings.latest(db, case_id)
        assert found and found.candidate == theirs
        assert storylist.in_state(db, S.ASKED, most=5)[0].answered
        assert askings.confirm(db, case_id, number, A.YES, "bo", theirs, "", LATER) is S.CONSENTED
