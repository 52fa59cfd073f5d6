"""A real PostgreSQL on loopback, with files of its own. Everybody is let in, except `GUARDED`, who needs the password."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from signal import SIGINT

import psycopg
from psycopg import sql

from mailflow.store.database import Store, migrate
from servers.starting import HOST, PASSWORD, eventually, free_port, need, own_folder, running

OWNER = "mailflow"
GUARDED = "guarded"
TEMPLATE = "migrated"

# Nothing here need outlive a crash of the machine.
SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off", "max_connections": "200"}

ACCESS = f"""
host all {GUARDED} {HOST}/32 scram-sha-256
host all all {HOST}/32 trust
"""


class Postgres:
    """A running PostgreSQL. Its databases are made as copies of one that was migrated once, which is quick."""

    host = HOST
    password = PASSWORD

    def __init__(self, port: int) -> None:
        self.port = port
        self._numbers = count(1)
        self._copied = ""

    def url(self, name: str, user: str = OWNER, password: str | None = None) -> str:
        """What MAILFLOW_DATABASE_URL says for the database `name`."""
        secret = "" if password is None else f":{password}"
        return f"postgresql://{user}{secret}@{self.host}:{self.port}/{name}"

    @contextmanager
    def database(self, *, like: str = TEMPLATE) -> Iterator[str]:
        """A new database until the block ends, by its URL: migrated and empty, or bare where it is `like` template0."""
        name = f"test{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {{}} TEMPLATE {{}} {self._copied}", name, like)
        try:
            yield self.url(name)
        finally:
            self.execute("DROP DATABASE {} WITH (FORCE)", name)

    def execute(self, statement: str, *names: str) -> None:
        """Gives an order as the owner of the server, outside a transaction; `names` are quoted."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as db:
            # Since version 15 it would otherwise write every page into its log first.
            self._copied = "STRATEGY FILE_COPY" if db.info.server_version >= 150000 else ""
            db.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def prepare(self) -> None:
        """Makes the users and the database that the others are copies of."""
        eventually(self._answers, "PostgreSQL to let us in", seconds=10, pause=0.05)
        self.execute(f"CREATE ROLE {{}} LOGIN PASSWORD '{PASSWORD}'", GUARDED)
        self.execute("CREATE DATABASE {} TEMPLATE template0", TEMPLATE)
        store = Store(self.url(TEMPLATE))
        migrate(store)
        store.close()

    def _answers(self) -> bool:
        # It listens a moment before it lets anybody in.
        try:
            self.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def started() -> Iterator[Postgres]:
    """A PostgreSQL that runs until the block ends."""
    programs = newest_programs()
    need(programs / "postgres", package="postgresql")
    # PostgreSQL refuses to be run by root; and a test run that is killed takes it along.
    ours = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid() == 0:
        ours += ["--reuid", "postgres", "--regid", "postgres", "--init-groups"]
    with own_folder("postgres", within=_roomy_memory() or "/tmp") as folder:
        folder.chmod(0o777)
        tables = folder / "tables"
        layout = ["-D", tables, "--no-sync", "--auth=trust", f"--username={OWNER}", "--encoding=UTF8", "--locale=C.UTF-8"]
        subprocess.run([*ours, programs / "initdb", *layout], check=True, capture_output=True, cwd="/")
        (tables / "pg_hba.conf").write_text(ACCESS)
        server = Postgres(free_port())
        chosen = {"listen_addresses": HOST, "port": str(server.port), "unix_socket_directories": "", **SETTINGS}
        options = [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
        command: list[str | Path] = [*ours, programs / "postgres", "-D", tables, *options]
        with running(command, folder / "log", server.port) as process:
            server.prepare()
            try:
                yield server
            finally:
                # SIGTERM, which comes next, would wait for every client.
                process.send_signal(SIGINT)


def _roomy_memory() -> str | None:
    """A folder in memory, four times as quick as a disk at making databases; containers often have too little of it."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > 2**30 else None


def newest_programs() -> Path:
    """Debian keeps each version apart, and none of the programs on the PATH."""
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    return max(versions, key=lambda found: float(found.parent.name), default=Path("/usr/lib/postgresql/bin"))
