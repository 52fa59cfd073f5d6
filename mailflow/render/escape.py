"""Keeps values from strangers values: whatever stands in them is shown as it is, and never acts as markup."""

import re

# Controls, line and paragraph separators, lone surrogates: none may break a line, a header or the encoding.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

# Direction overrides can make a text read as something else (Unicode TR36, 2.10.1), and a byte order mark nothing.
_INVISIBLE = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")

# Everything that CommonMark 0.31 or its tables give a meaning, in a line or at its start.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&=])")


def one_line(value: object) -> str:
    """A value as one line of text. Raises ValueError for None, so that no mail ever says "Dear None"."""
    if value is None:
        raise ValueError("a variable without a value is printed; ask for it with {% if … %} first")
    text = _INVISIBLE.sub("", _UNSAFE.sub(" ", str(value)))
    return " ".join(text.split())


def for_markdown(value: object) -> str:
    """A value as Markdown that renders to exactly that text (backslash escapes; CommonMark 2.4)."""
    return _MARKUP.sub(r"\\\1", one_line(value))
