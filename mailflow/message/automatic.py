"""Did a machine write it? Standards first, habits of known software second, wording last; in doubt a person wrote it.

A machine that only carries a person's words (a web form, a list of our own) is not one here.
"""

import re
from collections.abc import Callable

from mailflow.domain import Automatic, AutomaticSort, Email, Ourselves, markings
from mailflow.message import away, meetings, notices, undelivered, wording
from mailflow.message.standards import find_calendar, find_complaint, find_report

# No person writes from these; offices of people, from the others.
_DAEMON = re.compile(r"(?i)(?:mailer-?daemon|mail-?daemon|mdaemon|microsoftexchange[0-9a-f]{8,})\b")
_OFFICE = re.compile(r"(?i)(?:postmaster|bounces?|mail-?admin|\"?(?:e?mail )?(?:system )?administrator\"?)\b")
_OFFICE_NAME = re.compile(
    r"(?i)mail ?(?:delivery|er)?[ -](?:sub)?(?:system|daemon)|mail (?:delivery (?:service|agent)|administrator)|postmaster"
)
_CRON_NAME = re.compile(r"(?i)\(?(?:cron|anacron) daemon\)?$|logwatch$")
_NO_REPLY = re.compile(
    r"(no|do-?not|never)[-_.]?(reply|response)\b|(no|do-?not|never)[-_.]?reply[-_.+]|.*[-_.](noreply|no-reply)$"
    r"|(auto-?(reply|responder|mailer|mail|notify)|notifications?|alerts?|mailer|cron|rss2email|rss|feeds?|nagios|icinga|zabbix"
    r"|jenkins|bugzilla|quarantine)$",
    re.IGNORECASE,
)
_LIST_MASTER = re.compile(r"(?i)(?:listserv|majordomo|mailman|[\w.+-]{1,64}-(?:bounces|digest))$")
# People's own software; a forwarding server may have put Precedence on what it passes on.
_PERSONAL_CLIENT = re.compile(
    r"(?i)(?:microsoft (?:office )?outlook|outlook-|apple mail|iphone mail|ipad mail|mozilla/|mozilla thunderbird"
    r"|thunderbird|mutt\b"
    r"|evolution|kmail|claws mail|alpine|gnus|emclient|samsung|k-9 mail|spark|roundcube)"
)
_I = re.compile(r"\bI\b")
# It is on what a rule writes, and on people's mail that a rule passes on.
_EXCHANGE_RULE = "x-ms-exchange-inbox-rules-loop"

Sign = Callable[[Email], Automatic | None]
_Checks = tuple[tuple[Callable[[], object], str], ...]


def find_automatic(email: Email, ourselves: Ourselves, *, calendar_methods: tuple[str, ...] = ()) -> Automatic | None:
    """The sort of machine that wrote a message and how we know; None for a person's.

    `calendar_methods` are those of its calendar parts. X-Auto-Response-Suppress decides nothing by itself: it asks for silence,
    and Exchange puts it on people's mail too.
    """
    if found := find_report(email) or find_complaint(email) or find_calendar(email, calendar_methods):
        return found
    if wording.is_web_form(email):
        return None
    signs: tuple[Sign, ...] = (_bounce, _auto_submitted, _auto_reply, _courtesy, _held)
    for sign in signs:
        if found := sign(email):
            return found
    return _list(email, ourselves) or _notice(email)


def _bounce(email: Email) -> Automatic | None:
    """Bounces without a report, and those of vendors with their own headers."""
    if email.header("x-failed-recipients") is not None:
        return Automatic(AutomaticSort.BOUNCE, "The header X-Failed-Recipients says that a mail of ours was not delivered.")
    if email.header("x-ms-exchange-message-is-ndr") is not None:
        return Automatic(AutomaticSort.BOUNCE, "Exchange marks it as a non-delivery report.")
    if _DAEMON.match(email.sender.address if email.sender else (email.header("from") or "").lstrip('"< ')):
        return Automatic(AutomaticSort.BOUNCE, "A mail system sent it: no person writes from such an address.")
    told = undelivered.signs(email)
    if email.return_path == "" and (told or _from_office(email)):
        return Automatic(
            AutomaticSort.BOUNCE, "It came with the null return path (RFC 5321, 4.5.5), from a mail system or worded as a bounce."
        )
    if told == 2:
        return _worded(AutomaticSort.BOUNCE, "Its subject and its first words are those of a bounce.")
    return Automatic(AutomaticSort.BOUNCE, "A mail system sent it, worded as a bounce.") if told and _from_office(email) else None


def _auto_submitted(email: Email) -> Automatic | None:
    """RFC 3834, 5: any value but "no" says that no person wrote it."""
    value = markings.auto_submitted(email)
    if value is None:
        return None
    reason = f"The header Auto-Submitted says {value[:40]} (RFC 3834)."
    by_rule = email.header(_EXCHANGE_RULE) is not None
    if value in {"auto-replied", "vacation"} or by_rule or away.is_away_subject(email.subject):
        return Automatic(AutomaticSort.VACATION, reason)
    return Automatic(AutomaticSort.LIST if markings.list_header(email) else AutomaticSort.NOTICE, reason)


def _auto_reply(email: Email) -> Automatic | None:
    """Out-of-office answers without RFC 3834, by the headers of older software, then by their words."""
    if reason := _responders_mark(email):
        return Automatic(AutomaticSort.VACATION, reason)
    if away.is_automatic_reply(email.subject):
        return _worded(AutomaticSort.VACATION, "Its subject is that of an automatic reply.")
    if away.is_away_answer(email):
        return _worded(AutomaticSort.VACATION, "It is worded as an out-of-office answer.")
    return None


def _responders_mark(email: Email) -> str | None:
    if name := markings.responder_header(email):
        return f"The header {name} says that a machine answered."
    if markings.answers_automatically(email):
        return "The header Precedence says auto_reply."
    nobody, silent = email.return_path == "", (email.header("x-auto-response-suppress") or "").strip().lower() == "all"
    if (nobody or silent) and email.header(_EXCHANGE_RULE) is not None:
        return "A rule of an Exchange mailbox sent it, and nothing is to be answered."
    precedence = None if markings.list_header(email) else markings.bulk_precedence(email)
    return f"It has the null return path, and Precedence says {precedence}." if nobody and precedence else None


def _courtesy(email: Email) -> Automatic | None:
    """Receipts and answers to meetings without the part that the standards ask for."""
    if wording.is_read_receipt(email):
        return _worded(AutomaticSort.RECEIPT, "Its subject and its text are those of a read receipt.")
    if meetings.is_meeting_answer(email):
        return _worded(AutomaticSort.CALENDAR, "Its subject and its text are those of a calendar.")
    return None


def _held(email: Email) -> Automatic | None:
    if notices.holds_our_mail(email):
        return _worded(AutomaticSort.NOTICE, "It says that a mail waits for somebody's approval, or is called back.")
    return None


def _list(email: Email, ourselves: Ourselves) -> Automatic | None:
    """Mailing lists (RFC 2369, RFC 2919) and bulk mail; lists that lead to this mailbox carry what people write to us."""
    if markings.is_from_own_list(email, ourselves):
        return None
    if header := markings.list_header(email):
        return Automatic(AutomaticSort.LIST, f"It came over a mailing list (header {header}, RFC 2369).")
    precedence = markings.bulk_precedence(email)
    if precedence and not _is_conversation(email):
        return Automatic(AutomaticSort.LIST, f"The header Precedence says {precedence}.")
    if email.sender and _LIST_MASTER.match(email.sender.address.partition("@")[0]):
        return Automatic(AutomaticSort.LIST, "The software of a mailing list sent it.")
    return _worded(AutomaticSort.LIST, "It is worded as a newsletter or a digest.") if notices.is_newsletter(email) else None


def _is_conversation(email: Email) -> bool:
    """Whether Precedence alone may lie: some servers put it on all that they forward, and some people on all that they write."""
    client = email.header("x-mailer") or email.header("user-agent") or ""
    answered = markings.is_answer(email) and bool(email.thread.parents)
    # A server that forwards rewrites the return path (SRS) and is the last to have put in headers.
    forwarded = (email.return_path or "").startswith(("srs0", "srs1"))
    return answered or forwarded or _PERSONAL_CLIENT.match(client) is not None


def _notice(email: Email) -> Automatic | None:
    """Tickets, bookings, alerts: by a sender that takes no answers, or by subject and form together."""
    local = email.sender.address.partition("@")[0] if email.sender else ""
    header = markings.machine_header(email)
    marks: _Checks = (
        (lambda: _NO_REPLY.match(local) and not _passes_on(email), "It comes from an address that takes no replies."),
        (lambda: _is_one_way(email), "Its return path takes no replies."),
        (lambda: header, f"The header {header} says that a machine sent it."),
        (lambda: email.sender and _CRON_NAME.match(email.sender.name), "A machine's own scheduler sent it."),
    )
    if reason := _first(marks):
        return Automatic(AutomaticSort.NOTICE, reason)
    words: _Checks = (
        (lambda: notices.has_notice_subject(email.subject), "Its subject is one that only machines write."),
        (lambda: notices.is_ticket_notice(email), "Its subject and its text are those of a ticket system."),
        (lambda: notices.is_notice(email), "Its text says that a machine sent it, or acknowledges a mail as machines do."),
    )
    reason = _first(words)
    return _worded(AutomaticSort.NOTICE, reason) if reason else None


def _first(checks: _Checks) -> str | None:
    return next((told for holds, told in checks if holds()), None)


def _worded(sort: AutomaticSort, reason: str) -> Automatic:
    """What is known for a machine's by its words alone."""
    return Automatic(sort, reason, by_wording=True)


def _is_one_way(email: Email) -> bool:
    """Whether it was sent to be the end of it: an envelope from nobody who reads, no answer to anything, and no "I" in it."""
    local = (email.return_path or "").partition("@")[0]
    return (
        _NO_REPLY.match(local) is not None and not markings.is_answer_or_forward(email) and not _I.search(email.new_text[:5000])
    )


def _passes_on(email: Email) -> bool:
    """Whether somebody wrote it through a site that sends in its own name: answers go elsewhere, and the text says "I"."""
    elsewhere = {to.domain for to in email.reply_to if not _NO_REPLY.match(to.address)} - {
        email.sender.domain if email.sender else ""
    }
    return bool(elsewhere) and _I.search(email.new_text[:5000]) is not None


def _from_office(email: Email) -> bool:
    """Whether it comes from those who look after a mail system, people or machines, or from nobody at all."""
    sender = email.sender
    if sender is None:
        return "@" not in (email.header("from") or "")
    return bool(_OFFICE.match(sender.address) or _OFFICE_NAME.search(sender.name))
