"""The demo's contributors, who answer the very question that the desk sends."""

from email import message_from_bytes
from email.policy import default
from pathlib import Path

from filed import NOW
from mailflow import settings
from mailflow.deciding import House
from mailflow.demo.contributor import answer
from mailflow.domain import Agreement, EditedText
from mailflow.kinds.agreement import read_agreement
from mailflow.message.parse import read
from mailflow.reply.asking import compose_asking

HOST = settings.load(data=Path("data"))


def question() -> bytes:
    house = House.build(HOST)
    named = {"text": EditedText("The joke", "I said that it was not funny."), "case_id": 42, "told": "EDI-0042-7kq2mxwd"}
    to = {"address": "sam@university.example", "name": "Sam"}
    ours = {"templates": house.templates, "rules": house.rules, "ourselves": house.ourselves}
    return compose_asking(**named, **to, **ours, now=NOW, zone=house.zone).raw


def test_whoever_is_asked_says_yes_in_the_thread_of_the_question() -> None:
    asked = question()
    said = answer(asked, NOW)
    assert said is not None
    email = read(said, HOST.ourselves)
    assert email.sender and email.sender.address == "sam@university.example"
    assert email.thread.in_reply_to == message_from_bytes(asked, policy=default)["Message-ID"]
    assert "EDI-0042-7kq2mxwd" in email.subject
    assert read_agreement(email.new_text)[0] is Agreement.YES


def test_no_other_mail_is_answered() -> None:
    assert answer(b"Subject: Your story EDI-0042\r\nTo: a@x.example\r\nMessage-ID: <1@x>\r\n\r\nThank you.\r\n", NOW) is None
