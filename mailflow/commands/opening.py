"""The database of this host for a command, and the name of whoever gives it."""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mailflow import settings

if TYPE_CHECKING:
    from mailflow.store.database import Store


@contextmanager
def opened_store() -> Iterator["Store"]:
    """The store that the settings name, in this version's form. Raises UserError where it cannot be opened."""
    # Imported here: a third of the start-up time is SQLModel's, and --help needs none of it.
    from mailflow.store.database import Store, migrate

    store = Store(settings.load().database)
    try:
        migrate(store)
        yield store
    finally:
        store.close()


def who_asks() -> str:
    """Whoever gives the command, by their name on this machine: for the audit log."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number that has no name
        return f"user {os.getuid()}"
