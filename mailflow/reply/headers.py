"""What a message's headers say against an automatic reply."""

import re

from mailflow.domain import Email, Ourselves
from mailflow.domain.markings import (
    auto_submitted,
    bulk_precedence,
    header_values,
    is_from_own_list,
    list_header,
    precedences,
    responder_header,
    without_comments,
)

# MS-OXCMAIL 2.2.3.2.14; DR, NDR, RN and NRN ask for no reports, which we never send anyhow.
_SUPPRESSING = frozenset({"all", "autoreply", "oof"})
_DMARC_FAIL = re.compile(r"\bdmarc\s*=\s*fail\b")


def says_automatic(email: Email) -> bool:
    """RFC 3834, 5: any Auto-Submitted but "no" means a machine; so do the older responders' own headers."""
    return auto_submitted(email) is not None or responder_header(email) is not None


def suppresses(email: Email) -> bool:
    """Whether X-Auto-Response-Suppress names automatic replies."""
    words = (
        word.strip().lower() for value in header_values(email, "x-auto-response-suppress") for word in re.split(r"[,;\s]+", value)
    )
    return any(word in _SUPPRESSING for word in words)


def is_from_list(email: Email) -> bool:
    """Whether a list's headers are there (RFC 2369, RFC 2919)."""
    return list_header(email) is not None


def is_bulk(email: Email) -> bool:
    """Whether Precedence says bulk, junk, list or auto_reply."""
    return bulk_precedence(email) is not None or "auto_reply" in precedences(email)


def own_list(email: Email, ourselves: Ourselves) -> bool:
    """Whether the list is one that leads to our mailbox."""
    return is_from_own_list(email, ourselves)


def dmarc_failed(email: Email, ourselves: Ourselves) -> bool:
    """Whether our own server's topmost Authentication-Results (RFC 8601) says dmarc=fail; others' are not believed."""
    if not ourselves.authserv_id:
        return False
    for value in header_values(email, "authentication-results"):
        server, _, results = without_comments(value).lower().partition(";")
        if server.split()[:1] == [ourselves.authserv_id.lower()]:
            return bool(_DMARC_FAIL.search(results))
    return False
