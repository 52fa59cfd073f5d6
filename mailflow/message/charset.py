"""From the bytes of a part to its text, whatever its label claims (RFC 2045 to 2049, and what clients really send)."""

import codecs
import re

# Labels that mean a superset of what they say, as browsers read them (WHATWG Encoding, 4.2).
_WIDER = {
    "ascii": "utf-8",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}
# Labels that Python does not know: "iso-8859-8-i" (RFC 1556), "cp-850", "x-sjis".
_ALIAS = re.compile(r"(iso-8859-[68])-[ie]|x-(sjis|euc-jp|gbk|big5)|(?:x-)?(cp|ms|ibm|windows)[-_ ]?(\d{3,5})\b.*")
_JAPANESE = re.compile(rb"\x1b\$[@B][!-~]{2}")
_SINGLE_BYTE = re.compile(r"cp125\d|iso8859-\d+|latin_?1")
# Codecs of Python that are no charsets of mail, or take quadratic time.
_NOT_FOR_MAIL = frozenset(
    {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "unicode-escape", "raw-unicode-escape"}
)
_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2060\ufeff\ufffe]")
_LINE_END = re.compile("\r\n?|\u2028|\u2029|\x85")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def decode_text(content: bytes, label: str | None, *, html: bool = False) -> tuple[str, str | None]:
    """The text of a part and, where its charset was not what the label says, a sentence about that."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace"), None
    label = (label or "").strip().strip("\"'").lower()
    if not label and html and (meta := _META.search(content[:2048])):
        label = meta[1].decode("ascii", "replace").lower()
    wanted = _codec(label)
    if not label and _JAPANESE.search(content):
        wanted = "iso2022_jp"
    if wanted and wanted.startswith(("utf-16", "utf-32")) and content.isascii() and b"\0" not in content:
        wanted = "utf-8"
    text = _try(content, wanted) if wanted else None
    if text is not None and wanted and _SINGLE_BYTE.fullmatch(wanted) and not content.isascii():
        # Bytes that make sense as UTF-8 are hardly ever meant as anything else; the label was put on by habit.
        return (_try(content, "utf-8") or text), None
    if text is not None:
        return text, None
    for guess in ("utf-8", "cp1252"):
        guessed = _try(content, guess) or (_nearly_utf8(content) if guess == "utf-8" else None)
        if guessed is not None:
            return guessed, _sentence(label, guess) if label else None
    return content.decode("latin-1"), _sentence(label, "latin-1")


def tidy(text: str) -> str:
    """Text with plain line ends and spaces, and without control characters or stray halves of characters."""
    text = _LINE_END.sub("\n", text).replace("\xa0", " ").replace("\u202f", " ")
    return _SURROGATE.sub("\ufffd", _UNSEEN.sub("", text))


def _codec(label: str) -> str | None:
    try:
        found = codecs.lookup(label)
    except (LookupError, ValueError):
        alias = _ALIAS.fullmatch(label)
        if alias is None:
            return None
        known = alias[1] or alias[2] or f"cp{alias[4]}"
        return _codec(known) if known != label else None
    if found.name in _NOT_FOR_MAIL or not getattr(found, "_is_text_encoding", True):
        return None
    return _WIDER.get(found.name, found.name)


def _try(content: bytes, codec: str) -> str | None:
    try:
        return content.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _nearly_utf8(content: bytes) -> str | None:
    """Text in UTF-8 of which a character was cut or garbled on the way; None where more than one in ten is."""
    text = content.decode("utf-8", "replace")
    return text if len(_BEYOND_ASCII.findall(text)) > 10 * text.count("\ufffd") else None


def _sentence(label: str, used: str) -> str:
    named = re.sub(r"[^\w.-]", "", label)[:40]
    return f"The text is not in the charset it names ({named or 'none'}); it was read as {used}."
