"""Stories: whether all that could tell who somebody is gets marked, by sort, and whether the consent is read rightly.

A labelled identifier is found when a marked stretch overlaps it in one place at least, and covered when all of it is marked
wherever it stands; a marked stretch is right when it overlaps a labelled one. Of a story that is taken for something else,
nothing is marked.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mailflow.domain import Consent, Identifier
from mailflow.evaluation.judging import Judged
from mailflow.evaluation.shares import share
from mailflow.evaluation.sorts import sort_by_form

_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class StoryMatch:
    """One story: the labelled identifiers that are found, covered and missed, and the marked stretches right and wrong."""

    found: tuple[str, ...]
    covered: tuple[str, ...]
    missed: tuple[str, ...]
    right: tuple[Identifier, ...]
    wrong: tuple[Identifier, ...]


@dataclass(frozen=True, slots=True)
class SortScores:
    """Of one sort: labelled identifiers and how many are found; marked stretches and how many are right."""

    labelled: int
    found: int
    marked: int
    right: int

    @property
    def recall(self) -> float | None:
        """Of the labelled, how many are found."""
        return share(self.found, self.labelled)

    @property
    def precision(self) -> float | None:
        """Of the marked, how many are right."""
        return share(self.right, self.marked)


@dataclass(frozen=True, slots=True)
class StoryScores:
    """`stories` have labelled identifiers, `untaken` of them are taken for something else. `consents` are labelled ones.

    `where_taken` leaves these out: it tells how well is marked, whatever the kinds cost.
    """

    stories: int
    untaken: int
    all_sorts: SortScores
    where_taken: SortScores
    covered: int
    by_sort: Mapping[str, SortScores]
    consents: int
    consents_right: int

    @property
    def coverage(self) -> float | None:
        """Of the labelled identifiers, how many are marked whole wherever they stand."""
        return share(self.covered, self.all_sorts.labelled)

    @property
    def consent(self) -> float | None:
        """Of the labelled consents, how many are read rightly; a story taken for something else says nothing of it."""
        return share(self.consents_right, self.consents)


def score_stories(judged: Sequence[Judged]) -> StoryScores:
    """Compares every story whose identifiers are labelled."""
    stories = [one for one in judged if one.label.identifiers is not None]
    matches = [match for one in stories if (match := match_story(one))]
    taken = [match for one in stories if one.story and (match := match_story(one))]
    told = [one for one in judged if one.label.consent]
    by_sort = _count(matches)
    return StoryScores(
        stories=len(stories),
        untaken=len(stories) - len(taken),
        all_sorts=_add_up(by_sort),
        where_taken=_add_up(_count(taken)),
        covered=sum(len(match.covered) for match in matches),
        by_sort=by_sort,
        consents=len(told),
        consents_right=sum(read_consent(one) is one.label.consent for one in told),
    )


def _count(matches: Sequence[StoryMatch]) -> dict[str, SortScores]:
    """By sort: that of the labelled by their form, that of the marked as it was marked."""
    found = Counter(sort_by_form(text) for match in matches for text in match.found)
    missed = Counter(sort_by_form(text) for match in matches for text in match.missed)
    right = Counter(mark.sort for match in matches for mark in match.right)
    wrong = Counter(mark.sort for match in matches for mark in match.wrong)
    return {
        sort: SortScores(found[sort] + missed[sort], found[sort], right[sort] + wrong[sort], right[sort])
        for sort in sorted({*found, *missed, *right, *wrong})
    }


def _add_up(by_sort: Mapping[str, SortScores]) -> SortScores:
    scores = by_sort.values()
    return SortScores(
        sum(each.labelled for each in scores),
        sum(each.found for each in scores),
        sum(each.marked for each in scores),
        sum(each.right for each in scores),
    )


def read_consent(one: Judged) -> Consent:
    """The consent that mailflow read; unstated where it takes the message for no story."""
    return one.story.consent if one.story else Consent.UNSTATED


def match_story(one: Judged) -> StoryMatch | None:
    """Compares what is marked in one story with what is labelled; None where nobody labelled it."""
    if one.label.identifiers is None:
        return None
    marks = [mark for mark in one.story.identifiers if mark.file is None] if one.story else []
    places = {text: _places(text, one.new_text) for text in dict.fromkeys(one.label.identifiers)}
    found = [text for text, spans in places.items() if any(_overlap(span, mark) for span in spans for mark in marks)]
    right = [mark for mark in marks if any(_overlap(span, mark) for spans in places.values() for span in spans)]
    return StoryMatch(
        found=tuple(found),
        covered=tuple(text for text in found if all(_is_covered(one.new_text, span, marks) for span in places[text])),
        missed=tuple(text for text in places if text not in found),
        right=tuple(right),
        wrong=tuple(mark for mark in marks if mark not in right),
    )


def _places(text: str, whole: str) -> list[_Span]:
    """Where a text stands, as whole words, whatever its line breaks and apostrophes."""
    words = r"\s+".join(re.sub("['’]", "['’]", re.escape(word)) for word in text.split())
    return [found.span() for found in re.finditer(rf"(?<!\w){words}(?!\w)", whole)] if words else []


def _overlap(span: _Span, mark: Identifier) -> bool:
    return mark.start < span[1] and span[0] < mark.end


def _is_covered(whole: str, span: _Span, marks: Sequence[Identifier]) -> bool:
    """Whether every letter and digit of the span lies in a mark."""
    letters = (at for at in range(*span) if whole[at].isalnum())
    return all(any(mark.start <= at < mark.end for mark in marks) for at in letters)
