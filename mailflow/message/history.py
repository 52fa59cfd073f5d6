"""Earlier mail inside a text: quoted lines, "On … wrote:", Outlook's header blocks, forwarded messages."""

import re

from mailflow.domain import FoldReason
from mailflow.message.lines import Line

_LONGEST_MARK = 400  # characters of a line, or of an attribution over three lines

# "On 9 October, Tom wrote:" as clients write it; it holds a digit or an address.
_ATTRIBUTION_START = re.compile(r"(?:On|Le|Am|El|Il|Em|Op|Den|W dniu|Dnia|Ar|På|Em|\d{4}[-/年])\b|.{0,200}<[^<>\s]+@[^<>\s]+>")
_ATTRIBUTION = re.compile(
    r"(?:On\b.* wrote"
    r"|Le\b.* a écrit"
    r"|Am\b.*\bschrieb\b.*"
    r"|El\b.* escribió"
    r"|Il\b.* ha scritto"
    r"|Em\b.* escreveu"
    r"|Op\b.*\bschreef\b.*"
    r"|(?:Den|På)\b.*\bskrev\b.*"
    r"|(?:W dniu|Dnia)\b.*\bnapisał\(?a?\)?\b.*"
    r"|Ar\b.* ysgrifennodd\b.*"
    r"|.*<[^<>\s]+@[^<>\s]+> ?(?:wrote|a écrit|schrieb|escribió|ha scritto|escreveu|写道))\s*[:：]"
)
_EVIDENCE = re.compile(r"\d|@")
# People write "On 4 May my manager wrote:" too; clients add a year, an hour or an address.
_CLIENT_WROTE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.h]\d\d|@")

_HEADER_FROM = re.compile(r"\*?(?:From|Von|De|Da|Van|Fra|Från|Od|Oddi wrth|发件人)\s?[:：]\*?\s?\S")
_HEADER_SENT = re.compile(r"\*?(?:Sent|Gesendet|Envoyé|Enviado(?: el)?|Inviato|Verzonden|Sendt|Skickat|发送时间)(?: on)?\s?[:：]")
_HEADER_DATE = re.compile(r"\*?(?:Date|Datum|Data|Fecha|Dato|Dyddiad)\s?[:：]")
_FORM_FIELD = re.compile(
    r"(?i)\*?(?:your )?(?:message|phone|telephone|department|e-?mail(?: address)?|question|story|enquiry)\s?:"
)
_HEADER_TO = re.compile(
    r"\*?(?:To|Subject|An|Betreff|À|A|Objet|Para|Asunto|Oggetto|Aan|Onderwerp|Assunto|Til|Till|Emne|Ämne|At|Pwnc|收件人|主题)\s?[:：]"
)
_RULE = re.compile(r"[_\-*=]{5,}")
_DASHED = re.compile(r"-{2,}\s*(\S.{3,80}?)\s*-{2,}")
_ORIGINAL = re.compile(
    r"(?i)original (?:message|appointment|email)|ursprüngliche (?:nachricht|e-mail)"
    r"|message d'origine|mensaje original|messaggio originale"
    r"|oorspronkelijk bericht|mensagem original|this is a copy of (?:the|your) message.*"
)
_FORWARDED = re.compile(
    r"(?i)forwarded (?:message|by .*)|weitergeleitete nachricht|message transféré|mensaje reenviado|messaggio inoltrato"
    r"|doorgestuurd bericht|mensagem encaminhada"
)
_BEGIN_FORWARDED = re.compile(
    r"(?i)begin forwarded message:|anfang der weitergeleiteten nachricht:|début du message (?:réexpédié|transféré) ?:"
    r"|inicio del mensaje reenviado:|inizio messaggio inoltrato:"
)
# "My answers are below, in red": whoever says so writes inside the old message, where no mark tells.
_ANSWERS_INSIDE = re.compile(
    r"(?i)\b(?:answers?|answered|comments?|commented|replies|replied|responses?|responded|notes|see|mine)\b.{0,40}"
    r"(?:\bin-?line\b|\bin (?:red|blue|green|bold|capitals|caps|colour)\b|"
    r"\b(?:below|within|in) (?:your|the) (?:e-?mail|message|text|questions)\b)"
)
_COPY_BELOW = re.compile(r"(?i)-+ below this line is a copy of the message\.?")


def mark_history(lines: list[Line], *, forwarded: bool) -> None:
    """Mark earlier mail. `forwarded`: the subject says that this mail passes on somebody else's."""
    reason = FoldReason.FORWARD if forwarded else FoldReason.QUOTE
    attributed = False
    position = 0
    while position < len(lines):
        line = lines[position]
        if line.text.startswith(">"):
            end = _end_of_quote(lines, position)
            if attributed or not _is_own_mark(lines, position, end):
                _mark(lines[position:end], reason)
            position = end
        elif length := _attribution_at(lines, position):
            attributed = True
            if not _fold_attributed(lines, position, length, reason):
                return
            position += length
        elif (start := _history_from(lines, position)) is not None:
            first, said_so = start
            found = FoldReason.FORWARD if forwarded or said_so else FoldReason.QUOTE
            if found is FoldReason.FORWARD or _ends_new_words(lines[:first]):
                _mark(lines[first:], found)
            return
        else:
            position += 1


def _fold_attributed(lines: list[Line], position: int, length: int, reason: FoldReason) -> bool:
    """Fold an attribution with what it introduces; False where that is the rest of the text."""
    after = position + length
    while after < len(lines) and lines[after].blank:
        after += 1
    if after < len(lines) and not lines[after].text.startswith(">"):
        if not _CLIENT_WROTE.search(" ".join(line.text for line in lines[position : position + length])):
            return True
        if _ends_new_words(lines[:position]):
            _mark(lines[position:], reason)
        return False
    _mark(lines[position:after], reason)
    return True


def _history_from(lines: list[Line], position: int) -> tuple[int, bool] | None:
    """The line where an old message starts, if one starts here, and whether it says that it was forwarded."""
    text = lines[position].text
    if not text or len(text) > _LONGEST_MARK:
        return None
    dashed = _DASHED.fullmatch(text)
    if _BEGIN_FORWARDED.fullmatch(text) or (dashed and _FORWARDED.fullmatch(dashed[1])):
        return position, True
    if _COPY_BELOW.fullmatch(text) or (dashed and _ORIGINAL.fullmatch(dashed[1])):
        return position, False
    if _HEADER_FROM.match(text) and _is_header_block(lines, position):
        first = position
        while first and (lines[first - 1].blank or _RULE.fullmatch(lines[first - 1].text)):
            first -= 1
        return first, False
    return None


def _is_header_block(lines: list[Line], position: int) -> bool:
    """Whether the lines after a "From:" hold a date and a recipient or subject, as Outlook writes above an old message."""
    block = [line.text for line in lines[position + 1 : position + 9]]
    if any(_FORM_FIELD.match(text) for text in block) or not any(_HEADER_TO.match(text) for text in block):
        return False
    if any(_HEADER_SENT.match(text) for text in block):
        return True
    dates = [text for text in block if _HEADER_DATE.match(text)]
    return any(_CLIENT_WROTE.search(text) for text in (lines[position].text, *dates)) and bool(dates)


def _attribution_at(lines: list[Line], position: int) -> int:
    """How many lines (1 to 3) from here are an attribution; 0 where there is none."""
    if len(lines[position].text) > _LONGEST_MARK or not _ATTRIBUTION_START.match(lines[position].text):
        return 0
    joined = ""
    for length, line in enumerate(lines[position : position + 3], start=1):
        if line.blank or line.text.startswith(">"):
            return 0
        joined = f"{joined} {line.text}".strip()
        if len(joined) > _LONGEST_MARK:
            return 0
        if _ATTRIBUTION.fullmatch(joined) and _EVIDENCE.search(joined):
            return length
    return 0


def _end_of_quote(lines: list[Line], position: int) -> int:
    end = position
    while end < len(lines) and lines[end].text.startswith(">"):
        end += 1
    return end


def _is_own_mark(lines: list[Line], start: int, end: int) -> bool:
    """Whether the writer set the ">": a list under "as follows:", or "> 20 people" for "more than"."""
    if end == start + 1 and re.match(r">=?\s?\d", lines[start].text):
        return True
    above = lines[start - 1].text if start else ""
    return above.endswith(":") and not _EVIDENCE.search(above)


def _ends_new_words(above: list[Line]) -> bool:
    """Whether all new words stand above an old message without marks.

    With nothing above it the answer may stand below it, or inside it where the writer says so: then all of it stays.
    """
    words = " ".join(line.text for line in above if line.reason is None)
    return re.search(r"\w", words) is not None and _ANSWERS_INSIDE.search(words[-5000:]) is None


def _mark(lines: list[Line], reason: FoldReason) -> None:
    for line in lines:
        line.reason = reason
