from datetime import UTC, date

from sqlalchemy import insert

from filed import NOW, WHY_HELD, filed_case, filed_message, filed_story, held_query, raw_mail
from mailflow.domain import DANGER, CaseState, Kind, MessageState, OutgoingState, Purpose, Reason, reference
from mailflow.domain.plain import reason_to_json
from mailflow.store import casework, listing, receiving, waiting
from mailflow.store.database import Store
from mailflow.store.report_lines import report_lists
from mailflow.store.tables import outgoings

TODAY = date(2026, 11, 24)


def test_held_messages_are_listed_with_why_danger_to_life_first_and_then_what_is_sensitive(store: Store) -> None:
    danger = reason_to_json(Reason(DANGER, "It may be about a danger to somebody's life."))
    with store.writing() as db:
        plain, grave = held_query(db), held_query(db, "He followed me home.", sensitive=True)
        first = held_query(db, "She has taken pills.", sensitive=True, hold=danger)
        found = waiting.held(db, TODAY)
        told = report_lists(db, NOW, UTC).lines["held"]
    assert [line.case_id for line in found] == [first, grave, plain]
    assert [line.reference for line in told] == [reference(case) for case in (first, grave, plain)]
    assert found[2].why.startswith("It looks like a query")
    assert (found[2].subject, found[2].sender) == ("Something I saw", "Sam Ode")


def test_a_list_never_shows_whose_trust_is_at_stake(store: Store) -> None:
    with store.writing() as db:
        held_query(db, sensitive=True)
        held_query(db, kind=Kind.STORY)
        filed_case(db, Kind.STORY, due=date(2026, 11, 20))
        assert {(line.subject, line.sender) for line in waiting.held(db, TODAY)} == {(None, None)}
        assert {(line.subject, line.requester) for line in listing.overdue(db, TODAY, 50)} == {(None, None)}


def test_what_is_held_on_a_story_tells_nobody_who_wrote_it_whatever_it_is_by_itself(store: Store) -> None:
    answer = raw_mail("Yes, that is fine.", "Re: Something I saw")
    with store.writing() as db:
        story, grave = filed_story(db), filed_case(db, sensitive=True)
        for number, case_id in enumerate((story, story, grave)):
            kind = (Kind.OTHER, Kind.QUERY, Kind.QUERY)[number]
            values = {"hold": reason_to_json(WHY_HELD), "kind": kind, "arrived": NOW}
            filed_message(db, case_id, answer, MessageState.HELD, fingerprint=f"{number}", **values)
        alone = filed_message(db, None, answer, MessageState.HELD, hold=reason_to_json(WHY_HELD), fingerprint="alone")
        found = waiting.held(db, TODAY)
        digest = report_lists(db, NOW, UTC).lines
    assert [(line.subject, line.sender) for line in found if line.message != alone] == [(None, None)] * 3
    assert [(line.subject, line.sender) for line in found if line.message == alone] == [("Something I saw", "Sam Ode")]
    assert len(digest["held"]) == 4
    assert not [word for word in ("Sam", "sam.ode", "Something I saw", "that is fine") if word in repr(digest)]


def test_what_was_dealt_with_waits_no_more(store: Store) -> None:
    with store.writing() as db:
        case_id = held_query(db)
        casework.deal_with(db, case_id, "ada", 99, NOW)
        assert waiting.held(db, TODAY) == []
        assert waiting.last_done(db, "ada", case_id) == "dealt with"
        assert waiting.last_done(db, "bo", case_id) is None


def test_only_open_cases_past_their_day_are_overdue(store: Store) -> None:
    with store.writing() as db:
        late = filed_case(db, due=date(2026, 11, 23))
        filed_case(db, due=TODAY)
        filed_case(db)
        filed_case(db, due=date(2026, 11, 2), state=CaseState.WAITING)
        assert [line.case_id for line in listing.overdue(db, TODAY, 50)] == [late]


def test_everything_is_counted(store: Store) -> None:
    with store.writing() as db:
        held_query(db)
        filed_story(db)
        filed_message(db, None, b"\xff", MessageState.FAILED, failure="The message is empty: there is nothing to read.")
        for number, state in enumerate((OutgoingState.DRAFT, OutgoingState.IN_DOUBT, OutgoingState.FAILED, OutgoingState.SENT)):
            db.execute(
                insert(outgoings).values(
                    once=f"{number}",
                    purpose=Purpose.ACKNOWLEDGEMENT,
                    message_id=f"<{number}@x.example>",
                    recipients=["a@x.example"],
                    recipient="a@x.example",
                    subject="Re: it",
                    text="",
                    raw=b"",
                    state=state,
                    attempts=0,
                    created_at=NOW,
                )
            )
        counts = waiting.counts(db, TODAY)
        assert (counts.held, counts.failed, counts.undelivered, counts.in_doubt, counts.drafts) == (1, 1, 1, 1, 1)
        assert counts.overdue == 0
        assert [line.why for line in waiting.failed(db)] == ["The message is empty: there is nothing to read."]
        assert [line.state for line in waiting.undelivered(db)] == [OutgoingState.FAILED]
        assert [line.state for line in waiting.in_doubt(db)] == [OutgoingState.IN_DOUBT]


def test_the_last_good_poll_is_known(store: Store) -> None:
    with store.writing() as db:
        assert waiting.last_poll(db) is None
        receiving.note_poll(db, "imap.example", "INBOX", NOW)
        assert waiting.last_poll(db) == NOW
