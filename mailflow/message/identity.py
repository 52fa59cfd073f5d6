"""What makes two copies of a message the same message, whichever way they came."""

import hashlib
import re

from mailflow.message.headers import split
from mailflow.message.thread import own_id

# What the author's side writes, and no relay changes: RFC 5322, 3.6 without trace, and RFC 2045.
_AUTHORED_NAMES = """
from sender reply-to to cc subject date message-id in-reply-to references auto-submitted
mime-version content-type content-transfer-encoding content-disposition
"""
_AUTHORED = frozenset(_AUTHORED_NAMES.split())
_SPACE = re.compile(rb"\s+")


def fingerprint(raw: bytes) -> str:
    """SHA-256, in hex, of what the author wrote: the same by whichever route it came, refolded or with other line ends."""
    section = split(raw)
    digest = hashlib.sha256()
    for name, value in sorted(field for field in section.fields if field[0] in _AUTHORED):
        digest.update(b"%s:%s\n" % (name.encode("ascii"), _SPACE.sub(b" ", value)))
    digest.update(b"\n")
    digest.update(section.body.replace(b"\r\n", b"\n").rstrip())
    return digest.hexdigest()


def message_id_of(raw: bytes) -> str | None:
    """The Message-ID with its angle brackets, read from the header alone; None where there is none."""
    values = split(raw[: 256 * 1024]).values("message-id")
    return own_id(values[0].decode("ascii", "replace")) if values else None
