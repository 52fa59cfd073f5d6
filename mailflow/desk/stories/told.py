"""What a story tells: its text as it was sent, what in it could tell who somebody is, and the text that rulings make of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from mailflow.desk.mail.letters import Letter
from mailflow.desk.shown import harmless, placed
from mailflow.domain import Consent, Identifier, Ruled, Ruling, Whose
from mailflow.kinds.draft import as_ruled, draft_text, reworded
from mailflow.kinds.neutral import proposed_wording

MOST_TOLD = 50_000  # characters: no story is as long, and only so far is it searched
MOST_ENTRIES = 200  # on one page: nobody rules on more, and a form has its limit
MARKED = "marked"  # the sort of what a reviewer has marked themselves
WHY_MARKED = "A reviewer marked it."


@dataclass(frozen=True, slots=True)
class Entry:
    """One stretch of what was sent. `proposed` may stand in its place; where it is empty, the sentence is whole without."""

    number: int
    ruled: Ruled
    reason: str
    proposed: str = field(repr=False)

    @property
    def key(self) -> str:
        """What its fields in the form are called by."""
        return f"{self.ruled.start}-{self.ruled.end}"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of what was sent: as it is, or that of an entry."""

    text: str = field(repr=False)
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """The new text of a story's first message, what was found in it, and how its writer agreed to be shown."""

    message: int
    text: str = field(repr=False)
    found: tuple[Identifier, ...] = field(repr=False)
    consent: Consent

    @classmethod
    def by(cls, letter: Letter | None, found: tuple[Identifier, ...], consent: Consent) -> "Told":
        """As a message tells it; nothing, where it cannot be read."""
        text = letter.email.new_text[:MOST_TOLD] if letter and letter.email else ""
        return cls(letter.kept.id if letter else 0, text, tuple(placed(text, found)), consent)

    def ruled(self, kept: Sequence[Ruled]) -> tuple[Ruled, ...]:
        """Everything in it that is ruled on: as reviewers have, or open."""
        standing = [one for one in kept if self.text[one.start : one.end] == one.text]
        return as_ruled(self.message, self.found, standing, self.consent)

    def entries(self, rulings: Sequence[Ruled]) -> list[Entry]:
        """The same as they are listed, with why each was found."""
        found = {(one.start, one.end): one for one in self.found}
        return [self._entry(number, one, found.get((one.start, one.end))) for number, one in enumerate(rulings[:MOST_ENTRIES], 1)]

    def _entry(self, number: int, ruled: Ruled, found: Identifier | None) -> Entry:
        if found is None:
            return Entry(number, ruled, WHY_MARKED, "")
        return Entry(number, ruled, found.reason, proposed_wording(found, self.consent))

    def stretches(self, listed: Sequence[Entry]) -> list[Stretch]:
        """The text with its entries. Where two overlap, the earlier one stands whole and then the rest of the later."""
        pieces: list[Stretch] = []
        position = 0
        for entry in listed:
            begin, end = max(entry.ruled.start, position), entry.ruled.end
            if end <= position:
                continue
            if begin > position:
                pieces.append(Stretch(self.text[position:begin]))
            pieces.append(Stretch(self.text[begin:end], entry))
            position = end
        return [*pieces, Stretch(self.text[position:])] if position < len(self.text) else pieces

    def draft(self, rulings: Sequence[Ruled]) -> str:
        """The text that may be shown, by these rulings alone."""
        return harmless(draft_text(self.text, rulings)).strip()

    def followed(self, shown: str, before: Sequence[Ruled], after: Sequence[Ruled]) -> tuple[str, tuple[str, ...]]:
        """The text that may be shown, now that the rulings are others; and the words in it that somebody must change by hand.

        Where nobody has written into it, it is made anew; else only those passages change that can be found.
        """
        if shown == self.draft(before):
            return self.draft(after), ()
        stood = {(one.start, one.end): one.shown_as for one in before}
        by_hand: list[str] = []
        for one in after:
            old, new = harmless(stood.get((one.start, one.end), one.text)), harmless(one.shown_as)
            changed = reworded(shown, old, new) if old != new else shown
            if changed is None:
                by_hand.append(old or new)
            else:
                shown = changed
        return shown, tuple(by_hand)

    def marked(self, words: str, rulings: Sequence[Ruled]) -> tuple[Ruled, ...]:
        """The same, and these words wherever they stand; a mark that reaches into another is one with it.

        Unchanged where they do not stand there, or are marked already.
        """
        written = re.compile(r"\s+".join(map(re.escape, words.split())) or "(?!)")
        for start, end in (one.span() for one in written.finditer(self.text)):
            touched = [one for one in rulings if one.start < end and start < one.end]
            if any(one.start <= start and end <= one.end for one in touched):
                continue
            first, last = min((start, *(one.start for one in touched))), max((end, *(one.end for one in touched)))
            mark = Ruled(self.message, first, last, self.text[first:last], MARKED, Whose.OTHER, Ruling.OPEN, "")
            rulings = sorted((*(one for one in rulings if one not in touched), mark), key=lambda one: one.start)
        return tuple(rulings)
