"""Tells on standard error how far long work is: a bar on a terminal, elsewhere a plain line now and then."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import track

Step = TypeVar("Step")
_SECONDS = 5.0  # between two plain lines: short work says nothing


def follow(steps: Iterable[Step], total: int, what: str) -> Iterator[Step]:
    """Passes the steps on. `what` is done with each, as in "messages judged"."""
    console = Console(stderr=True)
    if console.is_terminal:
        yield from track(steps, what.capitalize(), total=total, console=console, transient=True)
        return
    told = time.monotonic()
    for number, step in enumerate(steps, 1):
        yield step
        if time.monotonic() - told >= _SECONDS:
            told = time.monotonic()
            print(f"{number} of {total} {what}", file=sys.stderr, flush=True)
