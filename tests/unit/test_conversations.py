"""Which case a message joins, and when it gets one of its own: with what people and their mail programs do to a reply."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

import letters
from mailflow import pipeline, settings
from mailflow.deciding import House
from mailflow.domain import CaseState, Kind, MessageState, StoryState, reference
from mailflow.store.database import Store
from mailflow.store.tables import bounced, cases, linked_cases, messages, outgoings, stories, trainings
from receiving_mail import put_to_rest

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
JANE, KIM, MALLORY = "jane@university.example", "kim@university.example", "mallory@elsewhere.example"
BOOKING = letters.TRAINING.replace("Physics", "Chemistry")


@pytest.fixture(scope="module")
def house() -> House:
    return House.build(settings.load(_env_file=None, mode="live", rules=ROOT / "rules.toml", templates=ROOT / "templates"))


class Mailbox:
    """The Centre's mailbox: each message is decided before the next one comes."""

    def __init__(self, store: Store, house: House) -> None:
        self.store, self.house, self.number = store, house, 0

    def get(self, text: str, sender: str = JANE, subject: str = "Active Bystander", **headers: str) -> str:
        """One message comes in; gives its Message-ID."""
        self.number += 1
        letter = letters.Letter(sender, subject, text, name="Sam", headers={k.replace("_", "-"): v for k, v in headers.items()})
        put_to_rest(self.store, letter.raw, first_uid=self.number)
        pipeline.process(self.store, self.house, "here/1/1", NOW)
        return letter.message_id

    def rows(self, table: Any, *columns: str) -> list[tuple[Any, ...]]:
        with self.store.reading() as db:
            found = db.execute(select(table).order_by(*table.primary_key)).all()
        return [tuple(getattr(row, column) for column in columns) for row in found]

    @property
    def joined(self) -> list[int | None]:
        """The case of each message, in the order they came."""
        return [case_id for (case_id,) in self.rows(messages, "case_id")]

    @property
    def last(self) -> tuple[MessageState, str | None]:
        """The state of the message that came last, and why it is held."""
        state, hold = self.rows(messages, "state", "hold")[-1]
        return state, hold["name"] if hold else None

    def told(self, case_id: int = 1) -> str:
        """The reference as the requester of a case was told it."""
        ((token,),) = [row[1:] for row in self.rows(cases, "id", "token") if row[0] == case_id]
        return reference(case_id, token)

    @property
    def linked(self) -> list[tuple[int, int]]:
        return self.rows(linked_cases, "case_id", "began_in")


@pytest.fixture
def box(sqlite_url: str, house: House) -> Iterator[Mailbox]:
    store = Store(sqlite_url)
    yield Mailbox(store, house)
    store.close()


def test_the_reply_carries_the_reference_that_nobody_can_guess_and_other_lists_do_not(box: Mailbox) -> None:
    box.get(letters.QUERY)
    ((subject, text, once),) = box.rows(outgoings, "subject", "text", "once")
    assert box.told() != "EDI-0001"
    assert f"[{box.told()}]" in subject
    assert box.told() in text
    assert once == "acknowledgement:case:EDI-0001"


@pytest.mark.parametrize("sender", [JANE, KIM])
@pytest.mark.parametrize("subject", ["AW: Active Bystander [{}]", "{} my session", "Fwd: [{}"])
def test_a_reply_without_its_headers_joins_by_our_reference_whoever_writes_it(box: Mailbox, subject: str, sender: str) -> None:
    box.get(BOOKING)
    box.get("Thank you, that suits us.", sender, subject.format(box.told().upper()))
    assert box.joined == [1, 1]


def test_a_reply_that_lost_headers_and_subject_joins_by_what_it_quotes(box: Mailbox) -> None:
    box.get(BOOKING)
    ((text,),) = box.rows(outgoings, "text")
    quoted = "\n".join(f"> {line}" for line in text.replace("-", "-\n").splitlines())
    box.get(f"Thank you, that suits us.\n\nOn Tue, 24 Nov 2026, EDI Centre wrote:\n{quoted}\n", KIM, "(no subject)")
    assert box.joined == [1, 1]


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        (JANE, "Re: Active Bystander", "Thank you, that suits us."),  # the subject alone
        (KIM, "Re: Active Bystander", "Thank you, that suits us."),
        (KIM, "Re: Active Bystander [EDI-0001]", "Thank you, that suits us."),  # a number that anybody can guess
        (KIM, "Re: Active Bystander [EDI-0001-22222222]", "Thank you, that suits us."),
        (JANE, "Something", "> EDI-0001\n\nThank you."),  # a number that she quotes: whose words it was in is unknown
    ],
)
def test_nothing_is_joined_by_guess(box: Mailbox, sender: str, subject: str, text: str) -> None:
    box.get(BOOKING)
    box.get(text, sender, subject)
    assert box.joined == [1, 2]


@pytest.mark.parametrize(
    ("subject", "text"), [("Re: x [edi-0001]", "Thanks."), ("A question", "My reference is EDI-0001. Any news?")]
)
def test_the_requester_may_name_the_number_alone(box: Mailbox, subject: str, text: str) -> None:
    box.get(BOOKING)
    box.get(text, JANE, subject)
    assert box.joined == [1, 1]


def test_a_case_from_before_there_were_such_references_goes_on_by_its_number_and_its_headers(box: Mailbox) -> None:
    first = box.get(BOOKING)
    told = box.told()
    with box.store.writing() as db:
        db.execute(update(cases).values(token=None))
    box.get("Thank you.", KIM, f"Re: Active Bystander [{told}]")
    box.get("Thank you.", JANE, "Re: Active Bystander [EDI-0001]")
    box.get("Thank you.", KIM, "Re: Active Bystander", In_Reply_To=first)
    assert box.joined == [1, 2, 1, 1]


def test_a_colleague_answers_for_the_requester(box: Mailbox) -> None:
    first = box.get(BOOKING)
    box.get("Answering while she is away: we are 25 now.", KIM, "Re: Active Bystander", In_Reply_To=first)
    box.get("We will be 30 in the end.", KIM, f"FW: Active Bystander [{box.told()}]")
    assert box.joined == [1, 1, 1]
    ((details,),) = box.rows(trainings, "details")
    assert details["department"] == "Department of Chemistry"
    assert details["attendees"] == 30


def test_an_away_message_joins_by_its_reference_and_wakes_nobody(box: Mailbox) -> None:
    box.get(letters.QUERY)
    with box.store.writing() as db:
        db.execute(update(cases).values(state=CaseState.CLOSED))
    box.get(letters.AWAY, JANE, f"Automatic reply: Re: Active Bystander [{box.told()}]", Auto_Submitted="auto-replied")
    assert box.joined == [1, 1]
    assert box.rows(cases, "state") == [(CaseState.CLOSED,)]


def test_a_mail_that_names_two_cases_joins_the_first_and_a_person_says_which(box: Mailbox) -> None:
    box.get(BOOKING)
    box.get(letters.QUERY, KIM)
    box.get("Thank you for both.", KIM, f"{box.told(2)} and {box.told(1)}")
    assert box.joined == [1, 2, 2]
    assert box.last == (MessageState.HELD, "two-cases")


def test_where_headers_and_subject_name_two_cases_the_headers_decide_and_a_person_looks(box: Mailbox) -> None:
    first = box.get(BOOKING)
    box.get(letters.QUERY, JANE, "Certificates")
    box.get("Thank you.", JANE, f"Re: Certificates [{box.told(2)}]", In_Reply_To=first)
    assert box.joined == [1, 2, 1]
    assert box.last == (MessageState.HELD, "two-cases")


def test_what_is_quoted_besides_does_not_contradict_what_the_headers_say(box: Mailbox) -> None:
    first = box.get(BOOKING)
    box.get(letters.QUERY, KIM)
    box.get(f"Thank you.\n\n> Your reference is {box.told(2)}.", JANE, "Re: Active Bystander", In_Reply_To=first)
    assert box.joined == [1, 2, 1]
    assert box.last == (MessageState.FILED, None)


@pytest.mark.parametrize("sender", [JANE, KIM])
def test_who_reuses_an_old_mail_for_a_new_booking_gets_a_linked_case(box: Mailbox, sender: str) -> None:
    first = box.get(letters.QUERY, JANE, "When is the next one?")
    box.get(letters.TRAINING, sender, "A workshop for Physics", In_Reply_To=first)
    assert box.joined == [1, 2]
    assert box.linked == [(2, 1)]
    assert box.last == (MessageState.FILED, None)
    assert box.rows(cases, "kind", "requester")[1] == (Kind.TRAINING, sender)
    assert len(box.rows(outgoings, "id")) == 1, "one acknowledgement a thread"


def test_an_answer_in_the_linked_case_joins_it_and_the_conversation_is_not_acknowledged_again(store: Store, house: House) -> None:
    box = Mailbox(store, house)
    first = box.get(letters.QUERY, JANE, "When is the next one?")
    with box.store.writing() as db:
        db.execute(outgoings.delete())  # as if the first had got no reply
    second = box.get(letters.TRAINING, JANE, "A workshop for Physics", In_Reply_To=first)
    assert len(box.rows(outgoings, "id")) == 1
    box.get("We are 25 now.", JANE, "Re: A workshop for Physics", In_Reply_To=second, References=f"{first} {second}")
    box.get(letters.QUERY, JANE, "Re: When is the next one?", In_Reply_To=first)
    box.get("Thank you.", JANE, f"Re: A workshop for Physics [{box.told(1)}]", In_Reply_To=second)
    assert box.joined == [1, 2, 2, 1, 2]
    assert box.last == (MessageState.FILED, None), "both are the same conversation"
    assert len(box.rows(outgoings, "id")) == 1, "one acknowledgement a thread"


def test_what_begins_in_a_linked_case_is_linked_to_the_first_of_the_conversation(box: Mailbox) -> None:
    first = box.get(letters.QUERY, JANE, "When is the next one?")
    second = box.get(letters.TRAINING, JANE, "A workshop for Physics", In_Reply_To=first)
    box.get(BOOKING, JANE, "Chemists as well", In_Reply_To=second)
    assert box.linked == [(2, 1), (3, 1)]
    assert [details["department"] for (details,) in box.rows(trainings, "details")] == [
        "Department of Physics",
        "Department of Chemistry",
    ]


def test_another_kind_under_the_old_subject_stays_and_a_person_looks(box: Mailbox) -> None:
    first = box.get(letters.QUERY, JANE, "When is the next one?")
    box.get(letters.TRAINING, JANE, "Re: When is the next one?", In_Reply_To=first)
    assert (box.joined, box.linked) == ([1, 1], [])
    assert box.last == (MessageState.HELD, "new-matter")


@pytest.mark.parametrize(
    "text",
    [
        "Dear Rosalind,\n\nWe would be about 30 people from the Department of Physics, in person, on 14 January.\n\nJane",
        letters.QUERY,
        "We have to cancel our Active Bystander workshop, sorry.",
    ],
)
def test_what_answers_us_under_a_new_subject_stays(box: Mailbox, text: str) -> None:
    first = box.get(letters.TRAINING, JANE, "Active Bystander training for our department")
    box.get(text, JANE, "Numbers", In_Reply_To=first)
    assert (box.joined, box.linked) == ([1, 1], [])


def test_a_question_of_another_person_in_an_old_conversation_is_a_case_of_their_own(box: Mailbox) -> None:
    first = box.get(letters.TRAINING, JANE, "A workshop for Physics")
    box.get(letters.QUERY, KIM, "Next open session?", In_Reply_To=first)
    assert (box.joined, box.linked) == ([1, 2], [(2, 1)])


def test_a_story_told_elsewhere_gets_its_case_and_is_held(box: Mailbox) -> None:
    first = box.get(letters.QUERY, JANE, "When is the next one?")
    box.get(letters.STORY, JANE, "A success story", In_Reply_To=first)
    assert (box.joined, box.linked) == ([1, 2], [(2, 1)])
    assert box.last == (MessageState.HELD, "new-matter")
    assert box.rows(stories, "case_id", "state") == [(2, StoryState.RECEIVED)]


def test_nothing_begins_in_a_storys_conversation(box: Mailbox) -> None:
    first = box.get(letters.STORY, JANE, "A success story")
    box.get(letters.TRAINING, JANE, "A workshop for Physics", In_Reply_To=first)
    assert (box.joined, box.linked) == ([1, 1], [])
    assert box.last == (MessageState.HELD, "about-a-story")


def test_what_is_sensitive_stays_where_it_was_said(box: Mailbox) -> None:
    first = box.get(letters.QUERY, JANE, "When is the next one?")
    box.get(letters.SENSITIVE, KIM, "I need help", In_Reply_To=first)
    assert (box.joined, box.linked) == ([1, 1], [])
    assert box.last == (MessageState.HELD, "sensitive")


def test_a_new_matter_from_an_address_whose_mail_came_back_waits_on_the_old_case(box: Mailbox) -> None:
    first = box.get(letters.QUERY, JANE, "When is the next one?")
    with box.store.writing() as db:
        number = db.execute(select(outgoings.c.id)).scalar_one()
        values = {"address": JANE, "since": NOW - timedelta(hours=1), "outgoing_id": number}
        db.execute(insert(bounced).values(values))
    box.get(letters.TRAINING, JANE, "A workshop for Physics", In_Reply_To=first)
    assert (box.joined, box.linked) == ([1, 1], [])
    assert box.last[0] is MessageState.HELD
