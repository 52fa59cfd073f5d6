"""What a calendar answered to an invitation of ours (RFC 5546, 3.2.3): for one event, and only for whoever sent the answer."""

from collections.abc import Iterator
from email import message_from_bytes
from email.utils import parseaddr

from icalendar import Calendar, Event

from mailflow.domain.training import CalendarReply, Reply

_MOST_BYTES = 64 * 1024


def calendar_reply(raw: bytes, uid: str) -> CalendarReply | None:
    """The answer that a message brings to the event `uid`; None where it brings none, or one for somebody else. Never fails."""
    mail = message_from_bytes(raw)
    sender = parseaddr(str(mail.get("From", "")))[1].lower()
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            text = part.get_payload(decode=True)
            found = _answers(text, uid) if isinstance(text, bytes) and len(text) <= _MOST_BYTES else ()
            if reply := next((one for one in found if one.address == sender), None):
                return reply
    return None


def _answers(text: bytes, uid: str) -> Iterator[CalendarReply]:
    try:
        calendar = Calendar.from_ical(text)
        if str(calendar.get("method", "")).upper() == "REPLY":
            for event in calendar.walk("VEVENT"):
                if isinstance(event, Event) and str(event.get("uid", "")) == uid:
                    yield from _of_event(event)
    except Exception:
        return


def _of_event(event: Event) -> Iterator[CalendarReply]:
    attendees = event.get("attendee", [])
    for attendee in attendees if isinstance(attendees, list) else [attendees]:
        said = str(attendee.params.get("partstat", "")).upper()
        if said in set(Reply):
            address = str(attendee).lower().removeprefix("mailto:")
            yield CalendarReply(address, Reply(said), int(event.get("sequence", 0)))
