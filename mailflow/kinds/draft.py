"""The text that may be shown, made from what was sent: neutral words, or a reviewer's own, stand where somebody could be told."""

import re
from collections.abc import Iterable, Iterator, Sequence

from mailflow.domain import Consent, Identifier, Ruled, Ruling
from mailflow.kinds.addressed import addressed
from mailflow.kinds.neutral import proposed_wording, with_wordings

_WRAPPED = re.compile(r"(?<=[^\n]{50})\n(?=[^\W_]|[\"“'(])")  # what a mail program breaks, and not what a person does


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
    """The story with what stands for each of these in its place, see `as_ruled`: where a reviewer begins.

    What is addressed to the Centre is left out, and lines that a mail program has broken are whole again.
    """
    whole = _WRAPPED.sub(" ", text)
    return "".join(with_wordings(whole[start:end], _to_put(ruled, start, end)) for start, end in _told(whole)).strip()


def reworded(shown: str, before: str, after: str) -> str | None:
    """A text that somebody has edited, with other words where `before` stands in it once; None where it does not, or more often.

    Where `after` is empty, the gap is closed.
    """
    forms = {_opening(before): _opening(after), before: after}
    places = re.compile("|".join(rf"(?<!\w){re.escape(form)}(?!\w)" for form in forms)).finditer(shown) if before else ()
    match list(places):
        case [only]:
            start, end = only.span()
            begun = shown[:start] if after else shown[:start].rstrip(" \t")
            return begun + forms[only[0]] + shown[end:]
        case _:
            return None


def _opening(words: str) -> str:
    return words[:1].upper() + words[1:]


def _told(text: str) -> Iterator[tuple[int, int]]:
    """The stretches between those that are addressed to the Centre."""
    start = 0
    for begins, ends in addressed(text):
        yield start, begins
        start = ends
    yield start, len(text)


def _to_put(ruled: Sequence[Ruled], start: int, end: int) -> list[Identifier]:
    """Those of a stretch that are not shown as they are, their places counted from its beginning."""
    inside = (one for one in ruled if start <= one.start and one.end <= end and one.shown_as != one.text)
    return [Identifier(one.text, one.start - start, one.end - start, one.sort, "", one.whose, one.wording) for one in inside]
