"""What a training message says of the session: for whom, how many, when, in what form, with whom, and what is wanted."""

from datetime import date

from mailflow.domain import Action, Email, FoldReason, TrainingDetails
from mailflow.kinds.action import find_action
from mailflow.kinds.attendees import count_attendees
from mailflow.kinds.contact import find_contact
from mailflow.kinds.department import name_department
from mailflow.kinds.passages import folded, new_words
from mailflow.kinds.session_dates import find_session_dates
from mailflow.kinds.session_format import find_format
from mailflow.rules import Rules


def read_details(email: Email, rules: Rules, sent: date) -> TrainingDetails:
    """The details of a training message; `sent` is the day its dates are seen from. What is not said stays empty."""
    text = new_words(email)
    action = find_action(email, text)
    earlier = "\n".join(folded(email, FoldReason.QUOTE))
    dates, in_words = find_session_dates(text, email.subject, sent, action, earlier)
    signature = "\n".join(folded(email, FoldReason.SIGNATURE))
    return TrainingDetails(
        department=name_department(text, signature, email.subject, rules.departments, earlier),
        attendees=None if action is Action.CANCEL else count_attendees(text) or count_attendees(email.subject),
        dates=dates,
        dates_in_words=in_words,
        format=find_format(f"{email.subject}\n{text}"),
        contact=find_contact(email, text),
        action=action,
    )
