"""Mail that was decided before there was a search gets its words kept: a few messages a step, until none is left."""

from mailflow.deciding import House
from mailflow.domain import Email
from mailflow.store import searching
from mailflow.store.database import Store

BATCH = 20


class CatchingUp:
    """How far the old mail is read. A restart begins anew, and passes by what is kept already."""

    def __init__(self, store: Store) -> None:
        """Reads nothing yet."""
        self._store = store
        self._below: int | None = searching.ABOVE_ALL

    def step(self, house: House) -> bool:
        """Keeps the words of a few messages. Says whether there was work."""
        if self._below is None:
            return False
        with self._store.reading() as db:
            numbers = searching.unwritten(db, self._below, BATCH)
        if not numbers:
            self._below = None
            return False
        emails = {number: self._read(house, number) for number in numbers}
        with self._store.writing() as db:
            searching.add_words(db, emails)
        self._below = numbers[-1]
        return True

    def _read(self, house: House, number: int) -> Email | None:
        """What it says. What cannot be read any more says nothing, and is not tried again."""
        with self._store.reading() as db:
            raw = searching.raw_of(db, number)
        try:
            return None if raw is None else house.read(raw)
        except Exception:  # whatever it is, the other messages must not wait for it
            return None
