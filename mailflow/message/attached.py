"""The files within a message, taken out of its bytes: attachments by their place, and the pictures that its HTML shows."""

from dataclasses import dataclass, field
from email.message import Message

from mailflow.domain import Attachment
from mailflow.message.parse import describe_attached, parts_of
from mailflow.message.parts import children, is_attached
from mailflow.message.transfer import content

# By how they begin; what a message calls them may be anything.
_PICTURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """An attachment with its bytes. A message that was attached is written anew, and may differ in its line ends."""

    described: Attachment
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture within a message, of a type that holds nothing but pixels."""

    media_type: str
    content: bytes = field(repr=False)


def attached_file(raw: bytes, place: int) -> AttachedFile | None:
    """The attachment at a place, counted from 0, of those that `read` describes; None where there is none, or it is damaged."""
    attached = [part for part in parts_of(raw) if is_attached(part)]
    if not 0 <= place < len(attached):
        return None
    found = _bytes(attached[place])
    return None if found is None else AttachedFile(describe_attached(attached[place]), found)


def pictures(raw: bytes, most: int) -> dict[str, Picture]:
    """The pictures of a message by their Content-ID (RFC 2392), without brackets; as many as `most` bytes hold."""
    found = dict[str, Picture]()
    for part in parts_of(raw):
        name = str(part.get("content-id", "")).strip().strip("<>")
        if not name or name in found or part.is_multipart():
            continue
        inside = content(part)
        kind = next((kind for beginning, kind in _PICTURES if inside.startswith(beginning)), None)
        if kind and len(inside) <= most:
            found[name], most = Picture(kind, inside), most - len(inside)
    return found


def _bytes(part: Message) -> bytes | None:
    if not part.is_multipart():
        return content(part)
    try:
        return b"".join(child.as_bytes() for child in children(part))
    except (ValueError, LookupError, TypeError, AttributeError):
        # The standard library cannot write every message that it can read.
        return None
