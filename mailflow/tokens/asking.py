"""One question to the token server, and what each of its answers means in plain words."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mailflow.errors import MailflowError, TemporaryError, UserError
from mailflow.settings import Settings
from mailflow.tokens.reaching import explained, patience

if TYPE_CHECKING:
    import httpx2

SECONDS_UNSAID = 300  # how long a token is kept whose life the server does not tell

_WELL_FORMED = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # RFC 6750, 2.1
_CLIENT = frozenset({"invalid_client", "unauthorized_client"})
_SCOPE = frozenset({"invalid_scope", "invalid_target", "invalid_resource"})
_LATER = frozenset({"temporarily_unavailable", "server_error", "slow_down"})


@dataclass(frozen=True, slots=True)
class Token:
    """An access token, and how many seconds it lives, counted from before it was asked for."""

    value: str = field(repr=False)
    seconds: float


def ask(settings: Settings) -> Token:
    """A new token. Raises UserError for a wrong setting, TemporaryError where the token server gives none now."""
    # Imported here: a tenth of a second that hosts with passwords can do without.
    import httpx2

    # In the body, as Microsoft documents it; over Basic servers do not agree on how a secret is to be escaped.
    asked = {
        "grant_type": "client_credentials",
        "client_id": settings.oauth_client_id,
        "client_secret": settings.oauth_client_secret.get_secret_value(),
        "scope": settings.oauth_scope,
    }
    url = settings.oauth_token_url or ""
    with explained("token server", "MAILFLOW_OAUTH_TOKEN_URL", url):
        # A redirect is not followed: the secret goes where the settings say, and nowhere else.
        answer = httpx2.post(url, data=asked, verify=settings.trust(), timeout=patience(), headers={"Accept": "application/json"})
    said = _spoken(answer)
    if answer.is_success:
        return _token(said)
    raise _refusal(answer.status_code, said)


def _spoken(answer: "httpx2.Response") -> dict[str, Any]:
    """The answer's JSON object; empty where it is none."""
    try:
        said = answer.json()
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _token(said: dict[str, Any]) -> Token:
    value, sort = said.get("access_token"), said.get("token_type", "Bearer")
    if not isinstance(value, str) or not _WELL_FORMED.fullmatch(value) or str(sort).lower() != "bearer":
        raise TemporaryError("The token server's answer holds no token to sign in with; check MAILFLOW_OAUTH_TOKEN_URL.")
    try:
        # Some servers write the number as text.
        return Token(value, float(said.get("expires_in", SECONDS_UNSAID)))
    except (TypeError, ValueError):
        return Token(value, SECONDS_UNSAID)


def _refusal(status: int, said: dict[str, Any]) -> MailflowError:
    """RFC 6749, 5.2. The description is left out: it may repeat what was sent."""
    error = str(said.get("error", ""))
    why = _named(error, said)
    if status == 429 or status >= 500 or error in _LATER:
        return TemporaryError(f"The token server gives no token now ({status}).")
    if error in _CLIENT:
        return UserError(
            f"MAILFLOW_OAUTH_CLIENT_ID and MAILFLOW_OAUTH_CLIENT_SECRET: the token server refuses them ({why}); check both, and "
            "whether the secret has expired."
        )
    if error in _SCOPE:
        return UserError(
            f"MAILFLOW_OAUTH_SCOPE: the token server refuses it ({why}); write what the token is to be for, for Microsoft 365 "
            "https://outlook.office365.com/.default."
        )
    if error or 300 <= status <= 399 or status in {404, 405, 410}:
        return UserError(
            f"MAILFLOW_OAUTH_TOKEN_URL: no tokens are given there ({why or status}); write the address of your token server, for "
            "Microsoft 365 https://login.microsoftonline.com/<tenant>/oauth2/v2.0/token."
        )
    return TemporaryError(f"The token server gives no token and no reason ({status}); check MAILFLOW_OAUTH_TOKEN_URL.")


def _named(error: str, said: dict[str, Any]) -> str:
    """The error's name, and Microsoft's number for it, which its pages explain."""
    numbers = said.get("error_codes")
    known = [f"AADSTS{number}" for number in numbers if isinstance(number, int)] if isinstance(numbers, list) else []
    return ", ".join(re.findall(r"^[a-z_]{1,40}$", error) + known[:1])
