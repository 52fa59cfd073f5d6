"""Old mail is read for the search, whatever is in it, and only once."""

from sqlalchemy import func, select

from filed import filed_message, raw_mail
from mailflow import catching_up, settings
from mailflow.catching_up import CatchingUp
from mailflow.deciding import House
from mailflow.domain import Email, Role
from mailflow.store.database import Store
from mailflow.store.maillist import Narrowing, mail_list
from mailflow.store.searching import understand
from mailflow.store.tables import message_texts


class Reading(House):
    """A house that stumbles over one mail."""

    def read(self, raw: bytes) -> Email:
        if b"deadly" in raw:
            raise RecursionError
        return super().read(raw)


def test_old_mail_is_found_once_it_was_read_and_nothing_stops_that(store: Store) -> None:
    house = Reading.build(settings.load())
    most = catching_up.BATCH
    with store.writing() as db:
        for number in range(most + 1):
            filed_message(db, None, raw_mail("A deadly one." if number == 3 else f"Number n{number}n."))
    step = CatchingUp(store)
    assert step.step(house)
    assert _found(store, "number") == most - 1
    assert [CatchingUp(store).step(house), step.step(house), step.step(house)] == [True, False, False]
    assert _found(store, "number") == most
    with store.reading() as db:
        assert db.execute(select(func.count()).select_from(message_texts)).scalar_one() == most + 1


def _found(store: Store, typed: str) -> int:
    with store.reading() as db:
        return len(mail_list(db, Narrowing(understand(typed)), Role.REVIEWER).lines)
