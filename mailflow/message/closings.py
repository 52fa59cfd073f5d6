"""The words people close a mail with, and the footers that machines add, in the languages our writers use."""

import re

_WORD = re.compile(r"[^\W\d_]+")

# A line made of nothing but the words of these two lists, with at least one of the second, is a sign-off.
_AROUND = """
with and my our many very much so all the best kind kindest warm warmest good again in advance yours most sincere ever
a an to you everyone both team from your as always indeed lot i remain x xx xxx
mit freundlichen freundliche viele liebe beste besten herzliche herzlichen schöne
bien à vous cordiales sincères mes nos un une met vriendelijke cordiali distinti tanti cynnes iawn
"""
_CLOSING = """
regards wishes thanks thank cheers sincerely faithfully truly respectfully cordially best warmly love blessings blessing
gratefully gratitude rgds thx tks ta br kr
grüße grüßen gruß gruss grüsse grüssen gruessen gruesse mfg lg vg danke
cordialement amicalement salutations bises merci vous
saludos saludo atentamente gracias abrazo saluti grazie groet groeten groetjes bedankt
atenciosamente obrigado obrigada abraços cumprimentos cofion diolch pozdrawiam dziękuję hälsningar hilsen
"""
_CLOSING_WORDS = frozenset(_CLOSING.split())
_SIGN_OFF_WORDS = _CLOSING_WORDS | frozenset(_AROUND.split())

_GREETING = re.compile(
    r"(?i)(?:dear|hi|hello|hey|good (?:morning|afternoon|evening)|to whom|hallo|liebe|lieber|sehr geehrte|bonjour|chère?)\b"
)
_DEVICES = "i?phone|ipad|mobile|android|galaxy|samsung|outlook|mail|blackberry|huawei|yahoo|device|tablet|website|proton|gmail"
_FOOTER = re.compile(
    r"(?i)^\W{0,3}(?:"
    rf"sent (?:from|via|using|with) (?:my |the )?(?:\w+ ){{0,3}}?(?:{_DEVICES})\b.{{0,40}}$"
    r"|(?:get|download) outlook\b.{0,60}$|outlook (?:for|für|pour) (?:ios|android).{0,60}$"
    r"|(?:von meinem .{0,20}gesendet|gesendet von|envoyé (?:de|depuis)|enviado desde|inviato da|verstuurd vanaf).{0,40}$"
    r"|this (?:e-?mail|message|communication|transmission)\b.{0,400}?"
    r"\b(?:confidential|privileged|intended|automatically by|virus|unauthori[sz]ed|scanned)"
    r"|the (?:information|contents?|message)\b.{0,120}?\b(?:e-?mail|message|communication|transmission)\b.{0,400}?"
    r"\b(?:confidential|privileged|intended)"
    r"|if you (?:are not|have received) .{0,200}?(?:intended|in error)"
    r"|(?:confidentiality notice|disclaimer|important notice|legal notice)\b"
    r"|(?:please )?(?:consider|think of) the environment before"
    r"|diese (?:e-?mail|nachricht) .{0,200}vertraulich|ce (?:message|courriel) .{0,200}confidentiel"
    r"|(?:to )?unsubscribe\b"
    r"|if you(?:['’]d| would)? (?:rather not|no longer|do not|don['’]t) (?:wish to |want to )?(?:hear|receive)\b"
    r"|you(?: are|['’]re)? (?:receiving|received|get) this (?:e-?mail|message) because"
    r"|(?:this e-?mail|scanned|checked) .{0,80}(?:virus|antivirus)|virus-free\."
    r"|.{0,80}\bis a (?:registered |exempt )?charity\b"
    r")"
)


def is_closing(text: str) -> bool:
    """Whether a line is a sign-off and nothing else, such as "With best wishes and thanks,"."""
    if len(text) > 70 or text.endswith("?"):
        return False
    words = _WORD.findall(text.lower())
    if not words or any(char.isdigit() for char in text):
        return False
    return _SIGN_OFF_WORDS.issuperset(words) and not _CLOSING_WORDS.isdisjoint(words)


def is_footer(text: str) -> bool:
    """Whether a paragraph or line was put there by a client, a virus scanner or a legal department."""
    return _FOOTER.match(text) is not None


def is_greeting(text: str) -> bool:
    """Whether a line greets somebody."""
    return _GREETING.match(text) is not None
