"""What the digest counts and lists, and which digests were made."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, insert
from sqlalchemy.exc import IntegrityError

from filed import NOW, filed_case, filed_message, filed_story, held_query, raw_mail
from mailflow.domain import (
    AutomaticSort,
    CaseState,
    DayReport,
    DigestPeriod,
    Kind,
    MessageState,
    Mode,
    OutgoingState,
    Purpose,
    ReportLine,
    StoryState,
    Trouble,
    imap,
)
from mailflow.domain.plain import Json
from mailflow.store import receiving, report_lines, reporting, resolving, troubles, waiting
from mailflow.store.database import Store
from mailflow.store.standing import standing
from mailflow.store.tables import outgoings

SINCE = NOW - timedelta(days=1)
LONDON = ZoneInfo("Europe/London")
MAILBOX = "edi.centre@university.example"
HOUR = timedelta(hours=1)


def report(db: Connection, since: datetime = SINCE, until: datetime = NOW, folder: str | None = None) -> DayReport:
    return reporting.day_report(db, since, until, LONDON, Mode.LIVE, MAILBOX, folder)


def decided(db: Connection, kind: Kind, at: datetime, text: str, silence: str | None = None, **values: object) -> None:
    why: Json | None = {"name": silence, "text": "Because."} if silence else None
    filed_message(db, None, raw_mail(text), kind=kind, decided_at=at, silence=why, **values)


def our_mail(db: Connection, once: str, state: OutgoingState, case_id: int | None = None, **values: object) -> int:
    row: Json = {
        "once": once,
        "purpose": Purpose.ACKNOWLEDGEMENT,
        "message_id": f"<{once}@x.example>",
        "recipients": ["sam.ode@university.example"],
        "recipient": "sam.ode@university.example",
        "subject": "Re: Something I saw",
        "text": "Thank you.",
        "raw": b"",
        "state": state,
        "attempts": 0,
        "created_at": NOW - timedelta(days=1),
        "case_id": case_id,
        **values,
    }
    return db.execute(insert(outgoings).values(row).returning(outgoings.c.id)).scalar_one()


def test_an_empty_database_has_nothing_to_tell(store: Store) -> None:
    with store.reading() as db:
        assert report(db) == DayReport(SINCE, NOW, Mode.LIVE)


def test_new_messages_are_counted_by_kind_from_the_last_digest_up_to_this_one(store: Store) -> None:
    with store.writing() as db:
        decided(db, Kind.QUERY, SINCE, "the first moment counts")
        decided(db, Kind.QUERY, NOW - HOUR, "in the middle")
        decided(db, Kind.STORY, NOW - HOUR, "in the middle too")
        decided(db, Kind.QUERY, NOW, "the last moment is the next digest's")
        decided(db, Kind.QUERY, SINCE - HOUR, "told before")
        assert report(db).new == ((Kind.QUERY, 2), (Kind.STORY, 1))
        assert report(db, NOW, NOW + HOUR).new == ((Kind.QUERY, 1),)


def test_what_machines_wrote_is_told_by_sort(store: Store) -> None:
    with store.writing() as db:
        for number, sort in enumerate((AutomaticSort.VACATION, AutomaticSort.BOUNCE, AutomaticSort.VACATION)):
            decided(db, Kind.AUTOMATIC, NOW - HOUR, f"{number}", "automatic", state=MessageState.IGNORED, automatic=sort)
        found = report(db)
    assert found.new == ((Kind.AUTOMATIC, 3),)
    assert found.automatic == ((AutomaticSort.BOUNCE, 1), (AutomaticSort.VACATION, 2))
    assert found.silences == ()


def test_why_people_got_no_automatic_reply_is_counted_by_reason(store: Store) -> None:
    with store.writing() as db:
        for number, name in enumerate(("acknowledged", "address-cap", "acknowledged", None)):
            decided(db, Kind.QUERY, NOW - HOUR, f"{number}", name)
        decided(db, Kind.QUERY, SINCE - HOUR, "told before", "unsure")
        assert report(db).silences == (("acknowledged", 2), ("address-cap", 1))


def test_replies_are_counted_when_they_were_sent_and_alerts_are_no_replies(store: Store) -> None:
    with store.writing() as db:
        our_mail(db, "1", OutgoingState.SENT, sent_at=NOW - HOUR)
        our_mail(db, "2", OutgoingState.SENT, sent_at=NOW - HOUR, purpose=Purpose.ANSWER)
        our_mail(db, "3", OutgoingState.SENT, sent_at=SINCE - HOUR)
        our_mail(db, "4", OutgoingState.SENT, sent_at=NOW - HOUR, purpose=Purpose.ALERT)
        our_mail(db, "5", OutgoingState.DRAFT)
        our_mail(db, "6", OutgoingState.DEFERRED)
        our_mail(db, "7", OutgoingState.QUEUED)
        our_mail(db, "8", OutgoingState.QUEUED, purpose=Purpose.DIGEST)
        our_mail(db, "9", OutgoingState.REHEARSED)
        found = report(db)
    assert (found.replies_sent, found.drafts, found.unsent) == (2, 1, 2)


def test_open_cases_are_overdue_after_their_day_and_wait_until_then(store: Store) -> None:
    with store.writing() as db:
        late = filed_case(db, due=date(2026, 11, 23))
        later = filed_case(db, due=date(2026, 11, 18))
        due_today = filed_case(db, due=date(2026, 11, 24))
        whenever = filed_case(db, Kind.OTHER)
        filed_case(db, due=date(2026, 11, 2), state=CaseState.WAITING)
        filed_case(db, due=date(2026, 11, 2), state=CaseState.CLOSED)
        found = report(db)
    assert [line.reference for line in found.overdue] == [f"EDI-{later:04}", f"EDI-{late:04}"]
    assert [line.reference for line in found.waiting] == [f"EDI-{due_today:04}", f"EDI-{whenever:04}"]


def test_ages_are_working_days_of_the_team(store: Store) -> None:
    with store.writing() as db:
        # 22:30 UTC on Thursday 18 June is 23:30 in London, and 23:30 is Friday 00:30 already.
        filed_case(db, opened_at=datetime(2026, 6, 18, 22, 30, tzinfo=UTC))
        filed_case(db, opened_at=datetime(2026, 6, 18, 23, 30, tzinfo=UTC))
        found = report(db, until=datetime(2026, 6, 22, 8, tzinfo=UTC))
    assert [line.age for line in found.waiting] == [2, 1]


def test_held_messages_say_why_and_are_not_told_twice(store: Store) -> None:
    with store.writing() as db:
        plain, grave = held_query(db), held_query(db, "He followed me home.", sensitive=True)
        found = report(db)
    assert [line.reference for line in found.held] == [f"EDI-{grave:04}", f"EDI-{plain:04}"]
    assert found.held[1].reason == "It looks like a query (55% sure), and 70% is needed."
    assert found.waiting == ()


def test_stories_to_review_are_listed_and_decided_ones_are_not(store: Store) -> None:
    with store.writing() as db:
        fresh, in_review = filed_story(db), filed_story(db, StoryState.IN_REVIEW)
        filed_story(db, StoryState.DECLINED, text="Another one.")
        found = report(db)
    assert [(line.reference, line.state) for line in found.stories] == [
        (f"EDI-{fresh:04}", "received"),
        (f"EDI-{in_review:04}", "in_review"),
    ]


def test_what_failed_is_named_so_that_retry_understands_it(store: Store) -> None:
    with store.writing() as db:
        number = filed_message(db, None, b"\xff", MessageState.FAILED, failure="It is empty.")
        case_id = filed_case(db)
        our_mail(db, "1", OutgoingState.FAILED, case_id, failure="The address does not exist.")
        digest = our_mail(db, "2", OutgoingState.IN_DOUBT, purpose=Purpose.DIGEST)
        found = report(db)
    assert found.failed == (ReportLine(f"message {number}", Kind.QUERY, "failed", 2, "It is empty."),)
    assert found.undelivered == (ReportLine(f"EDI-{case_id:04}", Kind.QUERY, "failed", 1, "The address does not exist."),)
    assert found.in_doubt == (ReportLine(f"mail {digest}", None, "in_doubt", 1, None),)
    assert found.needs == 3


@pytest.mark.parametrize("state", [OutgoingState.FAILED, OutgoingState.BOUNCED])
def test_mail_that_did_not_arrive_is_listed_until_its_case_is_closed_afterwards(store: Store, state: OutgoingState) -> None:
    with store.writing() as db:
        before = filed_case(db, state=CaseState.CLOSED, closed_at=NOW - 30 * HOUR)
        after = filed_case(db, state=CaseState.CLOSED, closed_at=NOW - HOUR)
        our_mail(db, "1", state, before)
        number = our_mail(db, "2", state, after)
        assert [line.reference for line in report(db).undelivered] == [f"EDI-{before:04}"]
        assert waiting.counts(db, NOW.date()).undelivered == 1
        assert {mail.id: mail.dealt_with for mail in (*resolving.failed(db), *resolving.came_back(db))}[number]


@pytest.mark.parametrize("state", [OutgoingState.FAILED, OutgoingState.BOUNCED])
def test_mail_without_a_case_that_did_not_arrive_is_listed_until_two_digests_have_told_it(
    store: Store, state: OutgoingState
) -> None:
    with store.writing() as db:
        number = our_mail(db, "1", state, purpose=Purpose.DIGEST, created_at=SINCE)
        reporting.note_digest(db, DigestPeriod(date(2026, 11, 24), SINCE - HOUR, SINCE + HOUR))
        assert [line.reference for line in report(db).undelivered] == [f"mail {number}"]
        reporting.note_digest(db, DigestPeriod(date(2026, 11, 25), SINCE + HOUR, NOW))
        assert report(db).undelivered == ()
        assert waiting.counts(db, NOW.date()).undelivered == 0
        assert standing(db, MAILBOX, NOW, LONDON).refused == standing(db, MAILBOX, NOW, LONDON).came_back == 0


def test_a_long_list_is_cut_and_what_needs_somebody_is_counted_whole(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.writing() as db:
        for _ in range(3):
            filed_case(db, due=date(2026, 11, 20))
        held_query(db)
        filed_story(db)
        filed_message(db, None, b"\xff", MessageState.FAILED, failure="It is empty.")
        our_mail(db, "1", OutgoingState.FAILED, 1)
        our_mail(db, "2", OutgoingState.IN_DOUBT)
        whole = report(db)
        monkeypatch.setattr(report_lines, "MOST_LINES", 1)
        cut = report(db)
    assert (whole.needs, whole.left_out) == (7, ())
    assert (cut.needs, cut.left_out) == (7, (("overdue", 2),))
    assert len(cut.overdue) == 1


def test_the_mailbox_and_our_count_are_compared_where_somebody_looked_since(store: Store) -> None:
    with store.writing() as db:
        receiving.note_count(db, MAILBOX, "INBOX", 120, 119, NOW - HOUR)
        receiving.note_count(db, "other@university.example", "INBOX", 5, 5, NOW - HOUR)
        found = report(db)
        assert (found.in_mailbox, found.known, found.agrees, found.counted_at) == (120, 119, False, NOW - HOUR)
        assert report(db, NOW, NOW + HOUR).agrees is None


def test_a_folder_that_cannot_be_read_is_told_until_it_can(store: Store) -> None:
    with store.writing() as db:
        troubles.note(db, imap("INBOX"), "The IMAP server does not answer.", SINCE)
        troubles.note(db, imap("INBX"), "There is no folder INBX.", SINCE)
        found = report(db, folder="INBOX")
        assert found.trouble == (Trouble(imap("INBOX"), SINCE, "The IMAP server does not answer."),)
        assert found.needs == 1
        receiving.note_poll(db, MAILBOX, "INBOX", NOW)
        assert report(db, folder="INBOX").trouble == ()


def test_nothing_that_anybody_wrote_is_in_a_report(store: Store) -> None:
    with store.writing() as db:
        held_query(db)
        filed_story(db)
        filed_case(db, due=date(2026, 11, 20))
        our_mail(db, "1", OutgoingState.FAILED, 1, failure="The address does not exist.")
        told = repr(report(db))
    for written in ("Sam", "Ode", "Something I saw", "friend", "Priya", "sam.ode", "Thank you"):
        assert written not in told


def test_each_day_has_one_digest_and_the_latest_is_known(store: Store) -> None:
    monday = DigestPeriod(date(2026, 11, 23), SINCE - HOUR, SINCE)
    tuesday = DigestPeriod(date(2026, 11, 24), SINCE, NOW)
    with store.writing() as db:
        assert reporting.last_digest(db) is None
        reporting.note_digest(db, monday)
        reporting.note_digest(db, tuesday)
        assert reporting.last_digest(db) == tuesday
        assert reporting.digest_made(db, monday.day)
        assert not reporting.digest_made(db, date(2026, 11, 25))
    with pytest.raises(IntegrityError), store.writing() as db:
        reporting.note_digest(db, tuesday)


def test_it_began_when_the_first_message_came(store: Store) -> None:
    with store.writing() as db:
        assert reporting.began(db) is None
        filed_message(db, None, b"1", received_at=SINCE)
        filed_message(db, None, b"2", received_at=NOW)
        assert reporting.began(db) == SINCE
