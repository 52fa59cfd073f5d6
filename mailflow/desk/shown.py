"""What people wrote, made ready to be looked at: in pieces, marked or folded, and unable to play tricks on the page."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mailflow.domain import Email, FoldReason, Identifier
from mailflow.domain.unseen import DIRECTIONS, INKLESS

# Control characters other than tab and line feed, and halves of characters.
_TRICKS = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff{DIRECTIONS}{INKLESS}]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: as it is, or marked with what could tell who somebody is, or folded with why."""

    text: str
    identifier: Identifier | None = None
    fold: FoldReason | None = None


def harmless(text: str) -> str:
    """The text with a visible sign for each character that is not to be seen; as long as before."""
    return _TRICKS.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def marked(text: str, identifiers: Sequence[Identifier]) -> list[Piece]:
    """The text with its identifiers. Where two overlap, the earlier one is marked and then the rest of the later."""
    pieces: list[Piece] = []
    position = 0
    for start, end, identifier in sorted(_spans(text, identifiers), key=lambda span: (span[0], -span[1])):
        if end <= position:
            continue
        begin = max(start, position)
        if begin > position:
            pieces.append(Piece(text[position:begin]))
        pieces.append(Piece(text[begin:end], identifier=identifier))
        position = end
    if position < len(text):
        pieces.append(Piece(text[position:]))
    return pieces


def _spans(text: str, identifiers: Sequence[Identifier]) -> list[tuple[int, int, Identifier]]:
    """Where the identifiers stand. One that is not where it was (the reading has improved since) is marked wherever it stands."""
    spans = []
    for identifier in identifiers:
        if not identifier.text:
            continue
        if text[identifier.start : identifier.end] == identifier.text:
            spans.append((identifier.start, identifier.end, identifier))
        else:
            spans += [(found.start(), found.end(), identifier) for found in re.finditer(re.escape(identifier.text), text)]
    return spans


def legend(identifiers: Sequence[Identifier]) -> list[tuple[str, int]]:
    """How many identifiers there are of each sort, the most frequent first."""
    return Counter(identifier.sort for identifier in identifiers).most_common()


def folded(email: Email) -> list[Piece]:
    """The whole text of a message, with its folds. Nothing is left out."""
    pieces: list[Piece] = []
    position = 0
    for fold in email.folds:
        if email.text[position : fold.start].strip():
            pieces.append(Piece(email.text[position : fold.start].strip("\n")))
        pieces.append(Piece(email.text[fold.start : fold.end].strip("\n"), fold=fold.reason))
        position = fold.end
    if email.text[position:].strip():
        pieces.append(Piece(email.text[position:].strip("\n")))
    return pieces
