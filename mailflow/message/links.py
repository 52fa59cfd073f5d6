"""Where a link of an HTML mail leads, as it is written behind the words of the link."""

import re
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from mailflow.domain.unseen import CONTROLS, DIRECTIONS, INKLESS

_LONGEST = 120  # characters; what newsletters add beyond that is for their statistics
_MOST_WRAPPINGS = 3
_UNSEEN = re.compile(rf"[\s{CONTROLS}{DIRECTIONS}{INKLESS}<>]")
# Parameters that only tell the sender who clicked.
_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|msclkid|mc_[ce]id|mkt_tok|_hs(?:enc|mi)|vero_\w+|igshid|trk|wt\.mc_id|si", re.IGNORECASE
)
# Filters and portals that put their own address before the real one: its host, and the parameter that holds the real one.
_WRAPPERS = (
    (re.compile(r"(?:[\w-]+\.)*safelinks\.protection\.outlook\.com"), "url"),
    (re.compile(r"(?:www\.)?google\.(?:com|co\.uk)"), "q"),
    (re.compile(r"linkprotect\.cudasvc\.com"), "a"),
    (re.compile(r"(?:[\w-]+\.)*urldefense\.proofpoint\.com"), "u"),
)
_URLDEFENSE_3 = re.compile(r"https://urldefense\.com/v3/__(.+?)__;")
_SCHEME = re.compile(r"(?i)^(?:mailto:|https?://)(?:www\.)?|^www\.")


def where_it_leads(href: str, words: str) -> str | None:
    """The address to write behind the words of a link; None where the words say it already, or it leads nowhere.

    Shown is the real target: without the wrappings of mail filters, and without what hides a host (RFC 3986, 7.6).
    """
    address = _address(href)
    if address is None or _plain(address) == _plain(words):
        return None
    return address if len(address) <= _LONGEST else f"{address[: _LONGEST - 1]}…"


def _address(href: str) -> str | None:
    """An address of the web or of a mailbox, as short as it can be said; None for any other."""
    href = _UNSEEN.sub("", href)
    if href[:7].lower() == "mailto:":
        mailbox = unquote(href[7:].partition("?")[0])
        return mailbox if "@" in mailbox else None
    try:
        for _ in range(_MOST_WRAPPINGS):
            inside = _unwrapped(href)
            if inside is None:
                break
            href = inside
        return _tidied(href)
    except (ValueError, UnicodeError):
        return href if re.match(r"(?i)https?://", href) else None


def _unwrapped(href: str) -> str | None:
    """The address inside that of a filter; None where there is none."""
    if within := _URLDEFENSE_3.match(href):
        return within[1]
    parts = urlsplit(href)
    host = (parts.hostname or "").lower()
    for wrapper, parameter in _WRAPPERS:
        if wrapper.fullmatch(host):
            inside = parse_qs(parts.query).get(parameter, [""])[0]
            if host.endswith("urldefense.proofpoint.com"):
                inside = unquote(inside.replace("-", "%").replace("_", "/"))
            return _UNSEEN.sub("", inside) if inside.startswith(("http://", "https://")) else None
    return None


def _tidied(href: str) -> str | None:
    """The address without tracking, and without a name before its host, which can look like a host itself."""
    parts = urlsplit(href)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    host = parts.hostname if parts.hostname.isascii() else parts.hostname[:253].encode("idna").decode("ascii")
    port = f":{parts.port}" if parts.port else ""
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not _TRACKING.fullmatch(name)]
    query = parts.query if len(kept) == len(pairs) else urlencode(kept)
    whole = urlunsplit((parts.scheme, host + port, parts.path, query, parts.fragment))
    return whole if len(whole) <= _LONGEST else urlunsplit((parts.scheme, host + port, parts.path, "", ""))


def _plain(address: str) -> str:
    """An address as people write it: without scheme, "www." and the slash at its end."""
    return _SCHEME.sub("", address.strip().strip("<>()[].,;")).rstrip("/").lower()
