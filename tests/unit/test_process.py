"""From `received` to decided, on a real database: what is filed, what is queued, and whose fault a fault is."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from mailflow import pipeline, settings
from mailflow.deciding import House
from mailflow.domain import CaseState, Email, History, Kind, MessageState, Mode, OutgoingState, Plan, Purpose, StoryState
from mailflow.errors import TemporaryError
from mailflow.store import claiming
from mailflow.store.database import Store
from mailflow.store.tables import cases, events, messages, outgoings, places, stories, trainings
from receiving_mail import put_to_rest

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
CENTRE = "edi.centre@university.example"

REQUEST = "We would like to book an Active Bystander workshop for our team, the Department of Chemistry, about 20 people."
QUESTION = "When is the next open session of Active Bystander, and how do I sign up for it?"
STORY = (
    "I wanted to share a story of being an active bystander. Last week in a seminar somebody talked over a colleague again and "
    "again, and I used what I learnt on the course: I said that I would like to hear the end of her point. You may publish this "
    "without names if it is useful."
)
HARM = (
    "My supervisor keeps touching me and says my visa depends on him. I am being harassed and do not know what to do. "
    "Please help me."
)


@pytest.fixture(scope="module")
def house() -> House:
    return House.build(
        settings.load(
            _env_file=None,
            mode="live",
            rules=ROOT / "rules.toml",
            templates=ROOT / "templates",
            alert_to=("duty@university.example",),
        )
    )


def mail(
    text: str, number: int, subject: str = "Active Bystander", sender: str = "sam@university.example", **headers: str
) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"Sam <{sender}>", CENTRE, subject
    message["Date"], message["Message-ID"] = "Tue, 24 Nov 2026 09:00:00 +0000", f"<{number}@university.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def process(store: Store, house: House, now: datetime = NOW) -> None:
    while pipeline.process(store, house, "here/1/1", now):
        pass


def rows(store: Store, table: object, *columns: str) -> list[tuple[object, ...]]:
    with store.reading() as db:
        return [tuple(getattr(row, c) for c in columns) for row in db.execute(select(table).order_by(*table.primary_key))]  # type: ignore


def test_a_request_is_filed_acknowledged_and_written_down_in_one_go(store: Store, house: House) -> None:
    put_to_rest(store, mail(REQUEST, 1))
    process(store, house)
    assert rows(store, messages, "state", "kind", "case_id", "folder") == [(MessageState.FILED, Kind.TRAINING, 1, "Training")]
    assert rows(store, outgoings, "purpose", "state", "recipient", "case_id", "answers") == [
        (Purpose.ACKNOWLEDGEMENT, OutgoingState.QUEUED, "sam@university.example", 1, 1)
    ]
    assert [details["department"] for (details,) in rows(store, trainings, "details")] == ["Department of Chemistry"]
    assert rows(store, events, "who", "what") == [("mailflow", "filed")]


def test_what_is_sensitive_is_held_alerts_and_is_not_answered(store: Store, house: House) -> None:
    put_to_rest(store, mail(HARM, 1, subject="Please read"))
    process(store, house)
    ((state, hold),) = rows(store, messages, "state", "hold")
    assert state is MessageState.HELD
    assert hold["name"] == "sensitive"  # type: ignore
    ((purpose, recipient, text),) = rows(store, outgoings, "purpose", "recipient", "text")
    assert (purpose, recipient) == (Purpose.ALERT, "duty@university.example")
    assert "visa" not in str(text)
    assert "sam" not in str(text)


def test_automatic_mail_is_ignored_and_opens_no_case(store: Store, house: House) -> None:
    put_to_rest(store, mail("I am away until Monday.", 1, subject="Automatic reply: hello", Auto_Submitted="auto-replied"))
    process(store, house)
    assert rows(store, messages, "state", "case_id") == [(MessageState.IGNORED, None)]
    assert rows(store, cases, "id") == rows(store, outgoings, "id") == []


def test_what_cannot_be_made_out_is_held_for_a_person_and_never_answered(store: Store, house: House) -> None:
    put_to_rest(store, b"", mail(REQUEST, 2))
    process(store, house)
    assert [state for (state,) in rows(store, messages, "state")] == [MessageState.HELD, MessageState.FILED]
    assert rows(store, messages, "hold")[0][0]["name"] == "no-sender"  # type: ignore
    assert rows(store, outgoings, "answers") == [(2,)]


def test_an_answer_in_the_same_batch_joins_its_case_and_is_not_acknowledged_again(store: Store, house: House) -> None:
    put_to_rest(
        store, mail(REQUEST, 1), mail("We are 25 now, and would like to come in person.", 2, In_Reply_To="<1@university.example>")
    )
    process(store, house)
    assert rows(store, messages, "case_id") == [(1,), (1,)]
    assert len(rows(store, outgoings, "id")) == 1
    ((details,),) = rows(store, trainings, "details")
    assert details["attendees"] == 25  # type: ignore


def test_a_sender_gets_no_more_than_the_days_cap_even_within_one_batch(store: Store, house: House) -> None:
    put_to_rest(store, *(mail(f"{QUESTION} Number {n}.", n) for n in range(1, 6)))
    process(store, house)
    assert len(rows(store, outgoings, "id")) == house.rules.replies.per_address_a_day


def test_a_filing_that_is_repeated_changes_nothing(store: Store, house: House) -> None:
    put_to_rest(store, mail(REQUEST, 1))
    process(store, house)
    with store.writing() as db:
        assert claiming.claim(db, "here/1/1", 50, NOW + timedelta(days=1)) == []
    put_to_rest(store, mail(REQUEST, 1), first_uid=2)
    process(store, house)
    assert len(rows(store, messages, "id")) == len(rows(store, outgoings, "id")) == len(rows(store, cases, "id")) == 1


@dataclass(frozen=True)
class Meanwhile:
    """The rooms of a house, where something happens while we read."""

    house: House
    happens: Callable[[], object]

    def read(self, raw: bytes) -> Email:
        self.happens()
        return self.house.read(raw)

    def decide(self, email: Email, history: History, arrived: datetime, now: datetime) -> Plan:
        return self.house.decide(email, history, arrived, now)


def test_what_another_process_took_over_is_not_filed_by_us(store: Store, house: House) -> None:
    put_to_rest(store, mail(REQUEST, 1))

    def somebody_else_claims() -> None:
        with store.writing() as db:
            claiming.claim(db, "there/2/2", 50, NOW + timedelta(days=1))

    assert pipeline.process(store, house, "here/1/1", NOW, Meanwhile(house, somebody_else_claims)) == 1
    assert rows(store, messages, "state", "claimed_by") == [(MessageState.RECEIVED, "there/2/2")]
    assert rows(store, outgoings, "id") == []


class BrokenTemplates:
    """Templates of which one fails, as after an edit."""

    def __init__(self, sound: object, broken: str, error: Exception) -> None:
        self.sound, self.broken, self.error = sound, broken, error

    def render(self, name: str, values: object) -> object:
        if name == self.broken:
            raise self.error
        return self.sound.render(name, values)  # type: ignore


@pytest.mark.parametrize("error", [TemporaryError("The template fails."), ZeroDivisionError()])
def test_a_fault_in_composing_is_ours_the_message_stays_received_and_others_are_filed(
    store: Store, house: House, error: Exception
) -> None:
    put_to_rest(store, mail(REQUEST, 1), mail(QUESTION, 2, sender="kim@university.example"))
    process(store, replace(house, templates=BrokenTemplates(house.templates, "training", error)))  # type: ignore
    assert [state for (state,) in rows(store, messages, "state")] == [MessageState.RECEIVED, MessageState.FILED]
    assert len(rows(store, cases, "id")) == len(rows(store, outgoings, "id")) == 1
    process(store, house, NOW + timedelta(minutes=2))
    assert [state for (state,) in rows(store, messages, "state")] == [MessageState.FILED, MessageState.FILED]
    assert len(rows(store, outgoings, "id")) == 2


@pytest.mark.parametrize(
    ("mode", "state", "settled"),
    [
        (Mode.REHEARSAL, OutgoingState.REHEARSED, True),
        (Mode.DRAFTS, OutgoingState.DRAFT, False),
        (Mode.LIVE, OutgoingState.QUEUED, False),
    ],
)
def test_the_mode_decides_what_becomes_of_a_reply_and_whether_a_message_may_move(
    store: Store, house: House, mode: Mode, state: OutgoingState, settled: bool
) -> None:
    put_to_rest(store, mail(REQUEST, 1))
    process(store, replace(house, mode=mode))
    assert rows(store, outgoings, "state") == [(state,)]
    assert rows(store, places, "settled") == [(settled,)]


def test_mail_from_before_the_go_live_date_is_filed_and_never_answered(store: Store, house: House) -> None:
    put_to_rest(store, mail(REQUEST, 1))
    process(store, replace(house, go_live=NOW + timedelta(days=1)))
    ((state, silence),) = rows(store, messages, "state", "silence")
    assert state is MessageState.FILED
    assert silence["name"] == "before-go-live"  # type: ignore
    assert rows(store, outgoings, "id") == []


def test_one_word_from_the_contributor_withdraws_a_story(store: Store, house: House) -> None:
    put_to_rest(store, mail(STORY, 1, subject="A story for you"))
    process(store, house)
    assert rows(store, stories, "state") == [(StoryState.RECEIVED,)]
    put_to_rest(
        store, mail("Withdraw, please.", 2, subject="Re: Your message", In_Reply_To="<1@university.example>"), first_uid=2
    )
    process(store, house)
    assert rows(store, stories, "state") == [(StoryState.WITHDRAWN,)]
    assert ("contributor", "withdrawn") in rows(store, events, "who", "what")


def test_the_same_message_id_with_other_bytes_is_kept_and_held(store: Store, house: House) -> None:
    put_to_rest(store, mail(REQUEST, 1))
    process(store, house)
    put_to_rest(store, mail(QUESTION, 1, sender="kim@university.example"), first_uid=2)
    process(store, house)
    assert rows(store, messages, "state")[1] == (MessageState.HELD,)
    assert rows(store, messages, "hold")[1][0]["name"] == "same-message-id"  # type: ignore
    assert len(rows(store, outgoings, "id")) == 1


def test_while_one_daemon_decides_another_waits_its_turn(store: Store, house: House) -> None:
    put_to_rest(store, mail(REQUEST, 1))

    def the_answer_comes() -> None:
        put_to_rest(store, mail("We are 25 now.", 2, In_Reply_To="<1@university.example>"), first_uid=2)
        assert pipeline.process(store, house, "there/2/2", NOW) == 0

    assert pipeline.process(store, house, "here/1/1", NOW, Meanwhile(house, the_answer_comes)) == 1
    assert pipeline.process(store, house, "there/2/2", NOW) == 1
    assert rows(store, messages, "case_id") == [(1,), (1,)]
    assert len(rows(store, outgoings, "id")) == 1


def test_what_the_database_will_not_take_stays_received_and_others_are_filed(store: Store, house: House) -> None:
    put_to_rest(
        store,
        mail(REQUEST, 1),
        mail(QUESTION, 2, sender="kim@university.example"),
        mail(STORY, 3, sender="jo@university.example"),
    )
    with store.writing() as db:
        db.exec_driver_sql("CREATE UNIQUE INDEX one_query ON cases (kind)")
    put_to_rest(store, mail(f"{QUESTION} And where?", 4, sender="al@university.example"), first_uid=4)
    pipeline.process(store, house, "here/1/1", NOW)
    assert [state for (state,) in rows(store, messages, "state")] == [MessageState.FILED] * 3 + [MessageState.RECEIVED]
    assert len(rows(store, outgoings, "id")) == 3


def test_two_mails_that_answer_each_other_hold_up_nobody(store: Store, house: House) -> None:
    put_to_rest(
        store,
        mail(REQUEST, 1, In_Reply_To="<2@university.example>"),
        mail(REQUEST, 2, In_Reply_To="<1@university.example>"),
        mail(QUESTION, 3, sender="kim@university.example"),
    )
    process(store, house)
    assert [state for (state,) in rows(store, messages, "state")] == [MessageState.FILED] * 3


def test_an_alert_that_cannot_be_written_leaves_the_message_held_not_stuck(store: Store, house: House) -> None:
    put_to_rest(store, mail(HARM, 1, subject="Please read"))
    process(store, replace(house, alert_to=("Rosalind <r@university.example>",)))
    assert rows(store, messages, "state") == [(MessageState.HELD,)]
    assert len(rows(store, cases, "id")) == 1


def test_a_sender_that_no_reply_can_be_written_to_costs_the_reply_not_the_message(store: Store, house: House) -> None:
    put_to_rest(store, mail(REQUEST, 1).replace(b"Sam <sam@", "Sam <\u017fam@".encode()))
    process(store, house)
    assert rows(store, messages, "state")[0][0] in {MessageState.HELD, MessageState.FILED}
    assert rows(store, outgoings, "id") == []


def test_subaddresses_of_one_person_share_the_days_cap(store: Store, house: House) -> None:
    put_to_rest(store, *(mail(f"{QUESTION} Number {n}.", n, sender=f"victim+{n}@university.example") for n in range(1, 6)))
    process(store, house)
    put_to_rest(store, mail(f"{QUESTION} Once more.", 9, sender="victim+z@university.example"), first_uid=9)
    process(store, house)
    assert len(rows(store, outgoings, "id")) == house.rules.replies.per_address_a_day


@pytest.mark.parametrize(("text", "kind"), [(REQUEST, Kind.TRAINING), (STORY, Kind.STORY)])
def test_a_booking_or_a_story_told_on_another_case_is_held_for_a_person(
    store: Store, house: House, text: str, kind: Kind
) -> None:
    put_to_rest(store, mail(QUESTION, 1))
    process(store, house)
    put_to_rest(store, mail(text, 2, In_Reply_To="<1@university.example>"), first_uid=2)
    process(store, house)
    assert rows(store, messages, "state", "kind", "case_id")[1] == (MessageState.HELD, kind, 1)
    assert rows(store, messages, "hold")[1][0]["name"] == "new-matter"  # type: ignore


@pytest.mark.parametrize(
    "text",
    [
        "I would like my story withdrawn, please.",
        "please remove my story, it must not be published",
        "Please take down my story.",
        "I would rather it was not shared",
    ],
)
def test_however_it_is_said_a_story_is_taken_back_by_reference_alone(store: Store, house: House, text: str) -> None:
    put_to_rest(store, mail(STORY, 1, subject="A story for you"))
    process(store, house)
    put_to_rest(store, mail(text, 2, subject="Re: Your message to the EDI Centre [EDI-0001]"), first_uid=2)
    process(store, house)
    assert rows(store, stories, "state") == [(StoryState.WITHDRAWN,)]


def test_somebody_elses_reference_joins_no_case(store: Store, house: House) -> None:
    put_to_rest(store, mail(STORY, 1, subject="A story for you"))
    process(store, house)
    put_to_rest(store, mail("withdraw", 2, subject="[EDI-0001]", sender="mallory@university.example"), first_uid=2)
    process(store, house)
    assert rows(store, stories, "state") == [(StoryState.RECEIVED,)]


def test_whatever_a_contributor_writes_later_a_person_reads(store: Store, house: House) -> None:
    put_to_rest(store, mail(STORY, 1, subject="A story for you"))
    process(store, house)
    put_to_rest(
        store, mail("Thank you. Could you drop the part about the cake?", 2, In_Reply_To="<1@university.example>"), first_uid=2
    )
    process(store, house)
    assert rows(store, messages, "state")[1] == (MessageState.HELD,)
    assert rows(store, messages, "hold")[1][0]["name"] == "about-a-story"  # type: ignore


def test_in_rehearsal_nobody_waits_for_an_answer_to_what_was_not_asked(store: Store, house: House) -> None:
    put_to_rest(store, mail("Could you run an Active Bystander workshop for our team?", 1))
    process(store, replace(house, mode=Mode.REHEARSAL))
    assert rows(store, cases, "state") == [(CaseState.OPEN,)]


def test_old_mail_is_not_answered_where_nobody_has_set_a_date(store: Store, house: House) -> None:
    put_to_rest(store, mail(REQUEST, 1))
    process(store, house, NOW + timedelta(days=8))
    assert rows(store, messages, "silence")[0][0]["name"] == "before-go-live"  # type: ignore
    assert rows(store, outgoings, "id") == []


def test_a_database_that_is_full_blames_no_message(sqlite_url: str, house: House) -> None:
    store = Store(sqlite_url)
    # Questions with much to be kept of each: more than the free pages that any database has.
    quoted = f"{QUESTION}\n\nOn 3 March 2026 at 10:00, EDI Centre wrote:\n> {'word ' * 300}"
    put_to_rest(store, *(mail(quoted, n, sender=f"kim{n}@university.example") for n in range(1, 20)))
    with store.writing() as db:
        pages = db.exec_driver_sql("PRAGMA page_count").scalar_one()
        db.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(TemporaryError, match="full"):
        process(store, house)
    assert {state for (state,) in rows(store, messages, "state")} == {MessageState.RECEIVED}
    with store.writing() as db:
        db.exec_driver_sql("PRAGMA max_page_count = 1000000")
    process(store, house, NOW + timedelta(minutes=5))
    assert {state for (state,) in rows(store, messages, "state")} == {MessageState.FILED}
    assert len(rows(store, outgoings, "id")) == 19
    store.close()


def test_of_a_message_too_big_the_sender_is_told_once_and_a_person_looks(store: Store, house: House) -> None:
    put_to_rest(store, mail("", 1, subject="Pictures"), whole=False)
    process(store, house)
    put_to_rest(store, mail("", 2, subject="Pictures", In_Reply_To="<1@university.example>"), first_uid=2, whole=False)
    process(store, house)
    assert [(state, hold["name"]) for state, hold in rows(store, messages, "state", "hold")] == [  # type: ignore
        (MessageState.HELD, "too-big"),
        (MessageState.HELD, "too-big"),
    ]
    ((template, state, recipient, text),) = rows(store, outgoings, "template", "state", "recipient", "text")
    assert (template, state, recipient) == ("too-big", OutgoingState.QUEUED, "sam@university.example")
    assert "35 MB" in str(text)
    assert "A person will look at it" in str(text)
    assert rows(store, cases, "state") == [(CaseState.OPEN,)]
