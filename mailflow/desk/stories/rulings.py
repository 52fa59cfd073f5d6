"""What the form of a review says: of each identifier, of the text that may be shown, and of the checklist."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from mailflow.desk.shown import harmless
from mailflow.desk.stories.told import Entry
from mailflow.domain import EditedText, Ruled, Ruling, Whose

LONGEST_WORDING = 200  # characters
Named = TypeVar("Named", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of the form, as somebody has filled them in. Of what is not among them, nothing is said."""

    fields: Mapping[str, str] = field(repr=False)
    checked: tuple[str, ...] = ()

    @property
    def has_text(self) -> bool:
        """Whether there is a text in it: a story that may not be worked on has no fields for one."""
        return "text" in self.fields

    @property
    def further(self) -> str:
        """Other words to be marked."""
        return self.fields.get("further", "").strip()

    def text(self, rulings: Sequence[Ruled]) -> EditedText:
        """The text that it says, beside these rulings."""
        title, shown = (harmless(self.fields.get(name, "")) for name in ("title", "text"))
        return EditedText(title, shown, tuple(rulings), self.checked).tidied()

    def rulings(self, listed: Sequence[Entry]) -> tuple[Ruled, ...]:
        """What it says of each entry."""
        return tuple(self._ruled(entry) for entry in listed)

    def _ruled(self, entry: Entry) -> Ruled:
        before, said = entry.ruled, self.fields
        wording = _tidied(said.get(f"wording-{entry.key}", before.wording))[:LONGEST_WORDING]
        ruling = _choice(Ruling, said.get(f"ruling-{entry.key}"), before.ruling)
        usual = entry.proposed if ruling is Ruling.ACCEPTED else before.wording
        if wording != _tidied(usual) and ruling in (Ruling.ACCEPTED, Ruling.OPEN):
            ruling = Ruling.CHANGED
        return replace(before, wording=wording, ruling=ruling, whose=_choice(Whose, said.get(f"whose-{entry.key}"), before.whose))


async def typed(request: Request) -> Typed:
    """The form of a request."""
    form = await request.form()
    words = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    return Typed(dict(words), tuple(value for name, value in words if name == "checked"))


TypedForm = Annotated[Typed, Depends(typed)]


def all_accepted(rulings: Sequence[Ruled]) -> tuple[Ruled, ...]:
    """The same, with the neutral words accepted wherever nothing was said yet."""
    return tuple(replace(one, ruling=Ruling.ACCEPTED) if one.ruling is Ruling.OPEN else one for one in rulings)


def still_there(shown: str, rulings: Sequence[Ruled]) -> list[str]:
    """The words that something else is to stand for, and yet they stand in the text that may be shown."""
    replaced = (harmless(one.text) for one in rulings if one.shown_as != one.text)
    return [words for words in dict.fromkeys(replaced) if words in shown]


def _tidied(words: str) -> str:
    return harmless(" ".join(words.split()))


def _choice(names: type[Named], said: str | None, otherwise: Named) -> Named:
    return names(said) if said in list(names) else otherwise
