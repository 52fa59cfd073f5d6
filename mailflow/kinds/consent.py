"""What the writer of a story says about publishing it. No counts before yes; a name of one's own before "without names"."""

import re

from mailflow.domain import Consent
from mailflow.kinds.phrases import said

_MOST_READ = 100_000
_NOT_TICKED = re.compile(r"\[[ \t]?\][^\[\n]{0,80}")

_DONT = "(?:don['’]?t|do not|never|not to)"
_OUTLETS = r"(?:website|web\s?page|web|site|page|publication|publishing|publish|print|printing|newsletter|sharing|publicity)"
_NONE = said(
    rf"""
    {_DONT} (?:please )?(?:actually )?(?:publish|print|share|post|quote) (?:it|this|any|my story|what|anything|that)
    {_DONT} (?:please )?(?:publish|print|share)(?=\s*[.,;!)])
    {_DONT} (?:please )?(?:put|use) (?:it|this|my story|any of (?:it|this))(?! (?:with|under|if)\b)
    not (?:to|going to) (?:publish|print|use|share) (?:it|this)
    (?:not|never|isn['’]?t|rather than) (?:meant )?(?:for|on) (?:the |your |any |a )?(?:\w+ )?{_OUTLETS}
    (?:not|(?:were|was|is|must)n['’]?t|never) (?:to )?(?:be )?(?:published|printed|shared|put (?:up|online)|made public)
    (?:you['’]?re|you are) not to (?:print|use|publish)
    no (?:publishing|publication|publicity)
    not for print
    please (?:don['’]?t|do not) publish
    (?:do|would)(?:n['’]?t| not) want (?:it|this|anything|my story)(?: \w+){{0,2}} (?:published|printed|shared|used|public)
    (?:tell|telling|write|writing|say|saying) (?:\w+ ){{0,5}}in confidence
    in confidence and not
    (?:just|only|strictly|keep it|stays?) between us
    between (?:ourselves|you and me)
    for your (?:eyes|ears|information) only
    just for you(?: two| both)?
    keep (?:it|this) (?:to yourselves|to yourself|private|off the \w+|out of the \w+)
    rather (?:that )?(?:you |it |this )?(?:not|(?:did|were|was)n['’]?t) (?:be )?(?:publish\w*|print\w*|share\w*|use it|use this)
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
    (?:take|leave|keep|cut) (?:out|off|us|me|them|her|him|it)(?: \w+){0,4} (?:out|off|who|nameless|identif\w+|we are|name)
    (?:take|leave|cut) (?:out|off)(?: \w+){0,4} (?:lab|department|place|mine|ours)
    (?:take|leave|cut|edit) (?:out|off) (?:anything|everything|whatever|who|where|the|my|our|any|that|all)
    (?:remove|omit|change|alter|disguise) (?:anything|everything|who|where|any (?:details?|identif\w+))
    (?:remove|omit|change|alter|disguise) the (?:place|room|details|lab|department|date|team)
    (?:with )?everything changed
    (?:don['’]?t|do not|not|never|rather you didn['’]?t) (?:to )?(?:use|put|print|publish|mention) (?:\w+ ){0,2}(?:names?|who)
    (?:don['’]?t|do not|not|never|rather you didn['’]?t) (?:to )?(?:include|show|say|write) (?:\w+ ){0,2}(?:names?|who)
    (?:don['’]?t|do not|never|not) (?:to )?(?:name|identify|put) (?:me|us|anyone|anybody|her|him|them|anything that)(?: down as)?
    (?:not|\w{2,6}n['’]t|neither|nobody|no one|none)(?: \w+){0,7} (?:named|identified|identifiable|recogni[sz]able)
    (?:nobody|no one|not|can['’]?t|cannot) (?:\w+ ){0,5}(?:work out|recognise|tell|guess|identify) (?:who|which|us|me|him|her)
    (?:nobody|no one) (?:\w+ ){0,5}knows? (?:who|which|where)
    (?:not|can['’]?t|cannot) (?:be )?(?:traced|linked|tracked)
    (?:but|just|and) not (?:who|where|which|my|our)(?: \w+)?
    not (?:my|our|her|his|their|mine|under my|with my) (?:own )?names?
    names?(?: \w+){0,3}, (?:please )?(?:not|no)
    no need to say who
    (?:him|her|me|us|them|both|all) (?:both |all )?nameless
    better without
    nothing that says
    leave (?:me|us|her|him|them|hers|his|mine) out
    (?:change|move|take away|remove) (?:it to|the) (?:some |an)?(?:other )?(?:place|initials|setting)
    (?:use|post|print|share|publish)(?: \w+){0,5}, (?:just|only|but) (?:say|put|call me)
    without (?:us|me|them|her|him) in it
    """
)
_NAMED = said(
    r"""
    (?:use|with|under|over|print|publish|put|add|include|give|have) (?:it (?:with|under) )?(?:my|our|both)(?: \w+){0,2} names?
    (?:see|sign|to|write|mention) (?:it (?:with|under) )?(?:my|our|both)(?: \w+){0,2} names?
    (?:can|may|could|please) (?:name|credit) (?:me|us|both)
    (?:name|quote) me(?! (?:not|as))
    sign it [\w’'-]+
    w/ my name
    (?:happy|glad|fine|ok|okay|content|proud|like|want|wish|agreed?|pleased|mind) (?:\w+ ){0,3}(?:be|being) named
    (?:named|quoted|credited|acknowledged|thanked) by name
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
