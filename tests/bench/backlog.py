"""A first start on a full mailbox: how long `mailflow run` takes in rehearsal, and how much memory, with a Dovecot of its own.

PYTHONPATH=tests python tests/bench/backlog.py 50000
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import func, select

import letters
from mailflow.domain import MessageState
from mailflow.store.tables import messages
from running import Daemon, Installation
from servers import dovecot as dovecots
from servers.dovecot import Dovecot

AT_ONCE = 2000  # messages of one APPEND


def fill(server: Dovecot, count: int) -> None:
    """Questions by `count` people."""
    for first in range(0, count, AT_ONCE):
        people = range(first, min(first + AT_ONCE, count))
        server.append_all([letters.query(f"person{number}@university.example").raw for number in people], letters.CENTRE)


def peaks(pid: int) -> Iterator[float]:
    """The most memory (MB) that a process has had, and each that it has started."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            yield int(line.split()[1]) / 1024
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from peaks(int(child))


def main(count: int) -> None:
    """Fills, starts, and prints a line for each thing measured."""
    with tempfile.TemporaryDirectory() as folder, dovecots.started() as server:
        fill(server, count)
        imap = {"imap_host": server.host, "imap_port": str(server.port)}
        installation = Installation(Path(folder) / "installation", letters.CENTRE, mode="rehearsal", **imap)
        began = time.monotonic()
        daemon = Daemon(installation, Path(folder) / "log")
        while not daemon.said("received", left=0):
            time.sleep(1)
        batches = len(daemon.said("received"))
        print(f"received {count} in {time.monotonic() - began:.0f} s, in {batches} batches", flush=True)
        while True:
            with installation.database() as db:
                waiting = db.execute(select(func.count()).where(messages.c.state == MessageState.RECEIVED)).scalar_one()
            if not waiting:
                break
            time.sleep(2)
        print(f"decided {count} in {time.monotonic() - began:.0f} s")
        print("peak memory: " + ", ".join(f"{peak:.0f} MB" for peak in peaks(daemon._process.pid)))
        daemon.stop(10)


if __name__ == "__main__":
    main(int(sys.argv[1]))
