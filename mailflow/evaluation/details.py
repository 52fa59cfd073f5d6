"""The details of training messages, field by field. Of a mail that is taken for another kind, none are read."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mailflow.domain import TrainingDetails
from mailflow.evaluation.judging import Judged
from mailflow.evaluation.shares import share

FIELDS = ("department", "attendees", "dates", "format", "contact", "action")
_WORD = re.compile(r"\w+")
_SMALL = frozenset({"department", "of", "the", "in", "and", "for", "s"})
_ALIKE = 0.5  # the share of all their telling words that two names of one department have in common at least


class Match(StrEnum):
    """How a field that was read compares with its label."""

    SILENT = "silent"  # neither says anything
    RIGHT = "right"
    WRONG = "wrong"  # both say something, and not the same
    MISSED = "missed"  # only the label says something
    INVENTED = "invented"  # only mailflow says something


@dataclass(frozen=True, slots=True)
class FieldScores:
    """How many messages of each match."""

    counts: Mapping[Match, int]

    @property
    def right(self) -> float | None:
        """Of all training messages, those in which label and mailflow say the same, or both nothing."""
        return share(self.counts.get(Match.RIGHT, 0) + self.counts.get(Match.SILENT, 0), sum(self.counts.values()))

    @property
    def right_where_said(self) -> float | None:
        """Of the messages in which either says something, those in which both say the same."""
        return share(
            self.counts.get(Match.RIGHT, 0), sum(count for match, count in self.counts.items() if match is not Match.SILENT)
        )


@dataclass(frozen=True, slots=True)
class DetailScores:
    """`messages`: training mails with labelled details; `untaken`: how many of them are taken for something else.

    `where_taken` leaves these out: it tells how well is read, whatever the kinds cost.
    """

    messages: int
    untaken: int
    by_field: Mapping[str, FieldScores]
    where_taken: Mapping[str, FieldScores]


def score_details(judged: Sequence[Judged]) -> DetailScores:
    """Compares the details of every message that is labelled with them."""
    labelled = [one for one in judged if one.label.details]
    taken = [one for one in labelled if one.details]
    return DetailScores(len(labelled), len(labelled) - len(taken), _count(labelled), _count(taken))


def _count(judged: Sequence[Judged]) -> dict[str, FieldScores]:
    matches = [match_details(one) for one in judged]
    return {field: FieldScores(Counter(match[field] for match in matches)) for field in FIELDS}


def match_details(one: Judged) -> dict[str, Match]:
    """How each field of one message compares; empty where nobody labelled them."""
    if one.label.details is None:
        return {}
    return {field: _match(field, _value(one.label.details, field), _value(one.details, field)) for field in FIELDS}


def _match(field: str, wanted: object, found: object) -> Match:
    if wanted and found:
        return Match.RIGHT if _same(field, wanted, found) else Match.WRONG
    if wanted:
        return Match.MISSED
    return Match.INVENTED if found else Match.SILENT


def _same(field: str, wanted: object, found: object) -> bool:
    """Departments share half of their telling words, contacts all words; everything else is the same to the letter."""
    if field == "department":
        ours, theirs = _words(wanted) - _SMALL, _words(found) - _SMALL
        return len(ours & theirs) >= _ALIKE * len(ours | theirs)
    return _words(wanted) == _words(found) if field == "contact" else wanted == found


def _value(details: TrainingDetails | None, field: str) -> object:
    value = getattr(details, field) if details else None
    return frozenset(value) if field == "dates" and value else value


def _words(text: object) -> set[str]:
    return set(_WORD.findall(str(text).lower().replace("’", "'")))
