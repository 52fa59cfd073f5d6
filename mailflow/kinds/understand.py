"""What a message of this kind says: its training details, the answers that fit its question, or the reading of its story."""

from datetime import datetime

from mailflow.domain import Email, Kind, Understanding, Verdict
from mailflow.kinds.query import find_answers
from mailflow.kinds.story import read_story
from mailflow.kinds.training import read_details
from mailflow.rules import Rules


def understand(email: Email, verdict: Verdict, rules: Rules, now: datetime) -> Understanding | None:
    """The understanding that the verdict's kind asks for, or None. `now` stands in for a Date header that is missing."""
    match verdict.kind:
        case Kind.TRAINING:
            return read_details(email, rules, (email.date or now).date())
        case Kind.QUERY:
            return find_answers(email, rules)
        case Kind.STORY:
            return read_story(email.new_text)
        case _:
            return None
