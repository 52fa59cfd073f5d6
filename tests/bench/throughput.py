"""How fast mailflow works through a full mailbox, beside a straight line of the same libraries.

Run by `make bench`, or as `PYTHONPATH=tests python -m bench.throughput --messages 500`. The same messages lie in a real
Dovecot; the database is SQLite on a disk (/var/tmp, which is never memory); the mails go to an SMTP server in a process of
its own. Compared are

mailflow: the real daemon in live mode, rules.toml with its caps on replies raised: every message fetched, known by its
  fingerprint, kept with fsync, read, classified, understood, filed, answered by SMTP with each outcome committed, and moved
  to its folder. From the first look at the mailbox until the last of all that is done.
straight line: fetches fifty at a time, lets mail-parser parse each, looks for one word, inserts into two tables in one
  transaction a batch, renders one Jinja2 template, sends over one kept connection (bench/straight_line.py). It keeps no
  promise: nothing is fsynced, a crash loses or doubles mail, nothing is moved.

Fair, because both read the same bytes from the same server, answer the same number of messages, write to the same disk,
and take turns, so that whatever else this machine does falls on both; the ratio is the median over the rounds. Every round
is checked: each message decided once, each reply arrived once. The stages are measured in a run of their own, by the CPU
clock of the thread that works on them.
"""

import argparse
import statistics
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import counting_sink
from bench.counting_sink import CountingSink
from bench.ours import Measured, run_daemon
from bench.sample import OURS, write_sample
from bench.stages import PROMISES, STAGES, UNDERSTANDING
from bench.straight_line import Servers, run_straight
from servers import dovecot as dovecots
from servers.dovecot import Dovecot
from servers.starting import DOMAIN, HOST, PASSWORD

ROOT = Path(__file__).parents[2]
AIM = 0.6
_users = (f"bench{number}@{DOMAIN}" for number in count())


class Bench:
    """The servers, the sample, and a folder for databases."""

    def __init__(self, dovecot: Dovecot, sink: CountingSink, sample: Sequence[bytes], folder: Path) -> None:
        self.dovecot, self.sink, self.sample, self.folder = dovecot, sink, sample, folder
        self.rules = folder / "rules.toml"
        text = (ROOT / "rules.toml").read_text(encoding="utf-8")
        raised = text.replace("per_address_a_day = 2 ", "per_address_a_day = 1000000 ")
        raised = raised.replace("total_an_hour = 60 ", "total_an_hour = 1000000 ")
        assert raised.count("1000000") == 2
        self.rules.write_text(raised, encoding="utf-8")

    def mailflow(self, *, by_stage: bool = False) -> Measured:
        """One round of the daemon."""
        user = self._filled_mailbox()
        data = self.folder / user
        settings = {
            "address": OURS.decode(),
            "mode": "live",
            "imap_host": HOST,
            "imap_port": self.dovecot.port,
            "imap_security": "none",
            "imap_user": user,
            "imap_password": PASSWORD,
            "smtp_host": HOST,
            "smtp_port": self.sink.port,
            "smtp_security": "none",
            "alert_to": ("alerts@university.example",),
            "rules": self.rules,
            "templates": ROOT / "templates",
            "data": data,
            "desk_port": 0,
        }
        measured = run_daemon(settings, len(self.sample), data / "mailflow.db", by_stage=by_stage)
        self._check_arrivals(measured)
        return measured

    def straight_line(self, replies: int) -> Measured:
        """One round of the straight line."""
        user = self._filled_mailbox()
        servers = Servers(self.dovecot.port, self.sink.port, user, PASSWORD)
        measured = run_straight(servers, len(self.sample), replies, self.folder / f"{user}.db")
        self._check_arrivals(measured)
        return measured

    def _filled_mailbox(self) -> str:
        user = next(_users)
        self.dovecot.append_all(self.sample, user)
        return user

    def _check_arrivals(self, measured: Measured) -> None:
        if measured.messages != len(self.sample):
            raise SystemExit("Not every message was worked on: the figures do not count.")
        if Counter(self.sink.take()) != Counter(measured.sent):
            raise SystemExit("Not every mail arrived exactly once: the figures do not count.")


def main() -> None:
    """Measures, and prints as it goes."""
    parser = argparse.ArgumentParser(description="mailflow beside a straight line of the same libraries.")
    parser.add_argument("--messages", type=int, default=2000, help="how many messages lie in the mailbox (2000)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each takes its turn (3)")
    parser.add_argument("--stages-only", action="store_true", help="only the run that measures the stages")
    chosen = parser.parse_args()
    with (
        dovecots.started() as dovecot,
        counting_sink.started() as sink,
        TemporaryDirectory(prefix="bench-", dir="/var/tmp") as folder,
    ):
        bench = Bench(dovecot, sink, write_sample(chosen.messages), Path(folder))
        if not chosen.stages_only:
            _compare(bench, chosen.rounds)
        _print_stages(bench.mailflow(by_stage=True))


def _compare(bench: Bench, rounds: int) -> None:
    print(f"{'':14}{'messages/s':>12}{'CPU ms each':>13}{'mails sent':>12}")
    ratios = []
    for _ in range(rounds):
        ours = bench.mailflow()
        _print_round("mailflow", ours)
        straight = bench.straight_line(len(ours.sent))
        _print_round("straight line", straight)
        ratios.append((straight.seconds / ours.seconds, straight.cpu / ours.cpu))
    speed, cpu = (statistics.median(each) for each in zip(*ratios, strict=True))
    print(f"\nratio in messages/s: {speed:.2f} (aim: {AIM}); in CPU: {cpu:.2f}; medians of {rounds} rounds")


def _print_round(name: str, measured: Measured) -> None:
    speed, cpu = measured.messages / measured.seconds, measured.cpu / measured.messages * 1000
    print(f"{name:14}{speed:12.0f}{cpu:13.2f}{len(measured.sent):12}")
    sys.stdout.flush()


def _print_stages(measured: Measured) -> None:
    each = {stage: measured.stages.get(stage, 0.0) / measured.messages * 1000 for stage in STAGES}
    all_of_it = measured.cpu / measured.messages * 1000
    print("\nwhere mailflow's CPU time goes, ms a message:")
    for stage, took in {**each, "the rest": all_of_it - sum(each.values()), "all": all_of_it}.items():
        print(f"  {stage:12}{took:8.3f}{took / all_of_it:8.0%}")
    for stages, what in ((UNDERSTANDING, "knowing what a message is and wording the answer"), (PROMISES, "the promises")):
        print(f"  {what}: {sum(each[stage] for stage in stages):.2f} ({', '.join(stages)})")


if __name__ == "__main__":
    main()
