"""What each rule has counted for lately, on both databases."""

from datetime import timedelta

from sqlalchemy import Connection

from filed import NOW, filed_case, filed_message, raw_mail
from mailflow.domain import DANGER, Kind, Reason, Role
from mailflow.domain.decisions import SENSITIVE_WORDS
from mailflow.domain.plain import reason_to_json
from mailflow.store.database import Store
from mailflow.store.rule_hits import SINCE, RuleHits, hits

SIGN_UP = Reason("asks how to sign up", "The rule “asks how to sign up” speaks for query: “book” in the body.", 1.5, Kind.QUERY)
GRAVE = Reason(SENSITIVE_WORDS, "The wording “grievance” in the body makes this sensitive.")


def _came(db: Connection, number: int, *reasons: Reason, kind: Kind = Kind.QUERY, **values: object) -> str:
    """The reference of the case of a message that arrived yesterday, or as `values` say."""
    case_id = filed_case(db, kind, sensitive=bool(values.get("sensitive")))
    told = [reason_to_json(reason) for reason in reasons]
    filed_message(
        db, case_id, raw_mail(f"Message {number}"), kind=kind, **{"arrived": NOW - timedelta(days=1), "reasons": told, **values}
    )
    return f"EDI-{case_id:04d}"


def test_a_rule_is_counted_with_how_its_messages_ended(store: Store) -> None:
    with store.writing() as db:
        names = [_came(db, 1, SIGN_UP), _came(db, 2, SIGN_UP), _came(db, 3, SIGN_UP, kind=Kind.OTHER), _came(db, 4)]
        found = hits(db, NOW, Role.READER)
    assert found.messages == 4
    assert found.rules == {SIGN_UP.name: RuleHits(3, 2, names[2::-1])}
    assert round(found.rules[SIGN_UP.name].share, 2) == 0.67


def test_only_the_mail_of_late_is_counted_and_where_that_is_much_the_newest(store: Store) -> None:
    with store.writing() as db:
        _came(db, 1, SIGN_UP, arrived=NOW - SINCE)
        for number in range(2, 6):
            _came(db, number, SIGN_UP, arrived=NOW - timedelta(days=number))
        whole, part = hits(db, NOW, Role.READER), hits(db, NOW, Role.READER, most=2)
    assert (whole.rules[SIGN_UP.name].messages, whole.since) == (4, None)
    assert (part.rules[SIGN_UP.name].messages, part.since) == (2, NOW - timedelta(days=3))


def test_a_message_that_is_not_decided_counts_for_nothing(store: Store) -> None:
    with store.writing() as db:
        _came(db, 1, reasons=None)
        assert hits(db, NOW, Role.READER).messages == 0


def test_the_latest_cases_are_those_that_whoever_looks_may_read(store: Store) -> None:
    with store.writing() as db:
        plain = _came(db, 1, SIGN_UP)
        grave = _came(db, 2, SIGN_UP, GRAVE, sensitive=True)
        story = _came(db, 3, SIGN_UP, kind=Kind.STORY)
        seen = {role: hits(db, NOW, role).rules[SIGN_UP.name].latest for role in Role}
    assert seen == {
        Role.READER: [plain],
        Role.ADVISER: [grave, plain],
        Role.REVIEWER: [story, grave, plain],
        Role.ADMINISTRATOR: [story, grave, plain],
    }


def test_three_cases_are_named_and_none_twice(store: Store) -> None:
    with store.writing() as db:
        names = [_came(db, number, SIGN_UP) for number in range(4)]
        filed_message(db, 4, raw_mail("Again"), arrived=NOW - timedelta(hours=1), reasons=[reason_to_json(SIGN_UP)])
        found = hits(db, NOW, Role.READER).rules[SIGN_UP.name]
    assert (found.messages, found.latest) == (5, names[:0:-1])


def test_alarms_are_counted_by_their_sentence(store: Store) -> None:
    danger = Reason(DANGER, "The wording “end it” in the body may be about a danger to somebody's life.")
    with store.writing() as db:
        _came(db, 1, GRAVE, sensitive=True)
        _came(db, 2, GRAVE, danger, sensitive=True)
        found = hits(db, NOW, Role.ADVISER)
    assert found.alarms == {(SENSITIVE_WORDS, GRAVE.text): 2, (DANGER, danger.text): 1}
    assert found.rules == {}
