"""A person answers: once whoever else answers too, to the one they chose; what follows knows of it, and a bounce comes home."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import select

from bounces import GONE, failed
from filed import NOW, WHY_HELD, filed_case, filed_message, raw_mail
from letters import QUERY, Letter
from mailflow import answering, pipeline, settings
from mailflow.answering import Sending, Written
from mailflow.deciding import House
from mailflow.domain import CaseState, MessageState, Mode, OutgoingState, Purpose
from mailflow.domain.plain import reason_to_json
from mailflow.errors import UserError
from mailflow.reply.answer import Words
from mailflow.store import draftfiles, drafting, pacing, resolving, sending
from mailflow.store.database import Store
from mailflow.store.sending import Outcome
from mailflow.store.tables import bounced, cases, messages, outgoings
from outgoing import row_of, states
from receiving_mail import put_to_rest

ROOT = Path(__file__).parents[2]
HOLDER = "elsewhere/1/1"
QUEUED, DRAFT, SENT = OutgoingState.QUEUED, OutgoingState.DRAFT, OutgoingState.SENT
FIRST = "<first@client.university.example>"


@pytest.fixture(scope="module")
def house() -> House:
    return House.build(settings.load(_env_file=None, mode="live", rules=ROOT / "rules.toml", templates=ROOT / "templates"))


def asked(store: Store, sender: str = GONE) -> None:
    """Case 1, whose message 1 is held."""
    with store.writing() as db:
        case_id = filed_case(db, requester=sender)
        raw = raw_mail("May I bring a friend?", "A friend", f"Gone Person <{sender}>")
        hold = reason_to_json(WHY_HELD)
        filed_message(db, case_id, raw, MessageState.HELD, hold=hold, sender=sender, message_id=FIRST)


def write(store: Store, house: House, form: str = "form-one", who: str = "ada", text: str = "Yes, you may.") -> int:
    with store.writing() as db:
        return answering.write(db, house, 1, Written(1, Words("Re: A friend", text), 1, form), who, NOW)


def send(store: Store, house: House, number: int, then: CaseState = CaseState.CLOSED, who: str = "ada", answers: int = 0) -> None:
    with store.writing() as db:
        seen = replace(_seen(store, number), answers=answers)
        answering.send(db, house, number, Sending(seen, then), who, NOW)


def _seen(store: Store, number: int) -> drafting.Seen:
    raw = row_of(store, number)["raw"]
    assert isinstance(raw, bytes)
    return drafting.Seen(1, drafting.version_of(raw))


def leaves(store: Store, number: int) -> None:
    """The mail is sent."""
    later = NOW + answering.RESTS
    with store.writing() as db:
        assert [mail.id for mail in sending.claim(db, HOLDER, 10, later, replies=0)] == [number]  # no cap holds it up
        assert sending.begin(db, [number], HOLDER, later) == {number}
        assert sending.settle(db, number, HOLDER, Outcome(SENT), later)


def process(store: Store, house: House, raw: bytes) -> None:
    put_to_rest(store, raw, first_uid=50)
    while pipeline.process(store, house, HOLDER, NOW + timedelta(hours=1)):
        pass


@pytest.mark.parametrize(("does_answer", "purposes"), [(True, [Purpose.ANSWER]), (False, [Purpose.ACKNOWLEDGEMENT])])
def test_where_a_person_has_answered_no_automatic_reply_follows(
    store: Store, house: House, does_answer: bool, purposes: list[Purpose]
) -> None:
    asked(store)
    if does_answer:
        send(store, house, write(store, house))
    later = Letter(GONE, "Re: A friend", QUERY, headers={"In-Reply-To": FIRST}).raw
    process(store, house, later)
    with store.reading() as db:
        assert list(db.execute(select(messages.c.case_id)).scalars()) == [1, 1]
        assert list(db.execute(select(outgoings.c.purpose)).scalars()) == purposes


@pytest.mark.parametrize("state", ["draft", "rehearsed", "dropped"])
def test_an_answer_that_never_leaves_stands_in_nobodys_way(store: Store, house: House, state: str) -> None:
    asked(store)
    number = write(store, house)
    if state == "rehearsed":
        send(store, replace(house, mode=Mode.REHEARSAL), number)
    elif state == "dropped":
        with store.writing() as db:
            drafting.take_back(db, number, "ada", "", _seen(store, number), NOW)
    process(store, house, Letter(GONE, "Re: A friend", QUERY, headers={"In-Reply-To": FIRST}).raw)
    with store.reading() as db:
        assert list(db.execute(select(outgoings.c.purpose)).scalars()) == [Purpose.ANSWER, Purpose.ACKNOWLEDGEMENT]


def test_one_form_sent_twice_at_once_is_one_draft(store: Store, house: House) -> None:
    asked(store)
    together = Barrier(2)

    def one(who: str) -> int:
        together.wait()
        return write(store, house, who=who)

    with ThreadPoolExecutor(2) as people:
        assert len(set(people.map(one, ("ada", "bo")))) == 1
    assert list(states(store).values()) == [DRAFT]


def test_a_form_sent_again_with_other_words_keeps_the_other_words(store: Store, house: House) -> None:
    asked(store)
    number = write(store, house)
    assert write(store, house, text="No, it is full.") == number
    row = row_of(store, number)
    assert "it is full" in row["text"]
    assert str(row["message_id"]).encode() in row["raw"]
    assert states(store) == {number: DRAFT}


def test_a_form_sent_again_for_somebody_else_goes_to_them(store: Store, house: House) -> None:
    asked(store)
    number = write(store, house)
    kim = "kim@university.example"
    with store.writing() as db:
        theirs = filed_message(db, 1, raw_mail("Me too?", sender=f"Kim <{kim}>"), sender=kim)
        written = Written(theirs, Words("Re: A friend", "Yes, you may."), theirs, "form-one")
        assert answering.write(db, house, 1, written, "ada", NOW) == number
    row = row_of(store, number)
    assert (row["recipients"], row["recipient"], row["answers"]) == ([kim], kim, theirs)
    assert kim.encode() in row["raw"]


def test_a_form_sent_again_changes_nothing_that_was_decided_or_changed_by_another(store: Store, house: House) -> None:
    asked(store)
    number = write(store, house)
    with pytest.raises(UserError, match="ada has changed this reply since you wrote it"):
        write(store, house, who="bo", text="No, it is full.")
    send(store, house, number)
    for text in ("Yes, you may.", "No, it is full."):
        with pytest.raises(UserError, match="ada has approved this reply meanwhile"):
            write(store, house, text=text)
    assert "you may" in row_of(store, number)["text"]


def test_of_two_answers_sent_at_once_one_leaves(store: Store, house: House) -> None:
    asked(store)
    drafts = write(store, house, "form-one"), write(store, house, "form-two", "bo")
    together = Barrier(2)

    def one(number: int) -> str:
        together.wait()
        try:
            send(store, house, number)
        except UserError as error:
            return str(error)
        return "sent"

    with ThreadPoolExecutor(2) as people:
        said = sorted(people.map(one, drafts))
    assert said == ["Somebody has answered on EDI-0001 since you opened this reply: read the case first.", "sent"]
    assert sorted(states(store).values()) == [DRAFT, QUEUED]


def test_what_fails_halfway_has_done_nothing_and_can_be_done_again(store: Store, house: House) -> None:
    asked(store)
    number = write(store, house)
    message_id = row_of(store, number)["message_id"]
    with pytest.raises(RuntimeError), store.writing() as db:
        answering.send(db, house, number, Sending(_seen(store, number), CaseState.CLOSED), "ada", NOW)
        raise RuntimeError("the machine stopped")
    with store.reading() as db:
        assert db.execute(select(cases.c.state)).scalar_one() is CaseState.OPEN
    assert states(store) == {number: DRAFT}
    send(store, house, number)
    leaves(store, number)
    assert (row_of(store, number)["message_id"], states(store)) == (message_id, {number: SENT})


def test_an_answer_that_comes_back_opens_its_case_again(store: Store, house: House) -> None:
    asked(store)
    number = write(store, house)
    send(store, house, number)
    leaves(store, number)
    process(store, house, failed(str(row_of(store, number)["message_id"]), GONE))
    assert states(store) == {number: OutgoingState.BOUNCED}
    with store.reading() as db:
        assert db.execute(select(cases.c.state)).scalar_one() is CaseState.OPEN
        assert db.execute(select(bounced.c.address)).scalar_one() == GONE


def test_peoples_answers_count_for_no_cap(store: Store, house: House) -> None:
    asked(store)
    number = write(store, house)
    send(store, house, number)
    leaves(store, number)
    with store.writing() as db:
        assert pacing.replies_left(db, 5, NOW + timedelta(minutes=1)) == 5


def test_an_answer_is_had_back_while_a_sender_has_only_claimed_it_and_not_once_it_has_begun(store: Store, house: House) -> None:
    asked(store)
    number, later = write(store, house), NOW + answering.RESTS
    for begins in (False, True):
        send(store, house, number)
        with store.writing() as db:
            assert [mail.id for mail in sending.claim(db, HOLDER, 10, later)] == [number]
            assert len(sending.begin(db, [number] if begins else [], HOLDER, later)) == begins
        with store.writing() as db:
            assert resolving.take_up(db, number, "ada", later) is not begins
        if not begins:
            with store.writing() as db:
                assert sending.begin(db, [number], HOLDER, later) == set()
            assert states(store) == {number: DRAFT}
    assert states(store) == {number: OutgoingState.SENDING}


def test_a_draft_asks_for_the_role_of_all_that_is_on_its_case(store: Store, house: House) -> None:
    asked(store)
    number = write(store, house)
    with store.writing() as db:
        before = draftfiles.draft_file(db, number, "ada", NOW).needs
        filed_message(db, 1, raw_mail("He touched me."), sensitive=True)
        assert (before, draftfiles.draft_file(db, number, "ada", NOW).needs) == ("reader", "adviser")
        assert draftfiles.bytes_of(db, number, "ada", NOW)[0] == "adviser"
