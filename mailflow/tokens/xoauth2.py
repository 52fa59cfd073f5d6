"""XOAUTH2: a user name and a token as IMAP and SMTP servers take them (Google's protocol, which Microsoft took over)."""

from mailflow.tokens.microsoft import is_from_microsoft, mailbox_closed, missing_permission


def xoauth2(user: str, token: str) -> str:
    """The client's one answer, before base64. `user` is the mailbox's name, which need not be the client's."""
    return f"user={user}\x01auth=Bearer {token}\x01\x01"


def why_refused(protocol: str, token: str) -> str:
    """What to do where a server of `protocol` (IMAP or SMTP) refuses even a fresh token: a sentence for the user."""
    if is_from_microsoft(token):
        return missing_permission(token, protocol) or mailbox_closed(protocol)
    return (
        f"MAILFLOW_{protocol}_USER and MAILFLOW_OAUTH_SCOPE: the {protocol} server refuses a fresh token for this user; check "
        "both, and that the client may use this mailbox."
    )
