"""Which rules fit a message, and what is said of it."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from mailflow.classify.match import Matcher
from mailflow.domain import DANGER, Address, Attachment, Email, Kind
from mailflow.rules import Rule, Rules, SensitiveRules


@pytest.fixture
def match(shipped: Rules) -> Callable[..., list[str]]:
    """The sentences of one rule asked about a message."""

    def match(email: Email, **rule: Any) -> list[str]:
        one = Rule(**({"name": "one", "kind": "training", "weight": 2} | rule))
        return [reason.text for reason in Matcher(shipped.model_copy(update={"rules": (one,)})).match(email)]

    return match


def test_a_rule_that_fits_says_what_it_found_and_where(match, write):
    assert match(write("Could I book a session?"), words=["book a session"]) == [
        "The rule “one” speaks for training: “book a session” in the body."
    ]


def test_its_weight_and_kind_are_in_the_reason(shipped, write):
    rule = Rule(name="against", kind="query", weight=-1.5, words=["hello"])
    (reason,) = Matcher(shipped.model_copy(update={"rules": (rule,)})).match(write("", subject="Hello"))
    assert (reason.name, reason.weight, reason.kind) == ("against", -1.5, Kind.QUERY)
    assert reason.text == "The rule “against” speaks against query: “hello” in the subject."


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("book a session", "BOOK\n  a\tsession"),
        ("don't know", "I don’t know"),
        ("dont know", "I don't know"),
        ("don’t know", "i dont know"),
        ("sign up", "sign-up"),
        ("e-mail", "an e-mail, please"),
        ("caf\u00e9", "the CAF\u00c9"),
        ("workshop*", "two workshops"),
        ("workshop*", "the workshop"),
        ("call* out", "calling him names, then calling out"),
    ],
)
def test_case_line_breaks_apostrophes_and_hyphens_make_no_difference(match, write, words, text):
    assert match(write(text), words=[words])


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("train", "training"),
        ("art", "start"),
        ("rape", "grape"),
        ("book a session", "book another session"),
        ("call* out", "callous outing"),
        ("workshop*", "the shop"),
    ],
)
def test_only_whole_words_count(match, write, words, text):
    assert not match(write(text), words=[words])


def test_a_pattern_reads_over_line_breaks_and_shows_what_it_found(match, write):
    (sentence,) = match(write("There are\n24 of us"), patterns=[r"\b\d+ of us\b"])
    assert sentence == "The rule “one” speaks for training: “24 of us” in the body."


def test_of_what_a_pattern_found_no_more_than_forty_characters_are_shown(match, write):
    (sentence,) = match(write("Dear all, " + "word " * 50), patterns=["dear.*"])
    (shown,) = re.findall("“([^”]*)”", sentence.partition(":")[2])
    assert (shown[:10], shown[-1], len(shown) <= 40) == ("dear all, ", "…", True)


def test_a_pattern_that_finds_nothing_quotes_nothing(match, write):
    assert match(write("x"), patterns=["^"], where=["body"]) == ["The rule “one” speaks for training."]


def test_an_exception_anywhere_in_the_message_switches_a_rule_off(match, write):
    assert not match(write("about training", subject="Dog show"), words=["training"], where=["body"], unless=["dog"])


def test_a_rule_reads_only_the_parts_it_names(match, write):
    email = write(
        "x",
        sender=Address("Desk", "desk@shop.example"),
        to=(Address("", "stories@university.example"),),
        attachments=(Attachment("Room plan.pdf", "application/pdf", 1),),
        headers=(("x-mailer", "Newsletter 3"),),
    )
    assert match(email, where=["sender"], words=["shop.example"])
    assert match(email, where=["recipient"], words=["stories"])
    assert match(email, where=["attachment"], words=["room plan"])
    assert match(email, where=["header"], header="X-Mailer", words=["newsletter"]) == [
        "The rule “one” speaks for training: “newsletter” in the header X-Mailer."
    ]
    assert not match(email, words=["newsletter", "shop", "stories", "plan"])


def test_quoted_mail_does_not_decide(match, write):
    assert not match(write("Thank you!", quoted="> We want a workshop"), words=["workshop"])


def test_what_was_forwarded_with_a_short_note_decides(match, write):
    assert match(write("See below", forwarded="We want a workshop"), words=["workshop"])


def test_what_was_forwarded_below_a_long_text_does_not_decide(match, write):
    assert not match(write("word " * 100, forwarded="We want a workshop"), words=["workshop"])


def test_one_sensitive_word_is_enough_unless_the_exceptions_say_otherwise(shipped, write):
    sensitive = SensitiveRules(words=("stalking me",), unless=("click here",))
    matcher = Matcher(shipped.model_copy(update={"sensitive": sensitive}))
    reason = matcher.match_sensitive(write("He is stalking me."))
    assert reason and reason.text == "The wording “stalking me” in the body makes this sensitive."
    assert not matcher.match_sensitive(write("Somebody is stalking me: click here"))


@pytest.mark.parametrize(
    "text",
    [
        "He is stalking me and I want to die.",
        "My flatmate took an overdose last night. Is there anybody who can talk to her?",
        "My ex says that he is going to kill me.",
        "Her father is in Leeds and I think she is in danger.",
    ],
)
def test_danger_to_life_is_told_before_anything_else(shipped, write, text):
    reason = Matcher(shipped).match_sensitive(write(text))
    assert reason and reason.name == DANGER


@pytest.mark.parametrize(
    "text", ["This deadline is killing me.", "I wanted to die of shame, but we laughed.", "We are in danger of running late."]
)
def test_a_manner_of_speaking_is_no_danger(shipped, write, text):
    assert Matcher(shipped).match_sensitive(write(text)) is None
