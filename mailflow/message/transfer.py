"""Transfer encodings undone, also where they came damaged (RFC 2045, 6.7 and 6.8)."""

import binascii
import quopri
import re
from email.message import Message

_SPACES_BEHIND_SOFT_BREAK = re.compile(rb"=[ \t]+(?=\r?\n)")
_LEFT_AT_THE_END = re.compile(rb"=\s{0,8}\Z")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_LONG_RUN = re.compile(rb"[A-Za-z0-9+/]{40}")
_GAP = re.compile(rb"[^\s=][ \t]+(?=[^\s=])")
_SHORT_LINE = 40  # bytes; encoders break lines at 60 or more


def content(part: Message) -> bytes:
    """The bytes of a part, its transfer encoding undone; of text that only claims to be encoded, the text."""
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    if encoding not in {"quoted-printable", "base64"} or part.is_multipart():
        return _decoded_by_library(part)
    written = part.get_payload()
    if not isinstance(written, str):
        return b""
    encoded = written.encode("ascii", "surrogateescape") if _is_bytes(written) else written.encode("utf-8", "replace")
    if encoding == "quoted-printable":
        # Relays add spaces at the end of lines, and cut mail in the middle (RFC 2045, 6.7, rule 3).
        return quopri.decodestring(_LEFT_AT_THE_END.sub(b"", _SPACES_BEHIND_SOFT_BREAK.sub(b"=", encoded)))
    return _decode_base64(encoded) if part.get_content_maintype() == "text" else _decoded_by_library(part)


def _decoded_by_library(part: Message) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _is_bytes(text: str) -> bool:
    return text.isascii() or all(char < "\x80" or "\udc80" <= char <= "\udcff" for char in text)


def _decode_base64(encoded: bytes) -> bytes:
    """Base64 without what is no part of it; what a list wrote below it in plain text stays as it is."""
    lines = encoded.strip().splitlines()
    end = next((at for at, line in enumerate(lines) if _is_plain(line, first=not at)), len(lines))
    below = b"\n".join(lines[end:])
    letters = _NOT_BASE64.sub(b"", b"".join(lines[:end]))
    if not letters or (below and not below.startswith((b"--", b"__")) and len(lines[0]) < _SHORT_LINE):
        return encoded
    # A last group of one letter says nothing; any other wants its padding.
    letters = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
    found = binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    return found + b"\n\n" + below if below else found


def _is_plain(line: bytes, *, first: bool) -> bool:
    """Whether a line is words, not base64 with some rubbish in it."""
    if _LONG_RUN.search(line):
        return False
    return line.startswith((b"--", b"__")) or len(_GAP.findall(line)) >= (1 if first else 2)
