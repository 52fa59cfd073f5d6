"""One mail under the rules in use."""

from datetime import timedelta

import pytest

from filed import NOW, filed_message, raw_mail
from mailflow import settings
from mailflow.deciding import House
from mailflow.domain import Kind, MessageState
from mailflow.message.parse import read
from mailflow.store.database import Store
from mailflow.store.kept import kept_message
from mailflow.trying.mail import as_mail, try_kept, try_mail

REQUEST = "We are a group of 20 people in Chemistry and would like to book a workshop in January, in person."


@pytest.fixture(scope="module")
def house() -> House:
    return House.build(settings.only(address="edi.centre@university.example", mode="live"))


def test_words_alone_are_a_mail_from_somebody(house: House) -> None:
    email = read(as_mail("Dear all: may we come?\n\nSam", house.ourselves), house.ourselves)
    assert (email.sender and email.sender.address, email.subject) == ("somebody@writers.example", "")
    assert email.text.splitlines()[0] == "Dear all: may we come?"


def test_a_first_line_may_be_the_subject(house: House) -> None:
    email = read(as_mail("Subject: A workshop?\r\n\r\nMay we come?", house.ourselves), house.ourselves)
    assert (email.subject, email.text.strip()) == ("A workshop?", "May we come?")
    assert email.sender and email.sender.address == "somebody@writers.example"


def test_a_whole_mail_stays_as_it_is(house: House) -> None:
    whole = raw_mail("May we come?", "A workshop", "Sam Ode <sam.ode@university.example>")
    assert as_mail(whole.decode(), house.ourselves) == whole


@pytest.mark.parametrize("text", ["half a \ud800 sign", "Subject: half\n\na \udfff sign", "\x00\x01", "Subject:"])
def test_whatever_is_pasted_becomes_a_mail(house: House, text: str) -> None:
    assert read(as_mail(text, house.ourselves), house.ourselves)


def test_it_comes_to_what_the_daemon_would_make_of_it_with_the_very_reply(house: House) -> None:
    tried = try_mail(as_mail(REQUEST, house.ourselves), house, NOW)
    assert (tried.plan.verdict.kind, tried.plan.state) == (Kind.TRAINING, MessageState.FILED)
    assert tried.reply
    assert tried.reply.recipients == ("somebody@writers.example",)
    assert "Number of people: 20" in tried.reply.text


def test_without_a_reply_it_says_why(house: House) -> None:
    tried = try_mail(b"From: a@b.example\nPrecedence: bulk\nSubject: x\n\n" + REQUEST.encode(), house, NOW)
    assert tried.reply is None
    assert tried.plan.silence


def test_a_kept_message_is_tried_as_if_it_arrived_now(house: House, store: Store) -> None:
    with store.writing() as db:
        number = filed_message(db, None, raw_mail(REQUEST), kind=Kind.OTHER, arrived=NOW - timedelta(days=300))
        message = kept_message(db, number)
    tried = try_kept(store, message, house, NOW)
    assert tried.plan.verdict.kind is Kind.TRAINING
    assert tried.reply
