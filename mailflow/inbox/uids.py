"""UIDs in quantity: stretches short enough for one command, and the sets in which a server says where messages went."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

# Servers take command lines of 8,000 bytes (RFC 7162, 4), and a UID with its comma has 11 at most.
UIDS_A_COMMAND = 500
# imaplib refuses response lines beyond 1,000,000 bytes.
UIDS_A_RESPONSE = 50_000


@dataclass(frozen=True, slots=True)
class Moved:
    """Where messages have gone: new UID by old UID, of those the server told us about."""

    uidvalidity: int = 0
    uids: dict[int, int] = field(default_factory=dict)


def chunks(uids: Sequence[int], size: int = UIDS_A_COMMAND) -> Iterator[list[int]]:
    """The UIDs in stretches of at most `size`."""
    rest = iter(uids)
    while chunk := list(islice(rest, size)):
        yield chunk


def with_copyuid(moved: Moved, answers: Iterable[bytes | None]) -> Moved:
    """Adds COPYUID answers: UIDVALIDITY, then the old UIDs, then the new ones in the same order (RFC 4315, 3)."""
    uids, uidvalidity = dict(moved.uids), moved.uidvalidity
    for answer in answers:
        if match := re.fullmatch(rb"(\d+) ([\d:,]+) ([\d:,]+)", answer or b""):
            uidvalidity = int(match[1])
            uids.update(zip(_spelt_out(match[2]), _spelt_out(match[3]), strict=False))
    return Moved(uidvalidity, uids)


def _spelt_out(uid_set: bytes) -> Iterator[int]:
    for part in uid_set.split(b","):
        first, _, last = part.partition(b":")
        # "5:3" is the same as "3:5" (RFC 9051, 9, seq-range).
        low, high = sorted((int(first), int(last or first)))
        yield from range(low, high + 1)
