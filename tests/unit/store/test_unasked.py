"""A question to a contributor that has not left does not leave once nobody waits for its answer."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Connection, select

from filed import NOW, SHOWN, ready_story
from mailflow.domain import Agreement, Decision, OutgoingState, Purpose, StoryState
from mailflow.store import askings, contributors, queueing, reviewing, sending, texts
from mailflow.store.database import Store
from mailflow.store.tables import events, outgoings
from outgoing import outgoing_mail

HOLDER = "x/1/1"
OTHER = replace(SHOWN, shown="Another text.")


def asked(db: Connection, state: OutgoingState = OutgoingState.QUEUED) -> int:
    """A story whose question stands in the outbox."""
    case_id = ready_story(db, StoryState.ASKED)
    mail = replace(outgoing_mail(case_id, "sam.ode@university.example"), purpose=Purpose.ASKING)
    outgoing = queueing.enqueue_anew(db, queueing.Queued(mail, state, case_id), NOW)
    askings.write_down(db, case_id, SHOWN, "ada", NOW, outgoing=outgoing)
    return case_id


def decided(decision: Decision) -> Callable[[Connection, int], object]:
    return lambda db, case_id: reviewing.decide(db, case_id, decision, "ada", "Not this term.", NOW, reviewers=1)


def changed_since_they_rang(db: Connection, case_id: int) -> None:
    found = askings.latest(db, case_id)
    assert found
    askings.confirm(db, case_id, found.id, Agreement.CHANGE, "ada", None, "They rang.", NOW)
    texts.save(db, case_id, "ada", 1, OTHER, NOW)


ENDS_IT = {
    "taken back": lambda db, case_id: contributors.withdraw_story(db, case_id, NOW),
    "refused": lambda db, case_id: contributors.refuse_consent(db, case_id, NOW),
    "declined": decided(Decision.DECLINE),
    "kept for its themes": decided(Decision.THEMES),
    "put back": decided(Decision.HOLD),
    "another text": lambda db, case_id: texts.save(db, case_id, "ada", 1, OTHER, NOW),
    "another text, as they asked": changed_since_they_rang,
}


@pytest.mark.parametrize("ends_it", ENDS_IT.values(), ids=ENDS_IT)
@pytest.mark.parametrize("state", [OutgoingState.QUEUED, OutgoingState.DEFERRED])
def test_a_question_that_has_become_idle_stays_here(
    store: Store, state: OutgoingState, ends_it: Callable[[Connection, int], object]
) -> None:
    with store.writing() as db:
        case_id = asked(db, state)
        ends_it(db, case_id)
        assert db.execute(select(outgoings.c.state)).scalar_one() is OutgoingState.CANCELLED
        cancelled = select(events.c.case_id).where(events.c.what == "mail cancelled")
        assert db.execute(cancelled).scalar_one() == case_id
        assert sending.claim(db, HOLDER, 10, NOW) == []


def test_a_question_that_is_only_claimed_stays_here_and_one_that_is_being_sent_is_on_its_way(store: Store) -> None:
    with store.writing() as db:
        one, other = asked(db), asked(db)
        claimed = sending.claim(db, HOLDER, 10, NOW)
        (second,) = db.execute(select(outgoings.c.id).where(outgoings.c.case_id == other)).scalars()
        assert sending.begin(db, [second], HOLDER, NOW) == {second}
        for case_id in (one, other):
            contributors.withdraw_story(db, case_id, NOW)
        assert sending.begin(db, [mail.id for mail in claimed], HOLDER, NOW) == set()
        rows = db.execute(select(outgoings.c.state, outgoings.c.claimed_by).order_by(outgoings.c.id)).all()
    assert [tuple(row) for row in rows] == [(OutgoingState.CANCELLED, None), (OutgoingState.SENDING, HOLDER)]


def test_a_save_that_changes_no_word_leaves_the_question_alone(store: Store) -> None:
    with store.writing() as db:
        case_id = asked(db)
        texts.save(db, case_id, "ada", 1, replace(SHOWN, checked=()), NOW)
        assert db.execute(select(outgoings.c.state)).scalar_one() is OutgoingState.QUEUED


def test_the_same_question_may_be_asked_again_afterwards(store: Store) -> None:
    with store.writing() as db:
        case_id = asked(db)
        contributors.stop_asking(db, case_id, "ada", NOW)
        mail = replace(outgoing_mail(case_id, "sam.ode@university.example"), purpose=Purpose.ASKING, message_id="<again@x>")
        assert queueing.enqueue_anew(db, queueing.Queued(mail, OutgoingState.QUEUED, case_id), NOW)
