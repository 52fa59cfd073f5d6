"""Whom to deal with where it is not the sender: "please deal with Sandra Quaye", "Booking contact: …"."""

import re

from mailflow.domain import Email, FoldReason
from mailflow.kinds.passages import folded

_PART = r"[^\W\d_a-z][^\W\d_]*(?:['’-][^\W\d_]+){0,2}"
_PERSON = rf"(?P<name>(?:(?:Dr|Prof|Professor|Mr|Mrs|Ms|Miss|Mx)\.?\s)?{_PART}(?:\s(?:(?:van|von|de|der|da|bin|al)\s){{0,2}}{_PART}){{0,3}})"
_LABELLED = re.compile(
    rf"(?im)^[ \t>*-]*(?:booking\s|main\s|local\s|best\s)?contact(?:\sperson|\sname)?[ \t]?:[ \t]*(?-i:{_PERSON})"
)
_FORM_NAME = re.compile(rf"(?im)^[ \t>*-]*(?:your\s|full\s)?name[ \t]?:[ \t]*(?-i:{_PERSON})")
_ASKED = re.compile(
    r"(?i:\b(?:deal|liaise|arrange\s(?:it|this|things)?|sort\s(?:it|this)?\s?(?:out)?|speak|talk|work|organise\s(?:it|this)?|in\stouch|book)\s(?:directly\s)?(?:with|to)"
    r"|\b(?:contact(?:\sis)?|email|e-mail|ring|phone|write\sto|reply\sto|ask\sfor|go\sthrough|contact\sfor\sthis\sis|address\s[\w\s]{0,30}\sto|direct\s[\w\s]{0,30}\sto|send\s[\w\s]{0,30}\sto))"
    rf"\s(?:my\s[\w\s]{{0,30}},?\s|our\s[\w\s]{{0,30}},?\s|the\s[\w\s]{{0,30}},\s)?{_PERSON}"
)
_LOOKS_AFTER = re.compile(
    rf"{_PERSON}(?:,?\s\([^)\n]{{1,40}}\)|,[^.,\n]{{1,40}},)?\s(?i:(?:will|can|is going to|is happy to|has agreed to)?\s?"
    r"(?:looks?\safter|does\sthe|holds?\sthe|handles?|keeps?\sthe|be\syour\scontact|is\syour\scontact|is\sthe\s(?:person|contact|one)\sto|has\s(?:my|our|the)\sdiary))"
)
_US = frozenset(
    [
        "rosalind",
        "tom",
        "okafor",
        "pellew",
        "edi",
        "centre",
        "i",
        "we",
        "you",
        "me",
        "us",
        "it",
        "he",
        "she",
        "they",
        "the",
        "this",
        "please",
        "hi",
        "dear",
        "teams",
        "zoom",
        "active",
    ]
)


def find_contact(email: Email, text: str) -> str | None:
    """The person to deal with, in full where the mail knows the full name; None where it is the sender."""
    for pattern in (_LABELLED, _ASKED, _LOOKS_AFTER):
        for match in pattern.finditer(text):
            name = " ".join(match["name"].split())
            if name.split()[0].lower() not in _US and not _is_sender(email, name):
                return _in_full(email, name)
    form = _FORM_NAME.search(text)
    if form and not _is_sender(email, form["name"]):
        return form["name"]
    return None


def _is_sender(email: Email, name: str) -> bool:
    known = email.sender.name.lower() if email.sender else ""
    return bool(known) and all(part in known for part in name.lower().split())


def _in_full(email: Email, name: str) -> str:
    """A first name alone is looked up among those the mail was copied to, or whose mail was passed on."""
    if " " in name:
        return name
    forwarded = "\n".join(folded(email, FoldReason.FORWARD))
    senders = re.findall(r"(?m)^[> ]*From:[ \t]*\"?([^<\n\"]{2,80}?)\"?[ \t]*<", forwarded)
    people = (*senders, *(address.name for address in email.cc))
    return next((person for person in people if name.lower() in person.lower().split()), name)
