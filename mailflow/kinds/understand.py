"""What a message of this kind says: its training details, the answers that fit its question, or the reading of its story."""

from datetime import datetime

from mailflow.domain import Email, Kind, Understanding, Verdict
from mailflow.kinds.query import find_answers
from mailflow.kinds.training import read_details
from mailflow.rules import Rules

_ANOTHER_AGE = 40  # years


def understand(email: Email, verdict: Verdict, rules: Rules, now: datetime) -> Understanding | None:
    """The understanding that the verdict's kind asks for, or None. `now` stands in for a Date that is missing or absurd."""
    match verdict.kind:
        case Kind.TRAINING:
            return read_details(email, rules, _sent(email, now).date())
        case Kind.QUERY:
            return find_answers(email, rules.questions)
        case Kind.STORY:
            # Imported here: its grammar takes half a second to be made ready, and only stories need it.
            from mailflow.kinds.story import read_story

            return read_story(email)
        case _:
            return None


def _sent(email: Email, now: datetime) -> datetime:
    """When the mail says it was written, unless it says so of another age: any year can stand in a header."""
    return email.date if email.date and abs(email.date.year - now.year) < _ANOTHER_AGE else now
