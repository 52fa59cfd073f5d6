"""Whom to deal with where it is not the sender: "please deal with Sandra Quaye", "Booking contact: …"."""

import re

from mailflow.domain import Email, FoldReason
from mailflow.kinds.passages import folded
from mailflow.kinds.phrases import one_of

_PART = r"(?<!\w)[^\W\d_a-z][^\W\d_]{0,30}(?:['’-][^\W\d_]{1,30}){0,2}"
_TITLE = r"(?:(?:Dr|Prof|Professor|Mr|Mrs|Ms|Miss|Mx)\.?[ \t])?"
_PERSON = rf"{_TITLE}{_PART}(?:[ \t](?:(?:van|von|de|der|da|bin|al)[ \t]){{0,2}}{_PART}){{0,3}}"
_LABELLED = re.compile(
    rf"(?im)(?:^[ \t>*-]*|[.;][ ])"
    rf"(?:booking\s|main\s|local\s|best\s)?contact(?:\sperson|\sname)?[ \t]?:[ \t]*(?-i:(?P<name>{_PERSON}))"
)
_FORM_NAME = re.compile(rf"(?im)^[ \t>*-]*(?:your\s|full\s)?name[ \t]?:[ \t]*(?-i:(?P<name>{_PERSON}))")
_TURN_TO = one_of(
    r"""
    (?:deal|liaise|speak|talk|work|in touch|book)(?: directly)? (?:with|to)
    (?:pick(?: it| this)? up|take (?:it|this) (?:from here|forward|up|on))(?: directly)? with
    (?:arrange|sort|organise|fix)(?: (?:it|this|things|everything))?(?: out)?(?: directly)? with
    (?:hand|handing|handed)(?: it| this| things)? over to
    (?:contact(?: for this)? (?:is|will be)|contact|email|e-mail|ring|phone|write to|reply to|ask for|go through)
    pass(?:es|ed)?(?: on| over)? to
    (?:address|direct|send) [\w\s]{0,40} to
    """
)
_ASKED = re.compile(rf"(?i:\b{_TURN_TO}\s{{1,3}}(?:(?:my|our|the)\s[\w\s]{{0,30}}?,?\s)?)(?P<name>{_PERSON})")
_DIARY = one_of(
    r"""
    (?:looks? after|holds? the|handles?|keeps?|does the|do the) (?:the )?(?:diary|rota|bookings?|timetable|room|practical)
    (?:sort|arrange|organise|coordinate|manage)s?(?: out)? (?:the|our|these) (?:practical|logistic|arrangement|detail|date)\w*
    (?:be|is) (?:your|our|the) (?:person|contact|one|man|woman|lady)
    (?:is |will be )?(?:running|organising|arranging|coordinating|handling) (?:the|this|it|our|everything|all)
    (?:is |will be )?(?:sorting|looking after|in charge of|dealing with) (?:the|this|it|our|everything|all)
    has (?:my|our|the|his|her) diary
    """
)
_LOOKS_AFTER = re.compile(
    rf"(?P<name>{_PERSON})(?:\s(?:in|from)\s(?:our|the|my)\s\w{{1,20}})?(?:,?\s\([^)\n]{{1,40}}\)|,[^.,\n]{{1,40}},|,)?\s(?i:(?:(?:will|can|is\shappy\sto|has\sagreed\sto)\s)?"
    rf"{_DIARY})"
)
# Ourselves, pronouns, days: words with a capital that are nobody to be referred to.
_US = frozenset(
    re.findall(
        r"\w+",
        """edi centre i we you me us it he she they the this that please hi dear teams zoom active and
        monday tuesday wednesday thursday friday saturday sunday""",
    )
)
# "pick it up with her direct" means the one whose mail was passed on.
_WITH_THEM = re.compile(rf"(?i)\b{_TURN_TO}\s{{1,3}}(?:her|him|them)\b")
_SENDER = re.compile(r"(?m)^[> ]*From:[ \t]*\"?([^<\n\"]{2,80}?)\"?[ \t]*<")


def find_contact(email: Email, text: str) -> str | None:
    """The person to deal with, in full where the mail knows the full name; None where it is the sender."""
    for pattern in (_LABELLED, _ASKED, _LOOKS_AFTER, _FORM_NAME):
        for match in pattern.finditer(text):
            name = " ".join(match["name"].split())
            if _US.isdisjoint(name.lower().split()) and not _is_sender(email, name):
                return _in_full(email, name)
    if _WITH_THEM.search(text) and (passed_on := _forwarders(email)):
        return passed_on[0]
    return None


def _is_sender(email: Email, name: str) -> bool:
    known = email.sender.name.lower() if email.sender else ""
    return bool(known) and all(part in known for part in name.lower().split())


def _in_full(email: Email, name: str) -> str:
    """A first name alone is looked up among those the mail was copied to, or whose mail was passed on."""
    if " " in name:
        return name
    people = (*_forwarders(email), *(address.name for address in email.cc))
    return next((person for person in people if name.lower() in person.lower().split()), name)


def _forwarders(email: Email) -> list[str]:
    """Those whose mail was passed on, by the names in its headers."""
    return [sender for passage in folded(email, FoldReason.FORWARD) for sender in _SENDER.findall(passage)]
