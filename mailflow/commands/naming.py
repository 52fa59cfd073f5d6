"""How messages, mails and cases are named on the command line: message 17, mail 12, EDI-0042."""

import re
from dataclasses import dataclass

from mailflow.domain import case_id_of
from mailflow.errors import UserError

_NAME = re.compile(
    r"\s*(?:(?:message\s+)?(?P<message>\d{1,18})|mail\s+(?P<mail>\d{1,18})|(?P<case>EDI-\d{1,9}(?:-\w{1,8})?))(?:\s+|$)",
    re.I | re.A,
)


@dataclass(frozen=True, slots=True)
class Named:
    """What a person named, by number."""

    messages: frozenset[int]
    mails: frozenset[int]
    cases: frozenset[int]


def read_names(written: str) -> Named:
    """Everything that is named. Raises UserError for what is no name."""
    found: dict[str, set[int]] = {"message": set(), "mail": set(), "case": set()}
    while written:
        sort, number, written = read_name(written)
        found[sort].add(number)
    return Named(frozenset(found["message"]), frozenset(found["mail"]), frozenset(found["case"]))


def read_name(written: str) -> tuple[str, int, str]:
    """What is named first: its sort (message, mail or case), its number, and what is written behind. Raises UserError."""
    name = _NAME.match(written)
    if name is None:
        raise UserError(f"{written[:40]!r} names nothing; write message 17, mail 12 or EDI-0042.")
    sort = name.lastgroup or ""
    return sort, case_id_of(name[sort]) if sort == "case" else int(name[sort]), written[name.end() :]
