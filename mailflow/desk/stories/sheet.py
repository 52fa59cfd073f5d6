"""The sheet on which a story is reviewed: what was sent, what is said of each identifier, and the text that may be shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from mailflow.desk.mail.letters import open_letter
from mailflow.desk.stories.rulings import Typed, still_there
from mailflow.desk.stories.told import MARKED, Entry, Stretch, Told
from mailflow.domain import AutomaticSort, EditedText, Identifier, Ourselves, Ruled, Ruling
from mailflow.store.kept import KeptMessage
from mailflow.store.storyfiles import StoryFile


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a reviewer works on. `by_hand`: words of the text that did not follow the rulings by themselves."""

    told: Told
    rulings: tuple[Ruled, ...] = field(repr=False)
    text: EditedText
    in_files: tuple[Identifier, ...] = field(default=(), repr=False)
    by_hand: tuple[str, ...] = field(default=(), repr=False)

    @property
    def entries(self) -> list[Entry]:
        """What is ruled on, numbered."""
        return self.told.entries(self.rulings)

    @property
    def stretches(self) -> list[Stretch]:
        """What was sent, with its entries."""
        return self.told.stretches(self.entries)

    @property
    def open(self) -> int:
        """How many identifiers nobody has ruled on yet."""
        return sum(one.ruling is Ruling.OPEN for one in self.rulings)

    @property
    def still_there(self) -> list[str]:
        """The words that are to be replaced, and yet stand in the text."""
        return still_there(f"{self.text.title}\n{self.text.shown}", self.rulings)

    def number_of(self, words: str) -> int:
        """The number of the entry that a reviewer has marked, by words in it; 0 where there is none."""
        marked = (one for one in self.entries if one.ruled.sort == MARKED)
        return next((one.number for one in marked if " ".join(words.split()) in " ".join(one.ruled.text.split())), 0)

    def typed(self, said: Typed) -> "Sheet":
        """With what the form says; nothing follows from it yet."""
        listed = self.entries
        rulings = (*said.rulings(listed), *self.rulings[len(listed) :])
        return self._with(rulings, said.text(rulings) if said.has_text else self.text)

    def followed(self, said: Typed, further: Callable[[Sequence[Ruled]], Sequence[Ruled]] = tuple) -> "Sheet":
        """With what the form says, and the text following what is said of identifiers; `further` says more of them."""
        new = self.typed(said)
        rulings = tuple(further(new.rulings))
        shown, by_hand = self.told.followed(new.text.shown, self.rulings, rulings)
        return self._with(rulings, _edited(new.text, shown, rulings), by_hand)

    def anew(self, said: Typed) -> "Sheet":
        """With the text made anew from what is said of identifiers."""
        new = self.typed(said)
        return self._with(new.rulings, _edited(new.text, self.told.draft(new.rulings), new.rulings))

    def _with(self, rulings: tuple[Ruled, ...], text: EditedText, by_hand: tuple[str, ...] = ()) -> "Sheet":
        return Sheet(self.told, rulings, text, self.in_files, by_hand)


def open_sheet(story: StoryFile, ourselves: Ourselves) -> Sheet:
    """The sheet as it is kept; where nobody has saved a text, with the one that its rulings make."""
    first = first_told(story.messages)
    told = Told.by(open_letter(first, ourselves) if first else None, story.identifiers, story.consent)
    rulings = told.ruled(story.text.rulings)
    text = story.text if story.version else _edited(story.text, told.draft(rulings), rulings)
    in_files = tuple(one for one in story.identifiers if one.file is not None)
    return Sheet(told, rulings, text, in_files)


def first_told(messages: Sequence[KeptMessage]) -> KeptMessage | None:
    """The message that tells the story: a mail of ours that came back tells nothing."""
    return next((one for one in messages if one.automatic is not AutomaticSort.BOUNCE), None)


def _edited(text: EditedText, shown: str, rulings: Sequence[Ruled]) -> EditedText:
    return EditedText(text.title, shown, tuple(rulings), text.checked)
