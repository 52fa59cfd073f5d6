"""Every choice has its words."""

from collections.abc import Iterable, Mapping

import pytest

from mailflow.domain import AutomaticSort, CaseState, Kind, MessageState, OutgoingState, StoryState
from mailflow.domain.wording import CASE, KIND, MESSAGE, OUTGOING, SILENCE, SORT_OF_MACHINE, STORY, age_in_words
from mailflow.reply.policy import CHECKS


@pytest.mark.parametrize(
    ("words", "choices"),
    [
        (KIND, Kind),
        (STORY, StoryState),
        (MESSAGE, MessageState),
        (CASE, CaseState),
        (OUTGOING, OutgoingState),
        (SORT_OF_MACHINE, AutomaticSort),
        (SILENCE, [name for name, _ in CHECKS]),
    ],
)
def test_every_choice_has_words_of_its_own(words: Mapping[str, str], choices: Iterable[str]) -> None:
    told = [words[choice] for choice in choices]
    assert len(set(told)) == len(told)
    assert not any("_" in said.replace("never_to", "") for said in told)


@pytest.mark.parametrize(("days", "said"), [(0, "today"), (1, "1 working day"), (3, "3 working days")])
def test_an_age_is_said_in_working_days(days: int, said: str) -> None:
    assert age_in_words(days) == said
