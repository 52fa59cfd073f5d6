"""What is measured of mailflow: the real daemon, in a process of its own, on a real mailbox."""

import os
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from typing import Any

import structlog

from bench.stages import Clock

UNFINISHED = """
SELECT ? - (SELECT count(*) FROM message WHERE state <> 'received')
     + (SELECT count(*) FROM outgoing WHERE state <> 'sent') + (SELECT count(*) FROM place WHERE NOT settled)
"""
PATIENCE_SECONDS = 600


@dataclass(frozen=True)
class Measured:
    """One run over the mailbox. Seconds, from the first fetch until all was done.

    `cpu` is the daemon's, and that of the process in which it reads and decides, from its very start.
    """

    messages: int
    sent: Sequence[str]  # Message-IDs
    seconds: float
    cpu: float
    stages: dict[str, float] = field(default_factory=dict)  # CPU seconds


def run_daemon(settings: dict[str, Any], count: int, database: Path, *, by_stage: bool = False) -> Measured:
    """Runs the daemon until `count` messages are decided and in their folders, and every mail to be sent is sent."""
    here, there = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=_daemon, args=(settings, there, by_stage))
    process.start()
    there.close()
    try:
        began, cpu_before = here.recv()
        ended = _await(database, count, process.is_alive)
        here.send("stop")
        cpu_after, stages = here.recv()
        process.join(30)
    finally:
        process.kill()
    with closing(sqlite3.connect(database)) as db:
        check_once(db, count)
        sent = [row[0] for row in db.execute("SELECT message_id FROM outgoing")]
    return Measured(count, sent, ended - began, cpu_after - cpu_before, stages)


def _await(database: Path, count: int, alive: Any) -> float:
    deadline = time.monotonic() + PATIENCE_SECONDS
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        while db.execute(UNFINISHED, (count,)).fetchone()[0]:
            if time.monotonic() > deadline or not alive():
                raise SystemExit("The daemon did not get through; what it said is above.")
            time.sleep(0.05)
    return time.monotonic()


def check_once(db: sqlite3.Connection, count: int) -> None:
    """Every message was decided once, and every mail left in one attempt; or else the figures mean nothing."""
    decided = "SELECT count(*), count(DISTINCT message) FROM event WHERE what IN ('filed', 'held', 'ignored')"
    attempts = "SELECT count(*), count(DISTINCT outgoing_id), (SELECT count(*) FROM outgoing) FROM attempt WHERE outcome = 'sent'"
    places = "SELECT count(*), count(DISTINCT message) FROM place"
    if {*db.execute(decided).fetchone(), *db.execute(places).fetchone()} != {count}:
        raise SystemExit("Not every message was kept and decided exactly once: the figures do not count.")
    if len({*db.execute(attempts).fetchone()}) != 1:
        raise SystemExit("Not every mail was sent exactly once: the figures do not count.")


def _daemon(values: dict[str, Any], there: Connection, by_stage: bool) -> None:
    """The process. It tells when the first fetch begins, runs until told to stop, and tells what it took."""
    from mailflow import settings
    from mailflow.commands.daemon import write_logs
    from mailflow.daemon import Daemon
    from mailflow.inbox.mailbox import Mailbox

    clock = Clock()
    if by_stage:
        clock.watch()
    first_look = Mailbox.uids_after

    def begin(*args: Any) -> list[int]:
        Mailbox.uids_after = first_look  # type: ignore[method-assign]
        there.send((time.monotonic(), time.process_time()))
        return first_look(*args)

    Mailbox.uids_after = begin  # type: ignore[assignment, method-assign]
    chosen = settings.load(_env_file=None, **values)
    chosen.data.mkdir(parents=True)
    write_logs(chosen.log_format)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory((chosen.data / "log").open("w", encoding="utf-8")))
    daemon = Daemon(chosen)
    if by_stage:
        # The clock sees this process only.
        daemon.apart.of = lambda house: house  # type: ignore[method-assign, assignment, return-value]

    def end() -> None:
        there.recv()
        there.send((time.process_time() + _cpu_apart(daemon), dict(clock.seconds)))
        daemon.stop.set()

    Thread(target=end, daemon=True).start()
    daemon.run()


def _cpu_apart(daemon: Any) -> float:
    """CPU seconds of the process in which the daemon reads and decides (proc(5), fields 14 and 15 of stat)."""
    if daemon.apart._process is None:
        return 0.0
    fields = Path(f"/proc/{daemon.apart._process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
