"""What machines write when no header gives them away; each pattern needs a second sign, so that no person is taken for one."""

import re

from mailflow.domain import Email

BOUNCE_SUBJECT = re.compile(
    r"(?i)(?:undeliver(?:ed|able)|returned mail|failure notice|mail delivery failed|warning: (?:message|could not)"
    r"|(?:mail )?delivery (?:status|failure|failed|has failed|delayed|incomplete)|message (?:not|could not be) delivered"
    r"|unzustellbar|nicht zustellbar|non remis|no se puede entregar)"
)
# So no person begins a subject; a person's answer to one begins with "Re:".
_AUTOMATIC_REPLY = re.compile(
    r"(?i)(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response)|automated (?:reply|response)|automatische antwort"
    r"|abwesenheits(?:notiz|meldung|nachricht)|réponse automatique|respuesta automática|risposta automatica|resposta automática"
    r"|automatisch antwoord|automatiskt svar|automatisk svar|autosvar|odpowiedź automatyczna|ateb awtomatig|自動応答|自动答复)"
    r"\s*(?:[:：\-–(\[]|$|aw:|re:)"
)
_AWAY_SUBJECT = re.compile(
    r"(?i)(?:out of (?:the )?office|ooo|i am away|away from (?:the office|my (?:desk|e-?mail))"
    r"|on (?:annual |parental |maternity |sick )?leave|(?:on )?(?:holiday|vacation)"
    r"|abwesen(?:d|heit)|nicht im büro|absen(?:ce|te?)(?: du bureau)?|fuera de (?:la )?oficina|fuori ufficio|afwezig(?:heid)?"
    r"|allan o'r swyddfa|不在)"
    r"\s*(?:[:：\-–(\[]|$|re:|aw:|automatic|auto|reply|message|notification|until|till)"
)
_AWAY_TEXT = re.compile(
    r"(?i)\b(?:out of (?:the )?office|(?:i am|i['’]m|am|is) (?:currently )?(?:away|absent|unavailable|travelling)"
    r"|(?:i am|i['’]m|am|is) on (?:\w+ ){0,2}(?:leave|holiday|vacation|course)"
    r"|(?:limited|no|intermittent|without) access to (?:my )?(?:e-?mails?|mailbox|messages)|upon my return|when i return"
    r"|je suis absente?|accès limité|abwesend|nicht im büro|rückkehr|fuera de la oficina|fuori ufficio|afwezig)"
)
_RECEIPT_SUBJECT = re.compile(
    r"(?i)(?:not read|read|gelesen|ungelesen|lu|non lu|return receipt(?: \(displayed\))?(?: -)?|read[- ]receipt)\s*:"
)
_RECEIPT_TEXT = re.compile(
    r"(?i)\bwas (?:read|displayed|deleted without being read)\b|\breturn receipt\b|\bwurde gelesen\b|\ba été lu\b"
)
_TICKET_SUBJECT = re.compile(
    r"(?i)\b(?:ticket|job|case|incident|request|work order|inc|req|ritm|chg)\b[ #:]*\w*\d{3,}.*"
    r"\b(?:closed|resolved|received|logged|updated|opened|assigned|completed?|cancelled)\b"
)
_FIELD = re.compile(r"(?m)^[A-Z][\w' /-]{1,30}:[ \t]+\S")
_FORM_FIELD = re.compile(
    r"(?im)^[ \t]*(?:your |visitor'?s? |sender'?s? )?(?:full |first |last |sur)?"
    r"(?:name|e-?mail(?: address)?|message|story|question|enquiry|department|phone|comments?)[ \t]*:"
)
_FORM_SUBJECT = re.compile(
    r"(?i)\b(?:web|online|contact|website)[ -]?(?:form|enquiry|inquiry|message|submission)\b"
    r"|\bform (?:submission|response)\b|\bnew submission\b"
)
_FORM_TEXT = re.compile(r"(?i)\b(?:completed|submitted|filled in|filled out|sent)\b.{0,60}\bform\b|\b(?:web|contact) form\b")


def is_web_form(email: Email) -> bool:
    """Whether a web form carries what a person typed: the form names itself, and labels the person's name or message."""
    text = email.text[:20_000]
    named = _FORM_SUBJECT.search(email.subject) is not None or _FORM_TEXT.search(text[:5000]) is not None
    return named and len({field.strip().lower() for field in _FORM_FIELD.findall(text)}) >= 2


def is_automatic_reply(email: Email) -> bool:
    """Whether the subject begins as only mail software makes it begin."""
    return _AUTOMATIC_REPLY.match(email.subject) is not None


def is_away_subject(subject: str) -> bool:
    """Whether a subject begins like that of an out-of-office answer; people write such subjects too."""
    return _AWAY_SUBJECT.match(subject) is not None or _AUTOMATIC_REPLY.match(subject) is not None


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
    return _TICKET_SUBJECT.search(email.subject[:500]) is not None and len(_FIELD.findall(email.text[:5000])) >= 3
