"""The words inside a winmail.dat, into which Outlook can pack a whole mail ([MS-OXTNEF]; PR_ names from [MS-OXPROPS])."""

import struct
from collections.abc import Iterator

from mailflow.message.charset import decode_text

_SIGNATURE = b"\x78\x9f\x3e\x22"
_BODY, _PROPERTIES, _CODE_PAGE = 0x0002800C, 0x00069003, 0x00069007
_PR_BODY, _PR_HTML = 0x1000, 0x1013
_STRING8, _UNICODE, _BINARY = 0x001E, 0x001F, 0x0102
_WIDTHS = {
    0x0002: 4,
    0x0003: 4,
    0x0004: 4,
    0x000A: 4,
    0x000B: 4,
    0x0005: 8,
    0x0006: 8,
    0x0007: 8,
    0x0014: 8,
    0x0040: 8,
    0x0048: 16,
}
_MANY = 0x1000
_NAMED = 0x8000
_MOST_ATTRIBUTES = 2000
_MOST_PROPERTIES = 5000


def text_of_tnef(packed: bytes) -> tuple[str | None, str | None]:
    """The plain text and the HTML of a packed mail; None for what is not in it. Where bytes are damaged, reading ends."""
    charset = "cp1252"
    plain: str | None = None
    html: str | None = None
    for name, value in _attributes(packed):
        if name == _CODE_PAGE and len(value) >= 4:
            charset = _known(f"cp{struct.unpack_from('<I', value)[0]}") or charset
        elif name == _BODY:
            plain = plain or decode_text(value, charset)[0].rstrip("\0")
        elif name == _PROPERTIES:
            for number, kind, content in _properties(value):
                label = "utf-16-le" if kind == _UNICODE else charset
                text = decode_text(content, label, html=number == _PR_HTML)[0].rstrip("\0")
                plain = text if number == _PR_BODY and text.strip() else plain
                html = text if number == _PR_HTML and text.strip() else html
    return plain, html


def _attributes(packed: bytes) -> Iterator[tuple[int, bytes]]:
    """The attributes of the message itself, not of its attachments ([MS-OXTNEF] 2.1.3)."""
    if not packed.startswith(_SIGNATURE):
        return
    position = len(_SIGNATURE) + 2
    for _ in range(_MOST_ATTRIBUTES):
        if position + 9 > len(packed):
            return
        level, name, length = struct.unpack_from("<BII", packed, position)
        position += 9
        if level == 1:
            yield name, packed[position : position + length]
        position += length + 2


def _properties(packed: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The text properties of a list of properties ([MS-OXTNEF] 2.1.3.4): number, type and value."""
    try:
        (count,) = struct.unpack_from("<I", packed)
        position = 4
        for _ in range(min(count, _MOST_PROPERTIES)):
            kind, number = struct.unpack_from("<HH", packed, position)
            position = _after_name(packed, position + 4) if number >= _NAMED else position + 4
            single = kind & ~_MANY
            if single in _WIDTHS:
                values = struct.unpack_from("<I", packed, position)[0] if kind & _MANY else 1
                position += _WIDTHS[single] * values + (4 if kind & _MANY else 0)
                continue
            (values,) = struct.unpack_from("<I", packed, position)
            position += 4
            for _ in range(min(values, _MOST_PROPERTIES)):
                (length,) = struct.unpack_from("<I", packed, position)
                value = packed[position + 4 : position + 4 + length]
                position += 4 + length + -length % 4
                if single in {_STRING8, _UNICODE, _BINARY}:
                    yield number, single, value
    except struct.error:
        return


def _after_name(packed: bytes, position: int) -> int:
    """Where the name of a named property ends: a GUID, then a number or a string ([MS-OXTNEF] 2.1.3.4.1)."""
    (by_string,) = struct.unpack_from("<I", packed, position + 16)
    if not by_string:
        return position + 24
    (length,) = struct.unpack_from("<I", packed, position + 20)
    return int(position + 24 + length + -length % 4)


def _known(charset: str) -> str | None:
    try:
        "".encode(charset)
    except LookupError:
        return "utf-8" if charset == "cp65001" else None
    return charset
