"""Mail whose form says, as the standards have it, that a machine wrote it: reports (RFC 6522) and calendar mail (RFC 5546)."""

import re

from mailflow.domain import Automatic, AutomaticSort, Email, markings
from mailflow.message import meetings

_REPORT_TYPE = re.compile(r"report-type\s*=\s*\"?([\w-]+)", re.IGNORECASE)
_DELIVERY = (AutomaticSort.BOUNCE, "It is a delivery status notification (RFC 3464).")
_DISPOSITION = (AutomaticSort.RECEIPT, "It is a disposition notification (RFC 8098): a read receipt.")
_COMPLAINT = (AutomaticSort.FEEDBACK, "It is a feedback report (RFC 5965): a complaint that a provider passes on.")
_TLS = (AutomaticSort.NOTICE, "It is a report about TLS (RFC 8460).")
_BY_TYPE = {
    "delivery-status": _DELIVERY,
    "disposition-notification": _DISPOSITION,
    "feedback-report": _COMPLAINT,
    "tlsrpt": _TLS,
}
_BY_PART = {
    "message/delivery-status": _DELIVERY,
    "message/global-delivery-status": _DELIVERY,
    "message/disposition-notification": _DISPOSITION,
    "message/global-disposition-notification": _DISPOSITION,
    "message/feedback-report": _COMPLAINT,
    "application/tlsrpt+gzip": _TLS,
    "application/tlsrpt+json": _TLS,
}
# Outlook.com's complaints have no report, only the mail that they are about; others look much the same.
_COMPLAINT_SUBJECT = re.compile(
    r"(?i)\s*(?:complaint about (?:e-?mail|message) from|(?:e-?mail )?(?:feedback|abuse) report (?:for|from"
    r"|about)(?: ip)?) \[?[\da-f.:]{4,45}\]?"
)
# "receiver!our domain!first second!last second.xml.gz" (RFC 7489, 7.2.1.1).
_DMARC_FILE = re.compile(r"[\w.-]{1,253}![\w.-]{1,253}!\d{9,11}!\d{9,11}\b")
_ASKING = frozenset({"REQUEST", "CANCEL", "COUNTER", "DECLINECOUNTER", "ADD", "REFRESH"})


def find_report(email: Email) -> Automatic | None:
    """Reports on delivery (RFC 3464), reading (RFC 8098), complaints (RFC 5965), TLS (RFC 8460) and DMARC (RFC 7489)."""
    content_type = (email.header("content-type") or "").lower().lstrip()
    held = next((_BY_PART[part.content_type] for part in email.attachments if part.content_type in _BY_PART), None)
    if content_type.startswith("multipart/report"):
        named = _REPORT_TYPE.search(content_type)
        if found := _BY_TYPE.get(named[1]) if named else held or _DELIVERY:
            return Automatic(*found)
        kind = named[1] if named else ""
        return Automatic(AutomaticSort.NOTICE, f"It is a multipart/report of the type {kind} (RFC 6522).")
    if any(_DMARC_FILE.match(part.filename) for part in email.attachments) and not markings.is_answer_or_forward(email):
        return Automatic(AutomaticSort.NOTICE, "It holds an aggregate report on DMARC (RFC 7489).")
    # Lists, scanners and old gateways wrap a report up; so do the clients of people who pass one on.
    return Automatic(*held) if held and not markings.is_answer_or_forward(email) else None


def find_complaint(email: Email) -> Automatic | None:
    """Complaints in forms from before RFC 5965 and beside it, known by a header of theirs, or by subject and enclosed mail."""
    if name := markings.complaint_header(email):
        return Automatic(AutomaticSort.FEEDBACK, f"The header {name} marks a complaint that a provider passes on.")
    encloses = any(part.content_type in {"message/rfc822", "text/rfc822-headers"} for part in email.attachments)
    if encloses and _COMPLAINT_SUBJECT.match(email.subject):
        return Automatic(AutomaticSort.FEEDBACK, "Its subject is that of a complaint, and it encloses the mail.")
    return None


def find_calendar(email: Email, methods: tuple[str, ...]) -> Automatic | None:
    """Invitations and answers to them, by the methods of the calendar parts (RFC 5546, 1.4)."""
    asked = "REPLY" if "REPLY" in methods else next((method for method in methods if method in _ASKING), None)
    if asked is None:
        return None
    what = "calendar reply" if asked == "REPLY" else "calendar message"
    remark = meetings.has_remark(email)
    added = " Somebody wrote words of their own into it." if remark else ""
    return Automatic(AutomaticSort.CALENDAR, f"It is a {what} (RFC 5546, METHOD:{asked}).{added}", remark)
