"""The demo's contributors: whoever is asked whether their story may appear says yes, so that the way to its end can be tried."""

from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime, make_msgid

QUESTION = "May we publish this?"  # how the subject of templates/ask.md begins
SECONDS = 6  # enough to see that the story waits for an answer
YES = "Yes, I am happy for it to appear exactly like this. Thank you for asking first.\n"


def answer(raw: bytes, now: datetime) -> bytes | None:
    """The answer to a mail of ours that asks a contributor, dated `now` (aware); None to any other mail."""
    question = message_from_bytes(raw, policy=default)
    if not str(question["Subject"] or "").startswith(QUESTION):
        return None
    reply = EmailMessage()
    reply["From"], reply["To"] = str(question["To"]), str(question["From"])
    reply["Subject"] = f"Re: {question['Subject']}"
    reply["Date"], reply["Message-ID"] = format_datetime(now), make_msgid(domain="university.example")
    reply["In-Reply-To"] = reply["References"] = str(question["Message-ID"])
    reply.set_content(YES)
    return reply.as_bytes()
