"""Everything in a story that could tell who somebody is. Recall first: a reviewer unmarks more easily than finds."""

from collections.abc import Iterable

from mailflow.domain import Identifier
from mailflow.kinds.names import find_names
from mailflow.kinds.roles import find_roles
from mailflow.kinds.sighting import Sighting
from mailflow.kinds.written_marks import find_marks

MOST_READ = 50_000  # characters: twenty-five pages, and no story is as long


def find_identifiers(text: str) -> tuple[Identifier, ...]:
    """The spans, in order and without overlap; where two overlap the longer stands."""
    read = text[:MOST_READ]
    kept = _apart((*find_marks(read), *find_names(read), *find_roles(read)))
    return tuple(Identifier(text[one.start : one.end], one.start, one.end, one.sort, one.reason) for one in kept)


def _apart(sightings: Iterable[Sighting]) -> list[Sighting]:
    kept: list[Sighting] = []
    for one in sorted(sightings, key=lambda one: (one.start, -one.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
        elif one.end - one.start > kept[-1].end - kept[-1].start:
            kept[-1] = one
    return kept
