"""The text that may be shown, made from what was sent: neutral words, or a reviewer's own, stand where somebody could be told."""

import re
from collections.abc import Iterable, Sequence

from mailflow.domain import Consent, Identifier, Ruled, Ruling
from mailflow.kinds.neutral import proposed_wording, with_wordings


def as_ruled(message: int, found: Iterable[Identifier], rulings: Iterable[Ruled], consent: Consent) -> tuple[Ruled, ...]:
    """What could tell who somebody is in a message, in order: each as a reviewer has ruled, or open with what is proposed.

    What reviewers marked themselves stands among them; where it overlaps what was found, theirs stands.
    """
    theirs = {(one.start, one.end): one for one in rulings if one.message == message}
    open_still = (
        Ruled(message, one.start, one.end, one.text, one.sort, one.whose, Ruling.OPEN, proposed_wording(one, consent))
        for one in found
        if one.file is None and not any(start < one.end and one.start < end for start, end in theirs)
    )
    return tuple(sorted((*theirs.values(), *open_still), key=lambda one: (one.start, one.end)))


def draft_text(text: str, ruled: Sequence[Ruled]) -> str:
    """The text with what stands for each of these in its place, see `as_ruled`: where a reviewer begins."""
    return with_wordings(text, [_to_put(one) for one in ruled if one.shown_as != one.text])


def reworded(shown: str, before: str, after: str) -> str | None:
    """A text that somebody has edited, with other words where `before` stands in it once; None where it does not, or more often.

    Where `after` is empty, the gap is closed.
    """
    for one, other in ((before, after), (_opening(before), _opening(after))):
        places = list(re.finditer(rf"(?<!\w){re.escape(one)}(?!\w)", shown)) if one else []
        if len(places) == 1:
            start, end = places[0].span()
            return shown[:start] + other + shown[end:] if other else shown[:start].rstrip(" \t") + shown[end:]
        if places:
            return None
    return None


def _opening(words: str) -> str:
    return words[:1].upper() + words[1:]


def _to_put(one: Ruled) -> Identifier:
    return Identifier(one.text, one.start, one.end, one.sort, "", one.whose, one.wording)
