"""Did a machine write it? Standards first, habits of known software second, wording last; in doubt a person wrote it.

A machine that only carries a person's words (a web form, a list of our own) is not one here.
"""

import re
from collections.abc import Callable

from mailflow.domain import Automatic, AutomaticSort, Email, Ourselves, markings
from mailflow.message import away, undelivered, wording

_REPORT_TYPE = re.compile(r"report-type\s*=\s*\"?([\w-]+)", re.IGNORECASE)
# No person writes from these; offices of people, from the others.
_DAEMON = re.compile(r"(?i)(?:mailer-?daemon|mail-?daemon|mdaemon|microsoftexchange[0-9a-f]{8,})\b")
_OFFICE = re.compile(r"(?i)(?:postmaster|bounces?|mail-?admin|\"?(?:e?mail )?(?:system )?administrator\"?)\b")
_OFFICE_NAME = re.compile(
    r"(?i)mail ?(?:delivery|er)?[ -](?:sub)?(?:system|daemon)|mail (?:delivery (?:service|agent)|administrator)|postmaster"
)
_CRON_NAME = re.compile(r"(?i)\(?(?:cron|anacron) daemon\)?$|logwatch$")
_NO_REPLY = re.compile(
    r"(no|do-?not|never)[-_.]?(reply|response)\b|(no|do-?not|never)[-_.]?reply[-_.+]|.*[-_.](noreply|no-reply)$"
    r"|(auto-?(reply|responder|mailer|mail|notify)|notifications?|alerts?|mailer|cron|rss2email)$",
    re.IGNORECASE,
)
_METHODS_THAT_ASK = frozenset({"REQUEST", "CANCEL", "COUNTER", "DECLINECOUNTER", "ADD", "REFRESH"})


def find_automatic(email: Email, ourselves: Ourselves, *, calendar_methods: tuple[str, ...] = ()) -> Automatic | None:
    """The sort of machine that wrote a message and how we know; None for a person's.

    `calendar_methods` are those of its calendar parts. X-Auto-Response-Suppress decides nothing by itself: it asks for silence,
    and Exchange puts it on people's mail too.
    """
    if found := _report(email) or _complaint(email) or _calendar(calendar_methods):
        return found
    if wording.is_web_form(email):
        return None
    signs: tuple[Callable[[Email], Automatic | None], ...] = (_bounce, _auto_submitted, _auto_reply, _courtesy)
    for sign in signs:
        if found := sign(email):
            return found
    return _list(email, ourselves) or _notice(email)


def _report(email: Email) -> Automatic | None:
    """Multipart/report (RFC 6522): delivery (RFC 3464), disposition (RFC 8098) and feedback reports (RFC 5965)."""
    content_type = email.header("content-type") or ""
    if not content_type.lower().lstrip().startswith("multipart/report"):
        return None
    named = _REPORT_TYPE.search(content_type)
    kind = named[1].lower() if named else "delivery-status"
    if kind == "disposition-notification":
        return Automatic(AutomaticSort.RECEIPT, "It is a disposition notification (RFC 8098): a read receipt.")
    if kind == "feedback-report":
        return Automatic(AutomaticSort.FEEDBACK, "It is a feedback report (RFC 5965): a complaint that a provider passes on.")
    if kind == "delivery-status":
        return Automatic(AutomaticSort.BOUNCE, "It is a delivery status notification (RFC 3464).")
    return Automatic(AutomaticSort.NOTICE, f"It is a multipart/report of the type {kind} (RFC 6522).")


def _complaint(email: Email) -> Automatic | None:
    """Complaints in forms from before RFC 5965 and beside it, known by a header of theirs."""
    name = markings.complaint_header(email)
    return Automatic(AutomaticSort.FEEDBACK, f"The header {name} marks a complaint that a provider passes on.") if name else None


def _calendar(methods: tuple[str, ...]) -> Automatic | None:
    if "REPLY" in methods:
        return Automatic(AutomaticSort.CALENDAR, "It holds a calendar reply (RFC 5546, METHOD:REPLY).")
    asked = next((method for method in methods if method in _METHODS_THAT_ASK), None)
    return Automatic(AutomaticSort.CALENDAR, f"It is a calendar message (RFC 5546, METHOD:{asked}).") if asked else None


def _bounce(email: Email) -> Automatic | None:
    """Bounces without a report, and those of vendors with their own headers."""
    if email.header("x-failed-recipients") is not None:
        return Automatic(AutomaticSort.BOUNCE, "The header X-Failed-Recipients says that a mail of ours was not delivered.")
    if email.header("x-ms-exchange-message-is-ndr") is not None:
        return Automatic(AutomaticSort.BOUNCE, "Exchange marks it as a non-delivery report.")
    if email.sender and _DAEMON.match(email.sender.address):
        return Automatic(AutomaticSort.BOUNCE, "A mail system sent it: no person writes from such an address.")
    told = undelivered.is_bounce_subject(email.subject) + undelivered.opens_like_a_bounce(email.text)
    if email.return_path == "" and (told or _from_office(email)):
        return Automatic(
            AutomaticSort.BOUNCE, "It came with the null return path (RFC 5321, 4.5.5), from a mail system or worded as a bounce."
        )
    if told == 2:
        return Automatic(AutomaticSort.BOUNCE, "Its subject and its first words are those of a bounce.")
    return Automatic(AutomaticSort.BOUNCE, "A mail system sent it, worded as a bounce.") if told and _from_office(email) else None


def _auto_submitted(email: Email) -> Automatic | None:
    """RFC 3834, 5: any value but "no" says that no person wrote it."""
    value = markings.auto_submitted(email)
    if value is None:
        return None
    reason = f"The header Auto-Submitted says {value[:40]} (RFC 3834)."
    if value == "auto-replied" or away.is_away_subject(email.subject):
        return Automatic(AutomaticSort.VACATION, reason)
    return Automatic(AutomaticSort.LIST if markings.list_header(email) else AutomaticSort.NOTICE, reason)


def _auto_reply(email: Email) -> Automatic | None:
    """Out-of-office answers without RFC 3834, by the headers of older software, then by their words."""
    if name := markings.responder_header(email):
        return Automatic(AutomaticSort.VACATION, f"The header {name} says that a machine answered.")
    if "auto_reply" in markings.precedences(email):
        return Automatic(AutomaticSort.VACATION, "The header Precedence says auto_reply.")
    if away.is_automatic_reply(email.subject):
        return Automatic(AutomaticSort.VACATION, "Its subject is that of an automatic reply.")
    if away.is_away_answer(email):
        return Automatic(AutomaticSort.VACATION, "It is worded as an out-of-office answer.")
    return None


def _courtesy(email: Email) -> Automatic | None:
    """Receipts and answers to invitations without the part that the standards ask for."""
    if wording.is_read_receipt(email):
        return Automatic(AutomaticSort.RECEIPT, "Its subject and its text are those of a read receipt.")
    if wording.is_meeting_answer(email):
        return Automatic(AutomaticSort.CALENDAR, "Its subject and its text are those of a calendar.")
    return None


def _list(email: Email, ourselves: Ourselves) -> Automatic | None:
    """Mailing lists (RFC 2369, RFC 2919) and bulk mail; lists that lead to this mailbox carry what people write to us."""
    if markings.is_from_own_list(email, ourselves):
        return None
    if header := markings.list_header(email):
        return Automatic(AutomaticSort.LIST, f"It came over a mailing list (header {header}, RFC 2369).")
    precedence = markings.bulk_precedence(email)
    return Automatic(AutomaticSort.LIST, f"The header Precedence says {precedence}.") if precedence else None


def _notice(email: Email) -> Automatic | None:
    """Tickets, bookings, alerts: by a sender that takes no answers, or by subject and form together."""
    if email.sender and _NO_REPLY.match(email.sender.address.partition("@")[0]):
        return Automatic(AutomaticSort.NOTICE, "It comes from an address that takes no replies.")
    if name := markings.machine_header(email):
        return Automatic(AutomaticSort.NOTICE, f"The header {name} says that a machine sent it.")
    if email.sender and _CRON_NAME.match(email.sender.name):
        return Automatic(AutomaticSort.NOTICE, "A machine's own scheduler sent it.")
    if wording.is_ticket_notice(email):
        return Automatic(AutomaticSort.NOTICE, "Its subject and its text are those of a ticket system.")
    if wording.is_notice(email):
        return Automatic(AutomaticSort.NOTICE, "Its text says that a machine sent it, or acknowledges a mail as machines do.")
    return None


def _from_office(email: Email) -> bool:
    """Whether it comes from those who look after a mail system, people or machines, or from nobody at all."""
    sender = email.sender
    if sender is None:
        return "@" not in (email.header("from") or "")
    return bool(_OFFICE.match(sender.address) or _OFFICE_NAME.search(sender.name))
