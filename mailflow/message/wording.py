"""What machines write when no header gives them away; each pattern needs a second sign, so that no person is taken for one."""

import re

from mailflow.domain import Email

_READ = (
    r"(?:not |un)?read|(?:nicht |un)?gelesen|(?:non )?lue?s?|(?:no )?leído|(?:non )?letto|(?:niet )?gelezen|(?:não )?lid[ao]"
    r"|(?:inte |ej )?läst"
    r"|(?:ikke )?læst|(?:ikke )?lest|(?:nie )?przeczytan[oea]|displayed|deleted|gelöscht"
)
_RECEIPT_SUBJECT = re.compile(
    rf"(?i)(?:(?:{_READ})\s*:|(?:return|read)[- ]receipt\b|disposition notification|lesebestätigung|empfangsbestätigung"
    rf"|accusé de (?:lecture|réception)"
    r"|confirmación de lectura|(?:conferma|ricevuta) di (?:lettura|ritorno)|leesbevestiging|ontvangstbevestiging"
    r"|(?:confirmação|recibo) de leitura"
    r"|läskvitto|læsekvittering|kvittering for læsning|lesebekreftelse|lukukuittaus|potwierdzenie (?:przeczytania|odczytu)"
    r"|potvrzení o přečtení|开封通知|已读)"
)
_RECEIPT_TEXT = re.compile(
    r"(?i)\b(?:was|has been) (?:read|displayed|received by|deleted without being read)\b[^.]{0,80}\d|\breturn receipt\b"
    r"|\bwurde\b.{0,80}\b(?:gelesen|angezeigt|gelöscht)\b|\blesebestätigung\b|\ba été (?:lue?|affichée?|supprimée?)\b"
    r"|\baccusé de (?:lecture|réception)\b"
    r"|\b(?:fue|ha sido) (?:leído|mostrado|eliminado)\b|\b(?:è stato|è stata) (?:lett|visualizzat|eliminat)[oa]\b|\b(?:is"
    r"|werd) (?:gelezen|weergegeven|verwijderd)\b"
    r"|\bfoi (?:lid|exibid|excluíd|eliminad)[ao]\b|\b(?:lästes|har lästs|blev læst|er læst|ble lest|er lest)\b"
    r"|\bzosta\w{1,3} (?:przeczytan|wyświetlon|usunięt)"
)
_MEETING_SUBJECT = re.compile(
    r"(?i)(?:accepted|declined|tentative(?:ly accepted)?|cancell?ed(?: event)?|(?:updated )?invitation|new time proposed"
    r"|meeting forward notification"
    r"|zugesagt|abgelehnt|mit vorbehalt|abgesagt|accepté|refusé|provisoire|annulé|aceptad[oa]|rechazad[oa]|accettato"
    r"|rifiutato|geaccepteerd|geweigerd)\s*:"
)
_MEETING_TEXT = re.compile(
    r"(?i)\b(?:has|have) (?:\w+ )?(?:accepted|declined|cancell?ed|forwarded) (?:this|the|your) (?:\w+ )?(?:meeting|invitation"
    r"|event|request)\b"
    r"|\b(?:event|meeting) (?:has been|was) (?:cancell?ed|forwarded|declined|accepted)\b|\bproposes a new time\b"
    r"|\b(?:response|invitation) (?:was sent by|from) (?:the |google )?calendar\b"
)
_MEETING_LINES = re.compile(r"(?im)^[ \t]*(?:when|where|organi[sz]er|who|wann|wo|quand|cuándo|quando)[ \t]*:[ \t]*\S")
_TICKET_SUBJECT = re.compile(
    r"(?i)\b(?:ticket|job|case|incident|request|work order|inc|req|ritm|chg)\b[ #:]*\w*\d{3,}.*"
    r"\b(?:closed|resolved|received|logged|updated|opened|assigned|completed?|cancelled)\b"
)
_OURS = r"(?:ticket|case|request|enquiry|inquiry|query|message|e-?mail|submission|issue|order|registration)"
_DONE = r"(?:received|logged|created|opened|closed|resolved|updated|assigned|registered|set to)"
_ACKNOWLEDGED = re.compile(
    rf"(?i)\byour {_OURS}\b[^.!?]{{0,80}}\b(?:has been|was|is) (?:\w+ ){{0,2}}{_DONE}\b"
    rf"|\b(?:we have|we['’]ve) received your {_OURS}\b[^?]{{0,300}}\b(?:reference|given the number|ticket|case|working days"
    rf"|business days|within \d+)\b"
    rf"|\b(?:ihre|deine) (?:anfrage|nachricht|e-?mail) (?:ist|wurde)\b[^.!?]{{0,80}}\b(?:eingegangen|erfasst|geschlossen)\b"
    r"|\bresponse to the\s+creation of a (?:trouble )?ticket\b"
)
_SAYS_AUTOMATIC = re.compile(
    r"(?im)(?:^|[.!;]\s+|\band )(?:please )?(?:"
    r"this (?:is|was) an? automat(?:ic|ed|ically generated) (?:e-?mail|message|notification|notice|alert|acknowledgement|reply)\b"
    r"|this (?:e-?mail|message|notification|notice|alert|report|acknowledgement) (?:is|was|has been) (?:\w+ )?(?:generated"
    r"|created|sent)? ?automatically\b"
    r"|do not (?:reply|respond) to this (?:e-?mail|message|address)\b|the (?:address|mailbox) (?:can ?not|can['’]t"
    r"|does not) (?:receive|accept|take) "
    r"|you (?:are (?:receiving|getting)|received) this (?:e-?mail|mail|message|notification) because (?:you|your|notif)"
    r"|dies(?:e (?:e-?mail|nachricht) (?:wurde|ist)| ist eine) automatisch\w* (?:erzeugt|generiert|erstellt|versendet|versandt)"
    r"|(?:bitte )?antworten sie nicht auf diese|merci de ne pas répondre à ce|no responda a este)"
)
_FORWARDED = re.compile(r"(?i)\s*(?:re|aw|sv|antw|fwd?|wg|tr|rv|enc)\s*:")
_FIRST_PERSON = re.compile(r"\bI\b|(?i:\b(?:would|me|my|mine|ich|mir|mich|meine?|je|mon|ma|yo)\b)")
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


def is_read_receipt(email: Email) -> bool:
    """Whether subject and text are those of a receipt."""
    return (
        _RECEIPT_SUBJECT.match(email.subject) is not None
        and len(email.text) < 2000
        and _RECEIPT_TEXT.search(email.text) is not None
    )


def is_meeting_answer(email: Email) -> bool:
    """Whether subject and text are those that calendars give to answers and changes, where no calendar part came with them."""
    text = email.text[:3000]
    told = _MEETING_TEXT.search(text[:600]) is not None or len(set(_MEETING_LINES.findall(text))) >= 2
    by_person = "?" in text or _FIRST_PERSON.search(text) is not None
    return told and not by_person and _MEETING_SUBJECT.match(email.subject) is not None


def is_ticket_notice(email: Email) -> bool:
    """Whether the subject tells the state of a numbered ticket and the text is a list of labelled fields."""
    return _TICKET_SUBJECT.search(email.subject[:500]) is not None and len(_FIELD.findall(email.text[:5000])) >= 3


def is_notice(email: Email) -> bool:
    """Whether the text itself says that a machine sent it, or acknowledges what came, and speaks of no "I"."""
    text = email.new_text[:5000]
    if _FORWARDED.match(email.subject) or _FIRST_PERSON.search(text):
        return False
    return _SAYS_AUTOMATIC.search(text) is not None or _ACKNOWLEDGED.search(text[:600]) is not None
