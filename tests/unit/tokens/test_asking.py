"""What the token server may answer, and what is said of it: one sentence that names the setting, and no secret."""

import logging
import ssl
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mailflow.errors import MailflowError, TemporaryError, UserError
from mailflow.settings import Settings
from mailflow.tokens import reaching
from mailflow.tokens.asking import ask
from servers import tokens
from servers.dovecot import certify
from servers.starting import HOST, free_port, need
from servers.tokens import CLIENT, SCOPE, SECRET, TokenServer

At = Callable[..., Settings]
GOOD = "abc.DEF-123~+/="


def refusal(settings: Settings, sort: type[MailflowError]) -> str:
    with pytest.raises(sort) as raised:
        ask(settings)
    assert raised.value.__cause__ is None
    said = str(raised.value)
    assert "\n" not in said
    assert said.endswith(".")
    assert SECRET not in "".join(traceback.format_exception(raised.value))
    return said


def test_a_token_is_asked_for_with_the_clients_credentials(token_server: TokenServer, at: At) -> None:
    token = ask(at())
    assert (token.value, token.seconds) == (token_server.issued[0], 60)
    (asked,) = token_server.asked
    assert asked == {"grant_type": "client_credentials", "client_id": CLIENT, "client_secret": SECRET, "scope": SCOPE}


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({"oauth_client_secret": "wr0ng"}, "MAILFLOW_OAUTH_CLIENT_ID and MAILFLOW_OAUTH_CLIENT_SECRET"),
        ({"oauth_client_id": "nobody"}, "MAILFLOW_OAUTH_CLIENT_ID and MAILFLOW_OAUTH_CLIENT_SECRET"),
        ({"oauth_scope": "mail"}, "MAILFLOW_OAUTH_SCOPE"),
    ],
)
def test_what_the_token_server_refuses_is_told_by_its_setting(at: At, settings: dict[str, str], names: str) -> None:
    said = refusal(at(**settings), UserError)
    assert said.startswith(names)
    assert "AADSTS" in said
    assert not [value for value in settings.values() if f" {value} " in said]


@pytest.mark.parametrize(
    ("status", "body", "names"),
    [
        (400, {"error": "unauthorized_client"}, "MAILFLOW_OAUTH_CLIENT_ID"),
        (400, {"error": "invalid_resource"}, "MAILFLOW_OAUTH_SCOPE"),
        (400, {"error": "invalid_request", "error_codes": [90002]}, "MAILFLOW_OAUTH_TOKEN_URL"),
        (400, {"error": "unsupported_grant_type"}, "MAILFLOW_OAUTH_TOKEN_URL"),
        (404, b"<html>No such page</html>", "MAILFLOW_OAUTH_TOKEN_URL"),
        (302, b"", "MAILFLOW_OAUTH_TOKEN_URL"),
        (400, {"error": f"the secret {SECRET} is no good"}, "MAILFLOW_OAUTH_TOKEN_URL"),
    ],
)
def test_a_refusal_for_good_is_the_users_mistake(token_server: TokenServer, at: At, status: int, body: Any, names: str) -> None:
    token_server.answers.append((status, body))
    assert refusal(at(), UserError).startswith(names)
    assert len(token_server.asked) == 1


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"oops"),
        (503, {"error": "temporarily_unavailable"}),
        (429, {"error": "invalid_client"}),
        (400, {"error": "temporarily_unavailable"}),
        (403, b"<html>Not from here</html>"),
        (200, b"<html>Welcome</html>"),
        (200, b"[" * 100_000),
        (200, b'"token"'),
        (200, {}),
        (200, {"access_token": 5}),
        (200, {"access_token": ""}),
        (200, {"access_token": "two words"}),
        (200, {"access_token": "smuggled\x01auth=Bearer x\r\nNOOP"}),
        (200, {"access_token": GOOD, "token_type": "mac"}),
    ],
)
def test_what_may_pass_is_temporary(token_server: TokenServer, at: At, status: int, body: Any) -> None:
    token_server.answers.append((status, body))
    assert "token server" in refusal(at(), TemporaryError)


@pytest.mark.parametrize(("told", "seconds"), [({"expires_in": "3599"}, 3599), ({}, 300), ({"expires_in": None}, 300)])
def test_a_token_whose_life_is_told_oddly_is_taken(
    token_server: TokenServer, at: At, told: dict[str, Any], seconds: float
) -> None:
    token_server.answers.append((200, {"access_token": GOOD, **told}))
    token = ask(at())
    assert (token.value, token.seconds) == (GOOD, seconds)
    assert GOOD not in repr(token)


def test_silence_and_absence_are_temporary(token_server: TokenServer, at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reaching, "ANSWER_SECONDS", 0.1)
    token_server.go_on.clear()
    assert "does not answer in time" in refusal(at(), TemporaryError)
    assert "cannot be reached" in refusal(at(oauth_token_url=f"http://{HOST}:{free_port()}/token"), TemporaryError)


def test_a_host_that_does_not_exist_is_named(at: At) -> None:
    with pytest.raises(MailflowError, match=r"tokens\.invalid"):
        ask(at(oauth_token_url="https://tokens.invalid/token"))


def test_only_a_token_server_with_a_certificate_we_trust_hears_the_secret(tmp_path: Path, at: At) -> None:
    need("openssl", package="openssl")
    certify(tmp_path)
    certificate = tmp_path / "certificate.pem"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, tmp_path / "key.pem")
    with tokens.started("any@university.example", context) as server:
        said = refusal(at(oauth_token_url=server.url), UserError)
        assert said.startswith("MAILFLOW_OAUTH_TOKEN_URL: the certificate of localhost is not trusted")
        assert "MAILFLOW_CA_FILE" in said
        other = server.url.replace("localhost", HOST)
        assert "not trusted" in refusal(at(oauth_token_url=other, ca_file=certificate), UserError)
        assert server.asked == []
        assert ask(at(oauth_token_url=server.url, ca_file=certificate)).value == server.issued[0]
        plain = f"https://localhost:{at().oauth_token_url.rpartition(':')[2]}"  # type: ignore[union-attr]
        assert refusal(at(oauth_token_url=plain), UserError).startswith("MAILFLOW_OAUTH_TOKEN_URL")


def test_no_log_at_any_level_holds_a_secret(token_server: TokenServer, at: At, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    settings = at()
    ask(settings)
    assert caplog.text
    token_server.assert_unseen(caplog.text, repr(settings), str(settings), settings.model_dump_json())
