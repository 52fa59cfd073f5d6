"""What in a story is said to the Centre and is no part of it: the greeting, what may be done with the story, the sign-off."""

import re
from collections.abc import Iterator

from mailflow.kinds.hiding import hides
from mailflow.kinds.naming import names_the_writer
from mailflow.kinds.phrases import said
from mailflow.kinds.refusing import keeps_back
from mailflow.kinds.statements import statements

_GREETING = re.compile(
    r"\s*(?:dear|hi|hello|hey|hiya|good\s(?:morning|afternoon|evening|day)|morning|to\swhom\sit\smay\sconcern)\b"
    r"(?:\s[\w’'.-]{1,20}){0,4}(?:[,!.]+\s+|[ \t]*\n+)",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(
    r"\n[ \t]*(?:yours(?: \w+)?|(?:with )?(?:best|kind|warm|kindest)(?: (?:wishes|regards))?|regards|cheers|thanks|thank you)"
    r"[,.!]?[ \t]*(?:\n[^\n.]{1,40}){0,2}\s*$",
    re.IGNORECASE,
)
_ENDED = re.compile(r"(?<![.!?…])[.!?…]+[)\"”’']*\s+|\n[ \t]*\n\s*")
_NO_END = re.compile(r"\b(?:Dr|Mrs?|Ms|Prof|St|[A-Z])\.\s+$")
_SPOKEN = re.compile(r"[\"“”]")
# A leave to use it that says no more.
_LEAVE = said(
    r"""
    (?:you|please|do|just)(?:['’]re| are)? (?:very )?(?:can|may|could|might|welcome|free)?(?: to)? ?(?:use|print|publish|share) (?:it|this|the story|my story|as)
    if (?:it is|it['’]s|its) (?:of use|useful)(?:,)? you (?:can|may) use
    (?:happy|fine|glad)(?: \w+)? for (?:it|this|you) to (?:be used|be published|be shared|use|publish|share)
    for your (?:\w+ )?(?:page|website|stories)
    """  # noqa: E501
)


def addressed(text: str) -> tuple[tuple[int, int], ...]:
    """The stretches `text[start:end]`, in order. What somebody says aloud is always the story's."""
    greeting = _GREETING.match(text)
    begins = greeting.end() if greeting else 0
    sign_off = _SIGN_OFF.search(text, begins)
    ends = sign_off.start() if sign_off else len(text)
    inside = [(start, end) for start, end in _sentences(text, begins, ends) if _is_addressed(text[start:end])]
    return tuple(span for span in ((0, begins), *inside, (ends, len(text))) if span[0] < span[1])


def _is_addressed(sentence: str) -> bool:
    if _SPOKEN.search(sentence):
        return False
    if _LEAVE.search(sentence):
        return True
    return any(hides(one) or names_the_writer(one) or keeps_back(one) for one in statements(sentence))


def _sentences(text: str, begins: int, ends: int) -> Iterator[tuple[int, int]]:
    """Each with what stands between it and the next."""
    start = begins
    for found in _ENDED.finditer(text, begins, ends):
        if not _NO_END.search(text, start, found.end()):
            yield start, found.end()
            start = found.end()
    if start < ends:
        yield start, ends
