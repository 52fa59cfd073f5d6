"""What calendars write into invitations and the answers to them, and what people add."""

import re

from mailflow.domain import Email
from mailflow.message.wording import FIRST_PERSON

_SUBJECT = re.compile(
    r"(?i)(?:accepted|declined|tentative(?:ly accepted)?|cancell?ed(?: event)?|(?:updated )?invitation|new time proposed"
    r"|meeting forward notification"
    r"|zugesagt|abgelehnt|mit vorbehalt|abgesagt|accepté|refusé|provisoire|annulé|aceptad[oa]|rechazad[oa]|accettato"
    r"|rifiutato|geaccepteerd|geweigerd|aceit[oe]|recusad[oa]|accepter(?:at|et)|avböjt|afvist|avslått|zaakceptowano"
    r"|odrzucono)\s*:"
)
_SENTENCE = re.compile(
    r"(?i)\b(?:has|have) (?:\w+ ){0,2}(?:accepted|declined|cancell?ed|forwarded|replied|updated"
    r"|changed) (?:[\"“'][^\"”'\n]{1,20}[\"”'] )?"
    r"(?:to )?(?:this|the|your) (?:\w+ ){0,2}(?:meeting|invitation|event|request)\b"
    r"|\b(?:event|meeting) (?:has been|was) (?:cancell?ed|forwarded|declined|accepted|updated|changed)\b"
    r"|\bproposes a new time\b"
    r"|\b(?:meeting|booking|your) request (?:was|has been|could not be|cannot be) (?:accepted|declined|honoured)\b"
    r"|\b(?:response|invitation) (?:was sent by|from) (?:the |google )?calendar\b|\byou have been invited to\b"
    r"|\b(?:removed from|added to) your calendar\b"
)
_SPOKEN = re.compile(r"[^.!?\n]+[.!?]*")
# Calendars name people and say "this" and "your".
_OF_PEOPLE = re.compile(r"(?i)\b(?:we|us|our|he|she|they|him|her|his|them)\b")
_LABEL = re.compile(r"(?i)[ \t]*(?:when|where|organi[sz]er|who|title|calendar|wann|wo|quand|cuándo|quando)[ \t]*:[ \t]*\S")
_LABELS = re.compile(rf"(?m)^{_LABEL.pattern.removeprefix('(?i)')}", re.IGNORECASE)
_NOTE = re.compile(r"(?i)\bwith (?:this|the following) (?:note|comment|message):\s*(\S[^\n]{2,})")
# Below it stand the ways into an online meeting, or the copy of the event.
_EVENT = re.compile(r"(?i)\s*(?:[_\-*~=]{5,}|microsoft teams\b|join (?:zoom|the meeting|with google|on your)|https?://)")
_FEWEST_WORDS = 3


def is_meeting_answer(email: Email) -> bool:
    """Whether subject and text are those that calendars give to answers and changes, where no calendar part came with them."""
    text = email.text[:3000]
    told = _SENTENCE.search(text[:600]) is not None or len(set(_LABELS.findall(text))) >= 2
    return told and "?" not in text and not _speaks_of_people(text) and _SUBJECT.match(email.subject) is not None


def has_remark(email: Email) -> bool:
    """Whether a person typed into calendar mail: more than the calendar's own sentence, the event's title and its labels."""
    text = email.new_text[:5000]
    if _NOTE.search(text):
        return True
    opening: list[str] = []
    for line in text.strip().splitlines():
        if _EVENT.match(line) or _LABEL.match(line) or (opening and not line.strip()):
            break
        opening.append(line)
    said = " ".join(opening)
    own = " ".join(each for each in _SPOKEN.findall(said) if not _SENTENCE.search(each) or _speaks_of_people(each))
    words = re.findall(r"\w+", own.lower())
    named = set(re.findall(r"\w+", email.subject.lower()))
    return len([word for word in words if word not in named]) >= _FEWEST_WORDS


def _speaks_of_people(text: str) -> bool:
    return FIRST_PERSON.search(text) is not None or _OF_PEOPLE.search(text) is not None
