"""Unsure means a person: each reason to hold a message, and when there is none."""

from dataclasses import replace

import pytest

from mailflow.domain import DANGER, Automatic, AutomaticSort, Email, History, Kind, KnownCase, Ourselves, Reason, Verdict
from mailflow.reply.hold import reason_to_hold
from mailflow.rules import Rules

OURSELVES = Ourselves("edi.centre@university.example", authserv_id="mx.university.example")
AWAY = Automatic(AutomaticSort.VACATION, "It says so.")
SURE = Verdict(Kind.QUERY, 1.0)
KNOWN = History(case=KnownCase(1, "EDI-0001", Kind.QUERY, acknowledged=True))


def held(email: Email, verdict: Verdict, rules: Rules, history: History = History()) -> str | None:  # noqa: B008
    reason = reason_to_hold(email, verdict, history, rules, OURSELVES)
    return reason.name if reason else None


def test_what_is_clear_is_not_held(email: Email, rules: Rules) -> None:
    assert held(email, SURE, rules) is None


def test_what_is_sensitive_is_held_however_sure_we_are(email: Email, rules: Rules) -> None:
    assert held(email, replace(SURE, sensitive=True), rules) == "sensitive"


def test_danger_to_life_is_held_for_that_before_all_else(email: Email, rules: Rules) -> None:
    grave = replace(SURE, sensitive=True, reasons=(Reason(DANGER, "The wording may be about a danger to somebody's life."),))
    assert held(email, grave, rules, History(same_message_id=True)) == DANGER


def test_what_our_server_calls_forged_is_held(email: Email, rules: Rules) -> None:
    forged = replace(email, headers=(("authentication-results", "mx.university.example; dmarc=fail header.from=x.example"),))
    assert held(forged, SURE, rules) == "forged-sender"


def test_a_message_id_seen_with_other_content_is_held(email: Email, rules: Rules) -> None:
    assert held(email, SURE, rules, History(same_message_id=True)) == "same-message-id"


def test_mail_from_nobody_is_held(email: Email, rules: Rules) -> None:
    assert held(replace(email, sender=None), SURE, rules) == "no-sender"


@pytest.mark.parametrize("kind", list(Kind))
def test_what_is_less_sure_than_its_kind_needs_is_held_machine_mail_too(email: Email, rules: Rules, kind: Kind) -> None:
    email = replace(email, automatic=AWAY if kind is Kind.AUTOMATIC else None)
    needed = rules.kinds[kind].confidence
    assert held(email, Verdict(kind, needed - 0.01), rules) == "unsure"
    assert held(email, Verdict(kind, needed), rules) is None


def test_what_reads_like_a_machines_but_has_no_mark_of_one_is_held(email: Email, rules: Rules) -> None:
    assert held(email, Verdict(Kind.AUTOMATIC, 1.0), rules) == "no-machines-mark"


def test_whatever_is_written_on_a_storys_case_is_held(email: Email, rules: Rules) -> None:
    on_story = History(case=KnownCase(1, "EDI-0001", Kind.STORY, acknowledged=True))
    assert held(email, SURE, rules, on_story) == "about-a-story"


@pytest.mark.parametrize("kind", [Kind.TRAINING, Kind.STORY])
def test_a_booking_or_a_story_on_the_case_of_something_else_is_held(email: Email, rules: Rules, kind: Kind) -> None:
    assert held(email, Verdict(kind, 1.0), rules, KNOWN) == "new-matter"


def test_what_belongs_to_a_known_conversation_is_not_held_for_being_unclear(email: Email, rules: Rules) -> None:
    assert held(email, Verdict(Kind.QUERY, 0.1), rules, KNOWN) is None


def test_what_is_surely_automatic_is_never_held(email: Email, rules: Rules) -> None:
    assert held(replace(email, sender=None, automatic=AWAY), Verdict(Kind.AUTOMATIC, 0.99), rules) is None


def test_what_only_words_call_automatic_is_held_where_they_are_sensitive(email: Email, rules: Rules) -> None:
    worded = replace(email, automatic=replace(AWAY, by_wording=True))
    grave = Reason(DANGER, "The wording may be about a danger to somebody's life.")
    assert held(worded, Verdict(Kind.AUTOMATIC, 0.99, sensitive=True), rules) == "sensitive"
    assert held(worded, Verdict(Kind.AUTOMATIC, 0.99, sensitive=True, reasons=(grave,)), rules) == DANGER
    assert held(worded, Verdict(Kind.AUTOMATIC, 0.99), rules) is None


def test_what_is_too_big_to_be_read_is_held_however_clear_its_subject(email: Email, rules: Rules) -> None:
    assert held(replace(email, whole=False), SURE, rules) == "too-big"
    assert held(replace(email, whole=False), replace(SURE, sensitive=True), rules) == "sensitive"


def test_mail_from_where_ours_came_back_is_held_but_a_machines_is_not(email: Email, rules: Rules) -> None:
    assert held(email, SURE, rules, History(bounced=True)) == "bounced-address"
    assert held(replace(email, automatic=AWAY), Verdict(Kind.AUTOMATIC, 1.0), rules, History(bounced=True)) is None


def test_a_calendar_answer_is_held_for_the_words_that_a_person_put_into_it(email: Email, rules: Rules) -> None:
    accepted = replace(email, automatic=Automatic(AutomaticSort.CALENDAR, "It is a calendar reply."))
    sure = Verdict(Kind.AUTOMATIC, 1.0)
    assert held(accepted, sure, rules) is None
    said = replace(email, automatic=Automatic(AutomaticSort.CALENDAR, "It is a calendar reply.", remark=True))
    assert held(said, sure, rules) == "remark"


def test_what_names_two_cases_is_held_and_both_are_told(email: Email, rules: Rules) -> None:
    another = KnownCase(2, "EDI-0002", Kind.QUERY, acknowledged=True)
    reason = reason_to_hold(email, SURE, replace(KNOWN, another=another), rules, OURSELVES)
    assert reason is not None
    assert reason.name == "two-cases"
    assert "EDI-0001" in reason.text
    assert "EDI-0002" in reason.text
