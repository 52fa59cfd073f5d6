"""Bytes to `Email`: the one place that knows mail-parser."""

import logging
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.message import Message
from email.utils import parsedate_to_datetime

from mailparser import MailParser
from mailparser.utils import decode_header_part, mime_header_view

from mailflow.domain import Address, Attachment, Automatic, AutomaticSort, Delivery, Email, Ourselves
from mailflow.message.automatic import find_automatic
from mailflow.message.body import read_body
from mailflow.message.fold import fold, new_text
from mailflow.message.headers import HeaderSection, decoded, is_trace, plain, split, words_decoded
from mailflow.message.parts import calendar_method, describe, is_attached, leaves, with_boundary
from mailflow.message.report import read_report
from mailflow.message.thread import own_id, read_thread

# mail-parser logs headers and bodies it stumbles over: other people's words, which must not reach a log.
logging.getLogger("mailparser").propagate = False
logging.getLogger("mailparser").addHandler(logging.NullHandler())
logging.getLogger("mailparser").setLevel(logging.CRITICAL)

# All that mail-parser is given. It spends half its time on trace headers, and twice as much on every other one as we do.
_PARSED = ("from", "reply-to", "to", "cc", "date")
_NUMERIC_ZONE = re.compile(r"([+-])(\d\d)(\d\d)\b(?!.*[+-]\d{4}\b)")
_MOST_DEFECTS = 20
_MOST_PARTINGS = 5000  # lines that may part a multipart; a part costs as much as a small message
_MOST_COMPARED = 5  # lines times boundaries, by byte: each line is held against every boundary that it may be within
_MEGABYTE = 1_000_000
_BOUNDARY = re.compile(rb"boundary[\s\d*]*=", re.IGNORECASE)
_LONGEST_SUBJECT = 2000  # characters; the whole of it stays among the headers
_LONGEST_NAME = 320
_LONGEST_ADDRESS = 320  # RFC 5321, 4.5.3.1: 64 before the @, 255 after it
_NO_PARTS = "The parts could not be told apart: the body is shown as it came."


def read(raw: bytes, ourselves: Ourselves) -> Email:
    """Read any bytes as a message. Raises nothing: what cannot be made out is shown as it came, with a defect that says so."""
    section = split(raw)
    try:
        return _read(section, *_parse(section, whole=_is_parted_soon(section.body)), ourselves)
    except RecursionError:
        return _read(section, *_parse(section, whole=False), ourselves)


def parts_of(raw: bytes) -> list[Message]:
    """The parts of a message that hold content, in order: among them those that `read` describes as attachments."""
    section = split(raw)
    try:
        return list(leaves(_parse(section, whole=_is_parted_soon(section.body))[0].message))
    except RecursionError:
        return list(leaves(_parse(section, whole=False)[0].message))


def describe_attached(part: Message) -> Attachment:
    """A part as an attachment."""
    metadata, _ = mime_header_view(part)
    return describe(part, words_decoded(metadata.get_filename() or "", decode_header_part))


def _read(section: HeaderSection, parser: MailParser, defects: tuple[str, ...], ourselves: Ourselves) -> Email:
    headers = tuple((name, decoded(value, decode_header_part)) for name, value in section.fields if not is_trace(name))
    first = dict(reversed(headers))
    message: Message = parser.message
    body = read_body(message)
    sender = _sender(section, parser)
    subject = first.get("subject", "")[:_LONGEST_SUBJECT]
    signer = f"{sender.name} {sender.address}" if sender else ""
    folds = fold(body.text, sender=signer, subject=subject, ours=ourselves.addresses)
    date, date_defect = _date(parser, first.get("date"))
    parts = list(leaves(message))
    email = Email(
        message_id=own_id(first.get("message-id")),
        sender=sender,
        reply_to=_addresses(parser.reply_to),
        to=_addresses(parser.to),
        cc=_addresses(parser.cc),
        subject=subject,
        date=date,
        headers=headers,
        return_path=_return_path(first.get("return-path")),
        text=body.text,
        new_text=new_text(body.text, folds),
        folds=folds,
        html=body.html,
        attachments=tuple(describe_attached(part) for part in parts if is_attached(part)),
        thread=read_thread(first.get("in-reply-to"), first.get("references")),
        defects=_plain_defects(section.defects + defects + date_defect + body.defects, parser),
    )
    methods = tuple(method for method in map(calendar_method, parts) if method)
    automatic = find_automatic(email, ourselves, calendar_methods=methods)
    if automatic is None or automatic.sort is not AutomaticSort.BOUNCE:
        return replace(email, automatic=automatic)
    report = read_report(email, parts)
    if report.recipients and all(each.delivery is Delivery.DELIVERED for each in report.recipients):
        automatic = Automatic(AutomaticSort.RECEIPT, "It is a delivery status notification (RFC 3464): the mail was delivered.")
    return replace(email, automatic=automatic, report=report)


def _is_parted_soon(body: bytes) -> bool:
    """Whether the parts can be told apart in about a second for each megabyte; parts within parts can make it minutes."""
    if body.count(b"\n--") + body.count(b"\r--") > _MOST_PARTINGS:
        return False
    lines, boundaries = body.count(b"\n") + body.count(b"\r"), len(_BOUNDARY.findall(body))
    return lines * boundaries <= _MOST_COMPARED * max(len(body), _MEGABYTE)


def _parse(section: HeaderSection, *, whole: bool) -> tuple[MailParser, tuple[str, ...]]:
    """The message through mail-parser; not `whole`, or where it stumbles over the parts, with the body as one plain text."""
    wanted: dict[str, bytes] = {}
    for name, value in section.fields:
        if name in _PARSED or name.startswith(("content-", "mime-")):
            wanted.setdefault(name, value)
    parted = _rebuild(with_boundary(wanted, section.body), section.body)
    flat = _rebuild({name: value for name, value in wanted.items() if name in _PARSED}, section.body)
    # A NUL is no part of mail (RFC 5322, 4), and in the name of a charset it stops every parser; DEL is left out of text as well.
    attempts = [(parted, ()), (parted.replace(b"\0", b"\x7f"), ())] if whole else []
    for raw, defects in (*attempts, (flat, (_NO_PARTS,))):
        try:
            return MailParser.from_bytes(raw), defects
        except Exception:  # noqa: S112 - any bytes may come; whatever a parser makes of them, the words must not be lost
            continue
    return MailParser.from_bytes(_rebuild({}, section.body)), (_NO_PARTS, "The addresses could not be read.")


def _rebuild(fields: dict[str, bytes], body: bytes) -> bytes:
    """A message of these headers only; without NULs and lone carriage returns, which the library takes for line ends."""
    values = (
        (name.encode("ascii"), _as_utf8(value.replace(b"\r\n", b"\n").replace(b"\r", b" ").replace(b"\0", b"\x7f")))
        for name, value in fields.items()
    )
    return b"".join(b"%s: %s\n" % field for field in values) + b"\n" + body


def _as_utf8(value: bytes) -> bytes:
    """A header value in UTF-8, as RFC 6532 allows it; older clients write the bytes of Western Windows."""
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("cp1252", "replace").encode("utf-8")
    return value


def _sender(section: HeaderSection, parser: MailParser) -> Address | None:
    """The one From address; a mail with several, or with several From headers, is from nobody in particular."""
    addresses = _addresses(parser.from_)
    return addresses[0] if len(addresses) == 1 and len(section.values("from")) == 1 else None


def _addresses(found: object) -> tuple[Address, ...]:
    pairs = found if isinstance(found, list) else []
    # An encoded word that ends within a character is only read together with the next one.
    written = ((words_decoded(name, decode_header_part), plain(address).lower()) for name, address in pairs)
    return tuple(
        Address(plain(name).strip("'\" ")[:_LONGEST_NAME], address)
        for name, address in written
        if "@" in address and len(address) <= _LONGEST_ADDRESS
    )


def _return_path(value: str | None) -> str | None:
    if value is None:
        return None
    inside = re.search(r"<([^<>]*)>", value)
    return (inside[1] if inside else value).strip().lower()


def _date(parser: MailParser, value: str | None) -> tuple[datetime | None, tuple[str, ...]]:
    """The Date header, aware, with the sender's own offset; None where no time can be made of it."""
    if not value:
        return None, ()
    date: datetime | None = parser.date
    if date is None:
        try:
            date = parsedate_to_datetime(value)
        except (ValueError, TypeError, OverflowError, IndexError):
            return None, ("The Date header is no date.",)
        date = date if date.tzinfo else date.replace(tzinfo=UTC)
    zone = _NUMERIC_ZONE.search(value)
    offset = timedelta(hours=int(zone[2]), minutes=int(zone[3])) if zone else timedelta()
    try:
        date.astimezone(UTC)
        signed = -offset if zone and zone[1] == "-" else offset
        return date.astimezone(timezone(signed) if signed else UTC), ()
    except (ValueError, OverflowError):
        return None, ("The Date header is outside any calendar.",)


def _plain_defects(ours: tuple[str, ...], parser: MailParser) -> tuple[str, ...]:
    """Every defect once, as a line; without the evidence that mail-parser quotes from the message."""
    theirs = (line for group in parser.defects for lines in group.values() for line in lines)
    lines = (plain(re.sub(r"\s+", " ", line.partition("; raw=")[0]))[:200] for line in (*ours, *theirs))
    return tuple(dict.fromkeys(line for line in lines if "CharsetDecodeDefect" not in line))[:_MOST_DEFECTS]
