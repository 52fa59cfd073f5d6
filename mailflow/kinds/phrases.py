"""Phrases as people say them, written one a line, made into one pattern."""

import re
from functools import cache

WORD = r"[\w’'-]{1,30}"


@cache
def one_of(lines: str) -> str:
    """The lines as alternatives of one pattern. A blank stands for one to three characters of white space."""
    spaced = [line.strip().replace(" ", r"\s{1,3}") for line in lines.strip().splitlines()]
    return f"(?:{'|'.join(spaced)})"


def said(lines: str) -> re.Pattern[str]:
    """A pattern that finds any of the lines as whole words, whatever their capitals."""
    return re.compile(rf"(?<!\w){one_of(lines)}(?!\w)", re.IGNORECASE)
