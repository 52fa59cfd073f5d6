"""How far a folder has been read, and what is to be read next. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mailflow.store.receiving import ReadTo

BATCH = 50
# Reading a message needs ten times its size in memory.
BATCH_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reading:
    """Read what lies above `after`; `renumbered`: the UIDs we knew mean nothing any more, and all is read again."""

    uidvalidity: int
    after: int
    renumbered: bool = False


def reading(cursor: ReadTo, uidvalidity: int) -> Reading:
    """Where to read on, from the cursor and the folder's present UIDVALIDITY (RFC 9051, 2.3.1.1)."""
    if cursor.uidvalidity == uidvalidity:
        return Reading(uidvalidity, cursor.last_uid)
    return Reading(uidvalidity, 0, renumbered=cursor.uidvalidity != 0)


def next_batch(uids: Iterable[int], sizes: Mapping[int, int | None], largest: int) -> list[int]:
    """The first UIDs that together keep below the bytes of a batch, and always at least one.

    Messages without a size are gone from the server: they stay in the batch, so that the cursor passes them. One whose size the
    server does not tell (None) comes alone. Of those bigger than `largest` (bytes) only the header is fetched, which weighs
    nothing here.
    """
    batch: list[int] = []
    weight = 0
    for uid in uids:
        size = sizes.get(uid, 0)
        if size is None:
            weight += BATCH_BYTES
        elif size <= largest:
            weight += size
        if batch and weight > BATCH_BYTES:
            break
        batch.append(uid)
    return batch


def moved_on(place: Reading, batch: Sequence[int]) -> ReadTo:
    """The cursor after a batch."""
    return ReadTo(place.uidvalidity, max(batch, default=place.after))
