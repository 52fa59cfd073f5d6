"""Whether a sentence gives leave to name the writer, or whoever gave theirs through the writer."""

import re

from mailflow.kinds.clauses import is_denied, is_name_denied, is_supposed, is_told
from mailflow.kinds.phrases import said

_OWN = r"(?:my|our|both our|both|all our|his|her|their)"
_PUT = (
    r"(?:us(?:e|ing)|print(?:ing)?|publish(?:ing)?|put(?:ting)?|add(?:ing)?|includ(?:e|ing)|giv(?:e|ing)|hav(?:e|ing)"
    r"|sign|attach(?:ing)?"
    r"|write|see(?:ing)?|keep(?:ing)?|mention(?:ing)?|quot(?:e|ing)|post|share|show|stick|pop|run|credit|say)"
)
_IT = r"(?:it|this|that|them|the story|the piece|my story)"
_NAMING = said(
    rf"""
    {_PUT} (?:{_IT} )?(?:[\w']+ ){{0,2}}?{_OWN} (?:[\w']+ ){{0,2}}(?:names?|initials|handle|photo)
    (?:with|under|over|by|in|to|about) {_OWN} (?:[\w']+ ){{0,2}}(?:names?|handle)
    {_OWN} (?:\w+ ){{0,2}}names? (?:and \w+ )?(?:can|may|could|should|being|appearing|going|on|in|stays?|goes)
    {_OWN} (?:\w+ ){{0,2}}names? (?:and \w+ )?(?:against|next to|attached|to be|to go|to appear|used|printed)
    {_OWN} (?:\w+ ){{0,2}}names? (?:is|are) (?:\w+ )?(?:fine|ok|good|alright|allowed|to be|there|yours)
    you (?:can) (?:\w+ )?(?:put|say|print) (?!it\b|this\b|that\b|them\b|up\b|me\b|us\b)[\w'-]+ (?:from|of|in) [\w'-]+
    you (?:may|could) (?:\w+ )?(?:put|say|print) (?!it\b|this\b|that\b|them\b|up\b|me\b|us\b)[\w'-]+ (?:from|of|in) [\w'-]+
    (?:be|being|am|is|are|get|getting|stay) (?:\w+ly )?(?:named|credited|identified|acknowledged|quoted|mentioned)
    (?:name|credit|acknowledge|identify|quote|mention) (?:me|us|both|him|her|them|all)
    (?:tag|attribute {_IT} to) (?:me|us)
    (?:named|quoted|credited|thanked|mentioned|appear) (?:by name|in full)
    (?:by name|in full|full name) (?:is|are|please|ok|fine|too|on it)
    (?:it|this|story|publish)(?: [\w']+){{0,2}},? with (?:a |the )?(?:full |real |first |proper |actual )?names?
    (?:print|use|yes|happy|go|up)(?: [\w']+){{0,2}},? with (?:a |the )?(?:full |real |first |proper |actual )?names?
    names? (?:and all|included)
    (?:the |all the |our )?names are (?:all )?(?:fine|ok|good)
    you (?:named|credited|mentioned) (?:me|us)
    name and (?:photo|picture|face|department|year|job|course)
    (?:tell|let)(?: \w+){{1,2}}(?: know)? (?:that )?(?:it was|it's|this was|i'm) (?:me|us)
    (?:say|said|saying|know|knowing|knows|knew|mention) (?:that )?(?:it was|it's|it is|this was) (?:me|us|i am|we are)
    (?:say|said|saying|know|knowing|knows|knew|mention) (?:that )?(?:it came from|it's from|who) (?:me|us|i am|we are)
    including that it's from \w+
    (?:sign (?:it|this|me)(?: from| as)?|put (?:me|us|{_IT}) down (?:as|to)) (?!a\b|an\b|the\b|off|up\b|anon|"|for\b|on\b)\w+
    """
)
# What asks for hiding, and gives leave where it is denied: "no need to change the names".
_UNHIDING = said(
    r"""
    (?:need|want|wish|have|bother|necessary)(?: (?:for|in|of|you|me|us|to|be)){0,4} (?:hide|hiding|anonym\w+)
    (?:need|want|wish|have|bother|necessary)(?: (?:for|in|of|you|me|us|to|be)){0,4} (?:disguis\w+|withhold\w*|nameless)
    (?:need|want|wish|have|bother|necessary)(?: (?:stay|remain|keep|it|about|this)){0,4} (?:hide|hiding|anonym\w+)
    (?:need|want|wish|have|bother|necessary)(?: (?:stay|remain|keep|it|about|this)){0,4} (?:disguis\w+|withhold\w*|nameless)
    (?:reason|point|call|intend|like)(?: (?:for|in|of|you|me|us|to|be)){0,4} (?:hide|hiding|anonym\w+)
    (?:reason|point|call|intend|like)(?: (?:for|in|of|you|me|us|to|be)){0,4} (?:disguis\w+|withhold\w*|nameless)
    (?:reason|point|call|intend|like)(?: (?:stay|remain|keep|it|about|this)){0,4} (?:hide|hiding|anonym\w+)
    (?:reason|point|call|intend|like)(?: (?:stay|remain|keep|it|about|this)){0,4} (?:disguis\w+|withhold\w*|nameless)
    (?:need|want)(?: (?:for|in|of|you)){0,3} (?:chang\w+|remov\w+)(?: (?:out|off))? (?:my|our|the|any|me|us) ?(?:names?)?
    (?:wish|have|bother)(?: (?:for|in|of|you)){0,3} (?:chang\w+|remov\w+)(?: (?:out|off))? (?:my|our|the) ?(?:names?)?
    (?:wish|have|bother)(?: (?:for|in|of|you)){0,3} (?:chang\w+|remov\w+)(?: (?:out|off))? (?:any|me|us) ?(?:names?)?
    (?:need|want)(?: (?:me|us|to|about)){0,3} (?:chang\w+|remov\w+)(?: (?:out|off))? (?:my|our|the|any|me|us) ?(?:names?)?
    (?:wish|have|bother)(?: (?:me|us|to|about)){0,3} (?:chang\w+|remov\w+)(?: (?:out|off))? (?:my|our|the) ?(?:names?)?
    (?:wish|have|bother)(?: (?:me|us|to|about)){0,3} (?:chang\w+|remov\w+)(?: (?:out|off))? (?:any|me|us) ?(?:names?)?
    (?:need|want)(?: (?:for|in|of|you)){0,3} (?:tak\w+|leav\w+|omit\w*)(?: (?:out|off))? (?:my|our|the|any|me|us) ?(?:names?)?
    (?:wish|have|bother)(?: (?:for|in|of|you)){0,3} (?:tak\w+)(?: (?:out|off))? (?:my|our|the|any|me|us) ?(?:names?)?
    (?:wish|have|bother)(?: (?:for|in|of|you)){0,3} (?:leav\w+|omit\w*)(?: (?:out|off))? (?:my|our|the|any|me|us) ?(?:names?)?
    (?:need|want)(?: (?:me|us|to|about)){0,3} (?:tak\w+)(?: (?:out|off))? (?:my|our|the|any|me|us) ?(?:names?)?
    (?:need|want)(?: (?:me|us|to|about)){0,3} (?:leav\w+|omit\w*)(?: (?:out|off))? (?:my|our|the|any|me|us) ?(?:names?)?
    (?:wish|have|bother)(?: (?:me|us|to|about)){0,3} (?:tak\w+)(?: (?:out|off))? (?:my|our|the|any|me|us) ?(?:names?)?
    (?:wish|have|bother)(?: (?:me|us|to|about)){0,3} (?:leav\w+|omit\w*)(?: (?:out|off))? (?:my|our|the) ?(?:names?)?
    (?:wish|have|bother)(?: (?:me|us|to|about)){0,3} (?:leav\w+|omit\w*)(?: (?:out|off))? (?:any|me|us) ?(?:names?)?
    (?:necessary)(?: (?:for|in|of|you)){0,3} (?:chang\w+|remov\w+)(?: (?:out|off))? (?:my|our|the|any|me|us) ?(?:names?)?
    (?:reason|point|like)(?: (?:for|in|of|you)){0,3} (?:chang\w+|remov\w+)(?: (?:out|off))? (?:my|our|the) ?(?:names?)?
    (?:reason|point|like)(?: (?:for|in|of|you)){0,3} (?:chang\w+|remov\w+)(?: (?:out|off))? (?:any|me|us) ?(?:names?)?
    (?:necessary)(?: (?:me|us|to|about)){0,3} (?:chang\w+|remov\w+)(?: (?:out|off))? (?:my|our|the|any|me|us) ?(?:names?)?
    (?:reason|point|like)(?: (?:me|us|to|about)){0,3} (?:chang\w+|remov\w+)(?: (?:out|off))? (?:my|our|the) ?(?:names?)?
    (?:reason|point|like)(?: (?:me|us|to|about)){0,3} (?:chang\w+|remov\w+)(?: (?:out|off))? (?:any|me|us) ?(?:names?)?
    (?:necessary)(?: (?:for|in|of|you)){0,3} (?:tak\w+|leav\w+|omit\w*)(?: (?:out|off))? (?:my|our|the|any|me|us) ?(?:names?)?
    (?:reason|point|like)(?: (?:for|in|of|you)){0,3} (?:tak\w+)(?: (?:out|off))? (?:my|our|the|any|me|us) ?(?:names?)?
    (?:reason|point|like)(?: (?:for|in|of|you)){0,3} (?:leav\w+|omit\w*)(?: (?:out|off))? (?:my|our|the) ?(?:names?)?
    (?:reason|point|like)(?: (?:for|in|of|you)){0,3} (?:leav\w+|omit\w*)(?: (?:out|off))? (?:any|me|us) ?(?:names?)?
    (?:necessary)(?: (?:me|us|to|about)){0,3} (?:tak\w+)(?: (?:out|off))? (?:my|our|the|any|me|us) ?(?:names?)?
    (?:necessary)(?: (?:me|us|to|about)){0,3} (?:leav\w+|omit\w*)(?: (?:out|off))? (?:my|our|the|any|me|us) ?(?:names?)?
    (?:reason|point|like)(?: (?:me|us|to|about)){0,3} (?:tak\w+)(?: (?:out|off))? (?:my|our|the|any|me|us) ?(?:names?)?
    (?:reason|point|like)(?: (?:me|us|to|about)){0,3} (?:leav\w+|omit\w*)(?: (?:out|off))? (?:my|our|the) ?(?:names?)?
    (?:reason|point|like)(?: (?:me|us|to|about)){0,3} (?:leav\w+|omit\w*)(?: (?:out|off))? (?:any|me|us) ?(?:names?)?
    (?:hide|anonymise|disguise|withhold|change|remove|leave out|take out) (?:me|us|my name|our names|the names?)
    (?:be|it|stay|remain|keep it|story) anonymous
    """
)
_INTRODUCED = re.compile(
    r"\b(?:my (?:full |real )?name(?:'s| is) .{2,60}\b(?:print|use|publish|quote|put|share) (?:it|that)\b"
    r"|my (?:full |real )?name(?:'s| is) .{2,90}\bwant (?:it|that) (?:used|printed|published|in)\b"
    r"|(?:i'm|i am) .{2,60}\b(?:print|use|publish|quote|put) that\b)"
)
_LEAVE = said(
    r"""
    you(?:'re| are)? (?:\w+ )?(?:can|may|could|might|should|must|welcome|free)
    (?:please|do|feel free|by all means|go ahead|yes|yep|yeah|sure|certainly|of course|gladly)
    (?:happy|glad|fine|ok|content|pleased|delighted|proud|comfortable)
    (?:relaxed|cool|honoured|willing|quite|good|game|alright|all right)
    (?:mind|minds|objections?|problems?|issues?|qualms?|bothers?|bothered|ashamed|afraid|shy|shame|hesitation)
    (?:permission|blessing|consent|consents|leave|agree[sd]?|allowed|approve[sd]?|in writing)
    (?:i|we|she|he|they|both|all|us|two)(?:'d| would)?(?: \w+){0,2} (?:want|wants|like|wish|wishes|prefer|love|rather|insist)
    (?:can|may|should|must) (?:be|go|stay|appear|stand|name|credit|use|print|have|put|tell|say|run|attach|include)
    (?:use|print|publish|post|share) (?:as|it|this)
    """
)
_ELSEWHERE = re.compile(
    r"^(?: \w+)?(?: down)? ?\b(?:on|to|onto|for|in) (?:the|your|a|an|my|his|her|their) (?:\w+ )?(?:list|waiting"
    r"|course|session|mailing|register|hat|diary|hr|police|team|chair|dean|manager|desk|notes|report)"
)


def names_the_writer(sentence: str) -> bool:
    """Whether it says so by itself: a yes to publication is no leave to name."""
    if _INTRODUCED.search(sentence):
        return True
    if any(_is_granted(sentence, found) for found in _NAMING.finditer(sentence)):
        return True
    return any(is_denied(sentence, one.start()) and not is_told(sentence, one.start()) for one in _UNHIDING.finditer(sentence))


def _is_granted(sentence: str, found: re.Match[str]) -> bool:
    start, end = found.span()
    if is_name_denied(sentence, end) or is_supposed(sentence, start) or is_told(sentence, start):
        return False
    if sentence.startswith("'t", end) or _ELSEWHERE.search(sentence[end : end + 40]):
        return False
    return bool(_LEAVE.search(sentence)) or bool(
        re.search(r"(?:^|[,;:(] ?|\b(?:and|then|so|just|but) )(?:just |also |do )?$", sentence[:start])
    )
