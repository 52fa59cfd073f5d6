"""Format=flowed: paragraphs that the sender's client broke into lines are joined again (RFC 3676)."""

import re

_QUOTES = re.compile(r">*")


def unflow(text: str, *, delsp: bool = False) -> str:
    """Text with its soft line breaks taken out. `delsp` drops the space at the break too (RFC 3676, 4.1)."""
    paragraphs: list[list[str]] = []
    open_depth: int | None = None  # the quote depth of a paragraph that goes on in the next line
    for line in text.split("\n"):
        marks = _QUOTES.match(line)
        depth = marks.end() if marks else 0
        words = line[depth:].removeprefix(" ")
        soft = words.endswith(" ") and words != "-- "
        if soft and delsp:
            words = words[:-1]
        if open_depth == depth and words != "-- ":
            paragraphs[-1].append(words)
        else:
            paragraphs.append([f"{'>' * depth} {words}" if depth else words])
        open_depth = depth if soft else None
    return "\n".join("".join(paragraph) for paragraph in paragraphs)
