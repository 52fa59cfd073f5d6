"""Letters come while mailflow is killed again and again, at random moments; then everything is counted.

Run by `make soak`, or as `PYTHONPATH=tests python -m bench.soak --letters 1000 --kills 80 --seed 7`. Two daemons share one
database and one mailbox; each is ended by SIGKILL while it starts or while it works, and started again. The last life
is left in peace until all is done. Ends with 1 where a letter was not filed exactly once, or a mail not received once.
"""

import argparse
import itertools
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

import letters
from counting import await_arrived, await_settled, states, wrong
from letters import Letter
from mailflow.domain import OutgoingState
from mailflow.errors import TemporaryError
from running import Daemon, Installation
from servers import dovecot, embedded, postgres, sink
from servers.imap import ImapServer
from servers.sink import SmtpSink
from servers.starting import DOMAIN

AT_ONCE = 2
# When a life ends: so many seconds after its process, its first look at the mailbox, or its first filing began.
MOMENTS = (("launched", 0.2, 1.8), ("started", 0.0, 1.0), ("filed", 0.0, 0.3), ("filed", 0.0, 1.0))
PATIENCE_SECONDS = 4  # with a daemon that has nothing to file, or leaves it to the other
SORTS = (letters.query, letters.training, letters.query, letters.story, letters.sensitive, letters.out_of_office)
NO_CAP = (("total_an_hour = 60 ", "total_an_hour = 1000000 "),)

Say = Callable[[str], object]


class Soak:
    """An installation whose mailbox fills while its daemons are killed. `seed` repeats the letters and the moments."""

    def __init__(self, folder: Path, server: ImapServer, outlet: SmtpSink, seed: int, say: Say, **settings: str) -> None:
        self._folder, self._server, self._outlet, self._say = folder, server, outlet, say
        self._chance = random.Random(seed)
        self._lock = Lock()
        self._written: list[Letter] = []
        self._lives = itertools.count(1)
        servers = {
            "imap_host": server.host,
            "imap_port": str(server.port),
            "smtp_host": outlet.host,
            "smtp_port": str(outlet.port),
        }
        ours = {"mode": "live", "sent_copy": "append", "alert_to": f"wellbeing@{DOMAIN}", **servers, **settings}
        self.installation = Installation(folder / "installation", server.centre, **ours)
        self.installation.change_rules(*NO_CAP)

    def run(self, count: int, kills: int) -> list[str]:
        """Writes `count` letters and kills so many times; what does not add up then, one line each."""
        began = time.monotonic()
        portions = self._portions(count, kills)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for ended in [pool.submit(self._live_and_die, portion, kills) for portion in portions]:
                ended.result()
        self._live_in_peace(count)
        found = wrong(self.installation, self._server, self._written, await_arrived(self.installation, self._received))
        self._say(f"{self._tally()}; {time.monotonic() - began:.0f} s")
        return found

    def _portions(self, count: int, kills: int) -> list[list[Letter]]:
        """The letters of each life: few or many, or none."""
        every = [self._chance.choice(SORTS)(f"writer{number}@{DOMAIN}") for number in range(count)]
        cuts = [0, *sorted(self._chance.choices(range(count + 1), k=kills - 1)), count]
        return [every[first:last] for first, last in itertools.pairwise(cuts)]

    def _live_and_die(self, portion: Sequence[Letter], kills: int) -> None:
        with self._lock:
            number, (event, low, high) = next(self._lives), self._chance.choice(MOMENTS)
            seconds = self._chance.uniform(low, high)
        daemon = Daemon(self.installation, self._folder / f"log{number}")
        try:
            if event != "launched":
                daemon.await_event("started", seconds=60)
            self._write(portion)
            if event == "filed":
                _await_filing(daemon)
            time.sleep(seconds)
        finally:
            assert daemon.is_running, f"it ended by itself:\n{daemon.log[-3000:]}"
            daemon.kill()
        daemon.await_end()
        self._say(f"kill {number} of {kills}, {seconds:.2f} s after it had {event}: {self._tally()}")

    def _live_in_peace(self, count: int) -> None:
        daemon = Daemon(self.installation, self._folder / "log")
        try:
            daemon.await_event("started", seconds=60)
            await_settled(self.installation, count, seconds=120)
        finally:
            if daemon.is_running:
                daemon.stop()

    def _write(self, portion: Sequence[Letter]) -> None:
        if portion:
            self._server.append_all([letter.raw for letter in portion], self.installation.centre)
            self._written += portion

    def _received(self) -> Iterator[bytes]:
        return (mail.raw for mail in self._outlet.received)

    def _tally(self) -> str:
        try:
            mails = states(self.installation)
        except TemporaryError:
            return "no database yet"
        sent, doubtful = mails[OutgoingState.SENT], mails[OutgoingState.IN_DOUBT]
        return f"{len(self._written)} letters, {sent} mails sent, {doubtful} in doubt, {mails.total() - sent - doubtful} waiting"


def _await_filing(daemon: Daemon) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not daemon.said("filed") and time.monotonic() < deadline:
        time.sleep(0.02)


@contextmanager
def _database(sort: str) -> Iterator[dict[str, str]]:
    """The setting for an empty one; SQLite, in the data folder, needs none."""
    if sort == "sqlite":
        yield {}
        return
    with postgres.started() as server, server.database() as url:
        yield {"database_url": url}


def main() -> None:
    """Soaks, and prints as it goes."""
    parser = argparse.ArgumentParser(description="Letters come while mailflow is killed at random moments; then all is counted.")
    parser.add_argument("--letters", type=int, default=600, help="how many come (600)")
    parser.add_argument("--kills", type=int, default=60, help="how often a daemon is killed (60)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6), help="repeats an earlier run")
    parser.add_argument("--server", choices=["dovecot", "pymap"], default="dovecot", help="whose mailbox (dovecot)")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite", help="what both write to (sqlite)")
    chosen = parser.parse_args()
    print("make soak SOAK=" + repr(" ".join(f"--{name} {value}" for name, value in vars(chosen).items())), flush=True)
    with (
        (dovecot if chosen.server == "dovecot" else embedded).started() as server,
        sink.started() as outlet,
        _database(chosen.database) as settings,
        TemporaryDirectory(prefix="soak-", dir="/var/tmp") as folder,
    ):
        server.empty()
        soaked = Soak(Path(folder), server, outlet, chosen.seed, lambda line: print(line, flush=True), **settings)
        found = soaked.run(chosen.letters, chosen.kills)
    print("\n".join(found) or "Every letter was filed once, and every mail that was sent was received once.")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
