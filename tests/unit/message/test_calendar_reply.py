"""What calendars answer: known by the event's number, and believed only of whoever sent it."""

import pytest

from mailflow.domain.training import CalendarReply, Reply
from mailflow.message.calendar_reply import calendar_reply

UID = "edi-0042-abc@university.example"
MAIL = """\
From: Sam Ode <Sam.Ode@university.example>
To: edi.centre@university.example
Subject: Accepted: Active Bystander session
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="b"

--b
Content-Type: text/plain; charset="utf-8"

--b
Content-Type: text/calendar; charset="utf-8"; method=REPLY

BEGIN:VCALENDAR
METHOD:REPLY
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VEVENT
ATTENDEE;PARTSTAT=ACCEPTED;CN=Sam Ode:MAILTO:sam.ode@university.example
SUMMARY;LANGUAGE=en-GB:Accepted: Active Bystander session
DTSTART;TZID=GMT Standard Time:20270114T100000
DTEND;TZID=GMT Standard Time:20270114T120000
UID:edi-0042-abc@university.example
DTSTAMP:20261124T100000Z
SEQUENCE:2
END:VEVENT
END:VCALENDAR
--b--
"""


def read(mail: str) -> CalendarReply | None:
    return calendar_reply(mail.replace("\n", "\r\n").encode(), UID)


def test_an_acceptance_is_read():
    assert read(MAIL) == CalendarReply("sam.ode@university.example", Reply.ACCEPTED, 2)


@pytest.mark.parametrize("said", ["DECLINED", "TENTATIVE"])
def test_so_are_other_answers(said):
    assert read(MAIL.replace("PARTSTAT=ACCEPTED", f"PARTSTAT={said}")) == CalendarReply(
        "sam.ode@university.example", Reply(said), 2
    )


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("UID:edi-0042-abc", "UID:another"),
        ("METHOD:REPLY", "METHOD:REQUEST"),
        ("PARTSTAT=ACCEPTED", "PARTSTAT=NEEDS-ACTION"),
        ("From: Sam Ode <Sam.Ode@", "From: Kim <kim@"),
        ("SEQUENCE:2", "SEQUENCE:two"),
        ("BEGIN:VEVENT", "BEGIN:VEVENT\nBEGIN:VEVENT"),
        ("text/calendar", "text/plain"),
        ("SUMMARY;LANGUAGE", "X" * 70_000 + ";LANGUAGE"),
    ],
)
def test_anything_else_is_no_answer(written, instead):
    assert written in MAIL
    assert read(MAIL.replace(written, instead)) is None


def test_no_bytes_make_it_fail():
    assert calendar_reply(b"\xff\x00Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nEND", UID) is None
