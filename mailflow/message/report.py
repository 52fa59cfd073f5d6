"""What a bounce reports: the mail it is about, and what became of it for whom (RFC 3464, and the habits from before it).

Nothing of it is believed here, for anybody can write a bounce: whether we sent such a mail is for the database to say.
"""

import re
from collections.abc import Iterator, Sequence
from email import message_from_string
from itertools import islice

from mailflow.domain import Delivery, DeliveryReport, Email, Undelivered
from mailflow.message.headers import plain, split
from mailflow.message.parts import Part, children
from mailflow.message.thread import own_id
from mailflow.message.transfer import content

_MOST = 50  # recipients, and Message-IDs
_LONGEST_TEXT = 64 * 1024  # characters of a bounce without a report that are looked at
_STATUS_PARTS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_RETURNED_MAIL = frozenset({"message/rfc822", "message/global", "message/global-headers"})
# What servers that give a mail a Message-ID of their own call the one that it came with.
_ID_NAMES = ("message-id", "x-microsoft-original-message-id", "x-google-original-message-id")
_ACTIONS = {
    "failed": Delivery.FAILED,
    "delayed": Delivery.DELAYED,
    "delivered": Delivery.DELIVERED,
    "relayed": Delivery.DELIVERED,
    "expanded": Delivery.DELIVERED,
}
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)")
# An apostrophe stands in O'Brien's address, and before and after others.
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'@][^\s<>()\[\],;:\"@]{0,63}@[\w.-]{1,253}\w")
_ID_LINE = re.compile(r"^[ \t>]*Message-ID:[ \t]*(<[^<>\s]{3,990}>)", re.IGNORECASE | re.MULTILINE)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
# Gmail says "incomplete", sendmail "warning", everybody else "delayed".
_DELAY = re.compile(r"(?i)\bdelay(?:ed)?\b|\bwarning\b|\bincomplete\b")
_NOT_YET = re.compile(r"(?i)has not yet been delivered|warning message only|will (?:continue to|keep) try")


def read_report(email: Email, parts: Sequence[Part]) -> DeliveryReport:
    """The report of a message that is known to be a bounce; `parts` are its leaves. Empty where it names nothing."""
    groups = list(islice(_groups(parts), _MOST))
    reported = [found for group in groups for found in _reported(group)]
    ids = (*_returned_ids(parts), *_told_ids(groups), *_ID_LINE.findall(email.text[:_LONGEST_TEXT]), *email.thread.parents)
    recipients = reported or _named_in_words(email)
    # Our own Message-IDs are ASCII, and a database takes no half characters.
    return DeliveryReport(
        message_ids=tuple(dict.fromkeys(found for found in ids if found.isascii()))[:_MOST],
        recipients=tuple(dict.fromkeys(recipients))[:_MOST],
    )


def _groups(parts: Sequence[Part]) -> Iterator[Part]:
    """The groups of fields of a delivery report: one about the mail, then one a recipient (RFC 3464, 2.1)."""
    for part in parts:
        if part.get_content_type() not in _STATUS_PARTS:
            continue
        for group in children(part):
            yield group
            # The standard library parts the groups of message/delivery-status only.
            rest = group.get_payload()
            if isinstance(rest, str):
                yield from (message_from_string(block.lstrip()) for block in _BLANK_LINE.split(rest)[:_MOST] if block.strip())


def _reported(group: Part) -> Iterator[Undelivered]:
    """What a group says of its recipient, by the address that we wrote to and by that where it ended."""
    status = _status(f"{group.get('Status', '')} {group.get('Diagnostic-Code', '')}")
    action = str(group.get("Action", "")).strip().lower().partition(" ")[0]
    by_status = {"5": Delivery.FAILED, "4": Delivery.DELAYED, "2": Delivery.DELIVERED}.get((status or "")[:1])
    delivery = _ACTIONS.get(action, by_status)
    if delivery is None:
        return
    for name in ("Original-Recipient", "Final-Recipient"):
        # The type of the address and ";" come first (RFC 3464, 2.3.1).
        if found := _ADDRESS.search(plain(str(group.get(name, ""))).rpartition(";")[2]):
            yield Undelivered(found[0].lower(), delivery, status)


def _returned_ids(parts: Sequence[Part]) -> Iterator[str]:
    """The Message-ID of the mail that is returned, whole or its header alone."""
    for part in parts:
        kind = part.get_content_type()
        if kind in _RETURNED_MAIL:
            values = [str(value) for mail in children(part)[:1] for name in _ID_NAMES for value in mail.get_all(name, [])]
        elif kind == "text/rfc822-headers":
            section = split(content(part))
            values = [value.decode("ascii", "replace") for name in _ID_NAMES for value in section.values(name)]
        else:
            continue
        yield from filter(None, map(own_id, values))


def _told_ids(groups: Sequence[Part]) -> Iterator[str]:
    """Gmail names the mail among the fields of its report."""
    return filter(None, (own_id(str(group.get("X-Original-Message-ID", ""))) for group in groups))


def _named_in_words(email: Email) -> list[Undelivered]:
    """Bounces without a report: Exim's header, or else every address in the text. Those that we wrote to will count."""
    text = email.text[:_LONGEST_TEXT]
    late = _DELAY.search(email.subject) or _NOT_YET.search(text)
    delivery = Delivery.DELAYED if late else Delivery.FAILED
    named = _ADDRESS.findall(email.header("x-failed-recipients") or "") or _ADDRESS.findall(text)
    return [Undelivered(address.lower(), delivery, _status(text)) for address in named[:_MOST]]


def _status(text: str) -> str | None:
    found = _STATUS.search(text)
    return found[1] if found else None
