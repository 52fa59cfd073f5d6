"""What the writer of a story says about publishing it. No counts before yes; a name of one's own before "without names"."""

import re

from mailflow.domain import Consent
from mailflow.kinds.phrases import said

_MOST_READ = 100_000
_NOT_TICKED = re.compile(r"\[[ \t]?\][^\[\n]{0,80}")

_NONE = said(
    r"""
    (?:don['’]?t|do not|never) (?:please )?(?:actually )?(?:publish|print|share|post|quote) (?:it|this|any|my story|what|anything|that)
    (?:don['’]?t|do not|never) (?:please )?(?:publish|print|share)(?=\s*[.,;!)])
    (?:don['’]?t|do not|never) (?:please )?(?:put|use) (?:it|this|my story|any of (?:it|this))(?! (?:with|under|if)\b)
    not (?:to|going to) (?:publish|print|use|share) (?:it|this)
    (?:not|never|isn['’]?t|rather than) (?:meant )?(?:for|on) (?:the |your |any |a )?(?:\w+ )?(?:website|web ?page|web|site|page|publication|publishing|publish|print|printing|newsletter|sharing|publicity)
    (?:not|weren['’]?t|wasn['’]?t|isn['’]?t|mustn['’]?t be|not be|never) (?:to be )?(?:published|printed|shared|put online|made public)
    (?:you['’]?re|you are) not to (?:print|use|publish)
    no (?:publishing|publication|publicity)
    (?:don['’]?t|do not|wouldn['’]?t) want (?:it|this|anything|any of (?:it|this)|my story) (?:\w+ ){0,2}(?:published|printed|shared|used|on|in|online|public|out there)
    (?:tell|telling|write|writing|say|saying) (?:\w+ ){0,5}in confidence
    in confidence and not
    between (?:us|ourselves|you and me)
    for your (?:eyes|ears|information) only
    just for you(?: two| both)?
    keep (?:it|this) (?:to yourselves|to yourself|private|off the \w+|out of the \w+)
    rather (?:you |that you |it |that it )?(?:not|didn['’]?t|weren['’]?t|wasn['’]?t) (?:be )?(?:publish\w*|print\w*|share\w*|use) ?(?:it|this)?
    \[x\] No
    """
)
_ANONYMOUS = said(
    r"""
    anonym\w+
    without (?:\w+ ){0,2}names?
    without (?:identifying|saying who|naming|the place|the date|any of us)(?: \w+)?
    (?:no|zero) (?:need (?:of|for) )?(?:real |club |place |my |any )?names?(?! (?:had|was|were|came))
    w/o (?:\w+ )?(?:names?|where|who)
    names? (?:\w+ )?(?:off|out|removed|changed|withheld)
    (?:different|other|changed|made[-\s]up|invented|false|fake) names?
    (?:take|leave|keep|strip|cut|remove|omit|change|alter|swap|blank|drop|hide)(?: \w+){0,3} names?
    (?:take|leave|keep|cut) (?:out|off|us|me|them|both of us|her|him|it)(?: \w+){0,4} (?:out|off|who|nameless|lab|department|place|identif\w+|we are|name|mine|ours)
    (?:take|leave|cut|edit) (?:out|off) (?:anything|everything|whatever|who|where|the|my|our|any|that|all)
    (?:remove|omit|change|alter|disguise) (?:anything|everything|the (?:place|room|details|lab|department|date|team)|any (?:details?|identif\w+)|who|where)
    (?:with )?everything changed
    (?:dont|don['’]?t|do not|not|never|rather you didn['’]?t) (?:to )?(?:use|put|print|give|publish|mention|include|show|say|write) (?:\w+ ){0,2}(?:names?|who)
    (?:dont|don['’]?t|do not|never|not) (?:to )?(?:name|identify|put) (?:me|us|anyone|anybody|her|him|them|anything that)(?: down as)?
    (?:not|weren['’]?t|wasn['’]?t|mustn['’]?t|shouldn['’]?t|neither|nobody|no one|never|none)(?: \w+){0,7} (?:be )?(?:named|identified|identifiable|recognis\w+|recogniz\w+)
    (?:nobody|no one|not|can['’]?t|cannot|so that none) (?:\w+ ){0,5}(?:work out|recognise|traced|tell|guess|know|figure out|identify) (?:who|which|where|us|me|him|her)
    (?:but|just|and) not (?:who|where|which|my|our)(?: \w+)?
    not (?:my|our|her|his|their|mine|under my|with my) (?:own )?names?
    names?(?: \w+){0,3}, (?:please )?(?:not|no)
    no need to say who
    (?:him|her|me|us|them|both|all) (?:both |all )?nameless
    better without
    nothing that says
    leave (?:me|us|her|him|them|hers|his|mine) out
    (?:change|move|take away|remove) (?:it to|the) (?:some |an)?(?:other )?(?:place|initials|setting)
    (?:just|only) (?:say|put|call me|write) (?:an? )?["“']?[a-z][\w-]+ \w+
    """
)
_NAMED = said(
    r"""
    (?:use|with|under|over|print|publish|put|add|include|give|have|see|sign|to|write|mention) (?:it (?:with|under) )?(?:my|our|both(?: our)?|his and my|her and my) (?:own )?(?:full |real |whole )?names?
    (?:can|may|could|please) (?:name|credit) (?:me|us|both)
    (?:name|quote) me(?! (?:not|as))
    sign it [\w’'-]+
    w/ my name
    (?:happy|glad|fine|ok|okay|content|proud|like|want|wish|agreed?|pleased|mind) (?:\w+ ){0,3}(?:be|being) named
    by name is fine
    (?:my|our) (?:full |real )?names? (?:is|are|can|may) (?:\w+ ){0,3}(?:ok|okay|fine|used|printed|published|included)
    my name['’]?s? (?:is )?[^.!?\n]{3,40} and (?:you (?:can|may)|i['’]m happy|i am happy)
    (?:all|both) (?:have )?(?:agreed?|want|happy|wish) to be named
    (?:yes|says yes|agrees?|agreed) to (?:my|his|her|their|our) names?
    named in full
    (?:may|can) (?:print|use) (?:my|her|his|their) names?
    including that it['’]?s from \w+
    put (?:me|us) down as
    (?:name|names) and (?:a )?(?:photo|picture|face)
    \[x\] Yes, with my name
    """
)
_BUT_NOT = re.compile(r"\b(?:don['’]?t|dont|do not|not|without|never|no|nor)\b(?:\s\w+){0,3}\s{0,3}$", re.IGNORECASE)


def read_consent(text: str) -> Consent:
    """What was said; `unstated` also for a yes that does not say how."""
    text = _NOT_TICKED.sub(" ", text[:_MOST_READ])
    if _NONE.search(text):
        return Consent.NONE
    if any(not _BUT_NOT.search(text[max(0, found.start() - 40) : found.start()]) for found in _NAMED.finditer(text)):
        return Consent.NAMED
    return Consent.ANONYMOUS if _ANONYMOUS.search(text) else Consent.UNSTATED
