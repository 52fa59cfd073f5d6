"""A token of Microsoft's says which permission its client lacks, and what to do about it is told."""

import json
from base64 import urlsafe_b64encode

import pytest

from mailflow.tokens import why_refused
from mailflow.tokens.microsoft import missing_permission
from servers.tokens import MICROSOFT

BOTH = ["IMAP.AccessAsApp", "SMTP.SendAsApp"]


def jwt(**claims: object) -> str:
    middle = urlsafe_b64encode(json.dumps({"iss": MICROSOFT, "aud": "https://outlook.office365.com", **claims}).encode())
    return f"eyJhbGciOiJub25lIn0.{middle.decode().rstrip('=')}.c2ln"


@pytest.mark.parametrize(("protocol", "permission"), [("IMAP", BOTH[0]), ("SMTP", BOTH[1])])
def test_a_missing_permission_is_named_with_who_grants_it(protocol: str, permission: str) -> None:
    for claims in ({}, {"roles": []}, {"roles": [one for one in BOTH if one != permission]}, {"roles": permission}):
        said = missing_permission(jwt(**claims), protocol)
        assert said is not None
        assert f"the permission {permission} is missing" in said
        assert "admin consent" in said
        assert why_refused(protocol, jwt(**claims)) == said
    assert missing_permission(jwt(roles=BOTH), protocol) is None


def test_a_client_with_the_permission_needs_the_mailbox() -> None:
    for protocol in ("IMAP", "SMTP"):
        said = why_refused(protocol, jwt(roles=BOTH))
        assert "New-ServicePrincipal" in said
        assert "Add-MailboxPermission" in said
    assert "SendAs" in said
    assert "SmtpClientAuthenticationDisabled" in said


@pytest.mark.parametrize("audience", ["https://graph.microsoft.com", "00000003-0000-0000-c000-000000000000"])
def test_a_token_for_something_else_is_told_by_the_scope(audience: str) -> None:
    said = why_refused("IMAP", jwt(aud=audience, roles=BOTH))
    assert said.startswith("MAILFLOW_OAUTH_SCOPE")
    assert "https://outlook.office365.com/.default" in said


@pytest.mark.parametrize(
    "token", ["opaque", "a.b.c", "..", "a.W10.c", jwt(iss="https://keycloak.example/realm"), f"a.{'W' * 9999}.c"]
)
def test_of_other_tokens_nothing_is_read(token: str) -> None:
    assert missing_permission(token, "IMAP") is None
    assert why_refused("IMAP", token).startswith("MAILFLOW_IMAP_USER and MAILFLOW_OAUTH_SCOPE")
    assert token not in why_refused("SMTP", token)
