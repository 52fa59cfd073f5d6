"""The header section of a message, read straight from its bytes: cheap, tolerant, in order (RFC 5322, 2.2 and 3.6)."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from mailflow.domain.unseen import CONTROLS, DIRECTIONS, INKLESS

LONGEST_FIELD = 64 * 1024  # bytes of one value that are looked at
MOST_FIELDS = 1000

# What relays and filters write for each other (RFC 5322, 3.6.7, RFC 6376, RFC 8617): more than all other headers together.
_TRACE = re.compile(
    r"received|x-received|dkim-signature|domainkey-signature|x-google-dkim-signature|x-gm-message-state|x-google-smtp-source"
    r"|arc-.*|x-ms-exchange-(?!message-is-ndr|inbox-rules-loop|calendar).*|x-microsoft-.*|x-forefront-.*|received-spf"
    r"|authentication-results-original|x-ms-publictraffictype|x-ms-traffictypediagnostic|x-ms-office365-.*"
)
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:(.*(?:\n[ \t].*)*)(?:\n|\Z)")
_BLANK_LINE = re.compile(rb"\r{0,9}\n|\r{0,9}\Z")
_ENVELOPE_LINE = re.compile(rb">?From .*\n")
_FOLD = re.compile(r"\r?\n[ \t]*")
_UNSEEN = re.compile(rf"[{CONTROLS}{DIRECTIONS}{INKLESS}\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class HeaderSection:
    """The header fields as (lower-case name, raw value), in order, and the bytes of the body behind them."""

    fields: tuple[tuple[str, bytes], ...]
    body: bytes
    defects: tuple[str, ...] = ()

    def values(self, name: str) -> tuple[bytes, ...]:
        """Every raw value of a header, topmost first."""
        return tuple(value for key, value in self.fields if key == name)


def split(raw: bytes) -> HeaderSection:
    """The header section and the body of a message; whatever is no header field starts the body."""
    if not raw.strip():
        return HeaderSection((), b"", ("The message is empty: there is nothing to read.",))
    text = raw if b"\n" in raw else raw.replace(b"\r", b"\n")
    start = len(text) - len(text.lstrip(b"\r\n"))
    envelope = _ENVELOPE_LINE.match(text, start)
    position = envelope.end() if envelope else start
    fields: list[tuple[str, bytes]] = []
    defects: dict[str, None] = {}
    while not (blank := _BLANK_LINE.match(text, position)):
        field = _FIELD.match(text, position)
        if field is None:
            defects["No empty line parts the header from the body."] = None
            return HeaderSection(tuple(fields), text[position:], tuple(defects))
        position = field.end()
        if len(fields) == MOST_FIELDS:
            defects[f"Only the first {MOST_FIELDS} header fields were read."] = None
            continue
        value = field[2]
        if len(value) > LONGEST_FIELD:
            defects[f"A header field was longer than {LONGEST_FIELD} bytes and was cut."] = None
            value = value[:LONGEST_FIELD]
        fields.append((field[1].decode("ascii").lower(), value.strip()))
    return HeaderSection(tuple(fields), text[blank.end() :], tuple(defects))


def is_trace(name: str) -> bool:
    """Whether a header (lower-case name) was written by relays and filters, for each other."""
    return _TRACE.fullmatch(name) is not None


def plain(text: str) -> str:
    """One line without control, bidirectional or other unseen characters, fit to show and to store."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = _FOLD.sub(" ", text).replace("\t", " ")
    return _SURROGATE.sub("\ufffd", _UNSEEN.sub("", text)).strip()


def decoded(value: bytes, decode_words: Callable[[str], str]) -> str:
    """A header value as text: unfolded, with its encoded words (RFC 2047) put through `decode_words`."""
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        text = value.decode("cp1252", "replace")
    text = _FOLD.sub(" ", text)
    # An encoded word without its end makes a decoder look for it again and again: only what has an end is decoded.
    end = text.rfind("?=") + 2
    if end > 1 and "=?" in text:
        text = words_decoded(text[:end], decode_words) + text[end:]
    return plain(text)


def words_decoded(text: str, decode_words: Callable[[str], str]) -> str:
    """`text` through `decode_words`; as it stands where these words cannot be decoded."""
    try:
        return decode_words(text)
    except Exception:  # any name may be given for a charset, and each codec has errors of its own
        return text
