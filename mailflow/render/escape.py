"""Keeps values from strangers values: whatever stands in them is shown as it is, and never acts as markup."""

import re

from mailflow.domain.unseen import CONTROLS, DIRECTIONS, INKLESS

# Controls, line and paragraph separators, lone surrogates: none may break a line, a header or the encoding.
_UNSAFE = re.compile(rf"[{CONTROLS}\u2028\u2029\ud800-\udfff]")

_INVISIBLE = re.compile(f"[{DIRECTIONS}{INKLESS}]")

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
