"""A clock for each stage of a message's way: the CPU time of its own thread, without that of stages inside it."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from importlib import import_module
from threading import local
from typing import Any

# Where a stage begins: the name under which the stage before it calls it.
STAGES = {
    "fetch": (
        "mailflow.inbox.mailbox:Mailbox.uids_after",
        "mailflow.inbox.mailbox:Mailbox.sizes",
        "mailflow.inbox.mailbox:Mailbox.fetch",
    ),
    "identity": ("mailflow.inbox.receive:fingerprint", "mailflow.inbox.receive:message_id_of"),
    "keep": ("mailflow.inbox.receive:_keep",),
    "claim": ("mailflow.store.claiming:claim",),
    "read": ("mailflow.deciding:read",),
    "recall": ("mailflow.store.recalling:recall",),
    "classify": ("mailflow.classify.verdict:Classifier.classify",),
    "understand": ("mailflow.deciding:understand",),
    "gate": ("mailflow.deciding:reason_to_hold", "mailflow.deciding:silence"),
    "compose": ("mailflow.acting:compose_reply", "mailflow.acting:compose_alert"),
    "file": ("mailflow.daemon:process",),
    "send": ("mailflow.outbox.relays:Relays._attempt",),
    "settle": ("mailflow.outbox.deliver:Outbox.deliver",),
    "tidy": ("mailflow.inbox.tidy:_fill",),
}

# What the stages are for. The straight line does a little of the first and nothing of the second.
UNDERSTANDING = ("read", "classify", "understand", "gate", "compose")
PROMISES = ("identity", "keep", "claim", "recall", "file", "settle", "tidy")


def find(place: str) -> tuple[Any, str]:
    """The module or class that a place of STAGES is in, and its name there. Raises AttributeError where it has moved away."""
    module, _, path = place.partition(":")
    owner: Any = import_module(module)
    *classes, name = path.split(".")
    for part in classes:
        owner = getattr(owner, part)
    getattr(owner, name)
    return owner, name


class Clock:
    """CPU seconds by stage, over all threads."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._thread = local()

    def watch(self) -> None:
        """Puts the clock around every stage, for good: only in a process that is there to be measured."""
        for stage, places in STAGES.items():
            for place in places:
                owner, name = find(place)
                setattr(owner, name, self._clocked(stage, getattr(owner, name)))

    def _clocked(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def clocked(*args: Any, **kwargs: Any) -> Any:
            with self._running(stage):
                return function(*args, **kwargs)

        return clocked

    @contextmanager
    def _running(self, stage: str) -> Iterator[None]:
        inside = getattr(self._thread, "inside", 0.0)
        self._thread.inside = 0.0
        began = time.thread_time()
        try:
            yield
        finally:
            took = time.thread_time() - began
            self.seconds[stage] += took - self._thread.inside
            self._thread.inside = inside + took
