"""How bounces begin: the subjects that mail software gives them and the first words of their text, in a dozen languages.

People quote both, but under a subject that begins with "Re:" or "Fwd:", or after words of their own.
"""

import re

from mailflow.domain import Email
from mailflow.message.wording import FIRST_PERSON

_LONGEST_OPENING = 500  # characters
_MAIL = r"(?:e-?mails?|mails?|messages?)"
_SUBJECT = re.compile(
    rf"""(?ix) (?:\[[^\]\n]{{1,30}}\]\s*)? (?:
      undeliver(?:ed|able|y) | non-?\s?deliver(?:y|able) | returned\ {_MAIL} | {_MAIL}\ returned
    | failure\ (?:notice|delivery) | failed\ (?:delivery|{_MAIL}) | (?:unable|failed)\ to\ deliver
    | (?:{_MAIL}\ )?delivery\ (?:status|failure|failed|has\ failed|has\ been\ delayed|delayed|incomplete|error|problem|warning
        |report|notification|unsuccessful)
    | {_MAIL}\ (?:system\ error|failure|error|delayed|blocked|rejected|refused|bounced|too\ large|undeliverable)
    | {_MAIL}\ (?:was\ |is\ |has\ )?(?:not\ (?:been\ )?(?:delivered|sent)) | {_MAIL}\ status\W{{1,3}}undeliver
    | (?:your\ |the\ )?{_MAIL}\ .{{0,120}}?(?:could|can)\s?(?:not|n['’]t)\ be\ (?:delivered|sent)
    | (?:banned|infected|virus|considered\ unsolicited)\b.{{0,80}}?\bfrom\ you\b
    | (?:delayed|blocked|rejected|bounced)\ {_MAIL} | warning:\ (?:{_MAIL}|could\ not|delayed)
    | (?:there\ was\ an\ )?error\ (?:sending|delivering)\ | postmaster\ notify | notice:\ {_MAIL}\ delivery
    | unzustellbar | nicht\ zustellbar | (?:zustellung|übermittlung)\ .{{0,60}}?(?:fehlgeschlagen|nicht\ möglich|verzögert)
    | zustell(?:ungs)?fehler | (?:ihre\ )?(?:nachricht|e-?mail)\ .{{0,80}}?nicht\ (?:zugestellt|zustellbar)
    | non\ remise?s? | (?:notification\ d['’])?échec\ d[ei] | (?:message|courriel|mail)\ non\ (?:remis|distribu|délivr)
    | no\ (?:se\ (?:puede|pudo|ha\ podido)\ )?entrega | (?:correo|mensaje)\ (?:devuelto|no\ entregado)
        | error\ (?:de|en\ la)\ entrega
    | non\ (?:recapitabile|consegnat[oa]) | mancat[oa]\ (?:recapito|consegna) | impossibile\ (?:recapitare|consegnare)
    | onbestelbaar | niet\ (?:bezorgd|afgeleverd|te\ bezorgen) | bezorging\ .{{0,40}}?mislukt
    | não\ (?:é\ possível\ entregar|entregue|entregável) | falha\ (?:na|de)\ entrega | mensagem\ não\ entregue
    | (?:går\ inte\ att|det\ går\ inte\ att)\ leverera | olevererbar | ej\ levererat | (?:kan\ ikke|ikke)\ lever | uleverbar
    | ei\ voi\ toimittaa | toimittamat | niedostarcz | nie\ (?:można|udało\ się)\ dostarczyć | nedoručiteln
    | недоставлен | не\ уда(?:ется|лось)\ доставить | (?:メール)?(?:配信|送信|配送)(?:不能|エラー|失敗|できません)
        | メールエラー
    | (?:系统)?退信 | (?:邮件)?(?:无法|未)送达 | 반송
    )"""
)
# What follows the colon is the subject of the mail that did not arrive (Exchange); brackets are Microsoft's and Google's.
_ONLY_SOFTWARE = re.compile(
    r"(?i)(?:undeliverable|unzustellbar|non remis|no se puede entregar|non recapitabile|onbestelbaar|não é possível entregar"
    r"|går inte att leverera|kan ikke leveres|ei voi toimittaa|niedostarczalne|недоставлено|配信不能|无法送达)\s*[:：]"
    r"|delivery status notification \((?:failure|delay)\)"
)
_NOT = (
    r"(?:(?:\bnot\b|n['’]t\b|\bunable\b|\bfail\w*).{0,60}?\b(?:deliver|relay)|\bdid not reach\b"
    r"|\bundeliver|\bbounced\b|\bnot be handed over\b|\breturned to (?:you|the sender|sender)\b)"
)
_OPENING = re.compile(
    rf"""(?ix)
      this\ is\ a\ warning\ (?:{_MAIL}\ )?only\b
    | this\ is\ (?:the|an?)\ .{{0,60}}?(?:mail\ (?:system|server|delivery|transport)|program\ at|mailer|delivery\ status
        |non-?delivery)
    | this\ (?:{_MAIL}|report|notice|notification)\ (?:was|is|has\ been)\ (?:created\ |generated\ |sent\ )?automatically
    | (?:your|the|a|this|an)\ (?:following\ |original\ |recent\ |enclosed\ )?{_MAIL}\b.{{0,160}}?{_NOT}
    | (?:i['’]m|i\ am|we['’]re|we\ are|we|sorry|unfortunately)\b.{{0,80}}?{_NOT}
    | (?:{_MAIL}\ )?delivery\ (?:to\b.{{0,160}}?{_NOT}|has\ failed|failed|failure|of\b.{{0,120}}?{_NOT})
    | (?:the\ following|these|some\ of\ the)\ (?:message|mail|address|recipient|destination)
    | (?:banned\ contents|virus)\ alert\b | the\ original\ {_MAIL}\ was\ received\ at | (?:transcript|failed\ recipients?
        |address\ not\ found)\b
    | {_MAIL}\ (?:not\ delivered|undeliverable|delivery\ failed|from\b.{{0,160}}?{_NOT}|to\b.{{0,160}}?{_NOT})
    | (?:unable|failed)\ to\ (?:deliver|send) | (?:could|can)\s?(?:not|n['’]t)\ (?:deliver|send|be\ delivered)
    | [^.?!]{{0,80}}?(?:nachricht|e-?mail|zustellung)\b.{{0,160}}?(?:nicht\b.{{0,60}}?(?:zugestellt|übermittelt|ausgeliefert
        |möglich)|fehlgeschlagen)
    | [^.?!]{{0,40}}?(?:message|courriel|courrier|mail|remise|distribution)\b.{{0,120}}?\b(?:pas|non|échoué
        |échec)\b.{{0,60}}?(?:remis|d[ée]livr|distribu|transmis)
    | [^.?!]{{0,40}}?(?:mensaje|correo)\b.{{0,160}}?\bno\b.{{0,40}}?(?:entreg|envia) | no\ se\ (?:pudo|puede
        |ha\ podido)\ entregar
    | [^.?!]{{0,40}}?messaggio\b.{{0,120}}?\bnon\b.{{0,40}}?(?:recapit|consegn) | impossibile\ (?:recapitare|consegnare)
    | [^.?!]{{0,40}}?(?:bericht|e-?mail|bezorging)\b.{{0,120}}?(?:niet\b.{{0,60}}?(?:bezorgd|afgeleverd|verzonden)|mislukt)
    | [^.?!]{{0,40}}?(?:mensagem|e-?mail)\b.{{0,120}}?\bnão\b.{{0,40}}?(?:entreg|enviad)
        | (?:falha\ na|não\ foi\ possível)\b.{{0,20}}?\ entrega
    | [^.?!]{{0,40}}?(?:meddelande|meddelelse|melding|e-?post|e-?mail)\w*\b.{{0,120}}?\b(?:inte|ikke|ej)\b.{{0,40}}?(?:lever
        |sendes|skickas)
    | [^.?!]{{0,40}}?(?:письмо|сообщение)\b.{{0,160}}?\bне\b.{{0,60}}?доставлен
    | [^。?!]{{0,60}}?(?:送信|配信|配送|お届け).{{0,60}}?(?:できません|失敗|エラー) | [^。?!]{{0,40}}?邮件.{{0,60}}?(?:退回
        |无法|未能|没有)
    | [^.?!]{{0,40}}?wiadomo\w+\b.{{0,120}}?\bnie\b.{{0,40}}?(?:dostarcz|doręcz) | nie\ (?:można|udało\ się)\ dostarczyć
    """
)
_ORNAMENT = re.compile(r"[\s*=_#~|.:<>-]+")
_GREETING = re.compile(
    r"(?i)(?:(?:hi|hello|hallo|bonjour|guten tag|hola)\b[^\n]{0,40}?|dear [^\n]{0,60}?|sehr geehrte[^\n]{0,60}?)[.,!:]\s+"
)
# A person who tells of a bounce gives no code of a reply (RFC 5321, 4.2; RFC 3463), and the address within a sentence.
_ADDRESS = r"[\w.+'-]{1,64}@[\w-]{1,63}\.\w"
_PARTICULARS = re.compile(
    rf"(?im)<{_ADDRESS}|^[ \t>\"']*(?:to:[ \t]*)?{_ADDRESS}|\bdelivered to {_ADDRESS}|\b[45]\d\d[ -]"
    rf"|\b[45]\.\d{{1,3}}\.\d{{1,3}}\b"
)
# Gateways tell it in a form instead.
_FIELD = re.compile(r"(?im)^[ \t]*(?:reason|subject|recipients?|from|to|sender|action|rule|date|attachment)[ \t]*:[ \t]*\S")


def signs(email: Email) -> int:
    """How much in a mail is a bounce's, from 0 to 2: its subject, and its first words with particulars of the failure."""
    subject = _SUBJECT.match(email.subject) is not None
    told = email.text[: 8 * _LONGEST_OPENING]
    opens, particulars = _opens_like_one(told), _PARTICULARS.search(told) is not None
    if _ONLY_SOFTWARE.match(email.subject):
        return 1 + (opens or (particulars and "?" not in told and not FIRST_PERSON.search(told)))
    as_form = subject and len(set(_FIELD.findall(told))) >= 2
    return subject + (opens and (particulars or as_form))


def _opens_like_one(text: str) -> bool:
    start = text[: 4 * _LONGEST_OPENING]
    begin = _ORNAMENT.match(start)
    start = start[begin.end() :] if begin else start
    greeting = _GREETING.match(start)
    opening = " ".join(start[greeting.end() if greeting else 0 :].split())[:_LONGEST_OPENING]
    return _OPENING.match(opening) is not None
