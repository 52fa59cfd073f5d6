"""How out-of-office answers are worded, in a dozen languages: by their subject, and by the formulas that they are made of.

One formula is nothing, for people use them all; a text made of several that asks nothing is what a machine sends for its owner.
"""

import re

from mailflow.domain import Email
from mailflow.message.wording import SAYS_AUTOMATIC

_LONGEST = 3000  # characters; such texts are short
_SHORT = 1500
_BRIEF = 600
_END = r"\s*(?:[:：\-–—(\[【.]|$|aw:|re:|fw)"
_REPLY_WORDS = (
    r"(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response|responder)|automated (?:reply|response)"
    r"|automatische (?:antwort|reactie)"
    r"|abwesenheits(?:notiz|meldung|nachricht)|automatische abwesenheitsnotiz|réponse auto(?:matique)?|message d['’]absence"
    r"|autorespuesta|respuesta automática|risposta automatica|resposta automática|automatisch antwoord|afwezigheids(?:bericht"
    r"|melding)"
    r"|automatiskt? svar|autosvar|frånvaromeddelande|automaattinen vastaus|poissaoloilmoitus|odpowiedź automatyczna"
    r"|automatyczna odpowiedź|automatická odpověď|automatikus válasz|răspuns automat|otomatik yanıt|αυτόματη απάντηση"
    r"|автоматический ответ|автоответ|ateb awtomatig|автоматична відповідь|автоматичен отговор|аутоматски одговор"
    r"|automatski odgovor|automatická odpoveď"
    r"|samodejni odgovor|automaatvastus|automatinis atsakymas|automātiska atbilde|resposta automàtica|erantzun automatikoa"
    r"|balas(?:an)? oto?matis|balas automatik|trả lời tự động|ตอบกลับอัตโนมัติ|(?:תגובה|מענה) אוטומטית?|自動(?:応答|返信"
    r"|回覆)|自动(?:答复|回复)|자동 ?(?:회신|응답)|رد تلقائي)"
)
# So no person begins a subject; a person's answer to one begins with "Re:". A ticket's number may stand before it.
_AUTOMATIC_REPLY = re.compile(
    rf"(?i)(?:\[[^\]\n]{{1,40}}\]\s*)?(?:\[{_REPLY_WORDS}\]|{_REPLY_WORDS}{_END}|[^\s:：]{{1,8}}自动(?:回复|答复)$"
    rf"|auto: ?[^:?\n]{{1,80}} is out of (?:the )?office\b)"
)
_AWAY_WORDS = (
    r"out of (?:the )?office|ooo|(?:i am |i['’]m )?away from (?:the office|my (?:desk|e-?mail))|abwesen(?:d|heit)"
    r"|nicht im (?:büro|haus)|außer haus"
    r"|absente?\b(?: du bureau)?|absence du bureau|fuera de (?:la )?oficina|ausente|fuori (?:ufficio|sede)|afwezig(?:heid)?"
    r"|niet aanwezig"
    r"|fora do escritório|ausência|frånvarande|fraværende|ikke på kontor|poissa|poza biurem|nieobecn\w*|mimo kancelář"
    r"|allan o['’]r swyddfa|ofis dışında\w*|izinde\w*|вне офиса|不在"
)
_AFTER = (
    r"(?:\s*(?:[:：\-–—(\[/.]|$)|\s+(?:re:|aw:|automatic|auto|reply|message|notification|until|till"
    r"|bis|jusqu|hasta|fino|tot|até|do ))"
)
_AWAY_SUBJECT = re.compile(rf"(?i)(?:auto: ?)?\[?(?:{_AWAY_WORDS})\]?{_AFTER}")
# A machine puts it before the subject that it answers; a person who answers has "Re:" in front.
_AWAY_THEN_ANSWER = re.compile(rf"(?i)(?:auto: ?)?\[?(?:{_AWAY_WORDS})\]?\s*(?:[:：\-–—]\s*)?(?:re|aw|sv|antw)\s*:")
# People write of their leave and holidays too, and a car is "Auto" in several languages.
_PERHAPS_AWAY = re.compile(
    r"(?i)\[?(?:i am away|(?:on )?(?:annual |parental |maternity |sick )?leave|(?:on )?(?:holiday|vacation)|absence|auto"
    r"|(?:im )?urlaub|en (?:congés?|vacances)|(?:de )?vacaciones|(?:in )?ferie|(?:op |met )?(?:vakantie|verlof)"
    r"|(?:de )?férias|semester|urlop)\]?" + _AFTER
)
# "Jo Lind is out of the office" is how Notes begins one.
_OF_SOMEBODY = re.compile(
    rf"(?i)(?!re:|aw:|sv:|antw:|r:)[^:?]{{1,60}} (?:(?:is|are) (?:currently )?)?(?:{_AWAY_WORDS}|on (?:annual )?(?:leave"
    rf"|holiday|vacation))(?!\w)"
)
_ADDED = re.compile(r"(?i)[(\[–—-] ?(?:auto-?(?:reply|response)|automatic (?:reply|response)|out of (?:the )?office)")
_ADDED_BY_MACHINE = re.compile(r"(?i)[(\[–—-] ?(?:auto-?(?:reply|response)|automatic (?:reply|response))\b")
_FORWARDED = re.compile(r"(?i)\s*(?:fwd?|wg|tr|rv|i|enc|vs)\s*:")

_ABSENT = re.compile(
    r"(?i)\b(?:i am|i['’]m|i will be|i['’]ll be|i shall be|am|is|we are) (?:\w+ ){0,2}(?:out of (?:the |my )?office|away"
    r"|absent|unavailable|travelling"
    r"|not (?:in the office|at my desk|available)|on (?:\w+ ){0,2}(?:leave|holiday|vacation|sabbatical|course))\b"
    r"|\bout of (?:the )?office\b|\bi (?:do not|don['’]t) work on\b|\bon sabbatical\b"
    r"|\b(?:no longer (?:with|at|work\w*|deal\w*|respons\w*|employed)|(?:has|have) left (?:the|this)|(?:has|have) (?:retired"
    r"|changed jobs))\b"
    r"|\b(?:mailbox|inbox|account|address) (?:is|will be) (?:no longer (?:in use|read|monitored|active|checked)|closed"
    r"|deleted)\b"
    r"|\bbin\b(?:[^.!?\n]|\d\.){0,60}\b(?:abwesend|verreist|im urlaub|außer haus|auf (?:dienst)?reisen?|in elternzeit"
    r"|nicht (?:im (?:haus|büro|dienst)|erreichbar|da))\b"
    r"|\b(?:abwesend|nicht im büro)\b"
    r"|\b(?:je suis|je serai|nous sommes)\b(?:[^.!?\n]|\d\.){0,40}\b(?:absente?|en (?:congés?|vacances|déplacement)"
    r"|hors du bureau)"
    r"|\bje ne travaille pas\b|\bje suis absente?\b"
    r"|\b(?:estoy|estaré|me encuentro)\b(?:[^.!?\n]|\d\.){0,40}\b(?:ausente|de (?:vacaciones|viaje|baja|permiso|licencia)"
    r"|fuera)"
    r"|\bfuera de la oficina\b"
    r"|\b(?:sono|sarò)\b(?:[^.!?\n]|\d\.){0,40}\b(?:assente|in (?:ferie|congedo|trasferta)|fuori (?:ufficio|sede))"
    r"|\bfuori ufficio\b"
    r"|\b(?:ben|ik)\b(?:[^.!?\n]|\d\.){0,40}\b(?:afwezig|niet aanwezig|(?:met|op) (?:verlof|vakantie))|\bafwezig\b"
    r"|\b(?:estou|estarei|encontro-me)\b(?:[^.!?\n]|\d\.){0,40}\b(?:ausente|de férias|fora)\b"
    r"|\b(?:jag är|jeg er)\b(?:[^.!?\n]|\d\.){0,40}\b(?:frånvarande|fraværende|bortrest|bortreist|bortrejst|på (?:semester"
    r"|ferie|resa"
    r"|reise)|ledig|föräldraledig|inte på kontoret|ikke på kontoret|i permisjon)"
    r"|\bolen\b(?:[^.!?\n]|\d\.){0,40}\b(?:poissa|lomalla)|\b(?:jestem|będę|przebywam)\b(?:[^.!?\n]|\d\.){0,40}\b(?:nieobecn"
    r"|na urlopie"
    r"|poza biurem)"
    r"|\b(?:ofis dışında|izinde|izinli)\w*|\bna dovolené\b|\bar wyliau\b|\bв отпуске\b|\bотсутству|休(?:假|暇)|不在|出(?:差"
    r"|国)|外出"
)
_PROMISE = re.compile(
    r"(?i)\b(?:up)?on my return\b|\b(?:when|until|once|after) i(?: a|['’])?m? (?:return|back|get back)\b|\b(?:will|shall"
    r"|['’]ll) (?:be back|return|be returning|not return)\b"
    r"|\b(?:endeavou?r|aim|try) to (?:reply|respond|answer|get back)\b|\b(?:reply|respond|answer"
    r"|get back to you) (?:as soon as|within)\b"
    r"|\bback (?:in the office |at work |at my desk )?(?:on|from)\b|\b(?:limited|no|intermittent|without"
    r"|restricted) access to\b|\bnot (?:be )?(?:checking|reading|monitoring)\b"
    r"|\brückkehr\b|\bwieder (?:erreichbar|im (?:büro|haus|dienst)|da|zurück)\b|\bnicht (?:gelesen|weitergeleitet|bearbeitet)\b"
    r"|\b(?:mon|à mon|de) retour\b|\baccès limité\b|\b(?:mi regreso|mi vuelta|a la vuelta)\b|\b(?:al mio rientro"
    r"|al mio ritorno)\b"
    r"|\b(?:mijn terugkomst|weer (?:aanwezig|terug|bereikbaar))\b|\b(?:meu regresso|meu retorno|regresso em)\b"
    r"|\b(?:åter|tillbaka|tilbake|tilbage)\b|\b(?:po powrocie|wracam|powrót)\b|回复邮件|及时回复"
)
_INSTEAD = re.compile(
    r"(?i)\b(?:urgent|emergenc|immediate|in my absence|while i['’ a]{1,2}m away|in the meantime)(?:[^.!?\n]"
    r"|\d\.){0,120}\b(?:contact"
    r"|e-?mail|call|ring|phone|speak|write|@)"
    r"|\b(?:contact|e-?mail|call|ring)\b(?:[^.!?\n]|\d\.){0,120}\b(?:urgent|emergenc|immediate|in my absence"
    r"|while i['’ a]{1,2}m away"
    r"|in the meantime)"
    r"|\b(?:dringend|eilig|notf[aä]ll)|\bvertret(?:ung|en|er)\b|\burgence\b|\bpour toute (?:question|demande)\b|\burgen(?:te|ti"
    r"|cia|za)s?\b|\bcaso de urgência\b"
    r"|\b(?:dringende|spoed)|\bbrådskande\b|\bhaste|\bpiln(?:ych|a|e|y)\b|\bmater brys\b|\bacil durum|如有急事|緊急|至急"
)
_THANKS = re.compile(
    r"(?i)\b(?:thanks|thank you)(?: very much)? for (?:your|the|this|getting|contacting|e-?mailing|writing)\b"
    r"|\b(?:dank|danke) für (?:ihre|deine|die)\b|\bmerci (?:de|pour) votre\b|\bgracias por (?:su|tu|el)\b|\bgrazie per (?:il"
    r"|la|avermi|l['’])"
    r"|\b(?:bedankt|dank) voor\b|\bobrigad[oa] (?:pel[oa]|por)\b|\b(?:tack|takk|tak) f[öo]r\b|\bdziękuj(?:ę|emy) za\b"
    r"|\bdiolch am\b|\bkiitos\b|\bteşekkür eder|\byour (?:e-?mail|message|enquiry) (?:to [^.!?\n]{1,60} )?has (?:arrived"
    r"|been received)\b|邮件已收到|ありがとう"
)
_SAYS_AUTOMATIC = re.compile(rf"(?i)\b{SAYS_AUTOMATIC}")
# Who is away and still has business with us is a person.
_BUSINESS = re.compile(
    r"(?i)\b(?:would like|suits?|attached|call me|for us|(?:could|can|may) (?:you|we)|(?:will|['’]ll) (?:send|book|confirm"
    r"|bring|come|join|let)"
    r"|please (?:book|send|move|find|confirm|reserve|change|cancel|add|put|let))\b"
    r"|\b(?:passt|bitte (?:verschieben|buchen|schicken|reservieren)|anbei|enverrai|ci-joint|convient|adjunto|enviaré|allegato"
    r"|invierò|bijgevoegd)\b"
)
_FORMULAS = (_ABSENT, _PROMISE, _INSTEAD, _THANKS, _SAYS_AUTOMATIC)


def is_automatic_reply(subject: str) -> bool:
    """Whether a subject begins as only mail software makes it begin."""
    return _AUTOMATIC_REPLY.match(subject) is not None


def is_away_subject(subject: str) -> bool:
    """Whether a subject begins like that of an out-of-office answer; people write such subjects too."""
    return any(begun.match(subject) for begun in (_AWAY_SUBJECT, _PERHAPS_AWAY, _AUTOMATIC_REPLY))


def is_away_answer(email: Email) -> bool:
    """Whether the sender's own words are an out-of-office answer: the fewer formulas, the more the subject must say so."""
    text = email.new_text or email.text
    if len(text) > _LONGEST or _FORWARDED.match(email.subject):
        return False
    found = {formula for formula in _FORMULAS if formula.search(text)}
    asks = "?" in text
    if _AWAY_SUBJECT.match(email.subject):
        return len(found) > asks or (not asks and _AWAY_THEN_ANSWER.match(email.subject) is not None)
    if asks or len(text) > _SHORT or _BUSINESS.search(text):
        return False
    hinted = _SAYS_AUTOMATIC in found and _subject_hints(email.subject)
    absent = _ABSENT in found and (_SAYS_AUTOMATIC in found or _ADDED_BY_MACHINE.search(email.subject[:500]) is not None)
    if hinted or absent:
        return True
    if email.return_path == "" and len(text) < _BRIEF:
        return len(found - {_INSTEAD}) >= 2
    needed = 2 if email.return_path == "" else 3 if _OF_SOMEBODY.match(email.subject) else 4
    return _ABSENT in found and len(found) >= needed


def _subject_hints(subject: str) -> bool:
    subject = subject[:500]
    return bool(_PERHAPS_AWAY.match(subject) or _OF_SOMEBODY.match(subject) or _ADDED.search(subject))
