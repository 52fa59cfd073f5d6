"""A contributor takes a story back by a plain reply: `withdraw` and the like, said in the new text of an answer to us."""

import re

from mailflow.domain import Email

# Looked for in short answers and first lines only: a long mail that mentions withdrawing is for a person to read.
_IT = r"(?:it|(?:my|the|this) (?:story|message|text|piece))"
_SHOWN = r"(?:publish|share|use|post|print)"
_WORDS = re.compile(
    rf"\b(?:withdraw\w*|with-draw|take {_IT} (?:down|back|off)|take down {_IT}|(?:remove|delete|pull) {_IT}"
    rf"|(?:do not|don['’]t|not to) {_SHOWN}|(?:must|should|shall) not be {_SHOWN}e?d"
    rf"|(?:rather|prefer) (?:\w+ )?(?:(?:was|were|did|is|be)(?: not|n['’]t)|not)(?: be)? {_SHOWN}\w*|changed my mind)\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"(?:\bnot|n't|n’t|\bnever) (?:want to |wish to )?(?:withdraw|take|remove|delete)", re.IGNORECASE)
_FIRST = 200


def asks_to_withdraw(email: Email) -> bool:
    """Whether the beginning of the new text asks us to take a story back. A wrong yes only keeps a story unpublished."""
    beginning = email.new_text.strip()[:_FIRST]
    return bool(_WORDS.search(beginning)) and not _NOT.search(beginning)
