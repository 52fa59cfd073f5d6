"""What Microsoft 365 must have been told before a token is of use: which permission is missing, and who grants it.

Source: Microsoft, "Authenticate an IMAP, POP or SMTP connection using OAuth", on client credentials. A token is read here
without checking its signature: only to explain a refusal, never to allow anything.
"""

import json
from base64 import urlsafe_b64decode
from typing import Any

PERMISSIONS = {"IMAP": "IMAP.AccessAsApp", "SMTP": "SMTP.SendAsApp"}

_ISSUERS = ("https://sts.windows.net/", "https://login.microsoftonline.", "https://login.partner.microsoftonline.")
_GRAPH = ("graph.microsoft.", "00000003-0000-0000-c000-000000000000")


def is_from_microsoft(token: str) -> bool:
    """Whether a token says that Microsoft Entra has issued it."""
    return str(_claims(token).get("iss", "")).startswith(_ISSUERS)


def missing_permission(token: str, protocol: str) -> str | None:
    """A sentence, where a token of Microsoft's does not let its client use `protocol` (IMAP or SMTP)."""
    claims = _claims(token)
    if not is_from_microsoft(token):
        return None
    if any(name in str(claims.get("aud", "")) for name in _GRAPH):
        return "MAILFLOW_OAUTH_SCOPE: this token is for Microsoft Graph; write https://outlook.office365.com/.default."
    roles = claims.get("roles")
    if isinstance(roles, list) and PERMISSIONS[protocol] in roles:
        return None
    return (
        f"Microsoft 365: the permission {PERMISSIONS[protocol]} is missing; an administrator adds it to the app in "
        "Microsoft Entra (API permissions, Office 365 Exchange Online, Application permissions) and grants admin consent."
    )


def mailbox_closed(protocol: str) -> str:
    """A sentence for a server of Microsoft's that keeps a client out whose token has the permission."""
    steps = (
        "registers the app in Exchange Online (New-ServicePrincipal) and gives it the mailbox (Add-MailboxPermission, FullAccess"
    )
    if protocol == "SMTP":
        steps += (
            "; Add-RecipientPermission, SendAs) with SMTP switched on (Set-CASMailbox, SmtpClientAuthenticationDisabled $false"
        )
    return f"Microsoft 365: the mailbox is closed to the app; an administrator {steps})."


def _claims(token: str) -> dict[str, Any]:
    """What a token says, where it is a JWT (RFC 7519); otherwise nothing."""
    try:
        _, middle, _ = token.split(".")
        claims = json.loads(urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    except (ValueError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}
