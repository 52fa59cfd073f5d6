"""The conversation a message says it belongs to (RFC 5322, 3.6.4)."""

import re

from mailflow.domain import Thread

# Without controls: PostgreSQL keeps no NUL in a text.
_ID = re.compile(r"<[^<>\s\x00-\x1f\x7f]{3,990}>")
_BARE_ID = re.compile(r"[^<>\s@\x00-\x1f\x7f]{1,500}@[^<>\s@\x00-\x1f\x7f]{1,400}")
_MOST_REFERENCES = 200


def own_id(value: str | None) -> str | None:
    """The Message-ID that a header value holds, with angle brackets added where a client forgot them."""
    if not value:
        return None
    found = _ID.search(value)
    if found:
        return found[0]
    bare = value.strip()
    return f"<{bare}>" if _BARE_ID.fullmatch(bare) else None


def read_thread(in_reply_to: str | None, references: str | None) -> Thread:
    """The earlier messages that the two headers name; what is no id is dropped.

    Who answers several mails at once may name each in In-Reply-To (RFC 5322, 3.6.4): the first counts as the parent.
    """
    parent, *others = _ID.findall(in_reply_to or "") or [own_id(in_reply_to)]
    named = tuple(dict.fromkeys((*_ID.findall(references or ""), *others)))
    return Thread(parent, named[-_MOST_REFERENCES:])
