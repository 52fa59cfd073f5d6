"""What we ask of a message: all of it, or its header where it is too big; and how the server names that in its answer. Pure."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

WHOLE = b"BODY.PEEK[]"
# A header may be as big as a message; no mail program writes one of a quarter of this.
HEADER = b"BODY.PEEK[HEADER]<0.262144>"
LIST_ID = b"BODY.PEEK[HEADER.FIELDS (LIST-ID)]"


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message as fetched, or its header. `at` is its INTERNALDATE, aware, in UTC."""

    uid: int
    at: datetime
    raw: bytes = field(repr=False)


def as_answered(part: bytes) -> bytes:
    """BODY.PEEK[HEADER]<0.500> is answered as BODY[HEADER]<0> (RFC 9051, 7.5.2)."""
    return re.sub(rb"\.PEEK|(?<=<0)\.\d+(?=>$)", b"", part)


def in_utc(at: datetime) -> datetime:
    """A server's time; UTC where it names no zone."""
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
