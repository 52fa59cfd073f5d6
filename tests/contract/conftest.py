"""Each contract is kept with every IMAP server: the one in memory and the real one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mailflow.settings import Settings
from mailflow.store.database import Store, migrate
from servers.imap import ImapServer
from servers.ours import settings_for


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
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path}/mailflow.db")
    migrate(store)
    yield store
    store.close()
