"""The reply gate: each reason for silence, one by one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mailflow.domain import (
    Address,
    Automatic,
    AutomaticSort,
    Email,
    History,
    Kind,
    KnownCase,
    Ourselves,
    Reason,
    Verdict,
)
from mailflow.reply.policy import CHECKS, is_usable, silence
from mailflow.rules import KindRules, Rules

SURE = Verdict(Kind.QUERY, 0.95)
NOTHING_BEFORE = History()
Ask = Callable[..., Reason | None]


@pytest.fixture
def ask(email: Email, rules: Rules, ourselves: Ourselves, now: datetime) -> Ask:
    """Asks the gate about the answerable message, with what a test changes."""

    def asked(
        verdict: Verdict = SURE,
        history: History = NOTHING_BEFORE,
        rules: Rules = rules,
        arrived: datetime = now,
        go_live: datetime | None = now - timedelta(days=7),
        headers: tuple[tuple[str, str], ...] = (),
        **changes: object,
    ) -> Reason | None:
        changed = replace(email, headers=(*email.headers, *headers), **changes)
        return silence(changed, verdict, history, rules, ourselves, arrived, go_live)

    return asked


@pytest.fixture
def why(ask: Ask) -> Callable[..., str | None]:
    """The name of the reason alone."""

    def named(**changes: object) -> str | None:
        reason = ask(**changes)
        return reason.name if reason else None

    return named


Why = Callable[..., str | None]


def from_address(address: str) -> Address:
    return Address("", address)


def test_a_plain_question_is_answered(why: Why) -> None:
    assert why() is None


def test_a_null_return_path_is_never_answered(why: Why) -> None:
    assert why(return_path="") == "null-sender"


def test_a_message_without_a_return_path_header_is_answered(why: Why) -> None:
    assert why(return_path=None) is None


def test_a_bounce_is_never_answered_and_the_reason_names_its_sort(ask: Ask) -> None:
    reason = ask(automatic=Automatic(AutomaticSort.BOUNCE, "It is a delivery report."))
    assert reason == Reason("automatic", "A machine wrote it (bounce): It is a delivery report.")


def test_what_is_classified_as_automatic_is_never_answered(why: Why) -> None:
    assert why(verdict=Verdict(Kind.AUTOMATIC, 0.95)) == "automatic"


@pytest.mark.parametrize("value", ["auto-replied", "auto-generated", "auto-notified; owner-email=x", "Auto-Replied (vacation)"])
def test_auto_submitted_mail_is_never_answered(why: Why, value: str) -> None:
    assert why(headers=(("auto-submitted", value),)) == "auto-submitted"


@pytest.mark.parametrize("value", ["no", "No", "no (written by hand)"])
def test_auto_submitted_no_is_answered(why: Why, value: str) -> None:
    assert why(headers=(("auto-submitted", value),)) is None


def test_the_header_of_an_older_responder_silences(why: Why) -> None:
    assert why(headers=(("x-autoreply", "yes"),)) == "auto-submitted"


@pytest.mark.parametrize("value", ["All", "AutoReply", "oof", "DR, AutoReply", "DR,RN,OOF"])
def test_a_request_for_no_automatic_reply_is_respected(why: Why, value: str) -> None:
    assert why(headers=(("x-auto-response-suppress", value),)) == "suppressed"


@pytest.mark.parametrize("value", ["None", "DR, RN, NRN"])
def test_a_request_for_no_reports_alone_is_answered(why: Why, value: str) -> None:
    assert why(headers=(("x-auto-response-suppress", value),)) is None


@pytest.mark.parametrize("name", ["list-id", "list-unsubscribe", "list-post"])
def test_list_mail_is_never_answered(why: Why, name: str) -> None:
    assert why(headers=((name, "<news.lists.university.example>"),)) == "list"


def test_mail_over_our_own_list_is_answered(why: Why) -> None:
    own = ("list-id", "Enquiries <EDI-enquiries.lists.university.example>")
    assert why(headers=(own, ("precedence", "list"), ("list-unsubscribe", "<https://lists.university.example>"))) is None


def test_mail_over_our_own_list_is_known_by_its_posting_address(why: Why) -> None:
    assert why(headers=(("list-post", "<mailto:edi-enquiries@university.example>"),)) is None


def test_mail_over_our_own_list_is_known_by_a_list_id_made_of_its_address(why: Why) -> None:
    assert why(headers=(("list-id", "<edi-enquiries.university.example>"),)) is None


@pytest.mark.parametrize("value", ["bulk", "junk", "List"])
def test_bulk_mail_is_never_answered(why: Why, value: str) -> None:
    assert why(headers=(("precedence", value),)) == "bulk"


def test_mail_without_exactly_one_sender_is_never_answered(why: Why) -> None:
    assert why(sender=None) == "no-sender"


@pytest.mark.parametrize("address", ["edi.centre@university.example", "bystander@university.example"])
def test_our_own_mail_is_never_answered(why: Why, address: str) -> None:
    assert why(sender=from_address(address)) == "ourselves"


def test_mail_that_we_sent_under_another_name_is_never_answered(why: Why) -> None:
    assert why(return_path="Bystander@university.example") == "ourselves"


@pytest.mark.parametrize(
    "address",
    ["MAILER-DAEMON@mx.example", "postmaster@university.example", "noreply@shop.example", "updates-no-reply@shop.example"],
)
def test_a_machines_mailbox_is_never_answered_whatever_the_rules_say(why: Why, rules: Rules, address: str) -> None:
    lenient = rules.model_copy(update={"replies": rules.replies.model_copy(update={"never_to": ()})})
    assert why(sender=from_address(address), rules=lenient) == "machine-mailbox"


@pytest.mark.parametrize("pattern", ["*@Lottery.example", "lottery.example", "jan*", "Jane@lottery.example"])
def test_an_address_that_the_team_excludes_is_never_answered(why: Why, rules: Rules, pattern: str) -> None:
    strict = rules.model_copy(update={"replies": rules.replies.model_copy(update={"never_to": (pattern,)})})
    assert why(sender=from_address("jane@lottery.example"), rules=strict) == "never-to"


def test_only_the_star_is_special_in_an_excluded_address(why: Why, rules: Rules) -> None:
    odd = rules.model_copy(update={"replies": rules.replies.model_copy(update={"never_to": ("j.ne@[a-z]ottery.example",)})})
    assert why(sender=from_address("jane@lottery.example"), rules=odd) is None


@pytest.mark.parametrize(
    "address",
    [
        "jane",
        "jane@",
        "@university.example",
        "jane smith@university.example",
        "jane@localhost",
        "jané@university.example",
        '"jane"@university.example',
        "jane@university.example, eve@evil.example",
        "jane@university..example",
        "a" * 255 + "@b.example",
    ],
)
def test_an_address_that_cannot_be_written_to_is_never_answered(why: Why, address: str) -> None:
    assert not is_usable(address)
    assert why(sender=from_address(address)) == "unusable-sender"


def test_a_sender_that_our_server_calls_forged_is_never_answered(why: Why) -> None:
    results = (
        "mx.university.example 1; spf=pass (ok) smtp.mailfrom=evil.example; dmarc=fail (p=none) header.from=university.example"
    )
    assert why(headers=(("authentication-results", results),)) == "forged-sender"


def test_another_servers_finding_is_not_believed(why: Why) -> None:
    assert why(headers=(("authentication-results", "mx.elsewhere.example; dmarc=fail"),)) is None


def test_only_our_servers_topmost_finding_counts(why: Why) -> None:
    theirs = ("authentication-results", "mx.elsewhere.example; dmarc=fail")
    ours = [("authentication-results", f"mx.university.example; dmarc={result}") for result in ("pass", "fail")]
    assert why(headers=(theirs, *ours)) is None


def test_a_finding_in_a_comment_is_none(why: Why) -> None:
    assert why(headers=(("authentication-results", "mx.university.example; spf=pass (dmarc=fail)"),)) is None


def test_mail_older_than_the_go_live_date_is_never_answered(why: Why, now: datetime) -> None:
    assert why(arrived=now, go_live=now + timedelta(seconds=1)) == "before-go-live"
    assert why(arrived=now, go_live=now) is None


def test_without_a_go_live_date_nothing_is_too_old(why: Why) -> None:
    assert why(go_live=None) is None


def test_sensitive_mail_is_never_answered(why: Why) -> None:
    assert why(verdict=replace(SURE, sensitive=True)) == "sensitive"


def test_a_thread_is_acknowledged_once(why: Why) -> None:
    case = KnownCase(1, "EDI-0001", Kind.QUERY, acknowledged=True)
    assert why(history=History(case=case)) == "acknowledged"
    assert why(history=History(case=replace(case, acknowledged=False))) is None


def test_a_message_id_that_was_seen_with_other_bytes_is_not_answered_again(why: Why) -> None:
    assert why(history=History(same_message_id=True)) == "same-message-id"


def test_a_kind_that_the_rules_do_not_answer_gets_no_reply(why: Why) -> None:
    assert why(verdict=Verdict(Kind.OTHER, 0.95)) == "kind-not-answered"


def test_a_kind_that_the_rules_leave_out_gets_no_reply(why: Why, rules: Rules) -> None:
    assert why(rules=rules.model_copy(update={"kinds": {}})) == "kind-not-answered"


def test_a_kind_without_a_template_gets_no_reply(why: Why, rules: Rules) -> None:
    # Rules.parse refuses such a file; the gate does not rely on it.
    kind = KindRules.model_construct(reply=rules.kinds[Kind.QUERY].reply, template=None, confidence=0.5)
    assert why(rules=rules.model_copy(update={"kinds": {Kind.QUERY: kind}})) == "no-template"


def test_a_verdict_below_its_kinds_confidence_gets_no_reply(why: Why, rules: Rules) -> None:
    needed = rules.kinds[Kind.QUERY].confidence
    assert why(verdict=Verdict(Kind.QUERY, needed - 0.01)) == "unsure"
    assert why(verdict=Verdict(Kind.QUERY, needed)) is None


def test_one_address_gets_so_many_replies_a_day_and_the_reason_says_so(ask: Ask, rules: Rules) -> None:
    cap = rules.replies.per_address_a_day
    assert ask(history=History(replies_to_sender=cap - 1)) is None
    reason = ask(history=History(replies_to_sender=cap))
    assert reason == Reason("address-cap", f"Its sender has had {cap} automatic replies in a day; no more than {cap} are sent.")


def test_the_reasons_that_concern_the_sender_come_before_those_of_the_verdict() -> None:
    names = [name for name, _ in CHECKS]
    assert names.index("ourselves") < names.index("sensitive") < names.index("unsure") < names.index("address-cap")
    assert len(names) == len(set(names))


def test_no_reason_repeats_an_address_or_a_subject(ask: Ask) -> None:
    for changes in ({"return_path": ""}, {"sender": from_address("noreply@shop.example")}, {"sender": from_address("x@y")}):
        reason = ask(**changes)
        assert reason is not None
        assert "@" not in reason.text
        assert "session" not in reason.text


@pytest.mark.parametrize("kind", [Kind.OTHER, Kind.QUERY])
def test_of_a_message_too_big_the_gate_asks_everything_but_its_kind(why: Why, kind: Kind) -> None:
    unsure = Verdict(kind, 0.2)
    assert why(verdict=unsure) is not None
    assert why(verdict=unsure, whole=False) is None
    assert why(verdict=unsure, whole=False, return_path="") == "null-sender"
    assert why(verdict=unsure, whole=False, history=History(replies_to_sender=99)) == "address-cap"
    assert why(verdict=Verdict(Kind.AUTOMATIC, 0.99), whole=False) == "automatic"


def test_an_address_that_mail_came_back_from_gets_no_reply_until_a_person_says_so(why: Why) -> None:
    assert why(history=History(bounced=True)) == "bounced-address"
