"""The points at which a test can cut the power: each lies where it belongs, and does nothing unless it is asked for."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mailflow import settings
from mailflow.domain.failpoints import VARIABLE, Failpoint

PACKAGE = Path(settings.__file__).parents[1]
WHERE = {
    "inbox/receive.py": [Failpoint.FETCHED, Failpoint.KEPT],
    "pipeline.py": [Failpoint.CLAIMED, Failpoint.DECIDED, Failpoint.FILING, Failpoint.FILED],
    "inbox/tidy.py": [Failpoint.MOVING, Failpoint.MOVED, Failpoint.SETTLED],
    "inbox/moving.py": [Failpoint.COPIED, Failpoint.MARKED],
    "inbox/mailbox.py": [Failpoint.COPY_KEPT],
    "outbox/deliver.py": [Failpoint.TAKEN_UP, Failpoint.BEGUN, Failpoint.SENT],
    "outbox/smtp.py": [Failpoint.HANDED_OVER, Failpoint.ACCEPTED],
    "digest/send.py": [Failpoint.DIGEST_QUEUED, Failpoint.DIGEST_MADE],
}
TWICE = (
    "from threading import Thread\nfrom mailflow.domain.failpoints import Failpoint, reached\n"
    "for lap in 'first', 'second':\n"
    "    thread = Thread(target=reached, args=[Failpoint.FILED])\n"
    "    thread.start(), thread.join(), reached(Failpoint.KEPT), print(lap, flush=True)\n"
)


def run(armed: str | None) -> tuple[int, str]:
    """A process that reaches one point twice, in threads of its own: how it ended, and which laps it finished."""
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    if armed is not None:
        environment[VARIABLE] = armed
    done = subprocess.run([sys.executable, "-c", TWICE], check=False, env=environment, capture_output=True, text=True)
    return done.returncode, " ".join(done.stdout.split())


@pytest.mark.parametrize("armed", [None, "", Failpoint.MOVED, "no point of ours"])
def test_nothing_happens_at_a_point_that_nobody_asked_for(armed: str | None) -> None:
    assert run(armed) == (0, "first second")


def test_the_process_ends_at_once_at_the_point_that_was_asked_for() -> None:
    assert run(Failpoint.FILED) == (-signal.SIGKILL, "")


def test_it_may_be_asked_for_at_the_nth_time() -> None:
    assert run(f"{Failpoint.FILED}:2") == (-signal.SIGKILL, "first")


def test_each_point_is_reached_once_in_the_source_and_where_it_belongs() -> None:
    found = {str(file.relative_to(PACKAGE)): _reached(file) for file in PACKAGE.rglob("*.py")}
    assert {file: points for file, points in found.items() if points} == WHERE
    assert sorted(point for points in WHERE.values() for point in points) == sorted(Failpoint)


def test_the_variable_is_neither_called_a_mistake_nor_offered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(VARIABLE, Failpoint.FILED)
    monkeypatch.setenv(f"{VARIABLE}S", "x")
    assert settings.unknown_names() == [f"{VARIABLE}S is no setting of this version."]


def _reached(file: Path) -> list[Failpoint]:
    return [Failpoint[name] for name in re.findall(r"\breached\(Failpoint\.(\w+)\)", file.read_text(encoding="utf-8"))]
