"""The daemon without any password: by token into Dovecot and Postfix, while tokens expire and the token server comes and goes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import letters
from letters import CENTRE, Letter
from running import Daemon, Installation
from servers import relay as wires
from servers.dovecot import Dovecot
from servers.postfix import Postfix
from servers.relay import Relay
from servers.starting import eventually
from servers.tokens import SECRET, TokenServer

pytestmark = pytest.mark.real

SECONDS = 20


@pytest.fixture
def wire_to_imap(dovecot_by_token: Dovecot) -> Iterator[Relay]:
    with wires.relaying(dovecot_by_token.port) as wire:
        yield wire


@pytest.fixture
def wire_to_smtp(postfix_by_token: Postfix) -> Iterator[Relay]:
    with wires.relaying(postfix_by_token.port) as wire:
        yield wire


@pytest.fixture
def installation(tmp_path: Path, wire_to_imap: Relay, wire_to_smtp: Relay, token_server: TokenServer) -> Installation:
    """A live one that signs in by token; its secret stands in a file, and no password is set."""
    secret = tmp_path / "secret"
    secret.write_text(f"{SECRET}\n")
    imap = {"imap_host": wire_to_imap.host, "imap_port": str(wire_to_imap.port), "imap_password": ""}
    smtp = {"smtp_host": wire_to_smtp.host, "smtp_port": str(wire_to_smtp.port)}
    by_token = {**token_server.settings, "oauth_client_secret": "", "oauth_client_secret_file": str(secret)}
    return Installation(tmp_path / "installation", CENTRE, mode="live", **imap, **smtp, **by_token)


@pytest.fixture
def write(dovecot_by_token: Dovecot) -> Callable[[], Letter]:
    """Somebody writes to the Centre."""

    def arrives() -> Letter:
        letter = letters.query(dovecot_by_token.user())
        dovecot_by_token.deliver(letter.raw, CENTRE)
        return letter

    return arrives


def test_mail_is_answered_while_tokens_expire_and_the_token_server_is_away(
    installation: Installation,
    start: Callable[[Installation], Daemon],
    write: Callable[[], Letter],
    dovecot_by_token: Dovecot,
    token_server: TokenServer,
    wire_to_imap: Relay,
    wire_to_smtp: Relay,
) -> None:
    token_server.lifetime = 1
    daemon = start(installation)
    dovecot_by_token.await_mail(write().sender, seconds=SECONDS)
    eventually(lambda: token_server.all_expired, "every token to expire")
    token_server.answers += [(503, {"error": "temporarily_unavailable"})] * 2
    asked = len(token_server.asked)
    for wire in (wire_to_imap, wire_to_smtp):
        wire.cut()
    dovecot_by_token.await_mail(write().sender, seconds=SECONDS)
    assert len(token_server.asked) > asked + 2
    assert "The token server gives no token now (503)." in daemon.log
    said = [str(installation.command(command)) for command in ("status", "check")]
    assert daemon.stop() == 0
    token_server.assert_unseen(daemon.log, *said)


def test_what_the_token_server_refuses_ends_the_start_with_one_sentence(
    installation: Installation, token_server: TokenServer
) -> None:
    code, said = installation.fails("run", oauth_client_secret="wr0ng-one")
    assert code == 2
    assert said.startswith("mailflow: MAILFLOW_OAUTH_CLIENT_ID and MAILFLOW_OAUTH_CLIENT_SECRET: the token server refuses them")
    assert len(said.splitlines()) == 1
    assert "wr0ng" not in said
    token_server.assert_unseen(said)
