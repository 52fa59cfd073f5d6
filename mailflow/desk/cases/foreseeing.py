"""What a decision would come to: it is really taken, told, and rolled back. Whoever then takes it has seen all that follows."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from sqlalchemy import Connection

from mailflow.errors import UserError
from mailflow.store.database import Store


class _RolledBack(Exception):  # noqa: N818 - no error: the way out of a transaction that is not to last
    pass


@contextmanager
def trying(store: Store) -> Iterator[Connection]:
    """A transaction of which nothing stays."""
    with suppress(_RolledBack), store.writing() as db:
        yield db
        raise _RolledBack


def fingerprint(sentences: Sequence[str]) -> str:
    """What a form carries of the sentences that its reader had before them."""
    return hashlib.sha256("\n".join(sentences).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision comes to, a sentence each."""

    sentences: tuple[str, ...]

    @property
    def told(self) -> str:
        """What the form carries of it."""
        return fingerprint(self.sentences)


def check_told(sentences: Sequence[str], told: str) -> None:
    """Raises UserError where what happens now is not what was `told` before."""
    if fingerprint(sentences) != told:
        raise UserError("Something has changed since you looked: read again what happens now, then decide.")
