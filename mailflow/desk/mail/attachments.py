"""Files that came with mail, handed out so that a browser saves them and shows none: names and types are the sender's word."""

import re
from urllib.parse import quote

from fastapi import Response

# The types that a saved file may be told to have; whatever else it claims to be, it is handed out as bytes.
_TYPES = frozenset(
    {"application/pdf", "text/plain", "text/csv", "text/calendar", "image/png", "image/jpeg", "image/gif", "image/webp"}
    | {f"application/vnd.openxmlformats-officedocument.{kind}" for kind in ("wordprocessingml.document", "spreadsheetml.sheet")}
    | {"application/vnd.openxmlformats-officedocument.presentationml.presentation"}
    | {f"application/vnd.oasis.opendocument.{kind}" for kind in ("text", "spreadsheet", "presentation")}
)
_PROGRAMS = re.compile(
    r"(?i)\.(?:exe|com|scr|pif|bat|cmd|cpl|msi|msix|appx|ps1|psm1|vbs?|vbe|jse?|wsf|wsh|hta|jar|lnk|url|reg|inf|chm|app|dmg|pkg|sh"
    r"|apk|iso|img|vhdx?|one|xll|gadget|library-ms|settingcontent-ms)$"
)
_MACROS = re.compile(r"(?i)\.(?:(?:doc|dot|xls|xlt|xla|ppt|pot|pps|ppa)m?|xlsb|mdb|accdb)$")
_PAGES = re.compile(r"(?i)\.(?:html?|xhtml|mht(?:ml)?|svgz?|xml|shtml|eml|msg)$")
_PACKED = re.compile(r"(?i)\.(?:zip|rar|7z|gz|tar|cab|ace|arj|xz|bz2)$")
_NOT_PLAIN = re.compile(r'[^\x20-\x7e]|["\\%]')
_MESSAGES = ("message/rfc822", "message/global")
_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


def risk(filename: str) -> str | None:
    """What to mind about a file before it is opened, by the end of its name; None where nothing is known to speak against it."""
    name = filename.rstrip(". ")
    if _PROGRAMS.search(name):
        return "It may be a program: do not open it unless you expected it."
    if _MACROS.search(name):
        return "It may hold macros: open it only in protected view."
    if _PAGES.search(name):
        return "It opens as a page or a mail: do not sign in anywhere from there."
    if _PACKED.search(name):
        return "It holds other files, which nobody has looked at."
    return None


def handed_out(name: str, media_type: str, content: bytes) -> Response:
    """A file to be saved. `name` is safe already (message.parts.safe_file_name)."""
    if media_type in _MESSAGES and not name.lower().endswith(".eml"):
        name += ".eml"
    kind = media_type if media_type in _TYPES else "application/octet-stream"
    headers = {"Content-Disposition": disposition(name), "Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=kind, headers=headers)


def disposition(name: str) -> str:
    """The header that has a browser save a file under a name (RFC 6266), also one that is not in ASCII (RFC 8187)."""
    plain = _NOT_PLAIN.sub("_", name)
    wide = quote(name.encode("utf-8", "replace"), safe="")
    return f'attachment; filename="{plain}"' + (f"; filename*=UTF-8''{wide}" if plain != name else "")
