"""What a message's headers say against an automatic reply."""

import re
from collections.abc import Iterator

from mailflow.domain import Email, Ourselves
from mailflow.domain.markings import (
    answers_automatically,
    auto_submitted,
    bulk_precedence,
    header_values,
    is_from_own_list,
    list_header,
    responder_header,
    without_comments,
)

# MS-OXCMAIL 2.2.3.2.14; DR, NDR, RN and NRN ask for no reports, which we never send anyhow.
_SUPPRESSING = frozenset({"all", "autoreply", "oof"})
_DMARC = re.compile(r"\s*dmarc\s*(?:/\s*\d+\s*)?=\s*(\w+)")
_QUOTED = re.compile(r"\"((?:\\.|[^\"\\])*)\"", re.DOTALL)
NAMELESS = "-"  # the setting's word for a server that signs its results with no name


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
    """Whether Precedence says bulk, junk, list or auto_reply in any spelling."""
    return bulk_precedence(email) is not None or answers_automatically(email)


def own_list(email: Email, ourselves: Ourselves) -> bool:
    """Whether the list is one that leads to our mailbox."""
    return is_from_own_list(email, ourselves)


def from_own_list(email: Email, ourselves: Ourselves) -> bool:
    """Whether its sender is the address of a list that leads to us: an answer would go to everybody on the list."""
    own = {name.strip("<> ").lower() for name in ourselves.own_lists}
    return email.sender is not None and not own.isdisjoint((email.sender.address, email.sender.mailbox))


def dmarc_failed(email: Email, ourselves: Ourselves) -> bool:
    """Whether our own server says dmarc=fail: the topmost of its results (RFC 8601) that says anything of DMARC.

    Nobody else's results are believed, and none of ARC's. What strangers write in our server's name stands below what it adds,
    if it leaves that in at all (RFC 8601, 5); and a failure that they forge holds up their own mail only.
    """
    for results in _our_servers_results(email, ourselves.authserv_id):
        if said := [found[1] for result in results if (found := _DMARC.match(result))]:
            return "fail" in said
    return False


def _our_servers_results(email: Email, server: str | None) -> Iterator[list[str]]:
    """What each Authentication-Results of our server says, topmost first: `method=result` and its properties, in lower case.

    Microsoft 365 names no server: "spf=pass (sender IP is ...) smtp.mailfrom=...;dkim=none ...;dmarc=fail action=oreject ...".
    """
    if not server:
        return
    for value in header_values(email, "authentication-results"):
        plain = _QUOTED.sub(lambda quoted: re.sub("[;=]", "_", quoted[1]), without_comments(value)).lower()
        name, *results = plain.split(";")
        if server == NAMELESS and "=" in name:
            yield [name, *results]
        elif name.split()[:1] == [server.lower()]:
            yield results
