"""One label, and what is wrong with it in sentences."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, Self

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, StrictBool, ValidationError, field_validator, model_validator

from mailflow.domain import Consent, Kind, TrainingDetails

_WHAT_TO_WRITE = {
    "json_invalid": "is no JSON object; write one a line, with names and texts between double quotes",
    "model_type": "is no JSON object; write one a line, such as {{…}}",
    "missing": "is missing; add it",
    "enum": "is none of those there are; write {expected}",
    "bool": "must be true or false, without quotes",
    "string": "must be a text between double quotes",
    "tuple": "must be a list between [ and ]",
    "int": "must be a whole number, or [lowest, highest]",
    "date": "holds no date; write 2026-02-09, or [first, last] for a range",
    "dataclass": "must be an object with the fields that LABELS.md names",
    "missing_argument": "must have two entries, [first, last]",
    "too_long": "must have two entries, [first, last]",
}
_DETAILS = tuple(field.name for field in fields(TrainingDetails))


class Label(BaseModel):
    """What people say of one message; what they did not look at is None. Other fields (notes) are left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: Kind
    sensitive: StrictBool
    also: Kind | None = None
    details: TrainingDetails | None = None
    identifiers: tuple[str, ...] | None = None
    consent: Consent | None = None
    new_text_ends_with: str | None = None
    thread: str | None = Field(None, validation_alias=AliasChoices("thread", "group"))
    file: str | None = None
    id: str | None = None
    subject: str = ""
    text: str | None = None

    @field_validator("details", mode="before")
    @classmethod
    def _only_known_details(cls, written: object) -> object:
        unknown = [name for name in written if name not in _DETAILS] if isinstance(written, dict) else []
        if unknown:
            raise ValueError(f"cannot hold `{unknown[0]}`; write {', '.join(_DETAILS)}")
        return written

    @model_validator(mode="after")
    def _has_a_message(self) -> Self:
        if (self.file is None) == (self.text is None):
            raise ValueError('needs either `file`, the name of a message, or `text`, such as "file": "001.eml"')
        return self


_NAMED = frozenset({*Label.model_fields, *_DETAILS})


def complaints(error: ValidationError) -> Iterator[str]:
    """One sentence for each field that is wrong; what stands there is not repeated, as it may be somebody's words."""
    told = set()
    for problem in error.errors(include_url=False, include_input=False):
        place = ".".join(str(step) for step in problem["loc"][:2] if str(step) in _NAMED)
        # A value that may be of two sorts (a date or a range) is complained of for each.
        if place not in told:
            told.add(place)
            yield f"{f'`{place}`' if place else 'it'} {_complaint(problem)}."


def _complaint(problem: Mapping[str, Any]) -> str:
    sort, context = problem["type"], problem.get("ctx", {})
    if sort == "value_error":
        return str(context["error"])
    plain = _WHAT_TO_WRITE.get(sort) or _WHAT_TO_WRITE.get(sort.split("_")[0], "cannot be read; see LABELS.md")
    return plain.format(expected=str(context.get("expected", "")).replace("'", ""))
