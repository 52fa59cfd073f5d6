"""The servers that tests talk to: each started once, on free ports, and empty for each test."""

from collections.abc import Iterator

import pytest

from servers import dovecot as dovecots
from servers import embedded, sink
from servers import postfix as postfixes
from servers.dovecot import Dovecot
from servers.embedded import Pymap
from servers.postfix import Postfix
from servers.sink import SmtpSink


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


@pytest.fixture
def dovecot(dovecot_server: Dovecot) -> Dovecot:
    """A real Dovecot with empty mailboxes."""
    dovecot_server.empty()
    return dovecot_server


@pytest.fixture
def postfix(postfix_server: Postfix, dovecot: Dovecot) -> Postfix:
    """A real Postfix that delivers to `dovecot`."""
    return postfix_server


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
