"""What people wrote, made ready to be looked at: in pieces, marked or folded, and unable to play tricks on the page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

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
    for identifier in placed(text, identifiers):
        if identifier.end <= position:
            continue
        begin = max(identifier.start, position)
        if begin > position:
            pieces.append(Piece(text[position:begin]))
        pieces.append(Piece(text[begin : identifier.end], identifier=identifier))
        position = identifier.end
    if position < len(text):
        pieces.append(Piece(text[position:]))
    return pieces


def placed(text: str, identifiers: Sequence[Identifier]) -> list[Identifier]:
    """The identifiers of a text where they stand, the longer first where two begin together.

    One that is not where it was (the reading has improved since) stands wherever its words do.
    """
    found = []
    for identifier in identifiers:
        if identifier.file is not None or not identifier.text:
            continue
        if text[identifier.start : identifier.end] == identifier.text:
            found.append(identifier)
        else:
            spans = (again.span() for again in re.finditer(re.escape(identifier.text), text))
            found += [replace(identifier, start=start, end=end) for start, end in spans]
    return sorted(found, key=lambda one: (one.start, -one.end))


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
