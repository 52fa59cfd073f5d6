"""What machines write when no header gives them away. Each pattern needs a second sign before it counts, so that people are safe."""

import re

from mailflow.domain import Email

BOUNCE_SUBJECT = re.compile(
    r"(?i)(?:undeliver(?:ed|able)|(?:mail )?delivery (?:status|failure|failed|has failed|delayed|incomplete)|failure notice|returned mail"
    r"|mail delivery failed|(?:un)?zustellbar|warning: (?:message|could not)|message (?:not|could not be) delivered|non remis|no se puede entregar)"
)
# So no person begins a subject; an answer to one starts with "Re:".
_AUTOMATIC_REPLY = re.compile(
    r"(?i)(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response)|automated (?:reply|response)|automatische antwort|abwesenheits(?:notiz|meldung|nachricht)"
    r"|réponse automatique|respuesta automática|risposta automatica|resposta automática|automatisch antwoord|automatiskt svar|automatisk svar"
    r"|autosvar|odpowiedź automatyczna|ateb awtomatig|自動応答|自动答复)\s*(?:[:：\-–(\[]|$|aw:|re:)"
)
_AWAY_SUBJECT = re.compile(
    r"(?i)(?:out of (?:the )?office|ooo|i am away|away from (?:the office|my (?:desk|e-?mail))|on (?:annual |parental |maternity |sick )?leave|(?:on )?(?:holiday|vacation)"
    r"|abwesen(?:d|heit)|nicht im büro|absen(?:ce|te?)(?: du bureau)?|absent du bureau|fuera de (?:la )?oficina|fuori ufficio|afwezig(?:heid)?|allan o'r swyddfa|不在)"
    r"\s*(?:[:：\-–(\[]|$|re:|aw:|automatic|auto|reply|message|notification|until|till)"
)
_AWAY_TEXT = re.compile(
    r"(?i)\b(?:out of (?:the )?office|(?:i am|i'm|am|is|be) (?:currently )?(?:away|absent|unavailable|travelling)|on (?:\w+ ){0,2}(?:leave|holiday|vacation|course)"
    r"|(?:limited|no|intermittent|without) access to (?:my )?(?:e-?mails?|mailbox|messages)|will (?:only )?(?:see|reply|respond|return|be back|answer)|upon my return|when i return"
    r"|absente?|accès limité|abwesend|nicht im büro|rückkehr|fuera de la oficina|fuori ufficio|afwezig)"
)
_RECEIPT_SUBJECT = re.compile(
    r"(?i)(?:not read|read|gelesen|ungelesen|lu|non lu|return receipt(?: \(displayed\))?(?: -)?|read[- ]receipt)\s*:"
)
_RECEIPT_TEXT = re.compile(
    r"(?i)\bwas (?:read|displayed|deleted without being read)\b|\breturn receipt\b|\bwurde gelesen\b|\ba été lu\b"
)
_TICKET_SUBJECT = re.compile(
    r"(?i)\b(?:ticket|job|case|incident|request|work order|inc|req|ritm|chg)\b[ #:]*\w*\d{3,}.*\b(?:closed|resolved|received|logged|updated|opened|assigned|completed?|cancelled)\b"
)
_FORM_FIELD = re.compile(
    r"(?im)^\s*(?:your |visitor'?s? |sender'?s? )?(?:full |first |last |sur)?(?:name|e-?mail(?: address)?|message|story|question|enquiry|department|phone|comments?)\s*:"
)
_FIELD = re.compile(r"(?m)^[A-Z][\w' /-]{1,30}:[ \t]+\S")
_FORM_SUBJECT = re.compile(
    r"(?i)\b(?:web|online|contact|website)[ -]?(?:form|enquiry|inquiry|message|submission)\b|\bform (?:submission|response)\b|\bnew submission\b"
)
_FORM_TEXT = re.compile(r"(?i)\b(?:completed|submitted|filled in|filled out|sent)\b.{0,60}\bform\b|\b(?:web|contact) form\b")


def is_web_form(email: Email) -> bool:
    """Whether a web form carries what a person typed: the form names itself, and labels the person's name or message."""
    fields = {field.strip().lower() for field in _FORM_FIELD.findall(email.text)}
    named = _FORM_SUBJECT.search(email.subject) is not None or _FORM_TEXT.search(email.text[:5000]) is not None
    return len(fields) >= 2 and named


def is_automatic_reply(email: Email) -> bool:
    """Whether the subject begins as only mail software makes it begin."""
    return _AUTOMATIC_REPLY.match(email.subject.strip()) is not None


def is_away_subject(subject: str) -> bool:
    """Whether a subject begins like that of an out-of-office answer; people write such subjects too."""
    return _AWAY_SUBJECT.match(subject.strip()) is not None or _AUTOMATIC_REPLY.match(subject.strip()) is not None


def is_away_text(text: str) -> bool:
    """Whether a text says that its writer is away."""
    return len(text) < 3000 and _AWAY_TEXT.search(text) is not None


def is_read_receipt(email: Email) -> bool:
    """Whether subject and text are those of a receipt."""
    return (
        _RECEIPT_SUBJECT.match(email.subject) is not None
        and len(email.text) < 2000
        and _RECEIPT_TEXT.search(email.text) is not None
    )


def is_ticket_notice(email: Email) -> bool:
    """Whether the subject tells the state of a numbered ticket and the text is a list of labelled fields."""
    return _TICKET_SUBJECT.search(email.subject) is not None and len(_FIELD.findall(email.text[:5000])) >= 3
