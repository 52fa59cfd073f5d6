"""The entries of the audit log as sentences: who did what with a case, in words that people understand."""

import re
from collections.abc import Callable, Iterable
from datetime import date

from mailflow.domain.wording import KIND
from mailflow.store.deeds import Deed

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_JUDGED = re.compile(r"(\w+) (\d\.\d\d)")
_SAID = re.compile(r"(\w+)(, sensitive)? to (\w+)(, sensitive)?")


def _judged(detail: str) -> str:
    """`training 0.97`, as the filing writes it down."""
    found = _JUDGED.fullmatch(detail)
    return f"{KIND.get(found[1], found[1])}, {float(found[2]):.0%} sure" if found else detail


def _said(detail: str) -> str:
    """`query to training, sensitive`, as a correction writes it down."""
    found = _SAID.fullmatch(detail)
    if found is None:
        return f"said what a message is ({detail})"
    was, was_sensitive, kind, sensitive = found.groups()
    words = f"said that a message is {KIND.get(kind, kind)}" + (f", and not {KIND.get(was, was)}" if was != kind else "")
    if bool(sensitive) is bool(was_sensitive):
        return words
    return f"{words}, and that it is {'' if sensitive else 'not '}sensitive"


_PHRASES: dict[str, str | Callable[[str], str]] = {
    "filed": lambda detail: f"filed a message ({_judged(detail)})",
    "held": lambda detail: f"held a message for a person ({_judged(detail)})",
    "ignored": lambda detail: f"set a message aside that needs nobody ({_judged(detail)})",
    "corrected": _said,
    "dealt with": "marked the case as dealt with",
    "reopened": "opened the case again",
    "snoozed": lambda detail: f"put the case off {_dated(detail)}",
    "snooze ended": "took the case back into the lists",
    "assigned": lambda detail: f"gave the case {detail}",
    "assigned to nobody": "gave the case back to nobody in particular",
    "note written": "wrote a note",
    "merged": lambda detail: f"merged {detail}",
    "split off": lambda detail: f"split a message off {detail}",
    "read": "read it",
    "read story": "read it",
    "answer written": lambda detail: f"wrote an answer ({detail})",
    "draft changed": lambda detail: f"changed what a reply says ({detail})",
    "answered": lambda detail: f"answered ({detail})",
    "answer rehearsed": lambda detail: f"answered, but for the rehearsal ({detail})",
    "answer taken back": lambda detail: f"took an answer back before it left ({detail})",
    "mail approved": lambda detail: f"approved a reply ({detail})",
    "mail cancelled": lambda detail: f"took a reply back ({detail})",
    "mail retried": lambda detail: f"had a mail sent again ({detail})",
    "mail sent": lambda detail: f"sent a mail ({detail})",
    "mail bounced": lambda detail: f"found that a mail came back ({detail})",
    "mail failed": lambda detail: f"gave up a mail that was refused ({detail})",
    "mail deferred": lambda detail: f"could not send a mail yet ({detail})",
    "mail in_doubt": lambda detail: f"does not know whether a mail was sent ({detail})",
    "mail proven sent": lambda detail: f"found proof that a mail was sent ({detail})",
    "delivery report": lambda detail: f"was told about a mail ({detail})",
    "address may be written to again": "said that the address may be written to again",
    "message retried": "had a message read again",
    "approved": "approved the story",
    "declined": "declined the story",
    "put back into review": "put the story back into review",
    "withdrawn": "took the story back",
    "consent refused": "does not want the story published",
}


def sentence(deed: Deed, you: str | None = None) -> str:
    """One entry: "bo gave the case to ada." `you` is who reads it, where they are to be spoken to."""
    phrase = _PHRASES.get(deed.what)
    who = "You" if deed.who == you else deed.who
    if phrase is None:
        return f"{who}: {deed.what}" + (f" ({_dated(deed.detail)})." if deed.detail else ".")
    return f"{who} {phrase if isinstance(phrase, str) else phrase(deed.detail or '')}."


def last_of(deeds: Iterable[Deed], person: str) -> str | None:
    """What this person last did, besides reading, as they are told it."""
    done = [deed for deed in deeds if deed.who == person and not deed.is_reading]
    return sentence(done[-1], person) if done else None


def readers(deeds: Iterable[Deed]) -> list[str]:
    """Who has read it, each once."""
    return list(dict.fromkeys(deed.who for deed in deeds if deed.is_reading))


def _dated(detail: str) -> str:
    """Days as people write them."""
    return _DAY.sub(lambda found: f"{date.fromisoformat(found[0]):%-d %B %Y}", detail)
