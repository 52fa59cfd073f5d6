"""What a message's headers say against an automatic reply."""

import re

from mailflow.domain import Email, Ourselves

_LIST_HEADERS = frozenset(
    {"list-id", "list-unsubscribe", "list-post", "list-help", "list-subscribe", "list-owner"}
)  # RFC 2369, 2919
_BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
_RESPONDER_HEADERS = frozenset({"x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply-from", "x-mail-autoreply"})

# MS-OXCMAIL 2.2.3.2.14; DR, NDR, RN and NRN ask for no reports, which we never send anyhow.
_SUPPRESSING = frozenset({"all", "autoreply", "oof"})
_COMMENT = re.compile(r"\([^()]*\)")
_DMARC_FAIL = re.compile(r"\bdmarc\s*=\s*fail\b")


def says_automatic(email: Email) -> bool:
    """RFC 3834, 5: any Auto-Submitted but "no" means a machine; so do the older responders' own headers."""
    stated = (_COMMENT.sub("", value).partition(";")[0].strip().lower() for value in _all(email, "auto-submitted"))
    return any(word not in {"no", ""} for word in stated) or any(name in _RESPONDER_HEADERS for name, _ in email.headers)


def suppresses(email: Email) -> bool:
    """Whether X-Auto-Response-Suppress names automatic replies."""
    words = (word.strip().lower() for value in _all(email, "x-auto-response-suppress") for word in re.split(r"[,;\s]+", value))
    return any(word in _SUPPRESSING for word in words)


def is_from_list(email: Email) -> bool:
    """Whether a list's headers are there (RFC 2369, RFC 2919)."""
    return any(name in _LIST_HEADERS for name, _ in email.headers)


def is_bulk(email: Email) -> bool:
    """Whether Precedence says bulk, junk or list."""
    return any(value.strip().lower() in _BULK for value in _all(email, "precedence"))


def own_list(email: Email, ourselves: Ourselves) -> bool:
    """Whether the list is one that leads to our mailbox: by its List-Id, or by the address of its List-Post."""
    own = {name.strip("<> ").lower() for name in ourselves.own_lists}
    ids = {value.rpartition("<")[2].strip("<> ").lower() for value in _all(email, "list-id")}
    posts = {post.lower() for value in _all(email, "list-post") for post in re.findall(r"<mailto:([^>?]+)", value, re.IGNORECASE)}
    return bool(own & (ids | posts))


def dmarc_failed(email: Email, ourselves: Ourselves) -> bool:
    """Whether our own server's topmost Authentication-Results (RFC 8601) says dmarc=fail; others' are not believed."""
    if not ourselves.authserv_id:
        return False
    for value in _all(email, "authentication-results"):
        server, _, results = _COMMENT.sub(" ", value).lower().partition(";")
        if server.split()[:1] == [ourselves.authserv_id.lower()]:
            return bool(_DMARC_FAIL.search(results))
    return False


def _all(email: Email, name: str) -> list[str]:
    return [value for key, value in email.headers if key == name]
