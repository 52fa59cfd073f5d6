"""Signing in at the university: asked by authorization code with PKCE, and believed only as OpenID Connect Core 1.0 allows.

In: the code that a browser came back with. Out: what the provider says of the person, or one sentence why nobody was let in. No
token, code or claim stands in a sentence or a log.
"""

import hashlib
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jws import JWSRegistry

from mailflow.desk.people import claims
from mailflow.desk.people.discovery import SERVER, SETTING, Discovered, discover, spoken
from mailflow.errors import TemporaryError, UserError
from mailflow.settings import Settings
from mailflow.tokens.reaching import explained, patience

BACK = "/sign-in/university/back"
_TOKENS = JWSRegistry(algorithms=("RS256", "ES256"), strict_check_header=False)
_KEPT_SECONDS = 3600


class RefusedError(Exception):
    """Nobody is let in. Its text is for the person; `why`, a few words of ours, for the log."""

    def __init__(self, sentence: str, why: str) -> None:
        """Neither may hold anything that the provider or the browser sent."""
        super().__init__(sentence)
        self.why = why


@dataclass(frozen=True, slots=True)
class Journey:
    """A sign-in on its way there and back to the page `way`. The secret stays in its browser; what leaves is made of it."""

    secret: str = field(repr=False)
    way: str

    @classmethod
    def begin(cls, way: str) -> "Journey":
        """A new one."""
        return cls(secrets.token_urlsafe(32), way)

    @property
    def state(self) -> str:
        """Shows that the way back is this journey's (RFC 6749, 10.12)."""
        return _hashed(f"state {self.secret}")

    @property
    def nonce(self) -> str:
        """Shows that the provider's answer is to this journey."""
        return _hashed(f"nonce {self.secret}")

    @property
    def verifier(self) -> str:
        """Shows that whoever brings the code began the journey (RFC 7636)."""
        return _hashed(f"verifier {self.secret}")


class Provider:
    """The provider that the settings name. What it says of itself is kept for an hour; new keys of its are asked for at once."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        """Asks for nothing yet. `clock` is in seconds and only goes forward."""
        self._settings, self._clock = settings, clock
        self._client, self._ours = settings.oidc_client_id, (settings.desk_url or "").rstrip("/")
        self._found: Discovered | None = None
        self._found_at = 0.0

    def way_there(self, journey: Journey) -> str:
        """Where the browser is sent. Raises UserError or TemporaryError where the provider cannot be had."""
        asked = {
            "response_type": "code",
            "client_id": self._client,
            "redirect_uri": self._ours + BACK,
            "scope": "openid profile email",
            "state": journey.state,
            "nonce": journey.nonce,
            "code_challenge": _hashed(journey.verifier),
            "code_challenge_method": "S256",
        }
        return _with(self._look().authorization, asked)

    def way_out(self) -> str | None:
        """Where somebody signs out of their university account, if the provider has such a page and was asked before."""
        if self._found is None or self._found.end is None:
            return None
        return _with(self._found.end, {"client_id": self._client, "post_logout_redirect_uri": f"{self._ours}/sign-in"})

    def claims(self, code: str, journey: Journey, now: datetime) -> dict[str, Any]:
        """What the provider says of the person who came back with this code.

        Raises RefusedError where it is not to be believed, UserError or TemporaryError where the provider cannot be had.
        """
        found = self._look()
        token = self._exchange(found, code, journey)
        try:
            said = self._decoded(token, found)
            claims.check(said, found.issuer, self._client, journey.nonce, now)
        except (JoseError, ValueError, TypeError, RecursionError) as error:
            raise RefusedError(
                "The answer of the university’s sign-in cannot be believed, so nobody was signed in. Try again.",
                f"id token refused: {type(error).__name__}",
            ) from None
        return said

    def _look(self, *, anew: bool = False) -> Discovered:
        if self._found is None or anew or self._clock() - self._found_at >= _KEPT_SECONDS:
            self._found, self._found_at = discover(self._settings), self._clock()
        return self._found

    def _decoded(self, token: str, found: Discovered) -> dict[str, Any]:
        """What a token says that the provider has signed. Where it names a key that is new to us, the keys are asked for anew."""
        try:
            return jwt.decode(token, found.keys, registry=_TOKENS).claims
        except InvalidKeyIdError:
            return jwt.decode(token, self._look(anew=True).keys, registry=_TOKENS).claims

    def _exchange(self, found: Discovered, code: str, journey: Journey) -> str:
        """The id token that the code stands for (RFC 6749, 4.1.3)."""
        import httpx2

        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._ours + BACK,
            "code_verifier": journey.verifier,
        }
        secret, basic = self._settings.oidc_client_secret.get_secret_value(), None
        if found.secret_in_form:
            form |= {"client_id": self._client, "client_secret": secret}
        else:
            basic = httpx2.BasicAuth(quote(self._client, safe=""), quote(secret, safe=""))  # RFC 6749, 2.3.1
        with explained(SERVER, SETTING, found.token):
            # A redirect is not followed: the secret goes where the provider said, and nowhere else.
            answer = httpx2.post(found.token, data=form, auth=basic, verify=self._settings.trust(), timeout=patience())
        said = spoken(answer)
        if answer.is_success and isinstance(token := said.get("id_token"), str):
            return token
        raise _refusal(answer.status_code, str(said.get("error", "")))


def _refusal(status: int, error: str) -> Exception:
    """RFC 6749, 5.2. What else the provider says is left out: it may repeat what was sent."""
    if error == "invalid_grant":
        return RefusedError("That sign-in took too long, or was used already. Sign in again.", "the code is refused")
    if error in {"invalid_client", "unauthorized_client"} or status == 401:
        names = "MAILFLOW_OIDC_CLIENT_ID and MAILFLOW_OIDC_CLIENT_SECRET"
        return UserError(f"{names}: the sign-in server refuses them; check both, and whether the secret has expired.")
    return TemporaryError(f"The sign-in server gives no answer to be used ({status}).")


def _with(address: str, asked: dict[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"


def _hashed(text: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
