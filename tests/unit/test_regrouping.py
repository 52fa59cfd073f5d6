"""After a merge or a split: later mails go where people have put things, and nobody is answered twice."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

import letters
from filed import filed_case, filed_message, raw_mail
from mailflow import answering, pipeline, settings
from mailflow.acting import act
from mailflow.answering import Sending, Written
from mailflow.correcting import Said, correct
from mailflow.deciding import House
from mailflow.domain import CaseState, Kind, MessageState, OutgoingState, Role, reference
from mailflow.errors import UserError
from mailflow.reply.answer import Words
from mailflow.splitting import split
from mailflow.store import drafting, kept, merging, recalling
from mailflow.store.database import Store
from mailflow.store.tables import cases, linked_cases, messages, outgoings, stories, trainings
from receiving_mail import put_to_rest

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
JANE, KIM = "jane@university.example", "kim@university.example"
QUESTION = letters.QUERY


@pytest.fixture(scope="module")
def house() -> House:
    return House.build(settings.load(_env_file=None, mode="live", rules=ROOT / "rules.toml", templates=ROOT / "templates"))


@pytest.fixture
def get(store: Store, house: House) -> Callable[..., str]:
    """One message comes in and is decided; gives its Message-ID."""
    count = iter(range(1, 100))

    def get(text: str, sender: str = JANE, subject: str = "Active Bystander", **headers: str) -> str:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        letter = letters.Letter(sender, subject, text, name="Sam", headers=headers)
        put_to_rest(store, letter.raw, first_uid=next(count))
        pipeline.process(store, house, "here/1/1", NOW)
        return letter.message_id

    return get


def rows(store: Store, table: Any, *columns: str) -> list[tuple[Any, ...]]:
    with store.reading() as db:
        return [tuple(getattr(row, name) for name in columns) for row in db.execute(select(table).order_by(*table.primary_key))]


def told(store: Store, case_id: int) -> str:
    """The reference of a case as its requester knows it."""
    return reference(case_id, dict(rows(store, cases, "id", "token"))[case_id])


def joined(store: Store) -> list[int | None]:
    return [case_id for (case_id,) in rows(store, messages, "case_id")]


def merge(store: Store, case_id: int, into: int) -> None:
    with store.writing() as db:
        merging.merge(db, case_id, into, "ada", 99, LATER)


def test_whoever_names_a_merged_case_or_answers_its_thread_is_led_to_the_other(store: Store, get: Callable[..., str]) -> None:
    first = get(QUESTION)
    get(letters.TRAINING, subject="A session for Physics")
    merge(store, 1, 2)
    get("Thank you. When may I hear?", subject="Re: Active Bystander", In_Reply_To=first)
    get("One more thing: when?", sender=KIM, subject=f"Re: [{told(store, 1)}]")
    get(f"It is about {reference(1)}: when may I hear?", subject="When?")
    get(f"It is about {reference(1)}: when may I hear?", sender=KIM, subject="When?")
    assert joined(store) == [2, 2, 2, 2, 2, 3], "a bare number is taken from the requester of that case alone"
    assert rows(store, cases, "state")[0] == (CaseState.CLOSED,)
    assert [case for case, to in rows(store, outgoings, "case_id", "recipient") if to == JANE] == [2, 2], "what was sent before"


def test_a_merged_case_and_the_one_it_went_into_are_one_matter(store: Store, get: Callable[..., str]) -> None:
    get(QUESTION)
    get(letters.TRAINING, subject="A session for Physics")
    merge(store, 1, 2)
    get("Thank you. When may I hear?", subject=f"Re: [{told(store, 1)}] [{told(store, 2)}]")
    state, hold, silence = rows(store, messages, "state", "hold", "silence")[2]
    assert (state, hold, silence["name"]) == (MessageState.FILED, None, "acknowledged")
    assert silence["text"].startswith("Its thread has had"), "it was known before it was filed"


def test_what_was_decided_before_a_merge_is_filed_where_the_case_went_and_not_answered_again(
    store: Store, house: House, get: Callable[..., str]
) -> None:
    get("Hm, the thing on Tuesday?")
    get(QUESTION, subject="Sessions")
    raw = letters.Letter(JANE, f"[{told(store, 1)}]", QUESTION).raw
    put_to_rest(store, raw, first_uid=50)
    email = house.read(raw)
    with store.reading() as db:
        plan = house.decide(email, recalling.recall(db, [email], NOW).of(email), NOW, NOW)
    assert plan.template, "its case had no reply yet"
    merge(store, 1, 2)
    with store.writing() as db:
        found, faults = act(db, house, {3: plan}, NOW)
    assert (found, faults) == ({3: 2}, {})
    assert rows(store, cases, "state")[0] == (CaseState.CLOSED,)
    assert rows(store, outgoings, "case_id", "answers") == [(2, 2)]
    assert rows(store, messages, "silence")[2][0]["name"] == "acknowledged"


def test_a_message_that_is_split_off_is_understood_anew_and_nobody_is_answered(
    store: Store, house: House, get: Callable[..., str]
) -> None:
    first = get(QUESTION)
    second = get(letters.TRAINING, subject="Re: Active Bystander", In_Reply_To=first)
    get("Thank you, that would be great.", subject="Re: Active Bystander", In_Reply_To=second)
    assert joined(store) == [1, 1, 1]
    with store.writing() as db:
        done = split(db, house, 2, "ada", 3, LATER)
    assert (done.was_on, done.case_id, joined(store)) == (1, 2, [1, 2, 1])
    assert rows(store, cases, "kind", "state")[1] == (Kind.TRAINING, CaseState.OPEN)
    assert rows(store, trainings, "case_id") == [(2,)]
    assert rows(store, linked_cases, "case_id", "began_in") == [(2, 1)]
    assert rows(store, messages, "state", "hold")[1] == (MessageState.FILED, None)
    get("We would be 30.", subject="Re: Active Bystander", In_Reply_To=second)
    assert joined(store)[-1] == 2, "its thread follows it"
    assert rows(store, outgoings, "case_id", "answers") == [(1, 1)]


def test_what_a_person_has_split_off_stays_where_it_is_whatever_it_is_said_to_be(
    store: Store, house: House, get: Callable[..., str]
) -> None:
    first = get(QUESTION)
    get(letters.TRAINING, subject="Re: Active Bystander", In_Reply_To=first)
    with store.writing() as db:
        split(db, house, 2, "ada", 2, LATER)
        done = correct(db, house, 2, Said("ada", Kind.QUERY), LATER)
    assert (done.case_id, done.was_on, done.reply) == (2, None, None)
    assert rows(store, cases, "kind")[1] == (Kind.QUERY,)


def test_a_reply_goes_with_the_message_it_answers_and_counts_for_the_conversation(
    store: Store, house: House, get: Callable[..., str]
) -> None:
    get(QUESTION)
    get(letters.TRAINING, subject="A session for Physics")
    merge(store, 1, 2)
    with store.writing() as db:
        done = split(db, house, 1, "ada", 2, LATER)
        known = recalling.known_case(db, done.case_id)
    assert (done.case_id, known.began_in, known.acknowledged) == (3, 2, True)
    assert rows(store, outgoings, "case_id", "answers") == [(3, 1), (2, 2)]
    assert rows(store, cases, "kind")[2] == (Kind.QUERY,)


def test_correcting_after_a_merge_or_a_split_answers_nobody_twice(store: Store, house: House, get: Callable[..., str]) -> None:
    get(QUESTION)
    get(letters.TRAINING, subject="A session for Physics")
    merge(store, 1, 2)
    with store.writing() as db:
        done = correct(db, house, 1, Said("ada", Kind.TRAINING), LATER)
        assert (done.reply, done.case_id) == (None, 2)
        split(db, house, 1, "ada", 2, LATER)
        assert correct(db, house, 1, Said("ada", Kind.QUERY), LATER).reply is None
    assert rows(store, outgoings, "answers", "state").count((1, OutgoingState.QUEUED)) <= 1


def test_a_message_is_not_split_off_while_a_reply_to_it_waits(store: Store, house: House) -> None:
    with store.writing() as db:
        case_id = filed_case(db)
        filed_message(db, case_id, raw_mail("May I?", "A friend"))
        second = filed_message(db, case_id, raw_mail("What does it cost?", "Cost"))
        form = Written(second, Words("Re: Cost", "Nothing."), second, "form-one")
        draft = answering.write(db, house, case_id, form, "ada", NOW)
    refused = pytest.raises(UserError, match="A reply to message 2 has not left: send it, or take it back, first")
    with store.writing() as db, refused:
        split(db, house, second, "ada", second, NOW)
    with store.writing() as db:
        seen = drafting.Seen(second, drafting.version_of(db.execute(select(outgoings.c.raw)).scalar_one()))
        answering.send(db, house, draft, Sending(seen), "ada", NOW)
    with store.writing() as db, refused:
        split(db, house, second, "ada", second, NOW)  # it could still be had back
    with store.writing() as db:
        db.execute(update(outgoings).values(state=OutgoingState.SENT))
        split(db, house, second, "ada", second, NOW)


def test_what_is_not_to_be_split_off_stays(store: Store, house: House, get: Callable[..., str]) -> None:
    first = get(QUESTION)
    get(letters.AWAY, subject="Re: Active Bystander", In_Reply_To=first, Auto_Submitted="auto-replied")
    get("Thank you.", subject="Re: Active Bystander", In_Reply_To=first)
    for number, seen, why in ((1, 3, "EDI-0001 began with message 1"), (2, 3, "by a machine"), (3, 2, "A new message has come")):
        with store.writing() as db, pytest.raises(UserError, match=why):
            split(db, house, number, "ada", seen, LATER)
    assert joined(store) == [1, 1, 1]


def test_a_story_told_in_another_conversation_is_split_off_and_read_by_reviewers_alone(
    store: Store, house: House, get: Callable[..., str]
) -> None:
    first = get(QUESTION)
    get(letters.STORY, subject="Re: Active Bystander", In_Reply_To=first)
    assert rows(store, messages, "kind", "state")[1] == (Kind.STORY, MessageState.HELD)
    with store.writing() as db:
        assert kept.needed(db, 1) is Role.REVIEWER
        split(db, house, 2, "rosa", 2, LATER)
        assert (kept.needed(db, 1), kept.needed(db, 2)) == (Role.READER, Role.REVIEWER)
    assert rows(store, stories, "case_id") == [(2,)]
