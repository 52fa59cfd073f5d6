"""How read receipts and web forms are worded; each pattern needs a second sign, so that no person is taken for a machine."""

import re

from mailflow.domain import Email

_READ = (
    r"(?:not |un)?read|(?:nicht |un)?gelesen|(?:non )?lue?s?|(?:no )?leído|(?:non )?letto|(?:niet )?gelezen|(?:não )?lid[ao]"
    r"|(?:inte |ej )?läst"
    r"|(?:ikke )?læst|(?:ikke )?lest|(?:nie )?przeczytan[oea]|displayed|deleted|gelöscht|delivered|relayed|zugestellt"
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
    r"|\b(?:has been delivered to|delivery to) (?:the following|these) recipients?\b[^?]{0,60}(?:[:.]|complete)"
    r"|\bwurde an die folgenden empfänger (?:übermittelt|zugestellt)\b"
    r"|\byour (?:e-?mail|mail|message)\b[^?]{0,300}?\b(?:was|has been) (?:read|displayed|opened|deleted without being read)\b"
    r"|\bwurde\b.{0,80}\b(?:gelesen|angezeigt|gelöscht)\b|\blesebestätigung\b|\ba été (?:lue?|affichée?|supprimée?)\b"
    r"|\baccusé de (?:lecture|réception)\b"
    r"|\b(?:fue|ha sido) (?:leído|mostrado|eliminado)\b|\b(?:è stato|è stata) (?:lett|visualizzat|eliminat)[oa]\b|\b(?:is"
    r"|werd) (?:gelezen|weergegeven|verwijderd)\b"
    r"|\bfoi (?:lid|exibid|excluíd|eliminad)[ao]\b|\b(?:lästes|har lästs|blev læst|er læst|ble lest|er lest)\b"
    r"|\bzosta\w{1,3} (?:przeczytan|wyświetlon|usunięt)"
)
# French "mon" stands before a word, English Monday before a number or a comma.
FIRST_PERSON = re.compile(r"\bI\b|(?i:\b(?:would|me|my|mine|ich|mir|mich|meine?|je|ma|yo)\b)|\b[Mm]on [a-zà-ÿ]")
# Read within a text where there are other signs, else only at the start of a sentence.
SAYS_AUTOMATIC = (
    r"(?:this (?:(?:message|e-?mail|reply|note) )?(?:is|was) an? "
    r"(?:auto(?:matic(?:ally)?|mated)?|(?:system|computer)[- ]generated|out[- ]of[- ]office)[- ]?(?:\w+[- ]){0,4}"
    r"(?:reply|response|message|answer|note|notification|notice|acknowledgement|alert|report|e-?mail)\b"
    r"|this (?:message|reply|response|e-?mail|acknowledgement|notification|notice|alert|report) (?:\w+ ){0,3}automatically\b"
    r"|(?:this is|generated|sent|replied) (?:\w+ ){0,2}automatically\b|(?:got|my) auto-?reply\b"
    r"|this (?:message|reply|note) (?:is|will be) (?:only )?sent (?:only )?once\b"
    r"|(?:(?:diese (?:e-?mail|nachricht) |dies )?(?:wurde|ist eine?)|diese (?:e-?mail|nachricht) ist) automatisch(?:e|\b)"
    r"|automatisch (?:erzeugt|generiert|erstellt|versandt|versendet)|(?:message|réponse|courriel) automatique\b"
    r"|généré automatiquement\b|(?:generad|enviad)[oa] automáticamente\b|otomatik (?:\w+ )?(?:yanıt|ileti|olarak)"
    r"|(?:respuesta|mensaje|resposta|mensagem) automátic[ao]\b|(?:risposta|messaggio) automatic[ao]\b"
    r"|automatisch (?:antwoord|bericht|gegenereerd)\b|(?:automatiskt? (?:svar|meddelande|besked|melding)|autosvar)\b"
    r"|automatyczn\w+ (?:odpowied|wiadomo)|(?:odpowiedź|wiadomość) automatyczn)"
)
_LINK = re.compile(r"(?i)\bhttps?://\S+")
_SENTENCE = re.compile(r"(?:[^.!?？\n]|\n(?![ \t]*\n))+[.!?？]*")
_OF_A_MACHINE = 4  # words; "How did we do?", "Questions?"
_POLITE = re.compile(r"(?i)\s*(?:can|could|may|might|shall|will) (?:we|you|our|the)\b")
_FORM_FIELD = re.compile(
    r"(?im)^[ \t]*(?:your |visitor'?s? |sender'?s? )?(?:full |first |last |sur)?"
    r"(?:name|e-?mail(?: address)?|message(?: body)?|story|question|enquiry|department|organi[sz]ation|phone|telephone"
    r"|comments?"
    r"|how can we help)[ \t*?]*:"
)
_FORM_SUBJECT = re.compile(
    r"(?i)\b(?:web|online|contact|website)[ -]?(?:form|enquiry|inquiry|message|submission)\b"
    r"|\bform (?:submission|response|entry)\b|\bnew (?:submission|form entry)\b"
)
_FORM_TEXT = re.compile(
    r"(?i)\b(?:completed|submitted|filled in|filled out|sent)\b.{0,60}\bform\b|\b(?:web|contact|enquiry|feedback) form\b"
    r"|\b(?:sent|submitted|received) (?:\w+ )?(?:via|through|from) (?:the|your|our) (?:web ?site|web ?page)\b"
)


def asks(text: str) -> bool:
    """Whether somebody asks a question: a longer one than machines have, or politely. What stands inside a link asks nothing."""
    asked = (sentence for sentence in _SENTENCE.findall(_LINK.sub("", text)) if sentence.endswith(("?", "？")))
    return any(len(sentence.split()) > _OF_A_MACHINE or _POLITE.match(sentence) for sentence in asked)


def is_web_form(email: Email) -> bool:
    """Whether a web form carries what a person typed: it names itself and labels two things, or one where answers go to them."""
    text = email.text[:20_000]
    if not _FORM_SUBJECT.search(email.subject) and not _FORM_TEXT.search(text[:5000]):
        return False
    labels = {field.strip().lower() for field in _FORM_FIELD.findall(text)}
    sender = email.sender.address if email.sender else None
    answered_to_them = any(to.address != sender for to in email.reply_to)
    return len(labels) >= (1 if answered_to_them else 2)


def is_read_receipt(email: Email) -> bool:
    """Whether subject and text are those of a receipt."""
    return (
        _RECEIPT_SUBJECT.match(email.subject) is not None
        and len(email.text) < 2000
        and _RECEIPT_TEXT.search(email.text) is not None
    )
