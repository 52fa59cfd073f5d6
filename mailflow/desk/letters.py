"""A kept message, read anew so that it can be shown; whatever cannot be read is shown as it came."""

from dataclasses import dataclass, field

from mailflow.desk.shown import Piece, folded
from mailflow.domain import Email, Ourselves
from mailflow.errors import PermanentError
from mailflow.message.parse import read
from mailflow.store.casefiles import KeptMessage

_MOST_BYTES_SHOWN = 64 * 1024


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to be shown: as it was read, or, where that failed, the beginning of its bytes and why."""

    kept: KeptMessage
    email: Email | None
    pieces: tuple[Piece, ...] = field(repr=False)
    problem: str | None = None
    raw_text: str = field(default="", repr=False)


def open_letter(kept: KeptMessage, ourselves: Ourselves) -> Letter:
    """Reads a kept message. Never fails: a person must be able to look at what we could not read."""
    try:
        email = read(kept.raw, ourselves)
    except PermanentError as error:
        problem = str(error)
    except Exception as error:  # any bytes may have come; the words of the error may be the message's
        problem = f"Reading it failed with {type(error).__name__}."
    else:
        return Letter(kept, email, tuple(folded(email)))
    return Letter(kept, None, (), problem, kept.raw[:_MOST_BYTES_SHOWN].decode("utf-8", "replace"))
