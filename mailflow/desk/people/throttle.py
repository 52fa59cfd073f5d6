"""Guessing passwords is made slow: so many tries in a while for a name from an address, and for either altogether."""

import ipaddress
import threading
from collections import deque
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)
TRIES_BY_NAME = 5  # from one address
TRIES_BY_NAME_ALTOGETHER = 30  # a stranger may use them up from many addresses, so they are more than anybody mistypes
TRIES_BY_ADDRESS = 50
_MOST_KEYS = 10_000

Key = tuple[str | None, str | None]  # an address, a name; None for any


class Throttle:
    """Counts the tries of the last `WINDOW`. Kept in memory: a restart forgives, and each daemon counts for its own desk."""

    def __init__(self) -> None:
        """Nobody has tried yet."""
        self._tries: dict[Key, deque[datetime]] = {}
        self._lock = threading.Lock()

    def admits(self, name: str, address: str, now: datetime) -> bool:
        """Counts a try, unless there were too many. It counts before the password is looked at: many at once gain nothing."""
        address = _whose(address)
        limits: tuple[tuple[Key, int], ...] = (
            ((address, name.lower()), TRIES_BY_NAME),
            ((address, None), TRIES_BY_ADDRESS),
            ((None, name.lower()), TRIES_BY_NAME_ALTOGETHER),
        )
        with self._lock:
            self._forget_old(now)
            if any(len(self._tries.get(key, ())) >= most for key, most in limits):
                return False
            for key, _ in limits:
                self._tries.setdefault(key, deque()).append(now)
            return True

    def forgive(self, name: str, address: str) -> None:
        """The password was right."""
        with self._lock:
            self._tries.pop((_whose(address), name.lower()), None)

    def _forget_old(self, now: datetime) -> None:
        for key, times in list(self._tries.items()):
            while times and now - times[0] >= WINDOW:
                times.popleft()
            if not times:
                del self._tries[key]
        while len(self._tries) > _MOST_KEYS:
            del self._tries[next(iter(self._tries))]


def _whose(address: str) -> str:
    """An address, or the network of one household (RFC 6177): whoever has one IPv6 address has billions."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((int(found) >> 64 << 64, 64))) if found.version == 6 else address
