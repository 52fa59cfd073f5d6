"""What a person writes on a case: how it begins, what it lacks, and how it leaves."""

from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from mailflow.domain import Kind, Ourselves, OutgoingMail, Plan, Purpose, Thread
from mailflow.errors import PermanentError, UserError
from mailflow.render import Templates
from mailflow.reply.answer import (
    MOST_CHARACTERS,
    Parent,
    Words,
    compose_answer,
    fitting_templates,
    opening_words,
    speaks_of_attachment,
    taken_in,
    template_words,
    to_fill_in,
)
from mailflow.rules import Rules

TOLD = "EDI-0042-7kq2mxwd"
PARENT = Parent("<question@university.example>", Thread(None, ("<first@university.example>",)))
WORDS = Words(f"Re: A friend [{TOLD}]", "Dear Sam,\n\nyes, you may.")


def composed(words: Words = WORDS, to: str = "sam.ode@university.example", purpose: Purpose = Purpose.ANSWER) -> OutgoingMail:
    now = datetime(2026, 11, 24, 10, tzinfo=UTC)
    us = Ourselves("edi.centre@university.example")
    return compose_answer(words, to, TOLD, us, now, "answer:case:EDI-0042:abc", PARENT, purpose=purpose)


def headers(words: Words = WORDS, purpose: Purpose = Purpose.ANSWER) -> EmailMessage:
    message = message_from_bytes(composed(words, purpose=purpose).raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def test_an_answer_goes_to_one_address_in_the_thread_and_is_no_machines() -> None:
    mail = headers()
    assert [address.addr_spec for address in mail["To"].addresses] == ["sam.ode@university.example"]
    assert mail["In-Reply-To"] == "<question@university.example>"
    assert mail["References"].split() == ["<first@university.example>", "<question@university.example>"]
    for name in ("Cc", "Bcc", "Auto-Submitted", "X-Auto-Response-Suppress", "Reply-To"):
        assert name not in mail


def test_an_automatic_reply_that_a_person_changed_stays_marked_as_automatic() -> None:
    assert headers(purpose=Purpose.ACKNOWLEDGEMENT)["Auto-Submitted"] == "auto-replied"


@pytest.mark.parametrize("subject", ["Your friend", "", "Re: [EDI-0007-7kq2mxwd]", "Re: it [EDI-0042]", "EDI-0042-zzzzzzzz"])
def test_a_subject_always_bears_the_reference_by_which_their_answer_is_known(subject: str) -> None:
    assert headers(Words(subject, "Yes."))["Subject"] == f"{subject} [{TOLD}]".strip()
    assert headers()["Subject"] == f"Re: A friend [{TOLD}]"


def test_what_is_empty_or_without_end_is_refused() -> None:
    for text, said in ((" \n", "empty"), ("x" * (MOST_CHARACTERS + 1), "longer than")):
        with pytest.raises(UserError, match=said):
            composed(Words("Re: x", text))
    with pytest.raises(PermanentError):
        composed(to="sam@a.example, eve@evil.example")


def test_an_answer_begins_with_their_name_and_ends_with_the_team(rules: Rules, ourselves: Ourselves) -> None:
    words = opening_words("Ode, Sam", "Re: A friend [EDI-0042-7kq2mxwd]", Kind.QUERY, TOLD, rules, ourselves)
    assert words.subject == f"Re: A friend [{TOLD}]"
    assert words.text.startswith("Dear Sam Ode,\n\n")
    assert words.text.endswith("The Active Bystander team, EDI Centre")


def test_a_storys_subject_is_not_repeated(rules: Rules, ourselves: Ourselves) -> None:
    assert opening_words("", "What Priya said", Kind.STORY, TOLD, rules, ourselves).subject == f"Re: your message [{TOLD}]"


def test_more_words_go_above_the_closing_and_nothing_is_lost(rules: Rules, ourselves: Ourselves) -> None:
    words = opening_words("Sam", "", Kind.QUERY, TOLD, rules, ourselves)
    more = taken_in(taken_in(words, "One.", rules, ourselves), "Two.", rules, ourselves)
    assert more.text == "Dear Sam,\n\nOne.\n\nTwo.\n\nWith kind regards\n\nThe Active Bystander team, EDI Centre"
    assert taken_in(Words("", "My own words."), "One.", rules, ourselves).text == "My own words.\n\nOne."


def test_the_templates_for_people_come_first_and_then_the_kinds_own(templates: Templates, rules: Rules) -> None:
    found = fitting_templates(templates, rules.kinds[Kind.TRAINING])
    assert found[-1] == "training"
    assert {"answer-dates", "answer-cannot", "answer-small-group"} == set(found[:-1])
    assert "training" not in fitting_templates(templates, rules.kinds[Kind.OTHER])


def test_a_template_is_words_to_go_on_with(templates: Templates, rules: Rules, ourselves: Ourselves, query: Plan) -> None:
    words = template_words("answer-dates", query, TOLD, templates, rules, ourselves, date(2026, 11, 24), 35)
    assert words.subject == f"Re: When is the next session? [{TOLD}]"
    assert "| Wed 2 Dec 2026 | 10:00 to 12:00 | online | Teams |" in words.text
    assert "\\" not in words.text


def test_what_is_still_to_be_filled_in_is_found() -> None:
    assert to_fill_in("Dear [[name]],\nwe [[what]] it, [[name]]. [EDI-0042] a[1]") == ("[[name]]", "[[what]]")


@pytest.mark.parametrize(
    ("text", "speaks"), [("I attach the list.", True), ("Please see the attached.", True), ("Our attachés", False), ("", False)]
)
def test_a_mail_that_speaks_of_an_attachment_is_noticed(text: str, speaks: bool) -> None:
    assert speaks_of_attachment(text) is speaks
