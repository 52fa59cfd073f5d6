from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from mailflow.domain import Fetched, Location, MessageState, Trouble, imap
from mailflow.store import receiving, troubles
from mailflow.store.database import Store
from mailflow.store.receiving import ReadTo
from mailflow.store.tables import cursors, messages, places, raws

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
US = "edi.centre@university.example"


def fetched(uid: int, raw: bytes = b"", uidvalidity: int = 7, folder: str = "INBOX") -> Fetched:
    raw = raw or b"message %d" % uid
    return Fetched(Location(US, folder, uidvalidity, uid), raw, NOW, fingerprint=raw.hex(), message_id=None)


def keep(store: Store, *found: Fetched, uidvalidity: int = 7, folder: str = "INBOX") -> int:
    with store.writing() as db:
        cursor = ReadTo(uidvalidity, max((f.location.uid for f in found), default=0))
        return receiving.keep(db, US, folder, found, cursor, NOW)


def count(store: Store, table: str) -> int:
    with store.reading() as db:
        return db.execute(
            select(func.count()).select_from({"message": messages, "raw": raws, "place": places}[table])
        ).scalar_one()


def lying(store: Store) -> list[tuple[object, ...]]:
    with store.reading() as db:
        rows = db.execute(select(places.c.uidvalidity, places.c.uid, places.c.settled, places.c.departed).order_by(places.c.id))
        return [tuple(row) for row in rows]


def state_all(store: Store, state: MessageState) -> None:
    with store.writing() as db:
        db.execute(update(messages).values(state=state))


def test_a_folder_never_read_has_a_cursor_of_zeros(store: Store) -> None:
    with store.reading() as db:
        assert receiving.read_to(db, US, "INBOX") == ReadTo(0, 0)


def test_messages_their_bytes_and_the_cursor_come_together(store: Store) -> None:
    assert keep(store, fetched(1), fetched(2)) == 2
    with store.reading() as db:
        assert receiving.read_to(db, US, "INBOX") == ReadTo(7, 2)
        assert receiving.known_uids(db, US, "INBOX", 7) == {1, 2}
        assert list(db.execute(select(messages.c.state)).scalars()) == [MessageState.RECEIVED] * 2
        assert list(db.execute(select(raws.c.content)).scalars()) == [b"message 1", b"message 2"]


def test_a_transaction_that_fails_keeps_neither_bytes_nor_cursor(store: Store) -> None:
    with pytest.raises(RuntimeError), store.writing() as db:
        receiving.keep(db, US, "INBOX", [fetched(1)], ReadTo(7, 1), NOW)
        raise RuntimeError
    assert count(store, "message") == count(store, "raw") == 0
    with store.reading() as db:
        assert receiving.read_to(db, US, "INBOX") == ReadTo()


def test_keeping_the_same_again_changes_nothing(store: Store) -> None:
    keep(store, fetched(1), fetched(2))
    assert keep(store, fetched(1), fetched(2)) == 0
    assert (count(store, "message"), count(store, "place")) == (2, 2)


def test_two_copies_in_one_batch_are_one_message_in_two_places(store: Store) -> None:
    assert keep(store, fetched(1, b"same"), fetched(2, b"same")) == 1
    assert (count(store, "message"), count(store, "raw"), count(store, "place")) == (1, 1, 2)


def test_an_empty_batch_moves_the_cursor(store: Store) -> None:
    with store.writing() as db:
        assert receiving.keep(db, US, "INBOX", [], ReadTo(7, 9), NOW) == 0
    with store.reading() as db:
        assert receiving.read_to(db, US, "INBOX") == ReadTo(7, 9)


def test_a_message_not_yet_decided_is_still_to_be_tidied_wherever_it_lies(store: Store) -> None:
    keep(store, fetched(1, b"same"))
    keep(store, fetched(2, b"same"))
    assert lying(store) == [(7, 1, False, False), (7, 2, False, False)]


def test_a_decided_message_that_a_person_put_back_stays_there(store: Store) -> None:
    keep(store, fetched(1, b"same"))
    with store.writing() as db:
        db.execute(update(messages).values(state=MessageState.FILED, folder="Training"))
        db.execute(update(places).values(folder="Training", uid=5, settled=True))
    keep(store, fetched(2, b"same"))
    assert lying(store)[-1] == (7, 2, True, False)


def delivered_again(uid: int) -> Fetched:
    return replace(fetched(uid, b"same"), arrived=NOW + timedelta(minutes=3))


def test_a_copy_that_is_delivered_after_its_twin_was_moved_follows_it(store: Store) -> None:
    keep(store, fetched(1, b"same"))
    with store.writing() as db:
        db.execute(update(messages).values(state=MessageState.FILED, folder="Training"))
        db.execute(update(places).values(folder="Training", uid=5, settled=True))
    assert keep(store, delivered_again(2)) == 0
    assert lying(store)[-1] == (7, 2, False, False)


def test_a_copy_whose_twin_still_lies_in_the_inbox_stays_with_it(store: Store) -> None:
    keep(store, fetched(1, b"same"))
    with store.writing() as db:
        db.execute(update(messages).values(state=MessageState.FILED, folder="Training"))
        db.execute(update(places).values(settled=True))
    keep(store, delivered_again(2))
    assert lying(store)[-1] == (7, 2, True, False)


def test_a_renumbered_message_that_was_still_to_be_moved_is_moved_from_its_new_place(store: Store) -> None:
    keep(store, fetched(1, b"same"))
    state_all(store, MessageState.FILED)
    assert keep(store, fetched(1, b"same", uidvalidity=8), uidvalidity=8) == 0
    assert lying(store) == [(7, 1, True, True), (8, 1, False, False)]


def test_a_renumbered_message_that_was_settled_stays_settled(store: Store) -> None:
    keep(store, fetched(1, b"same"))
    state_all(store, MessageState.FILED)
    with store.writing() as db:
        db.execute(update(places).values(settled=True))
    keep(store, fetched(1, b"same", uidvalidity=8), uidvalidity=8)
    assert lying(store) == [(7, 1, True, True), (8, 1, True, False)]


def test_the_first_failure_is_remembered_until_a_look_goes_well(store: Store) -> None:
    later = NOW + timedelta(hours=2)
    with store.writing() as db:
        troubles.note(db, imap("INBOX"), "no answer", NOW)
        troubles.note(db, imap("INBOX"), "still none", NOW + timedelta(hours=1))
        assert troubles.standing(db) == (Trouble("IMAP INBOX", NOW, "still none"),)
        receiving.note_poll(db, US, "Sent", later)
        assert troubles.standing(db)
        receiving.note_poll(db, US, "INBOX", later)
        assert troubles.standing(db) == ()
        assert receiving.polled_at(db, US, "INBOX") == later


def test_the_two_counts_are_noted(store: Store) -> None:
    with store.writing() as db:
        receiving.note_count(db, US, "INBOX", 10, 9, NOW)
        row = db.execute(select(cursors)).one()
    assert (row.on_server, row.known, row.counted_at) == (10, 9, NOW)
