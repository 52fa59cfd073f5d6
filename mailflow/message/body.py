"""The text of a message: the one people would read, chosen from its parts and made plain."""

import re
from dataclasses import dataclass, replace
from email.message import Message
from functools import cached_property

from mailflow.message.charset import decode_text, tidy
from mailflow.message.enriched import unmark
from mailflow.message.flowed import unflow
from mailflow.message.html import html_to_text
from mailflow.message.invitation import invitation_text
from mailflow.message.lines import MOST_LINES
from mailflow.message.parts import calendar_method, children, is_body, is_tnef, leaves
from mailflow.message.tnef import text_of_tnef
from mailflow.message.transfer import content

_HAS_WORDS = re.compile(r"\w")
# What clients put into the plain part when they have nothing but HTML.
_STUB = re.compile(
    r"(?i)\bhtml\b.{0,80}\b(view|viewer|support|client|reader|display|browser|capable|format)|\b(view|client|support|version)\b.{0,80}\bhtml\b"
)
# A page, or a piece of one, sent as plain text or without a type.
_PAGE = re.compile(r"(?i)\s{0,200}<(?:!doctype html|html|(?:head|body|div|p|table|style|meta)(?=[\s>]))[^<>]{0,500}>")
_ONLY_TNEF = "What was written is inside winmail.dat in a form that cannot be read here."
# Breaks for HTML in a text that has hardly any others.
_BREAKS = re.compile(r"(?i)<br ?/?>|</(?:p|div)>")
_SHORT = 300  # characters; a plain part as short as this may be a leftover beside the mail itself


@dataclass(frozen=True, slots=True)
class Body:
    """The body as text, the HTML it came with, and what was odd about it."""

    text: str
    html: str | None
    defects: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Piece:
    """A text part; the text of HTML is made only where it is wanted, as that takes longer than all the rest."""

    plain: str | None
    html: str | None = None
    defects: tuple[str, ...] = ()

    @cached_property
    def text(self) -> str:
        return html_to_text(self.html or "") if self.plain is None else self.plain

    @property
    def readable(self) -> bool:
        return _HAS_WORDS.search(self.text) is not None


def read_body(message: Message) -> Body:
    """The body: plain text where it says anything, else text made from the HTML; "" where there is neither."""
    pieces = _pieces(message)
    if not any(piece.readable for piece in pieces):
        pieces += _only_text(message)
    text = "\n\n".join(piece.text.strip("\n") for piece in pieces if piece.readable)
    pages = [piece.html for piece in pieces if piece.html]
    defects = tuple(dict.fromkeys(defect for piece in pieces for defect in piece.defects))
    return Body(text, "\n".join(pages) or None, defects)


def _pieces(part: Message) -> list[_Piece]:
    """What there is to read in a part, in order; of alternatives (RFC 2046, 5.1.4) one."""
    if part.get_content_maintype() == "multipart" and part.is_multipart():
        inside = [_pieces(child) for child in children(part)]
        if part.get_content_subtype() == "alternative":
            return _alternative(inside)
        return [piece for pieces in inside for piece in pieces]
    if not is_body(part):
        return []
    return [_read_text(part)]


def _alternative(choices: list[list[_Piece]]) -> list[_Piece]:
    """Plain text before HTML, what has words before what has none; the HTML is kept beside it."""
    pages = [pieces for pieces in choices if any(piece.html for piece in pieces)]
    plain = next((pieces for pieces in choices if pieces not in pages and any(piece.readable for piece in pieces)), None)
    if pages and (plain is None or _is_stub(plain) or _is_leftover(plain, pages[0])):
        readable = (pieces for pieces in pages if any(piece.readable for piece in pieces))
        return next(readable, plain or [])
    if plain is None:
        return []
    html = "\n".join(piece.html for piece in pages[0] if piece.html) if pages else None
    first, *rest = plain
    return [replace(first, html=html), *rest]


def _is_stub(pieces: list[_Piece]) -> bool:
    text = " ".join(piece.text for piece in pieces)
    return len(text) < 300 and _STUB.search(text) is not None


def _is_leftover(plain: list[_Piece], page: list[_Piece]) -> bool:
    """Whether a plain part is all that some gateway left of the text, a signature for one, and the page says far more."""
    text = " ".join(piece.text for piece in plain)
    far_more = 4 * len(text.split()) + 10
    if len(text) > _SHORT or sum(len(piece.html or "") for piece in page) < 5 * far_more:
        return False
    return sum(len(piece.text.split()) for piece in page) > far_more


def _only_text(message: Message) -> list[_Piece]:
    """Where nothing else is there: the mail itself, if it calls itself an attachment, a winmail.dat, or an invitation's words."""
    if message.get_content_type() in {"text/plain", "text/html"}:
        return [_read_text(message)]
    for part in leaves(message):
        if is_tnef(part):
            plain, html = text_of_tnef(content(part))
            return [_Piece(tidy(plain)) if plain else _Piece(None, tidy(html)) if html else _Piece("", None, (_ONLY_TNEF,))]
    calendars = (part for part in leaves(message) if part.get_content_type() == "text/calendar" and not _is_answer(part))
    said = (invitation_text(decode_text(content(part), _charset(part))[0]) for part in calendars)
    return [_Piece(tidy(text)) for text in said if text][:1]


def _is_answer(part: Message) -> bool:
    """Whether a calendar part answers an invitation: what stands in it are the words of whoever invited (RFC 5546, 3.2.3)."""
    return calendar_method(part) in {"REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH"}


def _read_text(part: Message) -> _Piece:
    kind = part.get_content_type()
    html = kind == "text/html"
    text, defect = decode_text(content(part), _charset(part), html=html)
    text = tidy(text)
    defects = (defect,) if defect else ()
    if html or _PAGE.match(text) or len(_BREAKS.findall(text)) > max(2, text.count("\n")):
        return _Piece(None, text, defects)
    if kind in {"text/enriched", "text/richtext"}:
        text = unmark(text, rich=kind == "text/richtext")
    if str(part.get_param("format", "")).lower() == "flowed" and text.count("\n") < MOST_LINES:
        text = unflow(text, delsp=str(part.get_param("delsp", "")).lower() == "yes")
    return _Piece("\n".join(map(_trim, text.split("\n"))), None, defects)


def _trim(line: str) -> str:
    """A line without spaces at its end; that of a signature delimiter "-- " is part of it (RFC 3676, 4.3)."""
    return line if line == "-- " else line.rstrip(" \t")


def _charset(part: Message) -> str | None:
    named = part.get_content_charset()
    return named if isinstance(named, str) else None
