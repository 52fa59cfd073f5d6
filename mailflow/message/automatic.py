"""Did a machine write it? Standards first, habits of known software second, wording last; in doubt a person wrote it.

A machine that only carries a person's words (a web form, a list of our own) is not one here.
"""

import re
from collections.abc import Callable

from mailflow.domain import Automatic, AutomaticSort, Email, Ourselves, markings
from mailflow.message import wording

_REPORT_TYPE = re.compile(r"report-type\s*=\s*\"?([\w-]+)", re.IGNORECASE)
_DAEMON = re.compile(
    r"(mailer-daemon|postmaster|mail-daemon|mdaemon|bounces?|microsoftexchange[0-9a-f]+|(e?mail )?(system )?administrator)\b",
    re.IGNORECASE,
)
_DAEMON_NAME = re.compile(r"mail delivery (sub)?system|mail administrator|mailer-daemon", re.IGNORECASE)
_NO_REPLY = re.compile(
    r"(no|do-?not|never)[-_.]?reply\b|(no|do-?not|never)[-_.]?reply[-_.+]|.*[-_.](noreply|no-reply)$", re.IGNORECASE
)
_METHODS_THAT_ASK = frozenset({"REQUEST", "CANCEL", "COUNTER", "DECLINECOUNTER", "ADD", "REFRESH"})


def find_automatic(email: Email, ourselves: Ourselves, *, calendar_methods: tuple[str, ...] = ()) -> Automatic | None:
    """The sort of machine that wrote a message and how we know; None for a person's.

    `calendar_methods` are those of its calendar parts. X-Auto-Response-Suppress decides nothing by itself: it asks for silence,
    and Exchange puts it on people's mail too.
    """
    if found := _report(email) or _calendar(calendar_methods):
        return found
    if wording.is_web_form(email):
        return None
    signs: tuple[Callable[[Email], Automatic | None], ...] = (_bounce, _auto_submitted, _auto_reply)
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
    if not _from_daemon(email):
        return None
    if email.return_path == "":
        return Automatic(AutomaticSort.BOUNCE, "A mail system sent it, with the null return path (RFC 5321, 4.5.5).")
    if wording.BOUNCE_SUBJECT.match(email.subject):
        return Automatic(AutomaticSort.BOUNCE, "A mail system sent it, and its subject is that of a bounce.")
    return None


def _auto_submitted(email: Email) -> Automatic | None:
    """RFC 3834, 5: any value but "no" says that no person wrote it."""
    value = markings.auto_submitted(email)
    if value is None:
        return None
    reason = f"The header Auto-Submitted says {value[:40]} (RFC 3834)."
    if value == "auto-replied" or wording.is_away_subject(email.subject):
        return Automatic(AutomaticSort.VACATION, reason)
    return Automatic(AutomaticSort.LIST if markings.list_header(email) else AutomaticSort.NOTICE, reason)


def _auto_reply(email: Email) -> Automatic | None:
    """Out-of-office answers without RFC 3834, by the headers of older software, then by their words."""
    if name := markings.responder_header(email):
        return Automatic(AutomaticSort.VACATION, f"The header {name} says that a machine answered.")
    if "auto_reply" in markings.precedences(email):
        return Automatic(AutomaticSort.VACATION, "The header Precedence says auto_reply.")
    if wording.is_automatic_reply(email):
        return Automatic(AutomaticSort.VACATION, "Its subject is that of an automatic reply.")
    if wording.is_away_subject(email.subject) and wording.is_away_text(email.new_text or email.text):
        return Automatic(AutomaticSort.VACATION, "Its subject and its text are those of an out-of-office answer.")
    if wording.is_read_receipt(email):
        return Automatic(AutomaticSort.RECEIPT, "Its subject and its text are those of a read receipt.")
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
    if wording.is_ticket_notice(email):
        return Automatic(AutomaticSort.NOTICE, "Its subject and its text are those of a ticket system.")
    return None


def _from_daemon(email: Email) -> bool:
    sender = email.sender
    return sender is not None and bool(_DAEMON.fullmatch(sender.address.partition("@")[0]) or _DAEMON_NAME.search(sender.name))
