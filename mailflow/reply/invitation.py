"""A session for the calendars of those who are invited: the mail in words, and the same for machines (RFC 5545, 5546, 6047)."""

import calendar as months
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vDatetime, vRecur

from mailflow.domain import Ourselves, OutgoingMail, Purpose, Thread, reference
from mailflow.domain.calendar import in_words
from mailflow.domain.training import Invitation, Method, occasion
from mailflow.render import Templates, one_line
from mailflow.reply.assemble import ForCalendars, assemble, check_addresses
from mailflow.reply.variables import CANCELLED_SESSION_TEMPLATE, CHANGED_SESSION_TEMPLATE, SESSION_TEMPLATE
from mailflow.reply.wording import greeting, repeatable
from mailflow.rules import Rules

_HOUR = timedelta(hours=1)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_STATUS = {Method.REQUEST: "CONFIRMED", Method.CANCEL: "CANCELLED"}


def compose_invitation(
    invitation: Invitation,
    case_id: int,
    told: str,
    name: str,
    templates: Templates,
    rules: Rules,
    ourselves: Ourselves,
    now: datetime,
    zone: ZoneInfo,
    parent: str | None = None,
    thread: Thread | None = None,
) -> OutgoingMail:
    """The mail that invites, tells of another time or place, or calls off; once for each `sequence` of a case.

    `told`: the case's reference as its requester knows it; `name`: theirs, or "". `parent`, `thread`: of the message it goes on
    from. `now` is aware. Raises PermanentError where an address cannot be written to, TemporaryError where the template fails.
    """
    check_addresses(invitation.invited)
    template = template_for(invitation)
    return assemble(
        purpose=Purpose.INVITATION,
        template=template,
        rendered=templates.render(template, invitation_values(invitation, told, name, rules, ourselves, zone)),
        recipients=invitation.invited,
        ourselves=ourselves,
        now=now.astimezone(zone),
        once=occasion(invitation.method, reference(case_id), invitation.sequence),
        auto_submitted=None,
        parent=parent,
        thread=thread,
        calendar=ForCalendars(invitation.method, to_calendar(invitation, told, rules, ourselves, now, zone)),
    )


def template_for(invitation: Invitation) -> str:
    """The name of the template that says it in words."""
    if invitation.method is Method.CANCEL:
        return CANCELLED_SESSION_TEMPLATE
    return CHANGED_SESSION_TEMPLATE if invitation.is_update else SESSION_TEMPLATE


def invitation_values(
    invitation: Invitation, told: str, name: str, rules: Rules, ourselves: Ourselves, zone: ZoneInfo
) -> Mapping[str, object]:
    """For the mails about a session, its times in `zone`."""
    session = invitation.session
    starts, ends = session.starts.astimezone(zone), session.ends.astimezone(zone)
    return {
        "reference": told,
        "centre": ourselves.name,
        "address": ourselves.address,
        "programme": rules.programme,
        "greeting": greeting(name),
        "department": repeatable(invitation.department or ""),
        "day": in_words(starts.date()),
        "time": f"{starts:%H:%M} to {ends:%H:%M}",
        "place": session.place,
        "link": session.link or "",
        "facilitator": session.facilitator or "",
    }


def to_calendar(invitation: Invitation, told: str, rules: Rules, ourselves: Ourselves, now: datetime, zone: ZoneInfo) -> bytes:
    """The same for a calendar: one event. `told` is the case's reference, by which an answer is known again."""
    session = invitation.session
    event = Event()
    event.add("uid", invitation.uid)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("sequence", invitation.sequence)
    event.add("status", _STATUS[invitation.method])
    for name, moment in (("dtstart", session.starts), ("dtend", session.ends)):
        event.add(name, vDatetime(moment.astimezone(zone)))
    event.add("summary", _summary(invitation, rules))
    event.add("location", one_line(session.place))
    event.add("description", _description(invitation, told, ourselves))
    event.add("organizer", vCalAddress.new(ourselves.address, cn=one_line(ourselves.name)))
    asks = invitation.method is Method.REQUEST
    for address in invitation.invited:
        asked = {"partstat": "NEEDS-ACTION", "rsvp": "TRUE"} if asks else {}
        event.add("attendee", vCalAddress.new(address, cutype="INDIVIDUAL", role="REQ-PARTICIPANT"), asked)
    event.add("transp", "OPAQUE")
    calendar = Calendar()
    calendar.add("prodid", "-//mailflow//training//EN")
    calendar.add("version", "2.0")
    calendar.add("method", invitation.method.value)
    calendar.add_component(_timezone(zone, session.starts.year - 1))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _summary(invitation: Invitation, rules: Rules) -> str:
    of = repeatable(invitation.department or "")
    return f"{one_line(rules.programme.name)} session" + (f", {of}" if of else "")


def _description(invitation: Invitation, told: str, ourselves: Ourselves) -> str:
    facilitator = invitation.session.facilitator
    lines = (
        f"Facilitator: {one_line(facilitator)}" if facilitator else "",
        f"{one_line(ourselves.name)}, {ourselves.address}, reference {told}",
        "To change or cancel it, reply to our mail.",
    )
    return "\n".join(line for line in lines if line)


def _timezone(zone: ZoneInfo, year: int) -> Timezone:
    """The zone as it changes in `year` and in every year after: Outlook reads only such rules (MS-OXCICAL, 2.1.3.1.1.19)."""
    timezone = Timezone()
    timezone.add("tzid", zone.key)
    turns = list(_turns(zone, year))
    for turn in turns or [datetime(year, 1, 1, tzinfo=UTC)]:
        timezone.add_component(_observance(turn, zone, yearly=bool(turns)))
    return timezone


def _turns(zone: ZoneInfo, year: int) -> Iterator[datetime]:
    """When the clocks change in a year."""
    hour = datetime(year, 1, 1, tzinfo=UTC)
    while hour.year == year:
        if hour.astimezone(zone).utcoffset() != (hour - _HOUR).astimezone(zone).utcoffset():
            yield hour
        hour += _HOUR


def _observance(since: datetime, zone: ZoneInfo, *, yearly: bool) -> Component:
    after, former = since.astimezone(zone), (since - _HOUR).astimezone(zone)
    offset, was = after.utcoffset() or timedelta(), former.utcoffset() or timedelta()
    part = TimezoneDaylight() if after.dst() else TimezoneStandard()
    onset = (since + was).replace(tzinfo=None)  # by the clock that it ends (RFC 5545, 3.6.5)
    part.add("dtstart", onset)
    part.add("tzoffsetfrom", was)
    part.add("tzoffsetto", offset)
    part.add("tzname", after.tzname() or zone.key)
    if yearly:
        part.add("rrule", vRecur({"freq": "yearly", "bymonth": onset.month, "byday": _nth_day(onset.date())}))
    return part


def _nth_day(day: date) -> str:
    """ "-1SU" for the last Sunday of a month, "2SU" for the second."""
    is_last = day.day + 7 > months.monthrange(day.year, day.month)[1]
    return f"{-1 if is_last else (day.day + 6) // 7}{_DAYS[day.weekday()]}"
