"""The power is cut at every point between two durable effects, and mailflow is started again: nothing is lost or doubled.

The points are one chain: letters come, the daemon dies at the first point, letters come, the next daemon dies at the second,
and so on; the last one is left alone. Then everything is counted. What a batch does one by one is cut in its second round.
"""

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, update

import letters
from counting import await_arrived, await_settled, wrong
from letters import Letter
from mailflow.domain import OutgoingState
from mailflow.domain.failpoints import Failpoint
from mailflow.store.tables import messages, outgoings
from running import Daemon, Installation
from servers.dovecot import Dovecot
from servers.embedded import Pymap
from servers.imap import ImapServer
from servers.postfix import Postfix
from servers.relay import Relay, relaying
from servers.sink import SmtpSink
from servers.starting import DOMAIN

pytestmark = pytest.mark.real

TEAM = f"team@{DOMAIN}"
WITHOUT_MOVE = {Failpoint.COPIED, Failpoint.MARKED}
OF_DIGEST = {Failpoint.DIGEST_QUEUED, Failpoint.DIGEST_MADE}
ONE_BY_ONE = WITHOUT_MOVE | {
    Failpoint.MOVING,
    Failpoint.MOVED,
    Failpoint.SETTLED,
    Failpoint.BEGUN,
    Failpoint.HANDED_OVER,
    Failpoint.ACCEPTED,
    Failpoint.SENT,
    Failpoint.COPY_KEPT,
}
# A server does not unlearn MOVE and learn it again: what is without it comes last.
CHAIN = sorted(Failpoint, key=WITHOUT_MOVE.__contains__)
RULES = (
    ("total_an_hour = 60 ", "total_an_hour = 9999 "),
    ("per_address_a_day = 2 ", "per_address_a_day = 9999 "),
    ('time = "08:00"', 'time = "00:00"'),
    ('days = ["mon", "tue", "wed", "thu", "fri"]', 'days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]'),
)


class Chain:
    """An installation whose daemons die one after the other; it reads its mailbox at `server` by way of `wire`."""

    def __init__(self, folder: Path, server: ImapServer, wire: Relay, smtp_port: int) -> None:
        servers = {"imap_host": wire.host, "imap_port": str(wire.port), "smtp_host": server.host, "smtp_port": str(smtp_port)}
        self.installation = Installation(folder, server.centre, mode="live", team=TEAM, sent_copy="append", **servers)
        self.installation.change_rules(*RULES)
        # The letters are from one person, who has one mailbox and many addresses.
        self.writer = server.user()
        self._server, self._wire = server, wire
        self._letters: list[Letter] = []

    def cut_the_power_everywhere(self) -> None:
        """One life for each point; each ends there."""
        for point in CHAIN:
            if point in WITHOUT_MOVE:
                self._wire.hidden = ("MOVE",)
            if point in OF_DIGEST:
                self._let_a_day_pass()
            self._write()
            with self._daemon(failpoint=f"{point}:{2 if point in ONE_BY_ONE else 1}") as daemon:
                assert daemon.await_end(seconds=30) == -signal.SIGKILL, f"{point}:\n{daemon.log[-3000:]}"

    def live_in_peace(self) -> None:
        """One more life, with more letters, until all is done."""
        self._write()
        with self._daemon() as daemon:
            await_settled(self.installation, len(self._letters))
            assert daemon.stop() == 0

    def count(self, received: Callable[[], Sequence[bytes]]) -> list[str]:
        """What does not add up; `received` gives every mail that came to the writer and the team."""
        with self.installation.database() as db:
            last = db.execute(select(outgoings.c.state).order_by(outgoings.c.id.desc()).limit(1)).scalar_one()
        undone = [f"the last reply is {last}"] if last is not OutgoingState.SENT else []
        return undone + wrong(self.installation, self._server, self._letters, await_arrived(self.installation, received), 1)

    def _write(self) -> None:
        """Three letters, for two folders."""
        name, _, domain = self.writer.partition("@")
        for write in (letters.query, letters.training, letters.query):
            letter = write(f"{name}+{len(self._letters)}@{domain}")
            self._server.append(letter.raw, self.installation.centre)
            self._letters.append(letter)

    def _let_a_day_pass(self) -> None:
        with self.installation.database() as db:
            db.execute(update(messages).values(received_at=letters.yesterday()))

    @contextmanager
    def _daemon(self, **changes: str) -> Iterator[Daemon]:
        daemon = Daemon(self.installation, self.installation.folder / f"log{len(self._letters)}", **changes)
        try:
            yield daemon
        finally:
            if daemon.is_running:
                daemon.kill()


def test_wherever_the_power_is_cut_nothing_is_lost_and_nothing_doubled(
    tmp_path: Path, dovecot: Dovecot, postfix: Postfix, pymap_server: Pymap, smtp_sink: SmtpSink
) -> None:
    with relaying(dovecot.port) as to_dovecot, relaying(pymap_server.port) as to_pymap, ThreadPoolExecutor() as pool:
        real = Chain(tmp_path / "dovecot", dovecot, to_dovecot, postfix.port)
        embedded = Chain(tmp_path / "pymap", pymap_server, to_pymap, smtp_sink.port)
        # Beside each other: nearly all of the time of each is that of starting.
        for done in [pool.submit(chain.cut_the_power_everywhere) for chain in (real, embedded)]:
            done.result()
        for chain in (real, embedded):
            chain.live_in_peace()
    assert real.count(lambda: [*dovecot.messages(real.writer), *dovecot.messages(TEAM)]) == []
    assert embedded.count(lambda: [mail.raw for mail in smtp_sink.received]) == []
