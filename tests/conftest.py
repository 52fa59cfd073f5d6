"""The servers that tests talk to: each started once, on free ports, and empty for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailflow.store.database import Store, migrate
from mailflow.tokens import tokens_for
from servers import dovecot as dovecots
from servers import embedded, sink, tokens
from servers import postfix as postfixes
from servers import postgres as postgreses
from servers.dovecot import Dovecot
from servers.embedded import Pymap
from servers.postfix import Postfix
from servers.postgres import Postgres
from servers.sink import SmtpSink
from servers.tokens import TokenServer


@pytest.fixture(scope="session")
def dovecot_server() -> Iterator[Dovecot]:
    with dovecots.started() as server:
        yield server


@pytest.fixture(scope="session")
def postfix_server(dovecot_server: Dovecot) -> Iterator[Postfix]:
    with postfixes.started(dovecot_server) as server:
        yield server


@pytest.fixture(scope="session")
def pymap_running() -> Iterator[Pymap]:
    with embedded.started() as server:
        yield server


@pytest.fixture(scope="session")
def sink_running() -> Iterator[SmtpSink]:
    with sink.started() as server:
        yield server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL; each test makes databases of its own there."""
    with postgreses.started() as server:
        yield server


@pytest.fixture
def dovecot(dovecot_server: Dovecot) -> Dovecot:
    """A real Dovecot with empty mailboxes."""
    dovecot_server.empty()
    return dovecot_server


@pytest.fixture
def postfix(postfix_server: Postfix, dovecot: Dovecot) -> Postfix:
    """A real Postfix that delivers to `dovecot`."""
    return postfix_server


@pytest.fixture(scope="session")
def tokens_running() -> Iterator[TokenServer]:
    with tokens.started(Dovecot.centre) as server:
        yield server


@pytest.fixture(scope="session")
def dovecot_by_token_running(tokens_running: TokenServer) -> Iterator[Dovecot]:
    with dovecots.started(tokens_running.told_at) as server:
        yield server


@pytest.fixture(scope="session")
def postfix_by_token_running(dovecot_by_token_running: Dovecot) -> Iterator[Postfix]:
    with postfixes.started(dovecot_by_token_running, signed_in_only=True) as server:
        yield server


@pytest.fixture
def token_server(tokens_running: TokenServer) -> TokenServer:
    """A token server that has given none; its tokens open the Centre's mailbox, and no other."""
    tokens_running.empty()
    # A process keeps its tokens, and every test is to begin without one.
    tokens_for.cache_clear()
    return tokens_running


@pytest.fixture
def dovecot_by_token(dovecot_by_token_running: Dovecot, token_server: TokenServer) -> Dovecot:
    """A real Dovecot that takes the tokens of `token_server`, with empty mailboxes."""
    dovecot_by_token_running.empty()
    return dovecot_by_token_running


@pytest.fixture
def postfix_by_token(postfix_by_token_running: Postfix, dovecot_by_token: Dovecot) -> Postfix:
    """A real Postfix that takes mail only from who signs in at `dovecot_by_token`."""
    return postfix_by_token_running


@pytest.fixture
def pymap_server(pymap_running: Pymap) -> Pymap:
    """An embedded IMAP server with empty mailboxes."""
    pymap_running.empty()
    return pymap_running


@pytest.fixture
def smtp_sink(sink_running: SmtpSink) -> SmtpSink:
    """An SMTP server that keeps what it gets."""
    sink_running.empty()
    return sink_running


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with this version's tables, to be copied: making them takes longer than many a test."""
    path = tmp_path_factory.mktemp("database") / "mailflow.db"
    store = Store(f"sqlite:///{path}")
    migrate(store)
    store.close()
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, empty_database: Path) -> str:
    """An empty database in a file."""
    return f"sqlite:///{shutil.copy(empty_database, tmp_path)}"


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """An empty database of a real PostgreSQL."""
    with postgres.database() as url:
        yield url


@pytest.fixture(params=["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.real)], ids=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty database of each sort: what is asked of one is asked of the other."""
    opened = Store(request.getfixturevalue(request.param))
    yield opened
    opened.close()
