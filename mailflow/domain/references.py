"""How a case is called in mails, on the desk and on the command line: EDI-0042."""

import re

from mailflow.errors import UserError

_REFERENCE = re.compile(r"\s*EDI-(\d{1,9})\s*", re.IGNORECASE | re.ASCII)


def reference(case_id: int) -> str:
    """The reference of a case; at least four digits."""
    return f"EDI-{case_id:04d}"


def case_id_of(written: str) -> int:
    """The case that a person means by `EDI-0042`, `edi-42` and the like. Raises UserError for anything else."""
    found = _REFERENCE.fullmatch(written)
    if found is None:
        raise UserError(f"{written[:40]!r} is no reference; write one such as {reference(42)}.")
    return int(found[1])
