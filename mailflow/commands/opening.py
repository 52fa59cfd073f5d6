"""What a command works with on this host: the database, the house, and the name of whoever gives it."""

import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mailflow import settings
from mailflow.domain import Kind
from mailflow.settings import Settings

if TYPE_CHECKING:
    from mailflow.deciding import House
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


def built_house(chosen: Settings) -> "House":
    """The house that the settings name. Where it cannot judge by what was learnt, one line on stderr says why."""
    from mailflow.deciding import House

    house = House.build(chosen)
    if house.learnt.problem:
        print(f"mailflow: {house.learnt.problem}", file=sys.stderr)
    return house


def reviewers_needed() -> int:
    """How many must approve a story, as rules.toml says."""
    from mailflow import rules

    return rules.load(settings.load().rules).kinds[Kind.STORY].reviewers


def who_asks() -> str:
    """Whoever gives the command, by their name on this machine: for the audit log."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number that has no name
        return f"user {os.getuid()}"
