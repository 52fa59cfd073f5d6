"""A person says what a message is: its case, reply, folder and deadline follow, once, and correcting back undoes it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select, update

from letters import QUERY, STORY, TRAINING
from mailflow import pipeline, settings
from mailflow.corrected import Corrected
from mailflow.correcting import Said, correct
from mailflow.deciding import House
from mailflow.domain import CaseState, Kind, MessageState, Mode, OutgoingState, Purpose, StoryState, TrainingState
from mailflow.errors import UserError
from mailflow.store import casework, resolving, sending
from mailflow.store.database import Store
from mailflow.store.tables import cases, corrections, events, linked_cases, messages, outgoings, places, stories, trainings
from receiving_mail import CENTRE, NOW, put_to_rest

ROOT = Path(__file__).parents[2]
LATER = NOW + timedelta(hours=2)
ACKNOWLEDGEMENT, ALERT = Purpose.ACKNOWLEDGEMENT, Purpose.ALERT
QUEUED, DRAFT, SENT, CANCELLED = OutgoingState.QUEUED, OutgoingState.DRAFT, OutgoingState.SENT, OutgoingState.CANCELLED

Say = Callable[..., Corrected]


@pytest.fixture(scope="module")
def house() -> House:
    files = {"rules": ROOT / "rules.toml", "templates": ROOT / "templates"}
    return House.build(settings.load(_env_file=None, mode="live", alert_to=("duty@university.example",), **files))


@pytest.fixture
def filed(store: Store, house: House) -> Callable[..., None]:
    """Receives messages of one sender, and decides them."""

    def file(*texts: str, mode: Mode | None = None, **headers: str) -> None:
        first = len(rows(store, messages, "id")) + 1
        put_to_rest(store, *(mail(text, first + n, **headers) for n, text in enumerate(texts)), first_uid=first)
        while pipeline.process(store, replace(house, mode=mode or house.mode), "here/1/1", NOW):
            pass

    return file


@pytest.fixture
def say(store: Store, house: House) -> Say:
    """Corrects a message: say(1, Kind.QUERY, sensitive=True)."""

    def say(number: int, kind: Kind | None = None, *, mode: Mode | None = None, **said: object) -> Corrected:
        with store.writing() as db:
            return correct(db, replace(house, mode=mode or house.mode), number, Said("tom", kind, **said), LATER)  # type: ignore

    return say


def mail(text: str, number: int, **headers: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Sam <sam@university.example>", CENTRE, "Active Bystander"
    message["Date"], message["Message-ID"] = "Tue, 24 Nov 2026 09:00:00 +0000", f"<{number}@university.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def rows(store: Store, table: object, *columns: str) -> list[tuple[object, ...]]:
    with store.reading() as db:
        return [tuple(getattr(row, c) for c in columns) for row in db.execute(select(table).order_by(*table.primary_key))]  # type: ignore


def everything(store: Store) -> list[object]:
    """All that a correction may change, but for the audit log and what tells of it."""
    case = rows(store, cases, "kind", "state", "sensitive", "due", "closed_at")
    message = rows(store, messages, "state", "kind", "sensitive", "folder", "case_id", "hold", "decided_at")
    return [
        case,
        message,
        rows(store, trainings, "case_id", "state", "details"),
        rows(store, stories, "case_id", "state", "consent"),
    ]


def test_a_question_that_is_a_request_becomes_one_with_all_that_follows(
    store: Store, filed: Callable[..., None], say: Say
) -> None:
    filed(TRAINING)
    say(1, Kind.QUERY)
    done = say(1, Kind.TRAINING)
    assert done.plan and done.plan.verdict.confidence == 1
    assert (done.case_id, done.was, done.reply, done.case_state) == (1, Kind.QUERY, QUEUED, CaseState.WAITING)
    assert rows(store, cases, "kind", "state", "due") == [(Kind.TRAINING, CaseState.WAITING, date(2026, 11, 27))]
    assert rows(store, messages, "state", "kind", "confidence", "folder") == [
        (MessageState.FILED, Kind.TRAINING, 1.0, "Training")
    ]
    ((state, details),) = rows(store, trainings, "state", "details")
    assert (state, details["department"]) == (TrainingState.DETAILS_NEEDED, "Department of Physics")  # type: ignore[index]
    assert rows(store, events, "who", "what", "detail")[-1] == ("tom", "corrected", "query to training")


def test_the_reasons_that_there_were_stay_behind_the_name_of_who_corrected(
    store: Store, filed: Callable[..., None], say: Say
) -> None:
    filed(QUERY)
    ((before,),) = rows(store, messages, "reasons")
    say(1, Kind.TRAINING)
    ((after,),) = rows(store, messages, "reasons")
    assert after[0] == {"name": "corrected", "text": "tom says that it is training, and not query.", "kind": "training"}  # type: ignore[index]
    assert after[1:] == before  # type: ignore[index]


def test_the_wrong_reply_is_taken_back_before_the_right_one_takes_its_place(
    store: Store, filed: Callable[..., None], say: Say
) -> None:
    filed(QUERY, mode=Mode.DRAFTS)
    done = say(1, Kind.TRAINING, mode=Mode.DRAFTS)
    assert (done.taken_back, done.reply) == ((1,), DRAFT)
    assert rows(store, outgoings, "template", "state", "decided_by") == [("query", CANCELLED, "tom"), ("training", DRAFT, None)]


@pytest.mark.parametrize(
    "state", [SENT, OutgoingState.SENDING, OutgoingState.IN_DOUBT, OutgoingState.BOUNCED, OutgoingState.FAILED]
)
def test_where_a_reply_may_have_gone_no_second_one_is_sent(
    store: Store, filed: Callable[..., None], say: Say, state: OutgoingState
) -> None:
    filed(QUERY)
    with store.writing() as db:
        db.execute(update(outgoings).values(state=state, begun_at=NOW))
    done = say(1, Kind.TRAINING)
    assert (done.taken_back, done.reply) == ((), None)
    assert done.in_flight == ((1,) if state is OutgoingState.SENDING else ())
    assert done.plan and done.plan.silence and done.plan.silence.name == "acknowledged"
    assert rows(store, outgoings, "template", "state") == [("query", state)]
    assert rows(store, cases, "state") == [(CaseState.OPEN,)]


def test_a_reply_that_a_person_took_back_is_not_written_anew(store: Store, filed: Callable[..., None], say: Say) -> None:
    filed(QUERY, mode=Mode.DRAFTS)
    with store.writing() as db:
        resolving.cancel(db, 1, "rosalind", NOW)
    assert say(1, Kind.TRAINING, mode=Mode.DRAFTS).reply is None
    assert len(rows(store, outgoings, "id")) == 1


def test_whoever_wants_silence_gets_it(store: Store, filed: Callable[..., None], say: Say) -> None:
    filed(QUERY)
    done = say(1, Kind.TRAINING, reply=False)
    assert (done.taken_back, done.reply) == ((1,), None)
    assert rows(store, messages, "silence")[0][0]["text"] == "tom wants no reply to be sent."  # type: ignore[index]
    assert say(1, Kind.QUERY).reply is None


@pytest.mark.parametrize("kind", [Kind.QUERY, Kind.STORY, Kind.OTHER, Kind.AUTOMATIC])
def test_correcting_back_undoes_a_correction(store: Store, filed: Callable[..., None], say: Say, kind: Kind) -> None:
    filed(TRAINING)
    before = everything(store)
    say(1, kind)
    assert everything(store) != before
    say(1, Kind.TRAINING)
    assert everything(store) == before
    standing = [template for template, state in rows(store, outgoings, "template", "state") if state is QUEUED]
    assert standing == ["training"]


def test_correcting_back_after_the_reply_went_out_waits_for_its_requester_again(
    store: Store, filed: Callable[..., None], say: Say
) -> None:
    filed(TRAINING)
    with store.writing() as db:
        db.execute(update(outgoings).values(state=SENT))
    before = everything(store)
    assert say(1, Kind.QUERY).case_state is CaseState.OPEN
    assert say(1, Kind.TRAINING).case_state is CaseState.WAITING
    assert everything(store) == before
    assert len(rows(store, outgoings, "id")) == 1


def test_saying_the_same_again_changes_nothing(store: Store, filed: Callable[..., None], say: Say) -> None:
    filed(QUERY)
    say(1, Kind.TRAINING)
    before = everything(store), rows(store, outgoings, "id", "state"), rows(store, corrections, "id"), rows(store, events, "id")
    assert say(1, Kind.TRAINING).plan is None
    assert say(1).plan is None
    after = everything(store), rows(store, outgoings, "id", "state"), rows(store, corrections, "id"), rows(store, events, "id")
    assert before == after


def test_what_a_person_confirms_no_longer_waits_and_is_answered(store: Store, filed: Callable[..., None], say: Say) -> None:
    filed("Hm, the thing on Tuesday?")
    ((state, kind),) = rows(store, messages, "state", "kind")
    assert state is MessageState.HELD
    done = say(1, Kind.QUERY)
    assert rows(store, messages, "state", "hold") == [(MessageState.FILED, None)]
    assert done.reply is QUEUED
    assert rows(store, corrections, "was", "kind", "who") == [(kind, Kind.QUERY, "tom")]


def test_mail_of_a_machine_that_a_person_wrote_gets_a_case_and_no_reply(
    store: Store, filed: Callable[..., None], say: Say
) -> None:
    filed(QUERY, Auto_Submitted="auto-generated")
    assert rows(store, cases, "id") == []
    done = say(1, Kind.QUERY)
    assert (done.case_id, done.reply) == (1, None)
    assert done.plan and done.plan.silence and done.plan.silence.name == "automatic"
    assert rows(store, cases, "kind", "state", "requester") == [(Kind.QUERY, CaseState.OPEN, "sam@university.example")]
    assert rows(store, messages, "state", "case_id") == [(MessageState.FILED, 1)]


def test_what_a_person_calls_a_machines_needs_nobody_any_more(store: Store, filed: Callable[..., None], say: Say) -> None:
    filed("Hm, the thing on Tuesday?")
    done = say(1, Kind.AUTOMATIC)
    assert rows(store, messages, "state", "folder") == [(MessageState.IGNORED, "Automatic")]
    assert (done.reply, rows(store, cases, "kind", "state", "due")) == (None, [(Kind.AUTOMATIC, CaseState.CLOSED, None)])


def test_what_becomes_sensitive_is_held_alerts_once_and_takes_the_reply_back(
    store: Store, filed: Callable[..., None], say: Say
) -> None:
    filed(QUERY)
    done = say(1, sensitive=True)
    assert (done.alerted, done.taken_back, done.reply) == (True, (1,), None)
    assert rows(store, outgoings, "purpose", "state") == [(ACKNOWLEDGEMENT, CANCELLED), (ALERT, QUEUED)]
    assert rows(store, messages, "state", "sensitive") == [(MessageState.HELD, True)]
    assert rows(store, cases, "sensitive", "state") == [(True, CaseState.OPEN)]
    assert say(1, sensitive=False).reply is QUEUED
    assert rows(store, cases, "sensitive") == [(False,)]
    assert not say(1, sensitive=True).alerted
    assert [purpose for purpose, state in rows(store, outgoings, "purpose", "state") if state is QUEUED] == [ALERT]


def test_what_a_person_calls_not_sensitive_is_no_danger_either(store: Store, filed: Callable[..., None], say: Say) -> None:
    filed("I want to kill myself. Please help me.")
    assert rows(store, messages, "hold")[0][0]["name"] == "danger"  # type: ignore[index]
    assert say(1, Kind.OTHER).plan is not None
    assert rows(store, messages, "hold")[0][0]["name"] == "danger"  # type: ignore[index]
    say(1, sensitive=False)
    assert rows(store, messages, "state", "hold", "sensitive") == [(MessageState.FILED, None, False)]


def test_a_story_becomes_none_and_leaves_the_reviewers(store: Store, filed: Callable[..., None], say: Say) -> None:
    filed(STORY)
    assert len(rows(store, stories, "case_id")) == 1
    say(1, Kind.OTHER)
    assert rows(store, stories, "case_id") == []
    assert rows(store, messages, "folder") == [(None,)]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (StoryState.PUBLISHED, "EDI-0001 is published: take it down before you correct it."),
        (
            StoryState.APPROVED,
            "EDI-0001 is approved: put it back into review (`mailflow review hold EDI-0001`) before you correct it.",
        ),
        (StoryState.WITHDRAWN, "EDI-0001 was taken back by its contributor: it stays a story, and is not shown."),
    ],
)
def test_a_story_that_somebody_has_decided_about_stays_one(
    store: Store, filed: Callable[..., None], say: Say, state: StoryState, said: str
) -> None:
    filed(STORY)
    with store.writing() as db:
        db.execute(update(stories).values(state=state))
    before = everything(store)
    with pytest.raises(UserError) as refused:
        say(1, Kind.QUERY)
    assert refused.value.problems == (said,)
    assert everything(store) == before
    assert say(1, sensitive=True).plan is not None
    assert rows(store, stories, "state") == [(state,)]


def test_a_word_that_withdrew_a_story_counts_when_it_becomes_one(store: Store, filed: Callable[..., None], say: Say) -> None:
    filed(STORY)
    say(1, Kind.QUERY)
    filed("Please do not publish it, I changed my mind.", In_Reply_To="<1@university.example>")
    assert rows(store, stories, "case_id") == []
    say(1, Kind.STORY)
    assert rows(store, stories, "case_id", "state") == [(1, StoryState.WITHDRAWN)]


def test_details_of_later_messages_count_when_a_case_becomes_a_request(
    store: Store, filed: Callable[..., None], say: Say
) -> None:
    filed(TRAINING)
    say(1, Kind.QUERY)
    filed("We would like to book the workshop for 25 people now.", In_Reply_To="<1@university.example>")
    assert rows(store, messages, "kind", "case_id")[1] == (Kind.TRAINING, 1)
    done = say(1, Kind.TRAINING)
    ((details,),) = rows(store, trainings, "details")
    assert details["attendees"] == 25  # type: ignore[index]
    assert done.case_state is CaseState.OPEN


def test_a_later_message_does_not_change_what_its_case_is(store: Store, filed: Callable[..., None], say: Say) -> None:
    filed(TRAINING)
    filed("Thank you, that is all.", In_Reply_To="<1@university.example>")
    say(2, Kind.QUERY)
    assert rows(store, cases, "kind") == [(Kind.TRAINING,)]
    assert rows(store, messages, "kind") == [(Kind.TRAINING,), (Kind.QUERY,)]
    say(2, sensitive=True)
    assert rows(store, cases, "sensitive") == [(True,)]
    say(2, sensitive=False)
    assert rows(store, cases, "sensitive") == [(False,)]


def test_a_later_message_that_a_person_calls_a_request_of_its_own_gets_a_linked_case(
    store: Store, filed: Callable[..., None], say: Say
) -> None:
    filed(QUERY)
    filed("Now my head of department wants it for all 30 of us in Chemistry.", In_Reply_To="<1@university.example>")
    assert rows(store, messages, "case_id") == [(1,), (1,)]
    done = say(2, Kind.TRAINING)
    assert (done.case_id, done.reply) == (2, None)
    assert rows(store, cases, "kind") == [(Kind.QUERY,), (Kind.TRAINING,)]
    assert rows(store, linked_cases, "case_id", "began_in") == [(2, 1)]
    assert rows(store, trainings, "case_id") == [(2,)]
    assert say(2, Kind.QUERY).reply is None
    assert [template for (template,) in rows(store, outgoings, "template")] == ["query"]


def test_a_case_that_somebody_closed_stays_closed_and_gets_no_reply(store: Store, filed: Callable[..., None], say: Say) -> None:
    filed("Hm, the thing on Tuesday?")
    with store.writing() as db:
        casework.deal_with(db, 1, "rosalind", 1, NOW)
    done = say(1, Kind.TRAINING)
    assert (done.reply, done.case_state) == (None, CaseState.CLOSED)
    assert rows(store, cases, "kind", "state", "closed_at") == [(Kind.TRAINING, CaseState.CLOSED, NOW)]
    assert say(1, sensitive=True).case_state is CaseState.OPEN


def test_a_message_waits_to_be_moved_from_where_it_lies(store: Store, filed: Callable[..., None], say: Say) -> None:
    filed(QUERY)
    with store.writing() as db:
        db.execute(update(places).values(folder="Queries", settled=True))
    assert say(1, Kind.TRAINING).moves
    assert rows(store, places, "folder", "settled") == [("Queries", False)]
    assert say(1, Kind.QUERY).moves is False
    assert rows(store, places, "settled") == [(True,)]
    assert say(1, Kind.OTHER).moves
    assert rows(store, messages, "folder") == [("INBOX",)]


def test_in_rehearsal_nothing_is_sent_or_moved_and_what_was_rehearsed_counts_for_nothing(
    store: Store, filed: Callable[..., None], say: Say
) -> None:
    filed(QUERY, mode=Mode.REHEARSAL)
    done = say(1, Kind.TRAINING, mode=Mode.REHEARSAL)
    assert (done.reply, done.moves) == (OutgoingState.REHEARSED, False)
    assert rows(store, outgoings, "template", "state") == [("query", CANCELLED), ("training", OutgoingState.REHEARSED)]
    assert rows(store, cases, "state") == [(CaseState.OPEN,)]
    assert say(1, Kind.QUERY).reply is QUEUED


def test_what_is_corrected_is_counted_on_the_day_it_was_decided(store: Store, filed: Callable[..., None], say: Say) -> None:
    filed(QUERY)
    say(1, Kind.TRAINING)
    assert rows(store, messages, "decided_at") == [(NOW,)]


@pytest.mark.parametrize(("number", "state"), [(7, None), (1, MessageState.FAILED), (1, MessageState.RECEIVED)])
def test_what_is_not_there_or_not_decided_cannot_be_corrected(
    store: Store, say: Say, number: int, state: MessageState | None
) -> None:
    put_to_rest(store, mail(QUERY, 1))
    if state:
        with store.writing() as db:
            db.execute(update(messages).values(state=state))
    with pytest.raises(UserError) as refused:
        say(number, Kind.TRAINING)
    assert len(refused.value.problems) == 1


def test_an_alert_that_was_only_rehearsed_is_sent_even_to_whoever_wants_no_reply(
    store: Store, filed: Callable[..., None], say: Say
) -> None:
    filed("My colleague was assaulted by her supervisor last week.", mode=Mode.REHEARSAL)
    assert rows(store, outgoings, "purpose", "state") == [(ALERT, OutgoingState.REHEARSED)]
    assert say(1, Kind.TRAINING, reply=False).alerted
    assert rows(store, outgoings, "purpose", "state") == [(ALERT, CANCELLED), (ALERT, QUEUED)]


@pytest.fixture
def followed_up(store: Store, filed: Callable[..., None]) -> None:
    """A question whose reply has not left yet, and a second message on its case."""
    filed(QUERY)
    filed("Thank you, that is all.", In_Reply_To="<1@university.example>")
    assert rows(store, messages, "case_id") == [(1,), (1,)]


@pytest.mark.usefixtures("followed_up")
def test_the_reply_to_another_message_comes_back_once_its_case_is_not_sensitive_any_more(store: Store, say: Say) -> None:
    before = everything(store)
    assert say(2, sensitive=True).taken_back == (1,)
    undone = say(2, sensitive=False)
    assert (undone.answered_again, undone.reply) == ((1,), None)
    assert everything(store) == before
    assert rows(store, outgoings, "answers", "template", "state")[0::2] == [(1, "query", CANCELLED), (1, "query", QUEUED)]
    assert say(2, sensitive=True).taken_back == (3,)
    assert say(2, sensitive=False, reply=False).answered_again == ()


@pytest.mark.usefixtures("followed_up")
def test_no_reply_comes_back_while_another_message_is_sensitive_or_where_a_person_took_it_back(
    store: Store, filed: Callable[..., None], say: Say
) -> None:
    filed("Thank you once more.", In_Reply_To="<1@university.example>")
    say(2, sensitive=True)
    say(3, sensitive=True)
    assert say(2, sensitive=False).answered_again == ()
    assert say(3, sensitive=False).answered_again == (1,)
    with store.writing() as db:
        resolving.cancel(db, len(rows(store, outgoings, "id")), "rosalind", NOW)
    say(2, sensitive=True)
    assert say(2, sensitive=False).answered_again == ()


@pytest.mark.usefixtures("followed_up")
def test_a_case_of_its_own_is_undone_with_the_word_that_opened_it(store: Store, filed: Callable[..., None], say: Say) -> None:
    filed("Now my head of department wants it for all 30 of us in Chemistry.", In_Reply_To="<1@university.example>")
    say(3, Kind.QUERY)
    before = everything(store)
    assert (say(3, Kind.TRAINING).case_id, rows(store, trainings, "case_id")) == (2, [(2,)])
    back = say(3, Kind.QUERY)
    assert (back.case_id, back.was_on, back.case_state) == (1, 2, CaseState.OPEN)
    assert rows(store, messages, "case_id") == [(1,)] * 3
    assert [row for row in everything(store)[0] if row[1] is not CaseState.CLOSED] == before[0]  # type: ignore[attr-defined]
    assert everything(store)[1:] == before[1:]


@pytest.mark.usefixtures("followed_up")
def test_a_case_of_its_own_on_which_we_wrote_stays_one(store: Store, filed: Callable[..., None], say: Say) -> None:
    filed("Now my head of department wants it for all 30 of us in Chemistry.", In_Reply_To="<1@university.example>")
    say(3, Kind.TRAINING)
    with store.writing() as db:
        db.execute(update(outgoings).values(case_id=2, state=SENT))
    assert say(3, Kind.QUERY).case_id == 2


def test_a_case_opened_by_a_machine_is_what_the_first_person_wrote_there(
    store: Store, filed: Callable[..., None], say: Say
) -> None:
    filed(QUERY)
    filed("We would like to book the workshop for 25 people now.", In_Reply_To="<1@university.example>")
    before = everything(store)
    done = say(1, Kind.AUTOMATIC)
    assert done.case_state is CaseState.OPEN
    assert rows(store, cases, "kind", "due") == [(Kind.TRAINING, date(2026, 11, 27))]
    ((details,),) = rows(store, trainings, "details")
    assert details["attendees"] == 25  # type: ignore[index]
    say(1, Kind.QUERY)
    assert everything(store) == before


def test_a_reply_that_is_being_sent_is_told_of(store: Store, filed: Callable[..., None], say: Say) -> None:
    filed(QUERY)
    with store.writing() as db:
        db.execute(update(outgoings).values(state=OutgoingState.SENDING, begun_at=NOW))
    done = say(1, sensitive=True)
    assert (done.taken_back, done.in_flight) == ((), (1,))


def test_a_reply_that_a_sender_has_only_claimed_is_taken_back(store: Store, filed: Callable[..., None], say: Say) -> None:
    filed(QUERY)
    with store.writing() as db:
        (claimed,) = sending.claim(db, "here/1/1", 9, NOW)
    assert say(1, sensitive=True).taken_back == (claimed.id,)
    with store.writing() as db:
        assert sending.begin(db, [claimed.id], "here/1/1", LATER) == set()


@pytest.mark.parametrize(("sensitive", "becomes"), [(True, CANCELLED), (False, OutgoingState.DEFERRED)])
def test_a_reply_is_not_tried_again_once_its_case_has_become_sensitive(
    store: Store, filed: Callable[..., None], say: Say, sensitive: bool, becomes: OutgoingState
) -> None:
    filed(QUERY, mode=Mode.DRAFTS if sensitive else Mode.LIVE)
    with store.writing() as db:
        resolving.approve(db, 1, "rosalind", NOW)
        sending.begin(db, [mail.id for mail in sending.claim(db, "here/1/1", 9, NOW)], "here/1/1", NOW)
    say(1, sensitive=sensitive)
    with store.writing() as db:
        assert sending.settle(db, 1, "here/1/1", sending.Outcome(OutgoingState.DEFERRED, again_at=LATER), LATER)
    assert rows(store, outgoings, "state")[0] == (becomes,)


@pytest.mark.parametrize("state", [TrainingState.SCHEDULED, TrainingState.DELIVERED, TrainingState.CANCELLED])
def test_a_session_that_somebody_has_arranged_stays_one(
    store: Store, filed: Callable[..., None], say: Say, state: TrainingState
) -> None:
    filed(TRAINING)
    with store.writing() as db:
        db.execute(update(trainings).values(state=state))
    with pytest.raises(UserError) as refused:
        say(1, Kind.QUERY)
    assert refused.value.problems == (f"The session of EDI-0001 is {state} already: it stays a training request.",)
    assert say(1, sensitive=True).plan is not None
    assert rows(store, trainings, "state") == [(state,)]


def test_what_a_reviewer_has_written_is_not_thrown_away(store: Store, filed: Callable[..., None], say: Say) -> None:
    filed(STORY)
    with store.writing() as db:
        db.execute(update(stories).values(state=StoryState.IN_REVIEW, shown="Somebody stepped in."))
    with pytest.raises(UserError) as refused:
        say(1, Kind.OTHER)
    (said,) = refused.value.problems
    assert said.startswith("A reviewer has written what EDI-0001 is to show: it stays a story;")
    assert rows(store, stories, "shown") == [("Somebody stepped in.",)]


def test_a_case_that_begins_where_another_is_closed_is_open(store: Store, filed: Callable[..., None], say: Say) -> None:
    filed(QUERY)
    filed("Now my head of department wants it for all 30 of us in Chemistry.", In_Reply_To="<1@university.example>")
    say(2, Kind.QUERY)
    with store.writing() as db:
        casework.deal_with(db, 1, "rosalind", 2, NOW)
    done = say(2, Kind.TRAINING)
    assert (done.case_id, done.case_state) == (2, CaseState.OPEN)
    assert rows(store, cases, "state") == [(CaseState.CLOSED,), (CaseState.OPEN,)]
