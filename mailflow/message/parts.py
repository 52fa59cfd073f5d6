"""The parts of a message (RFC 2046): which of them are its body, which are attached, and what an attachment is called."""

import mimetypes
import re
import unicodedata
from collections.abc import Iterator
from email.message import Message

from mailflow.domain import Attachment
from mailflow.domain.unseen import INKLESS
from mailflow.message.transfer import content

Part = Message
_LONGEST_NAME = 120
_INKLESS = re.compile(f"[{INKLESS}]")
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')
_DEVICE_NAME = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_USUAL_NAMES = {"message/rfc822": "message.eml", "message/global": "message.eml", "text/calendar": "invitation.ics"}
_METHOD = re.compile(rb"^METHOD[ \t]*:[ \t]*(\w{1,20})", re.IGNORECASE | re.MULTILINE)
_BOUNDARY = re.compile(rb"(?i)boundary\s*=\s*(?:\"([^\"]{1,200})\"|([^\s;\"]{1,200}))")
_PART_START = re.compile(rb"(?im)^--(\S[^\r\n]{0,69})\r?\n(?=content-)")
_FIRST_PART_WITHIN = 4000  # bytes of a body that are searched for the start of its first part
# Parts that hold text, but for machines: never the body.
_MACHINE_TEXT = frozenset(
    {"text/calendar", "text/rfc822-headers", "text/x-vcard", "text/vcard", "text/directory", "text/x-amp-html"}
    | {"text/css", "text/javascript", "text/rtf"}
)


def with_boundary(fields: dict[str, bytes], body: bytes) -> dict[str, bytes]:
    """The header fields of a message, with the boundary its parts really have where Content-Type names none or another."""
    kind = fields.get("content-type", b"")
    named = _BOUNDARY.search(kind)
    if not kind.lower().startswith(b"multipart/") or (named and b"--" + (named[1] or named[2]).rstrip() in body):
        return fields
    real = _PART_START.search(body[:_FIRST_PART_WITHIN])
    if real is None or b'"' in real[1]:
        return fields
    return fields | {"content-type": b'%s; boundary="%s"' % (kind.partition(b";")[0], real[1].rstrip())}


def leaves(message: Part) -> Iterator[Part]:
    """Every part that holds content, in order; an attached message is one part, and what is in it is not ours."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting.extend(reversed(children(part)))
        else:
            yield part


def children(part: Part) -> list[Part]:
    """The parts directly inside a multipart."""
    # Asked for its payload, a part without parts would decode it, by whatever charset it names.
    inside = part.get_payload() if part.is_multipart() else []
    return [child for child in inside if isinstance(child, Message)] if isinstance(inside, list) else []


def is_body(part: Part) -> bool:
    """Whether a part is text that the sender meant to be read in the mail itself (RFC 2183, 2.1)."""
    kind = part.get_content_type()
    if part.get_content_maintype() == "multipart":
        # A multipart whose boundary never comes: its text stands where the parts should be.
        return not part.is_multipart()
    if not kind.startswith("text/") or kind in _MACHINE_TEXT:
        return False
    disposition = part.get_content_disposition()
    return disposition == "inline" or (disposition is None and not part.get_filename())


def is_tnef(part: Part) -> bool:
    """Whether a part is a winmail.dat, in which Outlook packs what only Outlook can read."""
    kind, name = part.get_content_type(), part.get_filename() or ""
    return kind in {"application/ms-tnef", "application/vnd.ms-tnef"} or name.lower() == "winmail.dat"


def is_attached(part: Part) -> bool:
    """Whether a part is a file of its own; text shown in the mail under a file name is both."""
    return not is_body(part) or bool(part.get_filename())


def describe(part: Part, filename: str) -> Attachment:
    """A part as an attachment; `filename` is what the message calls it."""
    kind = part.get_content_type()
    return Attachment(safe_file_name(filename, kind), kind, _size(part))


def safe_file_name(name: str, content_type: str) -> str:
    """A file name that can be shown and saved anywhere: no path, nothing unseen, at most 120 characters, never empty."""
    name = _INKLESS.sub("", unicodedata.normalize("NFC", name)).replace("\\", "/").rpartition("/")[2]
    seen = "".join(char if char.isprintable() else " " for char in name if unicodedata.category(char)[0] != "C")
    seen = " ".join(_NOT_IN_NAMES.sub("_", seen).split()).strip(". ")
    if not seen:
        return _USUAL_NAMES.get(content_type) or f"attachment{mimetypes.guess_extension(content_type) or ''}"
    if _DEVICE_NAME.fullmatch(seen):
        seen = f"_{seen}"
    if len(seen) > _LONGEST_NAME:
        stem, dot, ending = seen.rpartition(".")
        ending = dot + ending[:12] if dot and len(ending) <= 12 else ""
        seen = (stem if ending else seen)[: _LONGEST_NAME - len(ending)].rstrip(". ") + ending
    return seen


def calendar_method(part: Part) -> str | None:
    """The iTIP method of a calendar part (RFC 5546, 1.4), upper-case; None for a calendar file that a person attached."""
    if part.get_content_type() != "text/calendar":
        return None
    named = part.get_param("method")
    found = _METHOD.search(content(part)[:4096])
    method = (named if isinstance(named, str) else found[1].decode("ascii", "replace") if found else "").upper()
    if part.get_content_disposition() == "attachment" and method != "REPLY":
        return None
    return method or None


def _size(part: Part) -> int:
    if not part.is_multipart():
        return len(content(part))
    try:
        return sum(len(child.as_bytes()) for child in children(part))
    except (ValueError, LookupError, TypeError, AttributeError):
        # The standard library cannot write every message that it can read.
        return 0
