"""The real `mailflow run` as a process of its own: its environment, its log, its end, and other commands beside it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import pytest
from sqlalchemy import Connection

from mailflow.store.database import Store
from servers.postfix import Postfix
from servers.starting import PASSWORD, eventually

CHECKOUT = Path(__file__).parents[1]
MAILFLOW = Path(sys.executable).with_name("mailflow")

Event = dict[str, Any]


class Installation:
    """A folder with rules.toml, templates and data, and the environment of a daemon for the Centre's mailbox."""

    def __init__(self, folder: Path, centre: str, **settings: str) -> None:
        """`settings` are variables without their prefix, in small letters: mode="live"."""
        folder.mkdir()
        self.folder = folder
        self.data = folder / "data"
        self.rules = Path(shutil.copy(CHECKOUT / "rules.toml", folder))
        self.templates = Path(shutil.copytree(CHECKOUT / "templates", folder / "templates"))
        self.centre = centre
        plain = {"imap_security": "none", "smtp_security": "none"}
        own = {"address": centre, "imap_password": PASSWORD, "data": str(self.data), "desk_port": "0"}
        # Nothing may count on the timer: IDLE brings the news.
        self.settings = {**plain, **own, "poll_seconds": "600", "log_format": "json", **settings}

    @classmethod
    def at(cls, folder: Path, server: Postfix, **settings: str) -> Self:
        """An installation that reads the mailbox behind `server`, and sends by it."""
        imap = {"imap_host": server.host, "imap_port": str(server.dovecot.port)}
        smtp = {"smtp_host": server.host, "smtp_port": str(server.port)}
        return cls(folder, server.dovecot.centre, **{**imap, **smtp, **settings})

    def environment(self, **changes: str) -> Mapping[str, str]:
        """Only these settings, whatever this machine has set."""
        others = {name: value for name, value in os.environ.items() if not name.startswith("MAILFLOW_")}
        return others | {f"MAILFLOW_{name.upper()}": value for name, value in (self.settings | changes).items()}

    def change_rules(self, *changes: tuple[str, str]) -> None:
        """Edits rules.toml as the team would: each pair is what stands there, and what is to stand there."""
        text = self.rules.read_text()
        for old, new in changes:
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in rules.toml"
            text = text.replace(old, new)
        self.rules.write_text(text)

    def command(self, *arguments: str) -> Any:
        """What a command prints as JSON."""
        done = subprocess.run(
            [MAILFLOW, *arguments, "--json"], check=False, cwd=self.folder, env=self.environment(), capture_output=True
        )
        assert done.stderr == b"", done.stderr.decode()
        return json.loads(done.stdout)

    def fails(self, *arguments: str, **changes: str) -> tuple[int, str]:
        """Runs a command that ends by itself: its exit code, and all that it said."""
        done = subprocess.run(
            [MAILFLOW, *arguments],
            check=False,
            cwd=self.folder,
            env=self.environment(**changes),
            capture_output=True,
            text=True,
            timeout=30,
        )
        return done.returncode, done.stdout + done.stderr

    @contextmanager
    def database(self) -> Iterator[Connection]:
        """A look into the database, beside the running daemon."""
        store = Store(self.settings.get("database_url", f"sqlite:///{self.data / 'mailflow.db'}"))
        try:
            with store.writing() as db:
                yield db
        finally:
            store.close()


class Daemon:
    """A running `mailflow run`. It has said that it is started, and it is watching the mailbox."""

    def __init__(self, installation: Installation, log: Path, **changes: str) -> None:
        """`changes` are settings of this one process: failpoint="filed"."""
        self._log = log
        self._mark = f"DAEMON_LOG={log}"  # in the environment of all that it starts
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [MAILFLOW, "run"],
                cwd=installation.folder,
                env={**installation.environment(**changes), "DAEMON_LOG": str(log)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def said(self, event: str, **values: object) -> list[Event]:
        """The log lines of an event, those with these values."""
        lines = self._log.read_text().splitlines(keepends=True)
        events = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("\n")]
        return [e for e in events if e["event"] == event and values.items() <= e.items()]

    def await_event(self, event: str, count: int = 1, seconds: float = 30, **values: object) -> Event:
        """Waits until the log tells of an event for the `count`th time, and returns that line."""

        def told() -> list[Event]:
            found = self.said(event, **values)[count - 1 :]
            if not found and self._process.poll() is not None:
                pytest.fail(f"mailflow ended with {self._process.returncode}:\n{self.log[-3000:]}", pytrace=False)
            return found

        return eventually(told, f"{event!r} in the log", seconds, pause=0.02)[0]

    @property
    def log(self) -> str:
        """Everything that it has said so far."""
        return self._log.read_text()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def stop(self, seconds: float = 5) -> int:
        """Ends it as a service manager does, with SIGTERM, and returns the exit code; fails the test where it takes longer."""
        self._process.terminate()
        return self._process.wait(seconds)

    def kill(self) -> None:
        """Ends it as a power cut does."""
        self._process.kill()
        self._process.wait()

    def await_end(self, seconds: float = 15) -> int:
        """Waits until it ends by itself, with all that it had started, and returns the exit code, minus the signal."""
        code = self._process.wait(seconds)
        eventually(lambda: not _is_anywhere(self._mark), "what it had started to end", seconds=30, pause=0.05)
        return code


def _is_anywhere(variable: str) -> bool:
    """Whether a process is left with this in its environment."""
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if variable in environment.read_text(errors="replace").split("\0"):
                return True
    return False
