"""Where a power cut would hurt: the points between two durable effects, at each of which a test can end the process.

Unarmed, as always outside the tests, `reached` compares two values and does nothing.
"""

import os
import signal
from enum import StrEnum
from itertools import count

VARIABLE = "MAILFLOW_FAILPOINT"  # the name of a point; or name:n, for the n-th time that this process reaches it


class Failpoint(StrEnum):
    """A point between two durable effects, in the order in which a message passes them."""

    FETCHED = "fetched"  # the bytes are in memory; neither they nor the cursor are committed
    KEPT = "kept"  # the bytes are committed; nobody has been woken to decide
    CLAIMED = "claimed"  # messages are leased to us; nothing is read yet
    DECIDED = "decided"  # plans are made; nothing of them is written
    FILING = "filing"  # cases, replies and events are written, not committed
    FILED = "filed"  # all of it is committed; nothing is moved or sent
    MOVING = "moving"  # the target folder is there; the message is not moved
    COPIED = "copied"  # server without MOVE: it lies in both folders
    MARKED = "marked"  # server without MOVE: it lies in both folders, in the first as \Deleted
    MOVED = "moved"  # it lies in its folder; we have not written that down
    SETTLED = "settled"  # its new place is committed
    TAKEN_UP = "taken-up"  # mails are leased to us; none is begun
    BEGUN = "begun"  # it is written down that the server may have the mail; nothing is said to it yet
    HANDED_OVER = "handed-over"  # the final dot is sent; the server has not answered
    ACCEPTED = "accepted"  # the server has taken the mail; we have not written that down
    SENT = "sent"  # that it was sent is committed; no copy is kept yet
    COPY_KEPT = "copy-kept"  # its copy lies in the folder for sent mail
    DIGEST_QUEUED = "digest-queued"  # the digest and the note that it was made are written, not committed
    DIGEST_MADE = "digest-made"  # both are committed; nobody has been woken to send it


_ARMED, _, _NTH = os.environ.get(VARIABLE, "").partition(":")
_TIMES = count(1)


def reached(point: Failpoint) -> None:
    """Ends this process at once, as a power cut does, where the environment asks for it at this point."""
    if point == _ARMED and next(_TIMES) == int(_NTH or 1):
        os.kill(os.getpid(), signal.SIGKILL)
