"""Everything in a story that could tell who somebody is. Recall first: a reviewer unmarks more easily than finds."""

from collections.abc import Iterable
from dataclasses import replace

from mailflow.domain import Address, Identifier
from mailflow.kinds.circumstances import find_circumstances
from mailflow.kinds.days_and_places import find_days
from mailflow.kinds.descriptions import find_descriptions
from mailflow.kinds.mentions import whole_mentions
from mailflow.kinds.names import again, find_names
from mailflow.kinds.neutral import put_neutrally
from mailflow.kinds.noun_phrases import further
from mailflow.kinds.own_work import find_own_work
from mailflow.kinds.roles import find_roles
from mailflow.kinds.sighting import Sighting
from mailflow.kinds.whose import own_names, own_words, wherever_named, whose_is
from mailflow.kinds.written_marks import find_marks

_DESCRIBING = (find_roles, find_descriptions, find_own_work, find_circumstances, find_days)
_DESCRIBED = frozenset({"role", "group"})
MOST_READ = 50_000  # characters: twenty-five pages, and no story is as long


def find_identifiers(text: str, writer: Address | None = None) -> tuple[Identifier, ...]:
    """The spans, in order and without overlap; where two overlap the longer stands. `writer`: the sender."""
    read = text[:MOST_READ]
    sighted = _sighted(read)
    own = own_words(writer) | own_names(read, sighted)
    each = [
        Identifier(read[one.start : one.end], one.start, one.end, one.sort, one.reason, whose_is(read, one, own))
        for one in sighted
    ]
    found = wherever_named(each)
    return tuple(replace(one, wording=wording) for one, wording in zip(found, put_neutrally(read, found), strict=True))


def _sighted(text: str) -> list[Sighting]:
    names = tuple(find_names(text))
    described = (_described(text, one) for find in _DESCRIBING for one in find(text))
    apart = _apart((*find_marks(text), *names, *again(text, names), *described))
    return list(whole_mentions(text, apart))


def _described(text: str, one: Sighting) -> Sighting:
    return replace(one, end=further(text, one.start, one.end)) if one.sort in _DESCRIBED else one


def _apart(sightings: Iterable[Sighting]) -> list[Sighting]:
    kept: list[Sighting] = []
    for one in sorted(sightings, key=lambda one: (one.start, -one.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
        elif one.end - one.start > kept[-1].end - kept[-1].start:
            kept[-1] = one
    return kept
