"""One stretch of a story that some recogniser takes for an identifier."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sighting:
    """`text[start:end]`, its sort (see domain.Identifier), and the sentence that says why."""

    start: int
    end: int
    sort: str
    reason: str
