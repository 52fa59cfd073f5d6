"""Everything that is measured on a labelled set, put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mailflow.deciding import House
from mailflow.evaluation.alarms import AlarmScores, score_alarms
from mailflow.evaluation.answering import AnsweringScores, score_answering
from mailflow.evaluation.confidence import Band, score_confidence
from mailflow.evaluation.details import DetailScores, score_details
from mailflow.evaluation.judging import Judged
from mailflow.evaluation.kinds import KindScores, score_kinds
from mailflow.evaluation.new_text import NewTextScores, score_new_text
from mailflow.evaluation.stories import StoryScores, score_stories
from mailflow.evaluation.worst import Case, find_worst


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was measured on a labelled set. `failed` names the messages that could not be read."""

    messages: int
    failed: tuple[str, ...]
    kinds: KindScores
    confidence: tuple[Band, ...]
    answering: AnsweringScores
    alarms: AlarmScores
    new_text: NewTextScores
    details: DetailScores
    stories: StoryScores
    worst: tuple[Case, ...]


def score(judged: Sequence[Judged], house: House, now: datetime) -> Report:
    """Scores what was judged. `house` holds the rules, `now` the moment, by which it was."""
    return Report(
        messages=len(judged),
        failed=tuple(one.name for one in judged if one.failure),
        kinds=score_kinds(judged),
        confidence=score_confidence(judged),
        answering=score_answering(judged, house, now),
        alarms=score_alarms(judged),
        new_text=score_new_text(judged),
        details=score_details(judged),
        stories=score_stories(judged),
        worst=find_worst(judged),
    )
