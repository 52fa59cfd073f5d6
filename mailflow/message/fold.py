"""Which stretches of a text are not the sender's new words, and what is left: the new text.

Losing the sender's own words is the worse fault: answers between and below quotations stay, and so does whatever is in doubt.
"""

import re
from collections.abc import Sequence, Set

from mailflow.domain import Fold
from mailflow.message.history import mark_history
from mailflow.message.lines import Line, segments, split_lines
from mailflow.message.names import SenderName
from mailflow.message.signature import mark_armour, mark_banner, mark_footers, mark_signatures, unmark_thanks

_BANNER_LINES = 12
_BLANK_LINES = re.compile(r"\n{3,}")
_HAS_WORDS = re.compile(r"\w")


def fold(text: str, *, sender: str = "", subject: str = "", ours: Set[str] = frozenset()) -> tuple[Fold, ...]:
    """The folds of a text in order.

    `sender`: the display name and address, to know a name below a text as a signature; `ours`: our addresses, to know
    which old mail we have not seen yet.
    """
    lines = split_lines(text)
    mark_history(lines, subject=subject, ours=ours)
    mark_armour(lines)
    mark_banner([line for line in lines[:_BANNER_LINES] if line.reason is None])
    name = SenderName(sender)
    for segment in reversed(segments(lines)):
        mark_footers(segment)
        mark_signatures(segment, name)
        mark_footers(segment)
        if any(line.reason is None and _HAS_WORDS.search(line.text) for line in segment):
            break
    else:
        unmark_thanks(lines)
    return _join(lines, text)


def new_text(text: str, folds: Sequence[Fold]) -> str:
    """What the folds leave of a text."""
    kept: list[str] = []
    position = 0
    for stretch in folds:
        kept.append(text[position : stretch.start])
        position = stretch.end
    kept.append(text[position:])
    return _BLANK_LINES.sub("\n\n", "".join(kept)).strip()


def _join(lines: list[Line], text: str) -> tuple[Fold, ...]:
    """One fold for neighbouring lines of one reason; empty lines between them belong to it."""
    folds: list[Fold] = []
    for line in lines:
        if line.reason is None:
            continue
        start = line.folded_from
        if folds and folds[-1].reason is line.reason and not text[folds[-1].end : start].strip():
            folds[-1] = Fold(folds[-1].start, line.end, line.reason)
        elif line.text.strip():
            folds.append(Fold(start, line.end, line.reason))
    return tuple(folds)
