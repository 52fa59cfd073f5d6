"""What the writer of a story says about publishing it. Where two things are said, the more cautious counts."""

import re

from mailflow.domain import Consent

_MOST_READ = 200_000
_USE = r"(?:use|using|publish\w*|print\w*|share|shar(?:ed|ing)|post|quote|tell|put)"
_NONE = re.compile(
    r"\b(?:(?:please )?(?:don['’]?t|do not|never|not to|rather (?:you |it |that )?(?:not|weren['’]t|wasn['’]t)|nothing to be) "
    r"(?:please )?(?:actually )?(?:publish|print|put (?:it|this|any of (?:it|this)) (?:on|up|out|in)|use (?:it|this|my story)|share (?:it|this)|post|quote)"
    r"|(?:isn['’]?t|is not|not|never) (?:meant )?(?:for|on) (?:the |your |any )?(?:website|web ?page|web|publication|publishing|publish|print|newsletter|sharing)"
    r"|(?:it|this|that) (?:not |weren['’]?t |wasn['’]?t |isn['’]?t )(?:to be )?(?:published|printed|used|shared)|you['’]?re not to (?:print|use|publish)"
    r"|no (?:publishing|publication)|(?:don['’]?t|do not) want (?:it|this|anything|any of (?:it|this)) (?:to be )?(?:published|on (?:a|the|your) (?:website|web|page)|out there|online|public)"
    r"|in confidence|between (?:us|ourselves|you and me)|for your eyes only|not for (?:publishing|publication|print|the web\w*|sharing|use)|keep (?:it|this) to yourselves)\b",
    re.IGNORECASE,
)
_ANONYMOUS = re.compile(
    r"\b(?:anonym\w+|without (?:\w+ ){0,2}(?:names?|any names|identifying|the place|the date|any of us|her name|his name|saying who|naming)"
    r"|no (?:(?:real|club|place) )?names?\b(?! (?:had|was|were))|names? (?:off|out|removed|changed|withheld)|(?:take|leave|keep|strip|cut|remove|omit)\w* (?:\w+ ){0,4}?(?:names?|who|where|me|us)\b(?: \w+){0,3} (?:out|off|off it)"
    r"|(?:take out|leave out|remove|take off|leave off|change|alter|swap) (?:(?:all|the|our|my|any|his|her|their|who|both|everyone['’]?s|people['’]?s|everything|anything) ?){1,3}(?:names?|room|place|details|we are|lab|building|dates?|identif\w+|that)?"
    r"|(?:different|other|changed|made[- ]up|invented|false) names|neither [^.!?\n]{1,60} named|with everything changed|keep (?:us|me|them|her|him) (?:both |all )?(?:nameless|out of it)|nameless"
    r"|(?:dont|don['’]t|do not|not|never) (?:to )?(?:use|put|print|give|publish|mention|include|show) (?:\w+ ){0,2}(?:names?|who)"
    r"|not (?:my|our|her|his|their|mine|under my|with my) (?:own )?names?|no need to say who|better without|nothing that says|(?:don['’]?t|do not) name (?:me|us|anyone|anybody|her|him|them))\b"
    r"|\bw/o (?:names?|where|who)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?:(?:use|with|under|print|publish|put|add|include|give|have|keep|see|sign|to) (?:it (?:with|under) )?(?:my|our|both(?: our)?|his and my|her and my) (?:own )?(?:full |real |whole )?names?\b"
    r"|(?:you )?(?:can|may|could) name (?:me|us|both)|(?:happy|glad|fine|ok|okay|content|proud|like|want|wish|agreed?|pleased) (?:\w+ ){0,2}(?:to be |being )named|name me\b|quote me\b|w/ my name"
    r"|by name is fine|(?:my|our|the) (?:full |real )?names? (?:is|are|can|may|and \w+) (?:\w+ ){0,3}(?:ok|okay|fine|be (?:used|printed|published)|included|and you can (?:print|use))"
    r"|my name['’]?s? (?:is )?[^.!?\n]{3,40} and (?:you (?:can|may)|i['’]m happy)|(?:they|all|both) (?:have )?(?:agreed?|want) to be named|(?:yes|says yes) to (?:my|his|her) name"
    r"|named in full|may print (?:my|her|his) name)",
    re.IGNORECASE,
)
_OWN_NAME_NOT = re.compile(r"(?:\b(?:don['’]?t|dont|do not|not|without|never|no)\b(?: \w+){0,3} ?)$", re.IGNORECASE)


def read_consent(text: str) -> Consent:
    """What was said; `unstated` also for a yes that does not say how."""
    text = " ".join(text[:_MOST_READ].split())
    if _NONE.search(text):
        return Consent.NONE
    if any(not _OWN_NAME_NOT.search(text[max(0, found.start() - 40) : found.start()]) for found in _NAMED.finditer(text)):
        return Consent.NAMED
    return Consent.ANONYMOUS if _ANONYMOUS.search(text) else Consent.UNSTATED
