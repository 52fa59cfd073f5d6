"""A contributor takes a story back by a plain reply: `withdraw` and the like, said in the new text of an answer to us."""

import re

from mailflow.domain import Email

# Looked for in short answers and first lines only: a long mail that mentions withdrawing is for a person to read.
_WORDS = re.compile(
    r"\b(?:withdraw|with-draw|take (?:it|my story|the story) (?:down|back|off)"
    r"|(?:do not|don't|don’t) (?:publish|use) (?:it|my story|this))\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"(?:\bnot|n't|n’t|\bnever) (?:want to |wish to )?(?:withdraw|take)\b", re.IGNORECASE)
_FIRST = 200


def asks_to_withdraw(email: Email) -> bool:
    """Whether the beginning of the new text asks us to take a story back. A wrong yes only keeps a story unpublished."""
    beginning = email.new_text.strip()[:_FIRST]
    return bool(_WORDS.search(beginning)) and not _NOT.search(beginning)
