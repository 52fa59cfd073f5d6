"""The verdict on a message: its kind, how sure we are, whether a person must read it at once, and why."""

import re
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.classify.judgement import ByWords, Judgement, Opinion, Trust
from mailflow.domain import Automatic, AutomaticSort, Kind, Thread

REQUEST = (
    "Dear Rosalind,\n\nWe would like to book an Active Bystander workshop for our department, about 25 people, "
    "in March. We have a room. Which dates could you do?\n"
)
QUESTION = "Hi, when is the next open session, and how do I sign up? I am a postdoc. Is there a certificate?"
STORY = (
    "I did the course in May. Yesterday a man on the bus shouted at a woman. I sat down next to her and asked her the time. "
    "He stopped and got off, and she thanked me. You may use this on your stories page, without my name please."
)
ELSEWHERE = "Dear Sirs, please find attached invoice number 4711 for toner. Payment terms are 30 days."
DISCLOSURE = (
    "My supervisor keeps touching me when we are alone in the lab. I am scared of him and do not know who to tell. Please help."
)


@pytest.mark.parametrize(
    ("text", "kind"), [(REQUEST, Kind.TRAINING), (QUESTION, Kind.QUERY), (STORY, Kind.STORY), (ELSEWHERE, Kind.OTHER)]
)
def test_plain_cases_are_known_and_sure_enough_to_be_filed(classifier, shipped, write, text, kind):
    verdict = classifier.classify(write(text))
    assert verdict.kind is kind
    assert verdict.confidence >= shipped.kinds[kind].confidence
    assert not verdict.sensitive


def test_a_disclosure_is_sensitive_and_says_why(classifier, write):
    verdict = classifier.classify(write(DISCLOSURE))
    assert verdict.sensitive
    assert "sensitive words" in [reason.name for reason in verdict.reasons]


def test_a_plea_for_help_within_a_request_keeps_its_kind_and_is_sensitive(classifier, write):
    verdict = classifier.classify(write(f"{REQUEST}\nThe reason is that a colleague has threatened me and I do not feel safe."))
    assert (verdict.kind, verdict.sensitive, verdict.also) == (Kind.TRAINING, True, Kind.OTHER)


def test_phishing_that_uses_the_words_is_not_sensitive(classifier, write):
    text = "Your account was attacked. I have been harassed by spam too, so click here to validate your account within 24 hours."
    assert not classifier.classify(write(text, subject="Security alert")).sensitive


def test_what_a_machine_wrote_is_decided_by_how_it_was_found(classifier, write):
    automatic = Automatic(AutomaticSort.VACATION, "The header Auto-Submitted says auto-replied (RFC 3834).")
    verdict = classifier.classify(write(DISCLOSURE, automatic=automatic))
    assert verdict.kind is Kind.AUTOMATIC
    assert verdict.confidence > 0.95
    assert not verdict.sensitive
    assert [reason.text for reason in verdict.reasons] == [automatic.reason]


DANGER_TOLD = "Please do not reply to this address. He gropes our PhD students and one of them wants to die. Please call 41877"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Help", DANGER_TOLD),
        ("Out of office", "A PhD student was raped by our supervisor. Nobody is here until Monday."),
        ("Cancelled: Physics session", "When: 5 May\nWhere: Hall\n\nThe head of group groped a student."),
        ("Your ticket", "This message was sent automatically. If you knew: our head raped a student, help."),
    ],
)
def test_sensitive_words_count_where_wording_alone_speaks_for_a_machine(classifier, write, subject, text):
    worded = Automatic(AutomaticSort.NOTICE, "Its text says so.", by_wording=True)
    verdict = classifier.classify(write(text, subject, automatic=worded))
    assert (verdict.kind, verdict.sensitive) == (Kind.AUTOMATIC, True)
    assert not classifier.classify(write(text, subject, automatic=replace(worded, by_wording=False))).sensitive


@pytest.mark.parametrize("remark", [True, False])
def test_sensitive_words_count_in_what_a_calendar_carries(classifier, write, remark):
    answer = Automatic(AutomaticSort.CALENDAR, "It is a calendar reply.", remark)
    assert classifier.classify(write("Jo Lind has declined this invitation.\n\nHe raped a student.", automatic=answer)).sensitive


@pytest.mark.parametrize(
    "advice",
    [
        "If you or someone else is in danger, call 999.",
        "If you have been raped or sexually assaulted, you can contact\nRape Crisis on 0808 802 9999.",
        "If you feel suicidal or are worried about someone who wants to die, please call the Samaritans on 116 123.",
        "In an emergency:\n\nRape Crisis: 0808 802 9999\nSecurity: 41877",
        "To make a formal complaint, please see the pages of HR.",
        "For rape and sexual assault support, see our pages.",
        "Anyone who is suicidal should go to A&E.",
    ],
)
def test_whom_to_call_in_danger_is_advice_and_no_disclosure(classifier, write, advice):
    worded = Automatic(AutomaticSort.VACATION, "It is worded as an out-of-office answer.", by_wording=True)
    away = write(f"I am on leave until Monday. {advice} Thank you for your message.", "Automatic reply: x", automatic=worded)
    assert not classifier.classify(away).sensitive


@pytest.mark.parametrize("subject", ["Re: Automatic reply: planning", "Fwd: Undeliverable: Term dates", "RE: Out of office"])
def test_a_person_who_answers_a_machine_is_a_person(classifier, write, subject):
    assert classifier.classify(write(REQUEST, subject)).kind is Kind.TRAINING


@pytest.mark.parametrize("text", ["Yes", "Thanks!", "Withdraw, please.", "OK, see you then"])
def test_a_short_answer_is_a_persons_however_it_is_worded(classifier, write, text):
    answer = write(text, "Re: Your message to the EDI Centre [EDI-0001]", thread=Thread("<1@university.example>"))
    assert classifier.classify(answer).kind is not Kind.AUTOMATIC


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("your message", "ok"),
        ("Re: Your message to the EDI Centre [EDI-0006]", "Please withdraw it."),
        ("Out and about", "Thank you for your message."),
    ],
)
def test_a_few_words_without_a_machines_mark_are_a_persons_however_they_are_worded(classifier, write, subject, text):
    assert classifier.classify(write(text, subject)).kind is not Kind.AUTOMATIC


def test_a_few_words_are_a_machines_where_a_rule_of_the_team_says_so(classifier, write):
    assert classifier.classify(write("I am away.", "Automatic reply: Workshop")).kind is Kind.AUTOMATIC


def test_what_a_short_message_cannot_be_has_no_share():
    evidence = dict.fromkeys(Kind, -2.0) | {Kind.AUTOMATIC: 800.0}
    people = [kind for kind in Kind if kind is not Kind.AUTOMATIC]
    shares = Trust().weigh(Judgement(ByWords(evidence, 0.0, {}, ()), Opinion(evidence, 0.0)), (), people)
    assert shares == dict.fromkeys(people, 1 / len(people)) | {Kind.AUTOMATIC: 0}


@pytest.mark.parametrize("text", ["", " \n ", "—", "\N{ZERO WIDTH SPACE}"])
def test_a_message_without_words_waits_for_a_person(classifier, shipped, write, text):
    verdict = classifier.classify(write(text))
    assert verdict.kind is Kind.OTHER
    assert verdict.confidence < shipped.kinds[Kind.OTHER].confidence
    assert [reason.name for reason in verdict.reasons] == ["empty message"]


def test_every_rule_that_fits_is_in_the_reasons_with_its_weight(classifier, write):
    reasons = {reason.name: reason for reason in classifier.classify(write(QUESTION)).reasons}
    assert reasons["asks for the next open date"].weight == 2
    assert {"asks how to sign up", "asks about the certificate", "learnt wording"} <= set(reasons)


def test_the_learnt_wording_is_told_in_words_of_the_message(classifier, write):
    (reason,) = [each for each in classifier.classify(write(REQUEST)).reasons if each.name == "learnt wording"]
    assert reason.text.startswith("The wording (“") and reason.text.endswith(") speaks for training.")
    assert all(word in REQUEST.lower() for word in re.findall("“([^”]+)”", reason.text))


def test_quoted_mail_and_signatures_do_not_decide(classifier, write):
    plain = classifier.classify(write(QUESTION))
    assert classifier.classify(write(QUESTION, quoted=REQUEST + DISCLOSURE)) == plain


def test_a_request_that_was_forwarded_decides(classifier, write):
    assert classifier.classify(write("Over to you.", forwarded=REQUEST)).kind is Kind.TRAINING


def test_a_disclosure_that_was_forwarded_is_sensitive(classifier, write):
    assert classifier.classify(write("FYI, this came to me.", forwarded=DISCLOSURE)).sensitive


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text_gets_a_verdict(classifier, write, text, subject):
    verdict = classifier.classify(write(text, subject))
    assert 0 <= verdict.confidence <= 1
    assert verdict.reasons or verdict.kind


@pytest.mark.parametrize("odd", ["\ud800", "\0", "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{PILE OF POO}" * 500])
def test_characters_that_are_none_decide_nothing(classifier, write, odd):
    assert classifier.classify(write(f"{REQUEST} {odd}", odd)).kind is Kind.TRAINING


def test_a_text_of_a_megabyte_costs_no_more_than_a_long_one(classifier, write):
    verdict = classifier.classify(write(REQUEST + "aé b " * 250_000))
    assert verdict.reasons


def test_deciding_needs_no_learning_library():
    code = (
        "import sys; from mailflow.classify.judges import shipped_judges; shipped_judges().judge('', 'a');"
        "sys.exit('sklearn' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
