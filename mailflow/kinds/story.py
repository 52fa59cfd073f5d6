"""What a reviewer must know before opening a story: what in it could tell who somebody is, and what its writer allowed."""

from mailflow.domain import Email, Identifier, StoryReading
from mailflow.kinds.consent import read_consent
from mailflow.kinds.file_names import find_in_file_names
from mailflow.kinds.identifiers import find_identifiers


def read_story(email: Email) -> StoryReading:
    """The identifiers and the consent."""
    return StoryReading(find_all_identifiers(email), read_consent(email.new_text))


def find_all_identifiers(email: Email) -> tuple[Identifier, ...]:
    """Those of the new text, in order and without overlap, and then those of the attachments' names."""
    return (*find_identifiers(email.new_text, email.sender), *find_in_file_names(email.attachments, email.sender))
