"""What the university's sign-in says of itself (OpenID Connect Discovery 1.0): where to go, where to ask, and its keys."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from mailflow.errors import TemporaryError, UserError
from mailflow.settings import Settings, checks
from mailflow.tokens.reaching import explained, patience

if TYPE_CHECKING:
    import httpx2

SERVER, SETTING = "sign-in server", "MAILFLOW_OIDC_ISSUER"


@dataclass(frozen=True, slots=True)
class Discovered:
    """The provider as it was found. `issuer` is what its tokens must name; `end`, where it has one, its own sign-out page."""

    issuer: str
    authorization: str
    token: str
    end: str | None
    secret_in_form: bool
    keys: KeySet


def discover(settings: Settings) -> Discovered:
    """Asks the provider. Raises UserError where that cannot be a provider of ours, TemporaryError where it does not answer."""
    written = settings.oidc_issuer or ""
    said = _asked(f"{written.rstrip('/')}/.well-known/openid-configuration", settings)
    # Microsoft leaves a place for the tenant, which is ours: people of others are not let in.
    issuer = str(said.get("issuer")).replace("{tenantid}", urlsplit(written).path.strip("/").partition("/")[0])
    if issuer.rstrip("/") != written.rstrip("/"):
        raise UserError(f"{SETTING}: the sign-in server there goes by another name; write the issuer as it calls itself.")
    end = said.get("end_session_endpoint")
    return Discovered(
        issuer,
        _address(said, "authorization_endpoint"),
        _address(said, "token_endpoint"),
        _address(said, "end_session_endpoint") if end else None,
        "client_secret_post" in (said.get("token_endpoint_auth_methods_supported") or ()),
        _keys(_asked(_address(said, "jwks_uri"), settings)),
    )


def spoken(answer: "httpx2.Response") -> dict[str, Any]:
    """The answer's JSON object; empty where it is none."""
    try:
        said = answer.json()
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _asked(url: str, settings: Settings) -> dict[str, Any]:
    import httpx2

    with explained(SERVER, SETTING, url):
        answer = httpx2.get(url, verify=settings.trust(), timeout=patience())
    if answer.status_code == 429 or answer.status_code >= 500:
        raise TemporaryError(f"The {SERVER} {urlsplit(url).hostname} does not answer now ({answer.status_code}).")
    said = spoken(answer)
    if not answer.is_success or not said:
        raise UserError(
            f"{SETTING}: nobody signs in at {urlsplit(url).hostname} ({answer.status_code}); write the issuer's address."
        )
    return said


def _address(said: dict[str, Any], name: str) -> str:
    try:
        return checks.token_address(str(said.get(name)))
    except ValueError:
        raise UserError(f"{SETTING}: the sign-in server there names no {name} that begins with https://.") from None


def _keys(said: dict[str, Any]) -> KeySet:
    try:
        return KeySet.import_key_set(said)  # type: ignore[arg-type]
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        raise UserError(f"{SETTING}: the sign-in server there has no keys to check its answers by.") from None
