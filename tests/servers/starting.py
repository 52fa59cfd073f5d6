"""How a test server is started, awaited and ended: a process of ours, by its own pid, on free loopback ports."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

HOST = "127.0.0.1"
PASSWORD = "secret"
DOMAIN = "university.example"

Found = TypeVar("Found")


def need(*programs: str | Path, package: str, as_root: bool = False) -> None:
    """Skips the test in one line where a server is not installed; on a build machine (CI=true) that is a failure."""
    missing = [str(p) for p in programs if not shutil.which(str(p))]
    why = f"{package} is not installed (apt-get install {package})" if missing else None
    if not why and as_root and os.geteuid():
        why = f"{package} can only be started by root"
    if why and os.environ.get("CI") == "true":
        pytest.fail(why, pytrace=False)
    if why:
        pytest.skip(why)


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def own_folder(name: str, within: str = "/tmp") -> Iterator[Path]:
    """A folder for a server's files: short, for its sockets' sake, and open to the users it changes to."""
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=within))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(command: list[str | Path], log: Path, *ports: int) -> Iterator[subprocess.Popen[bytes]]:
    """Runs a server in the foreground of its own session until the block ends; begins when every port answers."""
    # A test run that is killed takes its servers with it.
    tied = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*tied, *command], stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    try:
        for port in ports:
            _await_port(port, process, log)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    def answers() -> bool:
        if process.poll() is not None:
            pytest.fail(f"{process.args!r} ended with {process.returncode}:\n{log.read_text()[-3000:]}", pytrace=False)
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            return False
        return True

    eventually(answers, f"port {port} to answer", seconds=10)


def eventually(look: Callable[[], Found], what: str, seconds: float = 5, pause: float = 0.01) -> Found:
    """Looks until there is something true to see, and returns it; fails the test after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > deadline:
            pytest.fail(f"waited {seconds} s for {what}")
        time.sleep(pause)
    return found
