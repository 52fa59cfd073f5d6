"""What comes back to us: bounces of our mails, and copies of them. Neither is anybody's message, and both prove something."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bounces import ABOUT_OURS, GONE, OURS, US, failed, in_words, returned
from filed import filed_case, filed_story
from mailflow import pipeline, settings
from mailflow.deciding import House
from mailflow.domain import (
    OUR_OWN_COPY,
    SENT_FOLDER,
    CaseState,
    Email,
    History,
    Kind,
    KnownCase,
    Mode,
    OutgoingMail,
    OutgoingState,
    Purpose,
    StoryState,
)
from mailflow.domain.states import MessageState
from mailflow.message.parse import read
from mailflow.store import bounces, proving, queueing, resolving, sending
from mailflow.store.database import Store
from mailflow.store.reporting import day_report
from mailflow.store.sending import Outcome
from mailflow.store.tables import bounced, cases, events, messages, outgoings, stories
from outgoing import outgoing_mail
from receiving_mail import put_to_rest

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests/corpus/messages"
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
HOLDER = "here/1/1"
SENT, IN_DOUBT, BOUNCED = OutgoingState.SENT, OutgoingState.IN_DOUBT, OutgoingState.BOUNCED
FAILED, QUEUED, SENDING = OutgoingState.FAILED, OutgoingState.QUEUED, OutgoingState.SENDING


@pytest.fixture(scope="module")
def house() -> House:
    team = {"mode": "live", "address": US, "alert_to": ("duty@university.example",)}
    return House.build(settings.load(_env_file=None, rules=ROOT / "rules.toml", templates=ROOT / "templates", **team))


@pytest.fixture
def light(sqlite_url: str) -> Iterator[Store]:
    """One sort of database, for what is asked of many messages."""
    opened = Store(sqlite_url)
    yield opened
    opened.close()


def process(store: Store, house: House, *raws: bytes) -> None:
    put_to_rest(store, *raws, first_uid=len(rows(store, messages.c.id)) + 1)
    while pipeline.process(store, house, HOLDER, NOW):
        pass


def sent(store: Store, mail: OutgoingMail, state: OutgoingState = SENT, case_id: int | None = None, **values: object) -> int:
    """A mail of ours that has left, or may have."""
    begun = {"begun_at": NOW - timedelta(minutes=5), "sent_at": NOW - timedelta(minutes=5) if state is SENT else None}
    with store.writing() as db:
        queueing.enqueue_all(db, [queueing.Queued(mail, QUEUED, case_id)], NOW - timedelta(hours=1))
        (number,) = db.execute(select(outgoings.c.id).where(outgoings.c.once == mail.once)).scalars()
        db.execute(update(outgoings).where(outgoings.c.id == number).values(state=state, attempts=1, **begun, **values))
    return number


def on_a_case(store: Store, state: OutgoingState = SENT, **case: object) -> int:
    """Our reply to somebody who is gone since, as mail 1 of case 1."""
    with store.writing() as db:
        case_id = filed_case(db, requester=GONE, **case)
    return sent(store, outgoing_mail(1, GONE), state, case_id)


def rows(store: Store, *columns: Any) -> Sequence[Any]:
    with store.reading() as db:
        return [tuple(row) for row in db.execute(select(*columns).order_by(columns[0].table.primary_key.columns[0])).all()]


def question(sender: str = GONE, number: int = 7) -> bytes:
    return (
        f"From: Jo <{sender}>\nTo: {US}\nSubject: Next session?\nMessage-ID: <q{number}@client.example>\n\n"
        "When is the next open session of Active Bystander, and how do I sign up for it?\n"
    ).encode()


@pytest.mark.parametrize("raw", ABOUT_OURS.values(), ids=ABOUT_OURS)
def test_a_bounce_is_tied_to_its_mail_and_makes_the_case_ours_again(light: Store, house: House, raw: bytes) -> None:
    with light.writing() as db:
        case_id = filed_case(db, requester=GONE, state=CaseState.WAITING)
    sent(light, outgoing_mail(1, GONE), SENT, case_id)
    process(light, house, raw)
    ((state, why),) = rows(light, outgoings.c.state, outgoings.c.failure)
    assert state is BOUNCED
    assert str(why).startswith("It came back: ")
    assert " (5." in str(why)
    assert rows(light, messages.c.state, messages.c.case_id) == [(MessageState.IGNORED, 1)]
    assert rows(light, cases.c.id, cases.c.state) == [(1, CaseState.OPEN)]
    assert rows(light, bounced.c.address, bounced.c.outgoing_id) == [(GONE, 1)]
    assert "mail bounced" in {what for (what,) in rows(light, events.c.what)}


def test_even_where_the_case_was_closed_it_is_opened_again_and_waits_no_longer_than_before(store: Store, house: House) -> None:
    due = (NOW + timedelta(days=2)).date()
    on_a_case(store)
    with store.writing() as db:
        db.execute(update(cases).values(state=CaseState.CLOSED, closed_at=NOW, due=due))
    process(store, house, failed())
    assert rows(store, cases.c.state, cases.c.closed_at, cases.c.due) == [(CaseState.OPEN, None, due)]


def test_who_cannot_be_reached_is_held_and_answered_again_only_once_a_person_says_so(store: Store, house: House) -> None:
    number = on_a_case(store)
    process(store, house, failed())
    process(store, house, question())
    ((hold, silence),) = rows(store, messages.c.hold, messages.c.silence)[1:]
    assert hold["name"] == silence["name"] == "bounced-address"
    assert len(rows(store, outgoings.c.id)) == 1
    with store.writing() as db:
        assert resolving.retry(db, [number], "ada", NOW) == [number]
    assert rows(store, outgoings.c.state, outgoings.c.failure) == [(QUEUED, None)]
    assert rows(store, bounced.c.address) == []
    assert rows(store, events.c.who, events.c.what, events.c.case_id)[-1] == ("ada", "address may be written to again", 1)
    process(store, house, question(number=8))
    assert [(state, to) for state, to in rows(store, outgoings.c.state, outgoings.c.recipient)][1:] == [(QUEUED, GONE)]


def test_what_waits_to_be_sent_to_the_address_is_given_up_and_other_mail_is_not(store: Store, house: House) -> None:
    on_a_case(store)
    deferred = sent(store, outgoing_mail(2, GONE, purpose=Purpose.ANSWER), OutgoingState.DEFERRED)
    alert = sent(store, outgoing_mail(3, GONE, purpose=Purpose.ALERT), QUEUED)
    others = sent(store, outgoing_mail(4), QUEUED)
    process(store, house, question(), failed())
    states = dict(rows(store, outgoings.c.id, outgoings.c.state))
    assert states == {1: BOUNCED, deferred: FAILED, alert: QUEUED, others: QUEUED, 5: FAILED}
    assert rows(store, outgoings.c.failure)[-1] == ("Another mail to its address came back.",)


@pytest.mark.parametrize(
    ("raw", "what"),
    [(failed(action="delayed", status="4.4.1"), "mail 1: delayed"), (failed(action="relayed"), "mail 1: delivered")],
)
def test_what_is_late_or_arrived_is_only_noted(light: Store, house: House, raw: bytes, what: str) -> None:
    on_a_case(light, state=SENT)
    with light.writing() as db:
        db.execute(update(cases).values(state=CaseState.WAITING))
    process(light, house, raw)
    assert rows(light, outgoings.c.state) == [(SENT,)]
    assert rows(light, cases.c.state) == [(CaseState.WAITING,)]
    assert rows(light, messages.c.case_id) == [(1,)]
    assert rows(light, bounced.c.address) == []
    assert rows(light, events.c.what, events.c.detail)[-1] == ("delivery report", what)


@pytest.mark.parametrize(
    "raw",
    [
        failed("<never.sent@university.example>"),
        failed(address="somebody.else@university.example"),
        in_words("Your mail could not be delivered.\n\n" + returned(to="")),
    ],
    ids=["a mail that we never sent", "somebody it was not for", "nobody named"],
)
def test_a_bounce_of_something_that_we_did_not_send_there_changes_nothing(light: Store, house: House, raw: bytes) -> None:
    on_a_case(light)
    process(light, house, raw)
    assert rows(light, outgoings.c.state) == [(SENT,)]
    assert rows(light, messages.c.state, messages.c.case_id) == [(MessageState.IGNORED, None)]
    assert rows(light, bounced.c.address) == []


@pytest.mark.parametrize("path", [CORPUS / "020.eml", CORPUS / "118.eml", CORPUS / "161.eml"], ids=lambda path: path.name)
@pytest.mark.parametrize("is_ours", [True, False])
def test_a_bounce_is_never_a_case_and_never_answered(light: Store, house: House, path: Path, is_ours: bool) -> None:
    raw = path.read_bytes()
    email: Email = read(raw, house.ourselves)
    if is_ours and email.report and email.report.message_ids:
        with light.writing() as db:
            case_id = filed_case(db)
        number = sent(light, outgoing_mail(1, email.report.recipients[0].address), SENT, case_id)
        with light.writing() as db:
            db.execute(update(outgoings).values(message_id=email.report.message_ids[0]))
    before = len(rows(light, cases.c.id)), len(rows(light, outgoings.c.id))
    process(light, house, raw)
    assert rows(light, messages.c.state) == [(MessageState.IGNORED,)]
    assert (len(rows(light, cases.c.id)), len(rows(light, outgoings.c.id))) == before
    if before[0]:
        assert rows(light, outgoings.c.id, outgoings.c.state) == [(number, BOUNCED)]


def test_the_words_of_a_bounce_withdraw_no_story(light: Store, house: House) -> None:
    with light.writing() as db:
        case_id = filed_story(db)
    sent(light, outgoing_mail(1, GONE), SENT, case_id)
    raw = failed()
    assert b"please withdraw my story" in raw
    process(light, house, raw)
    assert rows(light, stories.c.state) == [(StoryState.RECEIVED,)]
    assert rows(light, messages.c.case_id)[-1] == (case_id,)


def test_of_a_bounce_on_a_story_nothing_is_understood(house: House) -> None:
    story = KnownCase(1, "EDI-0001", Kind.STORY, acknowledged=True)
    plan = house.decide(read(failed(), house.ourselves), History(story, about=1), NOW, NOW)
    assert (plan.withdraws, plan.understanding, plan.about) == (False, None, 1)


def test_a_bounce_proves_that_a_mail_in_doubt_was_sent(store: Store, house: House) -> None:
    on_a_case(store, IN_DOUBT)
    process(store, house, failed())
    assert rows(store, outgoings.c.state, outgoings.c.sent_at) == [(BOUNCED, NOW - timedelta(minutes=5))]


def test_a_bounce_that_is_faster_than_our_commit_counts(store: Store, house: House) -> None:
    number = on_a_case(store, SENDING)
    with store.writing() as db:
        db.execute(update(outgoings).values(claimed_by=HOLDER, claimed_until=NOW + timedelta(minutes=5)))
    process(store, house, failed())
    with store.writing() as db:
        assert not sending.settle(db, number, HOLDER, Outcome(SENT), NOW)
        assert sending.recover(db, NOW + timedelta(hours=1)) == []
    assert rows(store, outgoings.c.state) == [(BOUNCED,)]


def test_of_several_readers_only_those_it_came_back_from_get_it_again_and_the_team_is_still_written_to(
    store: Store, house: House
) -> None:
    team = ("ada@university.example", "Gone.Person@university.example", "ben@university.example")
    number = sent(store, outgoing_mail(1, *team, purpose=Purpose.DIGEST))
    process(store, house, failed())
    assert rows(store, bounced.c.address) == []
    assert rows(store, messages.c.state, messages.c.case_id) == [(MessageState.IGNORED, None)]
    with store.writing() as db:
        resolving.retry(db, [number], "ada", NOW)
        (mail,) = sending.claim(db, HOLDER, 10, NOW)
    assert mail.recipients == ("Gone.Person@university.example",)


def test_all_is_retried_but_for_what_came_back(store: Store, house: House) -> None:
    on_a_case(store)
    refused = sent(store, outgoing_mail(2), FAILED)
    given_up = sent(store, outgoing_mail(3, GONE), QUEUED)
    process(store, house, failed())
    with store.reading() as db:
        assert [mail.id for mail in resolving.failed(db)] == [refused]
        assert [mail.id for mail in resolving.came_back(db)] == [1, given_up]
        assert bounces.blocked_by(db) == ("EDI-0001",)


def test_a_second_report_of_a_sending_before_the_retry_changes_nothing(store: Store, house: House) -> None:
    number = on_a_case(store)
    process(store, house, failed())
    with store.writing() as db:
        resolving.retry(db, [number], "ada", NOW)
        db.execute(update(cases).values(state=CaseState.WAITING))
    process(store, house, failed(status="5.2.1"))
    assert rows(store, outgoings.c.state, outgoings.c.failure) == [(QUEUED, None)]
    assert rows(store, bounced.c.address) == []
    assert rows(store, cases.c.state) == [(CaseState.WAITING,)]
    assert rows(store, events.c.what, events.c.detail)[-1] == ("delivery report", "mail 1: failed")


def copy_of(mail: OutgoingMail, *more: str, sender: str = f"EDI Centre <{US}>") -> bytes:
    """A mail of ours as the server hands it to us, too."""
    raw = mail.raw.replace(f"From: {US}".encode(), f"From: {sender}".encode())
    return "".join(f"{line}\r\n" for line in ("Received: from us", "Auto-Submitted: auto-replied", *more)).encode() + raw


@pytest.mark.parametrize("doubted_first", [True, False], ids=["in doubt before it came", "in doubt after it came"])
def test_a_blind_copy_that_comes_back_proves_that_a_mail_was_sent(store: Store, house: House, doubted_first: bool) -> None:
    mail = outgoing_mail(1, GONE)
    number = sent(store, mail, IN_DOUBT if doubted_first else SENDING)
    process(store, house, copy_of(mail))
    with store.writing() as db:
        db.execute(update(outgoings).values(state=IN_DOUBT))
        assert proving.settle_by_copies(db, NOW) == [number]
        assert proving.settle_by_copies(db, NOW) == []
    assert rows(store, outgoings.c.state, outgoings.c.sent_at) == [(SENT, NOW - timedelta(minutes=5))]
    assert rows(store, events.c.what, events.c.detail)[-1] == ("mail proven sent", "mail 1: Its blind copy came back.")


def test_our_own_copy_is_nobodys_message(store: Store, house: House) -> None:
    process(store, house, question("jo@university.example"))
    ((raw,),) = rows(store, outgoings.c.raw)
    process(store, house, b"Received: from us\r\n" + raw)
    silence = rows(store, messages.c.silence)[-1][0]
    assert silence["name"] == OUR_OWN_COPY
    assert rows(store, messages.c.state, messages.c.case_id, messages.c.folder)[-1] == (MessageState.IGNORED, None, SENT_FOLDER)
    assert len(rows(store, cases.c.id)) == len(rows(store, outgoings.c.id)) == 1
    with store.reading() as db:
        told = day_report(db, NOW - timedelta(days=1), NOW + timedelta(days=1), house.zone, Mode.LIVE, US)
    assert sum(count for _, count in told.new) == 1
    assert told.automatic == ()


def test_two_copies_of_ours_need_nobody(light: Store, house: House) -> None:
    mail = outgoing_mail(1, GONE)
    sent(light, mail)
    process(light, house, copy_of(mail), copy_of(mail, "X-Scanned: yes", "References: <other@x.example>"))
    assert rows(light, messages.c.state) == [(MessageState.IGNORED,)] * 2


def test_a_copy_that_was_sent_to_us_in_the_first_place_stays_where_it_came(light: Store, house: House) -> None:
    mail = outgoing_mail(1, US, purpose=Purpose.DIGEST)
    sent(light, mail)
    process(light, house, copy_of(mail))
    assert rows(light, messages.c.state, messages.c.folder) == [(MessageState.IGNORED, None)]


@pytest.mark.parametrize(
    ("sender", "header"),
    [("Jo <jo@x.example>", "X-Nothing: here"), (f"EDI <{US}>", "Authentication-Results: mx.university.example; dmarc=fail")],
    ids=["somebody else", "forged"],
)
def test_our_message_id_on_somebody_elses_mail_proves_nothing(light: Store, house: House, sender: str, header: str) -> None:
    house = replace(house, ourselves=replace(house.ourselves, authserv_id="mx.university.example"))
    mail = outgoing_mail(1, GONE, body="When is the next open session of Active Bystander, and how do I sign up?\r\n")
    sent(light, mail, IN_DOUBT)
    raw = copy_of(mail, header, sender=sender)
    process(light, house, raw.replace(b"Auto-Submitted: auto-replied\r\n", b""))
    with light.writing() as db:
        assert proving.settle_by_copies(db, NOW) == []
    assert rows(light, messages.c.state) != [(MessageState.IGNORED,)]


def test_other_words_from_us_under_the_message_id_of_ours_are_no_copy(light: Store, house: House) -> None:
    mail = outgoing_mail(1, GONE)
    sent(light, mail, IN_DOUBT)
    forged = copy_of(mail).replace(b"Thank you.", b"My supervisor is harassing me, and I am afraid.")
    process(light, house, forged.replace(b"Auto-Submitted: auto-replied\r\n", b""))
    with light.writing() as db:
        assert proving.settle_by_copies(db, NOW) == []
    assert rows(light, messages.c.state, messages.c.sensitive) == [(MessageState.HELD, True)]


def test_where_no_copy_is_found_a_mail_stays_in_doubt_and_says_so_once(store: Store) -> None:
    number = on_a_case(store, SENDING)
    with store.writing() as db:
        db.execute(update(outgoings).values(claimed_by=HOLDER, claimed_until=NOW - timedelta(minutes=1)))
        assert sending.recover(db, NOW) == [number]
        proving.note_nothing_found(db, [number], "No copy is in Sent at 10:00.")
        proving.note_nothing_found(db, [number], "No copy is in Sent at 10:05.")
        assert proving.in_doubt(db) == [proving.Doubted(number, OURS, NOW - timedelta(minutes=5))]
    why = "mailflow was interrupted while sending it. No copy is in Sent at 10:05."
    assert rows(store, outgoings.c.state, outgoings.c.failure) == [(IN_DOUBT, why)]


def test_a_proven_mail_is_not_settled_once_more_by_a_sender_that_wakes_up(store: Store) -> None:
    number = on_a_case(store, IN_DOUBT)
    with store.writing() as db:
        db.execute(update(outgoings).values(claimed_by=HOLDER))
        assert proving.prove(db, number, "Its copy is in the folder for sent mail.", NOW)
        assert not proving.prove(db, number, "Its copy is in the folder for sent mail.", NOW)
        assert not sending.settle(db, number, HOLDER, Outcome(FAILED, "550"), NOW)
    assert rows(store, outgoings.c.state) == [(SENT,)]
