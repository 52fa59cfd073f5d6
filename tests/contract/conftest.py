"""Each contract is kept with every IMAP server: the one in memory and the real one."""

from collections.abc import Iterator

import pytest

from mailflow.settings import Settings
from mailflow.store.database import Store
from servers.imap import ImapServer
from servers.ours import settings_for
from servers.relay import Relay, relaying


@pytest.fixture(params=["pymap_server", pytest.param("dovecot", marks=pytest.mark.real)])
def server(request: pytest.FixtureRequest) -> ImapServer:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, ImapServer)
    return found


@pytest.fixture
def settings(server: ImapServer) -> Settings:
    """Settings for the empty mailbox of somebody at `server`."""
    return settings_for(server, server.user())


@pytest.fixture
def relay(server: ImapServer) -> Iterator[Relay]:
    with relaying(server.port) as wire:
        yield wire


@pytest.fixture
def through(settings: Settings, relay: Relay) -> Settings:
    """Settings that lead over the relay."""
    return settings.model_copy(update={"imap_port": relay.port})


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    """An empty database, where one sort is enough."""
    opened = Store(sqlite_url)
    yield opened
    opened.close()
