"""What `mailflow check` finds: one sentence for each thing it looked at, and whether that is well."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mailflow.errors import MailflowError, UserError


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `well` is None where it could not be looked at, or wants a thought."""

    what: str
    well: bool | None
    says: str


def tried(what: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """What `look` finds; whatever stops it is a finding, too, under the name `what`."""
    try:
        yield from look()
    except UserError as error:
        yield from (Finding(what, False, problem) for problem in error.problems)
    except MailflowError as error:
        yield Finding(what, False, str(error))
