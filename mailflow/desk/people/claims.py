"""What an id token claims: whether it was made for this sign-in, now; and what it says of the person."""

from datetime import datetime
from typing import Any

from joserfc.jwt import JWTClaimsRegistry

from mailflow.domain import Role, highest

LEEWAY_SECONDS = 120  # two clocks, and a busy minute
_LONGEST_SUB = 255


def check(claims: dict[str, Any], issuer: str, client: str, nonce: str, now: datetime) -> None:
    """Raises ValueError or JoseError for what OpenID Connect Core 1.0, 2 and 3.1.3.7, does not allow."""
    JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
        sub={"essential": True},
    ).validate(claims)
    audiences, party = claims["aud"], claims.get("azp")
    if party not in (None, client) or (isinstance(audiences, list) and len(audiences) > 1 and party is None):
        raise ValueError("made for another")
    if len(claims["sub"]) > _LONGEST_SUB:
        raise ValueError("no subject")


def subject(claims: dict[str, Any]) -> str:
    """Who it is, for good: the issuer and the person's name there that is never given to another."""
    return f"{claims['iss']} {claims['sub']}"


def wished_name(claims: dict[str, Any]) -> str:
    """What they are called there."""
    found = (claims.get(name) for name in ("preferred_username", "email", "upn", "name"))
    return next((name for name in found if isinstance(name, str) and name), "")


def role(claims: dict[str, Any], name: str) -> Role | None:
    """The highest role that the claim of this name gives, written as one word or as a list; None where it gives none."""
    said = claims.get(name)
    words = {word.strip().lower() for word in (said if isinstance(said, list) else [said]) if isinstance(word, str)}
    roles = [known for known in Role if known in words]
    return highest(*roles) if roles else None
