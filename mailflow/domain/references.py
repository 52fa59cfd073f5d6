"""How a case is called: EDI-0042 at the desk and on the command line, EDI-0042-7kq2mxwd in the mails that we send.

Whoever writes the second has had a mail of ours before them: nobody can guess it. Clients change it ("[EDI-0042-7KQ2MXWD]",
a line break after a hyphen, a hyphen that does not break), so it is looked for in all these forms.
"""

import re
import secrets
from dataclasses import dataclass, field
from itertools import islice

from mailflow.errors import UserError

MOST_NAMED = 20  # references that are looked up for one text: nobody may try a thousand in one mail
_LETTERS = "23456789bcdfghjkmnpqrstvwxz"  # none that is taken for another, and no vowels that would make a word
_TOKEN = 8  # letters: one in 280 thousand million
_HYPHEN = r"[-\u2010-\u2013\u2212]"
_WRAPPED = r"[\s>|]{0,9}"  # where a client breaks the line, and a quote mark begins the next
_NAME = rf"(?<![^\W_])EDI{_HYPHEN}{_WRAPPED}(\d{{%s}})"
_SECRET = rf"{_HYPHEN}{_WRAPPED}([{_LETTERS}]{{{_TOKEN}}})(?![^\W_])"
_FLAGS = re.IGNORECASE | re.ASCII
_TYPED = re.compile(rf"\s*{_NAME % '1,9'}(?:{_SECRET})?\s*", _FLAGS)
_WRITTEN = re.compile(rf"{_NAME % '4,9'}(?:{_SECRET}|(?![^\W_]))", _FLAGS)
_STRIPPED = re.compile(rf"\[\s*{_NAME % '4,9'}(?:{_SECRET})?\s*\]|{_NAME % '4,9'}{_SECRET}", _FLAGS)


@dataclass(frozen=True, slots=True)
class Named:
    """A case that a text names. `token` is the part that nobody can guess, in lower case; None where only the number is there."""

    case_id: int
    token: str | None = field(default=None, repr=False)


def reference(case_id: int, token: str | None = None) -> str:
    """The reference of a case, at least four digits; with its token for the mails that we send."""
    return f"EDI-{case_id:04d}-{token}" if token else f"EDI-{case_id:04d}"


def new_token() -> str:
    """The part of a new case's reference that nobody can guess."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_TOKEN))


def case_id_of(written: str) -> int:
    """The case that a person means by EDI-0042, edi-42 or EDI-0042-7kq2mxwd: its number counts, whatever the token.

    Raises UserError for anything else.
    """
    found = _TYPED.fullmatch(written)
    if found is None:
        raise UserError(f"{written[:40]!r} is no reference; write one such as {reference(42)}.")
    return int(found[1])


def named_in(text: str) -> tuple[Named, ...]:
    """The cases that a text names, each once, in the order they stand; no more than MOST_NAMED."""
    found = (Named(int(name[1]), name[2].lower() if name[2] else None) for name in _WRITTEN.finditer(text))
    return tuple(dict.fromkeys(islice(found, MOST_NAMED)))


def without_references(text: str) -> str:
    """The text without the references that our mails put there: those in brackets, and those with a token."""
    return _STRIPPED.sub(" ", text)
