"""What every test of tokens needs: settings that name the token server."""

from collections.abc import Callable

import pytest

from mailflow.settings import Settings, only
from servers.tokens import TokenServer


@pytest.fixture
def at(token_server: TokenServer) -> Callable[..., Settings]:
    """Settings for a client of `token_server`, some of them others: at(oauth_scope="mail")."""

    def made(**others: object) -> Settings:
        return only(**{**token_server.settings, **others})

    return made
