"""Each contract is kept with every IMAP server: the one in memory and the real one."""

import pytest

from mailflow.settings import Settings
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
