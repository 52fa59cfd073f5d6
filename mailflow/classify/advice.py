"""The advice that offices put into automatic answers: whom to call if you are in danger. It tells of nobody's harm."""

import re
from dataclasses import replace

from mailflow.domain import Email

_LONGEST = 20_000  # characters
_SENTENCE = re.compile(r"(?:[^.!?\n]|\n(?![ \t]*\n)|\.(?=\w))+[.!?]*")
_FOR_WHOEVER = re.compile(
    r"(?i)\b(?:if|should|when|where|unless) "
    r"(?:you|your|anyone|anybody|someone|somebody|a (?:student|colleague|friend)|there|it|this)\b"
    r"|\bif(?: you are)? in (?:immediate )?danger\b|\banyone who\b|\b(?:in case|in the event) of\b|\bin an emergency\b"
    r"|^\s*(?:to (?:make|report|raise|lodge|discuss|find|get|talk|speak)\b"
    r"|for (?:[\w-]+,? ){0,8}(?:support|help|advice|matters|enquiries)\b)"
)
_WHERE_TO_TURN = re.compile(
    r"(?i)\b(?:call|ring|phone|dial|text|contact|e-?mail|write|visit|speak|talk|reach|report|go to|see|use|fill|support|help\w*"
    r"|advice|available)\b"
)
# Who tells of somebody says so.
_TELLS = re.compile(
    r"\bI\b|(?i:\b(?:i['’](?:m|ve)|me|my|he|him|his|himself|she|her|herself"
    r"|our (?:\w+ )?(?:head|supervisor|manager|boss|pi|professor|lecturer|colleague))\b)"
)
# "Rape Crisis: 0808 802 9999"
_NUMBER = re.compile(r"(?m)^\W{0,5}[A-Z][\w'’&/ ]{1,60}[:–—-]? ?\(?\+?\d[\d ()-]{1,20}\W{0,5}$")


def without_advice(email: Email) -> Email:
    """The message without its sentences that tell whoever reads them where to turn, and its lines of telephone numbers."""
    said = _NUMBER.sub("", email.new_text[:_LONGEST])
    kept = (sentence for sentence in _SENTENCE.findall(said) if not _is_advice(sentence))
    return replace(email, new_text="\n".join(kept))


def _is_advice(sentence: str) -> bool:
    advises = _FOR_WHOEVER.search(sentence) is not None and _WHERE_TO_TURN.search(sentence) is not None
    return advises and _TELLS.search(sentence) is None
