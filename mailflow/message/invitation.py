"""What an invitation says where the mail says nothing else (RFC 5545, 3.8.1)."""

import re

_FOLD = re.compile(r"\r?\n[ \t]")
_EVENT = re.compile(r"(?im)^BEGIN:(?:VEVENT|VTODO)\b")
_LINE = re.compile(r"(?im)^(SUMMARY|LOCATION|DESCRIPTION)(?:;[^:\r\n]{0,300})?:([^\r\n]*)")
_ESCAPED = re.compile(r"\\(.)")


def invitation_text(calendar: str) -> str:
    """The title, place and description of its first event, each on its own; "" where there is none."""
    unfolded = _FOLD.sub("", calendar)
    start = _EVENT.search(unfolded)
    said: dict[str, str] = {}
    for line in _LINE.finditer(unfolded, start.end() if start else 0):
        said.setdefault(line[1].upper(), _ESCAPED.sub(lambda sign: "\n" if sign[1] in "nN" else sign[1], line[2]).strip())
    return "\n\n".join(said[name] for name in ("SUMMARY", "LOCATION", "DESCRIPTION") if said.get(name))
