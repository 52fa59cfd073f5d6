"""What a reviewer must know before opening a story: what in it could tell who somebody is, and what its writer allowed."""

from mailflow.domain import StoryReading
from mailflow.kinds.consent import read_consent
from mailflow.kinds.identifiers import find_identifiers


def read_story(new_text: str) -> StoryReading:
    """The identifiers, in order and without overlap, as spans of `new_text`; and the consent."""
    return StoryReading(find_identifiers(new_text), read_consent(new_text))
