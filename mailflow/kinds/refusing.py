"""Whether a sentence keeps the whole story back. "Don't publish my name" does not: that is a wish about names."""

import re

from mailflow.kinds.clauses import clause_before, is_denied, is_told
from mailflow.kinds.phrases import said

_IT = (
    r"(?:it|this|that|any of (?:it|this)|what [\w']+|anything|(?:my|the|this|our) (?:story|text|piece|e-?mail|mail"
    r"|message|account|contribution))"
)
_OUTLET = (
    r"(?:website|web ?page|web|internet|online|site|page|publication|publishing|print|printing|newsletter|publicity|public"
    r"|social media|intranet|posters?|sharing|public consumption|anywhere|blog|bulletin|magazine)"
)
_SHOWN = (
    r"(?:published|printed|shared|posted|used(?! to)|public|circulated|broadcast|forwarded|repeated|retold|passed on"
    r"|(?:put|go|going|appear|appearing) (?:up|online|public|anywhere|any further|further))"
)
_ASK = r"(?:please|(?:could|can|would|will) you|i'd like you to|i want you to|i (?:want|wish|would like|'d like) to)"
# Each of these keeps the story back where its clause denies it.
_SHOWING = said(
    rf"""
    (?:publish|publishing|print|printing|share|sharing|post|posting|quote|repeat|circulate|forward|pass on|spread|show) {_IT}
    (?:publish|publishing|print|share|sharing|circulate|publicise)(?=$|[.!,;)])
    (?:put|use|using|feature|run|include) {_IT}(?! down| in writing| off| right| behind| past)
    (?:put|use) {_IT} (?:on|in|up|out)(?: \w+)?
    (?:for|on|in|into|anywhere near)(?: \w+){{0,3}} {_OUTLET}
    (?:be|being|get|see|want|like|it|this|story|weren't|wasn't|not)(?: [\w']+)? {_SHOWN}
    (?:publication|publicity|publishing)
    see (?:even )?a version
    """
)
_CONFIDED = said(
    rf"""
    (?:tell|telling|write|writing|say|saying|share)(?: [\w']+){{0,4}} in confidence
    (?:sharing|is|it's|strictly|just|only|you|this)(?: [\w']+){{0,4}} in confidence
    in (?:strict |the strictest |complete )?confidence(?: please|$)
    in (?:strict |complete )?confidence and not
    strictly confidential
    (?:is|keep {_IT}|stays?|treat {_IT} as) (?:\w+ )?confidential
    (?:just|only|strictly|purely|stays?|stay|stayed) between (?:us|you and me|you and i|the two of us)
    (?:keep it|keep this|kept|remains?|this is|it's) between (?:us|you and me|you and i|the two of us)
    between ourselves
    for your (?:own )?(?:eyes|ears|information) only
    (?:just|only|purely|strictly) for (?:you|your own information)(?: two| both| to know| all)?(?=$|[.!,;)]| and| not)
    (?:just|only|purely|strictly) for (?:your information)(?: two| both| to know| all)?(?=$|[.!,;)]| and| not)
    (?:just|only|purely|strictly) for (?:your ears|your eyes)(?: two| both| to know| all)?(?=$|[.!,;)]| and| not)
    keep {_IT} (?:all )?(?:to yoursel\w+|private|under your hat|quiet|offline|off the \w+|out of (?:the |your )?{_OUTLET})
    keep (?:me|us|them|her|him|all of us) out of (?:the |your )?{_OUTLET}
    (?:is to )?(?:goes?|going) no further
    off the record
    this (?:one |story )?is (?:strictly |completely )?private
    (?:telling|tell) only you
    unhappy (?:to see|with|about) {_IT}(?: being)? (?:in print|online|published|shared|used)
    (?:mustn't|must not|please don't|shouldn't) tell (?:anyone|anybody|a soul|other people|others)
    {_ASK} (?:take|pull) {_IT} (?:down|back|off)
    {_ASK} take (?:down|back) {_IT}
    {_ASK} (?:withdraw|delete|pull) {_IT}
    (?:withdraw|take back) my (?:consent|permission|story|piece)
    \[x\] no
    """
)
_ONLY_SO = re.compile(r"^(?: [\w']+){0,3} (?:with (?!my name or)|under|if|unless|until (?:you|the|my|it)|as (?:mine|from))")
_STATES = re.compile(
    r"\b(?:i|we|it|they|there|that|what|who)(?: \w+)? ?(?:isn't|aren't|is not|wasn't|can't|couldn't|don't|didn't"
    r"|haven't)(?: (?:see|find|know|remember|appear|think))* $"
)


def keeps_back(sentence: str) -> bool:
    """Whether it must not be shown at all."""
    if _CONFIDED.search(sentence):
        return True
    return any(_is_refused(sentence, found) for found in _SHOWING.finditer(sentence))


def _is_refused(sentence: str, found: re.Match[str]) -> bool:
    if not is_denied(sentence, found.end()) or _ONLY_SO.search(sentence[found.end() : found.end() + 60]):
        return False
    before = clause_before(sentence, found.start())
    about_names = re.search(r"\b(?:names?|who|me|us|him|her|which)\b", before)
    return not about_names and not is_told(sentence, found.start()) and not _STATES.search(before)
