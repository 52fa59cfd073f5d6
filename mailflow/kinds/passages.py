"""The parts of a mail that are read for details: what is new, what was passed on for us to act on, and its sentences."""

import re
from collections.abc import Iterator

from mailflow.domain import Email, FoldReason

MOST_READ = 16_000  # characters: nobody gives a date after ten pages, and a pattern need not look for one
_SHORT_NOTE = 60  # words: a note no longer than this above a forwarded mail passes it on
_HEADER = re.compile(r"(?im)^[> \t*]*(?:(?:from|date|sent|to|cc|subject)\*?:|-{3,})[^\n]*$")
_BOUNDARY = re.compile(r"(?<=[.!?])[\"”')]{0,2}\s+(?=[\"“'(]?[A-Z])|\n\s*\n|\n(?=[ \t]*(?:[-*•]|\d[.)]|[A-Z][\w ]{2,30}:))")


def new_words(email: Email) -> str:
    """The new text, and below a short note also what was forwarded; at most MOST_READ characters."""
    text = email.new_text
    if len(text) < MOST_READ and len(text.split()) <= _SHORT_NOTE:
        text = "\n\n".join((text, *(_HEADER.sub("", passage) for passage in folded(email, FoldReason.FORWARD))))
    return text[:MOST_READ]


def folded(email: Email, reason: FoldReason) -> list[str]:
    """The stretches that were folded for a reason, in order."""
    return [email.text[fold.start : fold.end][:MOST_READ] for fold in email.folds if fold.reason is reason]


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """The spans of a text's sentences, list lines and paragraphs."""
    start = 0
    for boundary in _BOUNDARY.finditer(text):
        yield start, boundary.start()
        start = boundary.end()
    yield start, len(text)
