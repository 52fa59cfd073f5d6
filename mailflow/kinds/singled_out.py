"""People without a name or a post whom a description singles out: "our youngest rep", "the lad with the mop"."""

import re

from mailflow.kinds.phrases import WORD, one_of
from mailflow.kinds.posts import POST

_PERSON = one_of(
    """
    (?:student|postdoc|phd|trainee|intern|temp|starter|colleague|member|rep|tenant|tenor|visitor|patient)
    (?:lass|lad|girl|boy|guy|woman|man|bloke|chap|lady|grandmother|family|couple)
    """
)
_IN_LAW = (
    "(?:(?:father|mother|brother|sister|son|daughter)-in-law|god(?:mother|father)|great-(?:uncle|aunt)|halmoni|nonna|abuela)"
)
_PARTNER = "(?:boyfriend|girlfriend|bf|gf|partner|wife|husband|flatmate|housemate)"
_FAMILY = "(?:mum|dad|mother|father|brother|sister|partner|wife|husband)"
_FOREIGN = "(?-i:[A-Z])[a-z]{1,20}(?:ese|ish|ian|ean|can|ino|an|qi|li)"
_UNLIKE = rf"(?:youngest|oldest|newest|foreign|gay|lesbian|trans|deaf|blind|autistic|{_FOREIGN})"
_MARK = (
    "(?:limp|stammer|stutter|lisp|scar|tattoos?|cane|stick|wheelchair|crutches|hearing aid|guide dog|leg|arm|accent|turban|hijab)"
)
_AGENT = r"(?:\w{3,30}(?:er|or|ist|ant)|student|postdoc|colleague)"
_PLACED = (
    r"(?:\w{1,30}['’]s \w{1,30}|till|desk|stores|kitchen|lodge|(?:post|print|mail) room|workshop|glasshouse|library"
    r"|shop|bar|canteen)"
)
_JUNIORS = "(?:assistants|technicians|postdocs|apprentices|years?|porters|cleaners)"
_SUBJECT = r"(?-i:[A-Z])[\w’'-]{1,30}(?: (?-i:[A-Z])[\w’'-]{1,30}){0,2}"
_ACTS = "(?:said|says|asked|told|looked|laughed|went|came|stopped|turned|then|just|did|was|had)"
_NO_NOUN = r"(?!(?:whether|and|who|said|was|is|in|to|for|that|at|on|\w{1,30}ed)\b)"

SINGLED_OUT = re.compile(
    one_of(
        rf"""
        \b(?:our|the|a) {_UNLIKE} (?:\w{{1,30}} )?{_PERSON}\b
        \bour (?:newest|youngest|oldest|longest-serving|senior|junior) \w{{2,30}}(?:er|or|ist|ant|ian)\b
        \b(?:our|the) new (?:vet|doctor|dentist|lecturer|tutor|teacher|hire|recruit|engineer|analyst|fellow|professor|coach)\b
        \b(?:our|the) new (?!phd|member|man|woman|student)(?:\w{{1,30}} )?{_PERSON}\b
        \b(?:an?|the) (?:{WORD} )?{_AGENT} with (?:an?|his|her|the) (?:{WORD} )?{_MARK}\b
        \b(?:the|that) {_PERSON} (?:of|from) the (?-i:[A-Z]){WORD}
        \b(?:the|that) (?:{_PERSON}|one|porter) (?:with|in) the {WORD}(?: {_NO_NOUN}{WORD})?
        \b(?:the|that|one|an?) (?:{WORD} )?(?:{_PERSON}|{POST}) (?:in|on|from|off|at) (?:the |my |our )?{_PLACED}
        \b(?:the|one) {_PERSON} (?:in|with) (?:the |a )?(?:hijab|headscarf|turban|wheelchair|stick|guide dog|white cane)
        \ba {_PERSON} in {WORD}['’]s {WORD}
        \b(?:my|his|her|their|{WORD}['’]s) {_IN_LAW}\b
        \b(?-i:[A-Z])[\w-]{{0,30}}['’]s {_PARTNER}\b
        (?<=[.!?]\s)(?-i:His|Her|Their) {_FAMILY}\b
        \bthe (?:chair|coach|speaker|domestic|sister)(?= {_ACTS}\b)
        \bone of (?:our|the) {WORD} {_JUNIORS}\b(?: who['’]s \w{{1,30}})?
        \ban? (?:\w{{1,30}} )?(?:{POST}|Reader|Lecturer|professor|student|fellow) in {_SUBJECT}
        \b(?:an?|one) (?:\w{{1,30}} )?{POST} (?:in|on|at|from) (?:my|our) {WORD}(?: {_NO_NOUN}{WORD})?
        """
    ),
    re.IGNORECASE,
)
