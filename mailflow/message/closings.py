"""The words people close a mail with, and the footers that machines add, in the languages our writers use."""

import re

_WORD = re.compile(r"[^\W\d_]+")

# A line made of nothing but the words of these two lists, with at least one of the second, is a sign-off.
_AROUND = """
with and my our many very much so all the best kind kindest warm warmest good again in advance yours most sincere ever
a an to you everyone both team from your as always indeed lot i remain x xx xxx
mit freundlichen freundliche viele liebe beste besten herzliche herzlichen schöne
bien à vous cordiales sincères mes nos un une bonne met vriendelijke hartelijke cordiali distinti tanti cynnes iawn gorau
med vänlig vänliga bästa varma venlig venlige vennlig vennlige bedste beste de i på forhånd förhand
z s serdecznie srdečným cu com os melhores um e cordial lijep lep srdačan ystävällisin parhain us με с з наилучшими
"""
_CLOSING = """
regards wishes thanks thank ty tysm cheers sincerely faithfully truly respectfully cordially best warmly love blessings
blessing gratefully gratitude bw bws rgds thx tks ta br kr
grüße grüßen gruß gruss grüsse grüssen gruessen gruesse mfg lg vg danke
cordialement amicalement salutations bises merci vous
saludos saludo atentamente gracias abrazo saluti grazie groet groeten groetjes bedankt
atenciosamente obrigado obrigada abraços cumprimentos cofion diolch pozdrawiam pozdrowienia poważaniem dziękuję
hälsning hälsningar hilsen hilsener mvh vh tak takk tack pozdravem pozdrav děkuji ďakujem stimă mulțumesc respect hvala
üdvözlettel tisztelettel köszönettel terveisin kiitos saygılarımla teşekkürler εκτίμηση ευχαριστώ уважением пожеланиями
спасибо повагою cordialmente journée soirée
"""
_CLOSING_WORDS = frozenset(_CLOSING.split())
_SIGN_OFF_WORDS = _CLOSING_WORDS | frozenset(_AROUND.split())

# Sign-offs that say something by themselves.
_THANKS_WORDS = """
thanks thank thx ty tysm cheers danke merci gracias grazie bedankt obrigado obrigada diolch tak takk tack kiitos спасибо
"""
_THANKS = frozenset(_THANKS_WORDS.split())
_GREETING = re.compile(
    r"(?i)(?:dear|hi|hello|hey|good (?:morning|afternoon|evening)|to whom|hallo|liebe|lieber|sehr geehrte|bonjour|chère?)\b"
)
_DEVICES = (
    "i?phone|ipad|ipod|mobile|cell|android|galaxy|samsung|outlook|mail|airmail|mailbox|blackberry|huawei|windows|yahoo|device|tablet"
    "|website|proton|gmail|thunderbird"
)
# What clients and phones add, in the languages they speak; a line of its own.
_SENT_FROM = re.compile(
    r"(?i)^[^\w]{0,3}(?:"
    rf"sent (?:from|via|using|with|by) (?:my |the |an? )?(?:\w+ ){{0,3}}?(?:{_DEVICES})\b(?: ?<\S{{1,200}}>)?.{{0,40}}$"
    r"|sent from my (?-i:[A-Z0-9])[\w-]*(?: (?-i:[A-Z0-9])[\w-]*){0,4}\W{0,2}$|from my i?phone\b.{0,20}$"
    r"|sent (?:via|with|using) (?-i:[A-Z])\w+(?: (?-i:[A-Z])\w+){0,2}\W{0,2}$"
    r"|sent (?:on|while on) the (?:go|move)\b.{0,40}$"
    r"|(?:get|download|obtenir|téléchargez|obtener|ottieni|hent|hämta|laden sie|holen sie sich) outlook\b.{0,60}$"
    r"|outlook (?:for|für|pour|para|per|voor) (?:ios|android|mac).{0,60}$"
    r"|(?:diese nachricht wurde )?von meinem .{0,40}gesendet.{0,20}$"
    r"|(?:gesendet (?:von|mit|über)|envoyé (?:de|depuis|à partir)|enviado (?:desde|do|de)|inviato da"
    r"|(?:verstuurd|verzonden) (?:vanaf|vanuit|van|via)"
    r"|verzonden met|sendt fra|skickat från|wysłan[eo] z|lähetetty|odesl[aá]no z|odoslané z|trimis de pe"
    r"|отправлено (?:с|из)|надіслано з"
    r"|anfonwyd o)\b.{0,40}$"
    r"|(?:從我的|从我的|发自我的|發自我的).{1,30}$|.{1,20}(?:から送信|에서 보냄|gönderildi)\W?$"
    r")"
)
# An address behind a link's words: what the words say counts.
_LINK_ADDRESS = re.compile(r"\[([^\[\]]{1,80})\]\([^\s()]{1,300}\)| ?<(?:https?://|mailto:)[^\s<>]{1,300}>")
_CONFIDENTIAL = r"(?:confiden[ctz]|vertraulich|riservat|vertrouwelijk|poufn|důvěrn|fortrolig|konfidenti)"
# What a legal department sets below every mail; nobody says "I" in it.
_LEGAL = re.compile(
    r"(?i)^\W{0,3}(?:"
    r"this (?:e-?mail|message|communication|transmission)\b.{0,400}?"
    r"\b(?:confidential|privileged|intended|automatically by|virus|unauthori[sz]ed|scanned)"
    r"|the (?:information|contents?|message)\b.{0,120}?\b(?:e-?mail|message|communication|transmission)\b.{0,400}?"
    r"\b(?:confidential|privileged|intended)"
    r"|if you (?:are not|have received) .{0,200}?(?:intended|in error)"
    r"|(?:confidentiality notice|disclaimer|important notice|legal notice)\b"
    r"|(?:the |any )?views (?:or opinions )?(?:expressed|presented|contained)\b|nhsmail is the secure e-?mail"
    rf"|(?:diese (?:e-?mail|nachricht)|ce (?:message|courriel)|este (?:mensaje|correo|e-?mail)|esta (?:mensagem|comunicación)"
    rf"|(?:questo messaggio|questa e-?mail|le informazioni contenute)|(?:dit bericht|deze e-?mail)|denne (?:e-?mail|e-?post|mail)"
    rf"|detta (?:e-?mail|meddelande)) .{{0,300}}?{_CONFIDENTIAL}"
    r")"
)
_FOOTER = re.compile(
    r"(?i)^\W{0,3}(?:"
    r"(?:please )?(?:consider|think of) the environment before|p? ?(?:please )?think before you print"
    r"|(?:to )?unsubscribe\b"
    r"|\S+ mailing list(?:\s|$)|reply to this e-?mail directly or view"
    r"|if you(?:['’]d| would)? (?:rather not|no longer|do not|don['’]t) (?:wish to |want to )?(?:hear|receive)\b"
    r"|you(?: are|['’]re)? (?:receiving|received|get) this (?:e-?mail|message) because"
    r"|(?:this e-?mail|scanned|checked) .{0,80}(?:virus|antivirus)|virus-free\."
    r"|.{0,80}\bis a (?:registered |exempt )?charit(?:y|able body)\b"
    r"|(?:a (?:company|charity) |.{2,80}\bis (?:a company )?)?registered (?:office"
    r"|in (?:england|scotland|wales|northern ireland|ireland))\b"
    r"|i work flexibl.{0,160}?\b(?:outside|hours|reply|respond)\b|i may (?:send|be sending) .{0,60}outside .{0,30}hours"
    r"|(?:i|we|my|our)\b.{2,160}?\bplease (?:do not|don['’]t) feel .{2,40}?\b(?:reply|respond)\b.{0,60}\bhours\b"
    r"|microsoft teams (?:meeting|need help)\b"
    r"|secured with tuta\b|you received this message because you are subscribed to"
    r"|please (?:do not|don['’]t) feel (?:obliged|any obligation|under pressure) to (?:reply|respond)\b"
    r")"
)
# What a server sets above mail from outside; a warning always says what to do or to mind.
_BANNER = re.compile(
    r"(?i)^\W{0,3}(?:external(?: e-?mail| sender| message)?\W{0,3}$"
    r"|(?:(?:caution|warning|attention|achtung|external(?: e-?mail| sender| message)?)\W{1,5})?"
    r"(?:this (?:e-?mail|message|sender) .{0,60}?\b(?:outside|external|not (?:been )?verified).{0,160}?"
    r"\b(?:do not|don['’]t|only|unless|be (?:careful|cautious|vigilant)|take care|before) .{0,60}?"
    r"\b(?:click|open|link|attachment|respon|reply)"
    r"|(?:diese (?:e-?mail|nachricht)|ce (?:message|courriel)|este (?:correo|mensaje)|questa e-?mail|deze e-?mail|dit bericht)"
    r" .{0,80}?"
    r"\b(?:außerhalb|extern|extérieur|expéditeur externe|estern|buiten).{0,160}?"
    r"\b(?:klick|öffn|cliqu|ouvr|clic|abr|apr|klik|open)"
    r"|(?:you|some people who received this message) don['’]t often get e-?mail from ))"
)
_FIRST_PERSON = re.compile(r"\b(?:I|[Mm]y|[Mm]e)\b")


def is_closing(text: str) -> bool:
    """Whether a line is a sign-off and nothing else, such as "With best wishes and thanks,"."""
    if len(text) > 70 or text.endswith("?"):
        return False
    words = _WORD.findall(text.lower())
    if not words or any(char.isdigit() for char in text):
        return False
    return _SIGN_OFF_WORDS.issuperset(words) and not _CLOSING_WORDS.isdisjoint(words)


def gives_thanks(text: str) -> bool:
    """Whether a line is a sign-off by which somebody thanks: it may be all that they have to say."""
    return is_closing(text) and not _THANKS.isdisjoint(_WORD.findall(text.lower()))


def is_footer(text: str) -> bool:
    """Whether a paragraph or line was put there by a client, a virus scanner or a legal department."""
    said = _LINK_ADDRESS.sub(r"\1", text)
    if _LEGAL.match(said) and not _FIRST_PERSON.search(said):
        return True
    return _FOOTER.match(said) is not None or _SENT_FROM.match(said) is not None


def is_banner(text: str) -> bool:
    """Whether a paragraph at the top is a server's warning about mail from outside."""
    return len(text) < 600 and _BANNER.match(text) is not None and not _FIRST_PERSON.search(text)


def is_personal(text: str) -> bool:
    """Whether somebody speaks of themselves: "I", "me", "my"."""
    return _FIRST_PERSON.search(text) is not None


def is_greeting(text: str) -> bool:
    """Whether a line greets somebody."""
    return _GREETING.match(text) is not None
