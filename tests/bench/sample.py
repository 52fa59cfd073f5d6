"""The mail that is measured: the corpus over and over, each time round from other people and under other Message-IDs.

So nothing is known twice, no cap on replies bites, and a conversation of the corpus stays one within its round.
"""

import re
from pathlib import Path

MESSAGES = Path(__file__).parents[1] / "corpus" / "messages"
OURS = b"edi.centre@university.example"

_FROM = re.compile(rb"^From:.*(?:\r?\n[ \t].*)*", re.MULTILINE | re.IGNORECASE)
_ADDRESS = re.compile(rb"[\w.+-]+@[\w.-]+")
_MESSAGE_ID = re.compile(rb"^Message-ID:\s*<([^>]+)>", re.MULTILINE | re.IGNORECASE)


def write_sample(count: int) -> list[bytes]:
    """`count` messages, no two alike."""
    corpus = [path.read_bytes() for path in sorted(MESSAGES.glob("*.eml"))]
    ids = [found[1] for found in map(_MESSAGE_ID.search, corpus) if found]
    senders = {address for raw in corpus for address in _senders(raw)} - {OURS}
    replaced = re.compile(b"|".join(rb"\b" + re.escape(word) for word in sorted({*ids, *senders}, key=len, reverse=True)))
    return [_renewed_in(corpus[number % len(corpus)], replaced, number // len(corpus)) for number in range(count)]


def _renewed_in(raw: bytes, replaced: re.Pattern[bytes], turn: int) -> bytes:
    return replaced.sub(lambda word: _renewed(word[0], turn), raw)


def _senders(raw: bytes) -> list[bytes]:
    line = _FROM.search(raw)
    return _ADDRESS.findall(line[0]) if line else []


def _renewed(word: bytes, turn: int) -> bytes:
    """The same before the @, since some rules look at that: no-reply@ stays no-reply@."""
    local, _, domain = word.rpartition(b"@")
    return b"%s@turn%d.%s" % (local, turn, domain)
