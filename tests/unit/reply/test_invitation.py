"""Invitations as other programs read them: the standard library's parser, icalendar, and our own reading of messages."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event

from mailflow.domain import AutomaticSort, Ourselves, OutgoingMail, Purpose, Thread
from mailflow.domain.training import Invitation, Method, PlannedSession
from mailflow.errors import PermanentError
from mailflow.message.parse import read as read_message
from mailflow.render import Templates
from mailflow.reply.invitation import compose_invitation
from mailflow.rules import Rules

LONDON = ZoneInfo("Europe/London")
TOLD = "EDI-0042-7kq2mxwd"
SAM = "sam.ode@university.example"
SESSION = PlannedSession(
    datetime(2027, 1, 14, 10, tzinfo=LONDON), datetime(2027, 1, 14, 12, 30, tzinfo=LONDON), "Hartree 301", "Alex Morgan"
)
INVITATION = Invitation(Method.REQUEST, SESSION, "edi-0042-abc@university.example", 0, (SAM,), "Department of Chemistry")


class Invite:
    """Composes with the team's own templates."""

    def __init__(self, templates: Templates, rules: Rules, ourselves: Ourselves, now: datetime) -> None:
        self.rest = (templates, rules, ourselves, now)

    def __call__(self, invitation: Invitation = INVITATION, zone: ZoneInfo = LONDON, **threading: object) -> OutgoingMail:
        return compose_invitation(invitation, 42, TOLD, "Sam Ode", *self.rest, zone, **threading)


@pytest.fixture
def invite(templates: Templates, rules: Rules, ourselves: Ourselves, now: datetime) -> Invite:
    return Invite(templates, rules, ourselves, now)


def parts(mail: OutgoingMail) -> dict[str, EmailMessage]:
    message = message_from_bytes(mail.raw, policy=default)
    found = {part.get_content_type(): part for part in message.walk()}
    assert all(not part.defects for part in found.values())
    return found


def calendar(mail: OutgoingMail) -> Calendar:
    return Calendar.from_ical(parts(mail)["text/calendar"].get_content())


def event(mail: OutgoingMail) -> Event:
    (found,) = calendar(mail).walk("VEVENT")
    return found


def test_the_calendar_is_the_last_alternative_and_once_more_a_file(invite: Invite) -> None:
    mail = invite()
    kinds = [part.get_content_type() for part in message_from_bytes(mail.raw, policy=default).walk()]
    alternatives = ["text/plain", "text/html", "text/calendar"]
    assert kinds == ["multipart/mixed", "multipart/alternative", *alternatives, "application/ics"]
    found = parts(mail)
    assert found["text/calendar"]["content-type"].params == {"charset": "utf-8", "method": "REQUEST"}
    assert not found["text/calendar"].is_attachment()
    assert found["application/ics"].get_filename() == "invite.ics"
    assert found["application/ics"].get_content() == found["text/calendar"].get_content().encode()


def test_it_is_one_event_that_a_calendar_can_take_and_answer(invite: Invite) -> None:
    mail = invite()
    found = event(mail)
    assert str(calendar(mail)["method"]) == "REQUEST"
    assert (found.start, found.end) == (SESSION.starts, SESSION.ends)
    assert found["dtstart"].params["tzid"] == "Europe/London"
    assert (found["uid"], found["sequence"], found["status"]) == ("edi-0042-abc@university.example", 0, "CONFIRMED")
    assert found["summary"] == "Active Bystander session, Department of Chemistry"
    assert found["location"] == "Hartree 301"
    assert TOLD in found["description"]
    assert found["organizer"] == "mailto:edi.centre@university.example"
    attendee = found["attendee"]
    assert attendee == f"mailto:{SAM}"
    assert (attendee.params["rsvp"], attendee.params["partstat"], attendee.params["role"]) == (
        "TRUE",
        "NEEDS-ACTION",
        "REQ-PARTICIPANT",
    )


def test_no_line_is_longer_than_calendars_and_mail_servers_take(invite: Invite) -> None:
    mail = invite(replace(INVITATION, session=replace(SESSION, place="Straße " * 40)))
    assert max(map(len, mail.raw.split(b"\r\n"))) <= 78
    text = parts(mail)["application/ics"].get_content()
    assert max(map(len, text.split(b"\r\n"))) <= 75
    assert b"\n" not in text.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    ("day", "utc_hour"), [((2026, 3, 28), 10), ((2026, 3, 30), 9), ((2026, 10, 24), 9), ((2026, 10, 26), 10), ((2027, 1, 4), 10)]
)
def test_ten_o_clock_is_ten_o_clock_before_and_after_the_clocks_change(
    invite: Invite, day: tuple[int, int, int], utc_hour: int
) -> None:
    starts = datetime(*day, 10, tzinfo=LONDON)
    mail = invite(replace(INVITATION, session=replace(SESSION, starts=starts, ends=starts + timedelta(hours=2))))
    assert event(mail).start.astimezone(UTC) == datetime(*day, utc_hour, tzinfo=UTC)
    # Whoever knows only the rules that the file itself brings comes to the same.
    (zone,) = calendar(mail).walk("VTIMEZONE")
    told = zone.to_tz(lookup_tzid=False)
    assert datetime(*day, 10).replace(tzinfo=told).utcoffset() == starts.utcoffset()
    assert "10:00 to 12:00" in mail.text


def test_a_session_over_the_night_of_the_change_has_its_right_length(invite: Invite) -> None:
    starts, ends = datetime(2026, 3, 29, 0, 30, tzinfo=LONDON), datetime(2026, 3, 29, 2, 30, tzinfo=LONDON)
    found = event(invite(replace(INVITATION, session=replace(SESSION, starts=starts, ends=ends))))
    assert found.end.astimezone(UTC) - found.start.astimezone(UTC) == timedelta(hours=1)


def test_the_zones_rules_are_of_the_only_sort_that_outlook_reads(invite: Invite) -> None:
    (zone,) = calendar(invite()).walk("VTIMEZONE")
    rules = [(part.name, part["dtstart"].dt, part["rrule"].to_ical().decode()) for part in zone.subcomponents]
    assert rules == [
        ("DAYLIGHT", datetime(2026, 3, 29, 1), "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3"),
        ("STANDARD", datetime(2026, 10, 25, 2), "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"),
    ]


def test_a_zone_without_summer_time_has_one_rule(invite: Invite) -> None:
    mail = invite(zone=ZoneInfo("Asia/Kolkata"))
    (zone,) = calendar(mail).walk("VTIMEZONE")
    assert [part.name for part in zone.subcomponents] == ["STANDARD"]
    assert event(mail).start == SESSION.starts


def test_a_change_keeps_the_number_of_the_event_and_counts_on(invite: Invite) -> None:
    mail = invite(replace(INVITATION, sequence=1, is_update=True))
    assert (event(mail)["uid"], event(mail)["sequence"]) == (INVITATION.uid, 1)
    assert mail.subject.startswith("Changed: ")
    assert mail.once == "invitation:case:EDI-0042:1"


def test_a_cancellation_takes_the_event_out_and_asks_nothing(invite: Invite) -> None:
    mail = invite(replace(INVITATION, method=Method.CANCEL, sequence=1))
    assert parts(mail)["text/calendar"]["content-type"].params["method"] == "CANCEL"
    assert str(calendar(mail)["method"]) == "CANCEL"
    assert (event(mail)["status"], event(mail)["sequence"], event(mail)["uid"]) == ("CANCELLED", 1, INVITATION.uid)
    assert "rsvp" not in event(mail)["attendee"].params
    assert mail.subject.startswith("Cancelled: ")
    assert mail.once == "cancellation:case:EDI-0042:1"


def test_it_goes_on_with_the_conversation_and_is_a_persons_mail(invite: Invite) -> None:
    mail = invite(parent="<asked@university.example>", thread=Thread(references=("<first@university.example>",)))
    message = message_from_bytes(mail.raw, policy=default)
    assert message["in-reply-to"] == "<asked@university.example>"
    assert message["references"] == "<first@university.example> <asked@university.example>"
    assert message["auto-submitted"] is None
    assert f"[{TOLD}]" in mail.subject
    assert (mail.purpose, mail.once) == (Purpose.INVITATION, "invitation:case:EDI-0042:0")


def test_nobody_can_put_lines_into_the_event(invite: Invite) -> None:
    nasty = "Room 1\r\nATTENDEE:mailto:eve@elsewhere.example\nEND:VEVENT"
    session = replace(SESSION, place=nasty, facilitator=nasty)
    found = event(invite(replace(INVITATION, session=session, department=nasty)))
    assert found["attendee"] == f"mailto:{SAM}"
    assert found["location"] == " ".join(nasty.split())


def test_a_department_that_bears_a_link_is_not_repeated(invite: Invite) -> None:
    mail = invite(replace(INVITATION, department="Chemistry https://elsewhere.example/x"))
    assert b"elsewhere" not in mail.raw
    assert event(mail)["summary"] == "Active Bystander session"


def test_a_link_can_be_clicked(invite: Invite) -> None:
    link = "https://meeting.example/join_1?a=b&c=(d)"
    mail = invite(replace(INVITATION, session=replace(SESSION, place=link)))
    assert f'href="{link.replace("&", "&amp;")}"' in parts(mail)["text/html"].get_content()
    assert link in mail.text
    assert event(mail)["location"] == link


def test_an_address_that_could_not_stand_in_a_header_is_refused(invite: Invite) -> None:
    with pytest.raises(PermanentError):
        invite(replace(INVITATION, invited=("sam@university.example\r\nBcc: eve@elsewhere.example",)))


def test_our_own_reading_takes_it_for_what_it_is(invite: Invite, ourselves: Ourselves) -> None:
    email = read_message(invite().raw, ourselves)
    assert email.automatic is not None
    assert email.automatic.sort is AutomaticSort.CALENDAR
    assert email.defects == ()
    assert "Thursday 14 January 2027" in email.text
