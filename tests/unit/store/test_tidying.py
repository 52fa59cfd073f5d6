from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select, update

from mailflow.domain import Fetched, Location, MessageState
from mailflow.store import receiving, tidying
from mailflow.store.database import Store
from mailflow.store.receiving import ReadTo
from mailflow.store.tables import messages, places
from mailflow.store.tidying import Misplaced

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
US = "edi.centre@university.example"


@pytest.fixture(autouse=True)
def three_messages(store: Store) -> None:
    """Places 1 to 3 with UIDs 11 to 13 in the inbox, UIDVALIDITY 7."""
    with store.writing() as db:
        found = [
            Fetched(Location(US, "INBOX", 7, uid), b"%d" % uid, NOW, fingerprint=str(uid), message_id=None)
            for uid in (11, 12, 13)
        ]
        receiving.keep(db, US, "INBOX", found, ReadTo(7, 13), NOW)


def decide(store: Store, message: int, folder: str | None, state: MessageState = MessageState.FILED) -> None:
    with store.writing() as db:
        db.execute(update(messages).where(messages.c.id == message).values(state=state, folder=folder))


def waiting(store: Store, uidvalidity: int = 7) -> dict[str, list[int]]:
    with store.reading() as db:
        return {
            target: [m.uid for m in tidying.misplaced(db, US, "INBOX", uidvalidity, target, 10)]
            for target in tidying.targets(db, US, "INBOX", uidvalidity)
        }


def test_each_decided_message_waits_to_be_moved_to_its_folder(store: Store) -> None:
    decide(store, 1, "Training")
    decide(store, 2, "Stories", MessageState.HELD)
    decide(store, 3, "Training", MessageState.IGNORED)
    assert waiting(store) == {"Stories": [12], "Training": [11, 13]}


@pytest.mark.parametrize("state", [MessageState.RECEIVED, MessageState.FAILED])
def test_what_is_not_decided_stays(store: Store, state: MessageState) -> None:
    decide(store, 1, "Training", state)
    assert waiting(store) == {}


@pytest.mark.parametrize("folder", [None, "INBOX"])
def test_what_has_no_other_folder_stays(store: Store, folder: str | None) -> None:
    decide(store, 1, folder)
    assert waiting(store) == {}


def test_what_is_settled_stays(store: Store) -> None:
    decide(store, 1, "Training")
    with store.writing() as db:
        db.execute(update(places).values(settled=True))
    assert waiting(store) == {}


def test_uids_of_another_uidvalidity_are_never_moved(store: Store) -> None:
    decide(store, 1, "Training")
    assert waiting(store, uidvalidity=8) == {}


def test_a_batch_has_its_limit_and_begins_with_the_oldest(store: Store) -> None:
    for message in (1, 2, 3):
        decide(store, message, "Training")
    with store.reading() as db:
        assert tidying.misplaced(db, US, "INBOX", 7, "Training", 2) == (Misplaced(1, 11), Misplaced(2, 12))


def test_a_moved_message_is_known_at_its_new_place(store: Store) -> None:
    decide(store, 1, "Training")
    decide(store, 2, "Training")
    with store.writing() as db:
        tidying.note_moved(db, US, "Training", 9, {1: 101, 2: 102})
    assert waiting(store) == {}
    assert place(store, 1) == ("Training", 9, 101, True, False)
    assert place(store, 2) == ("Training", 9, 102, True, False)
    with store.reading() as db:
        assert receiving.known_uids(db, US, "Training", 9) == {101, 102}


def test_a_new_place_that_is_known_already_is_not_written_twice(store: Store) -> None:
    decide(store, 1, "Training")
    with store.writing() as db:
        values = {"mailbox": US, "folder": "Training", "uidvalidity": 9, "uid": 101, "message": 1}
        db.execute(insert(places).values(settled=True, departed=False, **values))
        tidying.note_moved(db, US, "Training", 9, {1: 101})
    assert place(store, 1) == ("INBOX", 7, 11, True, True)


def test_a_message_that_went_somewhere_unknown_has_departed(store: Store) -> None:
    decide(store, 1, "Training")
    with store.writing() as db:
        tidying.note_departed(db, [1])
        tidying.note_departed(db, [])
    assert waiting(store) == {}
    assert place(store, 1) == ("INBOX", 7, 11, True, True)


def place(store: Store, number: int) -> tuple[object, ...]:
    columns = (places.c.folder, places.c.uidvalidity, places.c.uid, places.c.settled, places.c.departed)
    with store.reading() as db:
        return tuple(db.execute(select(*columns).where(places.c.id == number)).one())
