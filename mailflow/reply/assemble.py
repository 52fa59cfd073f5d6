"""Words to bytes: the headers and the two parts of a mail of ours.

Written out here because EmailMessage takes several times as long as all the rest of answering; the tests read
every mail back with the standard library's parser.
"""

import secrets
from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr
from enum import StrEnum
from re import compile as pattern

from mailflow.domain import Ourselves, OutgoingMail, Purpose, Thread
from mailflow.domain.training import Method
from mailflow.errors import PermanentError
from mailflow.render import Rendered, one_line

REFERENCES_KEPT = 20  # the first and the latest; a References header must not grow without end
_WIDTH = 76  # RFC 2045, 6.7 and RFC 2047, 2
_ADDRESS = pattern(r"[^\x00-\x20\x7f-\U0010ffff()<>,:;@\\\"\[\]]+@[A-Za-z0-9.-]+")  # nothing that a header would read otherwise
_MESSAGE_ID = pattern(r"<[!-;=?-~]{1,250}>")  # printable ASCII without spaces and angle brackets inside


class AutoSubmitted(StrEnum):
    """How a mail came to be sent that no person wrote (RFC 3834, 5)."""

    REPLIED = "auto-replied"  # in answer to one message
    GENERATED = "auto-generated"  # by the clock, or by an event


@dataclass(frozen=True, slots=True)
class ForCalendars:
    """What a mail tells a calendar (RFC 5545); `method` stands in it, too, and must be the same (RFC 6047, 2.4)."""

    method: Method
    text: bytes = field(repr=False)


def assemble(
    *,
    purpose: Purpose,
    template: str | None,
    rendered: Rendered,
    recipients: Sequence[str],
    ourselves: Ourselves,
    now: datetime,
    once: str,
    auto_submitted: AutoSubmitted | None,
    parent: str | None = None,
    thread: Thread | None = None,
    message_id: str | None = None,
    calendar: ForCalendars | None = None,
) -> OutgoingMail:
    """A mail ready to leave. `now` is aware, and its offset is what the Date header shows; `once` names its one occasion.

    `auto_submitted`: None for what a person wrote, which machines may answer. `parent` is the Message-ID it answers and `thread`
    the parent's own (RFC 5322, 3.6.4). `message_id` is that of the same mail before it was changed; a new one where not given.
    Raises PermanentError where a recipient's address is not one that mail can be sent to.
    """
    check_addresses(recipients)
    message_id = message_id or f"<mailflow.{secrets.token_urlsafe(18)}@{ourselves.address.rpartition('@')[2]}>"
    content_type, body = _body(rendered, calendar)
    headers = [
        ("From", formataddr((one_line(ourselves.name)[:_WIDTH], ourselves.address), "utf-8")),
        ("To", ",\r\n ".join(recipients)),
        ("Subject", encoded(rendered.subject)),
        ("Date", format_datetime(now)),
        ("Message-ID", message_id),
        *_threading(parent, thread or Thread()),
        *_automatic(auto_submitted),
        ("Content-Language", "en-GB"),
        ("MIME-Version", "1.0"),
        ("Content-Type", content_type),
    ]
    head = "".join(f"{name}: {value}\r\n" for name, value in headers).encode("ascii")
    return OutgoingMail(
        purpose=purpose,
        template=template,
        message_id=message_id,
        recipients=tuple(recipients),
        subject=rendered.subject,
        text=rendered.text,
        raw=head + body,
        once=once,
    )


def check_addresses(recipients: Sequence[str]) -> None:
    """Raises PermanentError where there is nobody, or where an address is not one that mail can be sent to."""
    if not recipients or not all(map(_ADDRESS.fullmatch, recipients)):
        raise PermanentError("A recipient's address is not one that mail can be sent to.")


def encoded(text: str) -> str:
    """A header's text, folded; in encoded words (RFC 2047) where it could not be read back from plain ASCII."""
    line = one_line(text)
    plain = line.isascii() and "=?" not in line and all(len(word) < _WIDTH - 16 for word in line.split())
    charset = "us-ascii" if plain else "utf-8"
    return Header(line, charset, maxlinelen=_WIDTH, header_name="Subject").encode(linesep="\r\n")


def _automatic(auto_submitted: AutoSubmitted | None) -> Sequence[tuple[str, str]]:
    if auto_submitted is None:
        return ()
    return ("Auto-Submitted", auto_submitted.value), ("X-Auto-Response-Suppress", "All")


def _threading(parent: str | None, thread: Thread) -> Sequence[tuple[str, str]]:
    """The parent's id, and the parent's references (or what it answered) followed by its id; broken ids are left out."""
    if not parent or not _MESSAGE_ID.fullmatch(parent):
        return ()
    before = thread.references or ((thread.in_reply_to,) if thread.in_reply_to else ())
    ids = [*dict.fromkeys(ref for ref in before if _MESSAGE_ID.fullmatch(ref) and ref != parent), parent]
    if len(ids) > REFERENCES_KEPT:
        ids = [ids[0], *ids[1 - REFERENCES_KEPT :]]
    return ("In-Reply-To", parent), ("References", "\r\n ".join(ids))


def _body(rendered: Rendered, calendar: ForCalendars | None) -> tuple[str, bytes]:
    """The Content-Type, and what follows the headers.

    A calendar's part stands last of the alternatives, for programs that know it; and once more as a file, for people whose
    program does not: of the file Outlook makes nothing, as it is not within the first part (MS-STANOICAL, V0343).
    """
    words = [_part("plain", rendered.text), _part("html", rendered.html)]
    if calendar is None:
        return _multipart("alternative", words)
    event = _calendar_part(f'text/calendar; charset="utf-8"; method={calendar.method}', calendar.text)
    file = _calendar_part('application/ics; name="invite.ics"', calendar.text, 'attachment; filename="invite.ics"')
    content_type, alternatives = _multipart("alternative", [*words, event])
    return _multipart("mixed", [f"Content-Type: {content_type}\r\n".encode("ascii") + alternatives, file])


def _multipart(subtype: str, parts: Sequence[bytes]) -> tuple[str, bytes]:
    # "=_" can stand in no quoted-printable or base64 line, so that no text can end a part (RFC 2045, 6.7).
    boundary = f"=_{secrets.token_hex(12)}"
    opening, end = f"\r\n--{boundary}\r\n".encode("ascii"), f"\r\n--{boundary}--\r\n".encode("ascii")
    return f'multipart/{subtype}; boundary="{boundary}"', b"".join(opening + part for part in parts) + end


def _part(subtype: str, text: str) -> bytes:
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    body = "\r\n".join(text.splitlines()) + "\r\n"
    return head.encode("ascii") + b2a_qp(body.encode("utf-8", "replace"), istext=True)


def _calendar_part(content_type: str, text: bytes, disposition: str | None = None) -> bytes:
    shown = f"Content-Disposition: {disposition}\r\n" if disposition else ""
    head = f"Content-Type: {content_type}\r\n{shown}Content-Transfer-Encoding: base64\r\n\r\n"
    return head.encode("ascii") + encodebytes(text).replace(b"\n", b"\r\n")
