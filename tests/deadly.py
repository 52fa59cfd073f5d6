"""A house in which a message does what it says: for tests of the process in which messages are read."""

import os
import re
import signal
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from mailflow.deciding import House
from mailflow.domain import Email, History, Plan


@dataclass(frozen=True)
class DeadlyHouse:
    """Reads as `sound` does, but for messages with one of these words."""

    sound: House
    folder: Path  # where a message may leave a mark

    def without_templates(self) -> Self:
        return type(self)(self.sound.without_templates(), self.folder)  # type: ignore[return-value]

    def read(self, raw: bytes) -> Email:
        for word, act in _ACTS.items():
            if word in raw:
                act(self)
        return self.sound.read(raw)

    def decide(self, email: Email, history: History, arrived: datetime, now: datetime) -> Plan:
        if "THINK FOR EVER" in email.text:
            _hang(self)
        return self.sound.decide(email, history, arrived, now)


def _hang(_house: DeadlyHouse) -> None:
    """In the middle of a C function, where no Python signal handler would be heard."""
    re.fullmatch(r"(a|aa)+", "a" * 200 + "b")


def _crash(_house: DeadlyHouse) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def _crash_once(house: DeadlyHouse) -> None:
    mark = house.folder / "crashed"
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)


def _be_killed(_house: DeadlyHouse) -> None:
    """As the system does where memory runs out."""
    os.kill(os.getpid(), signal.SIGKILL)


def _exit(_house: DeadlyHouse) -> None:
    os._exit(1)


def _eat(_house: DeadlyHouse) -> None:
    bytearray(3 * 2**30)


def _sleep(_house: DeadlyHouse) -> None:
    time.sleep(60)


def _stumble(_house: DeadlyHouse) -> None:
    raise ZeroDivisionError("personal words of a message")


def _meet_no_room(_house: DeadlyHouse) -> None:
    raise OSError(24, "Too many open files")


_ACTS = {
    b"HANG": _hang,
    b"CRASH": _crash,
    b"ONCE": _crash_once,
    b"KILLED": _be_killed,
    b"EXIT": _exit,
    b"EAT": _eat,
    b"SLEEP": _sleep,
    b"STUMBLE": _stumble,
    b"NO ROOM": _meet_no_room,
}
