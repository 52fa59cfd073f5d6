from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from filed import NOW
from mailflow.errors import UserError
from mailflow.store import people, sessions
from mailflow.store.database import Store
from mailflow.store.tables import desk_sessions, events
from mailflow.store.tables import people as people_table

PASSWORD = "correct horse battery"


@pytest.fixture
def ada(store: Store) -> str:
    with store.writing() as db:
        return people.add(db, "Ada", PASSWORD, "root", NOW).name


def test_only_the_hash_of_a_password_is_kept(store: Store, ada: str) -> None:
    with store.reading() as db:
        kept = db.execute(select(people_table.c.password)).scalar_one()
        assert kept.startswith("$argon2id$")
        assert people.verify(db, "ADA", PASSWORD) == ada
        assert people.verify(db, ada, PASSWORD + "!") is None
        assert people.verify(db, "nobody", PASSWORD) is None
        assert people.verify(db, ada, "") is None


def test_a_name_that_nobody_has_is_checked_against_a_hash_as_well(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    original = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda self, kept, word: (checked.append(kept), original(self, kept, word))[1])
    with store.reading() as db:
        assert people.verify(db, "nobody", "nobody's password") is None
    assert len(checked) == 1


@pytest.mark.parametrize("name", ["", "a b", "<script>", "-x", "x" * 65, "sam@university.example"])
def test_a_name_that_cannot_be_one_is_refused(store: Store, name: str) -> None:
    with store.writing() as db, pytest.raises(UserError, match="cannot be a user's name"):
        people.add(db, name, PASSWORD, "root", NOW)


@pytest.mark.parametrize(("password", "why"), [("short", "at least 12"), ("x" * 257, "at most 256")])
def test_a_password_of_the_wrong_length_is_refused(store: Store, password: str, why: str) -> None:
    with store.writing() as db, pytest.raises(UserError, match=why):
        people.add(db, "ada", password, "root", NOW)


def test_two_people_cannot_have_one_name(store: Store, ada: str) -> None:
    with store.writing() as db, pytest.raises(UserError, match="already"):
        people.add(db, "ADA", PASSWORD, "root", NOW)


def test_a_weaker_hash_is_renewed(store: Store, ada: str) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    with store.writing() as db:
        db.execute(update(people_table).values(password=weak))
        people.renew_hash(db, ada, PASSWORD)
        assert db.execute(select(people_table.c.password)).scalar_one() != weak
        assert people.verify(db, ada, PASSWORD) == ada


def test_a_new_password_signs_out_everywhere(store: Store, ada: str) -> None:
    with store.writing() as db:
        token = sessions.start(db, ada, NOW)
        people.set_password(db, ada, PASSWORD + " staple", "root", NOW)
        assert sessions.find(db, token, NOW) is None
        assert people.verify(db, ada, PASSWORD) is None
        assert people.verify(db, ada, PASSWORD + " staple") == ada


def test_who_is_removed_is_signed_out_and_not_let_in(store: Store, ada: str) -> None:
    with store.writing() as db:
        token = sessions.start(db, ada, NOW)
        people.remove(db, "Ada", "root", NOW)
        assert sessions.find(db, token, NOW) is None
        assert people.verify(db, ada, PASSWORD) is None
        assert people.everybody(db) == []
        with pytest.raises(UserError, match="There is no user"):
            people.remove(db, ada, "root", NOW)
        with pytest.raises(UserError, match="There is no user"):
            people.set_password(db, ada, PASSWORD, "root", NOW)


def test_only_the_hash_of_a_token_is_kept(store: Store, ada: str) -> None:
    with store.writing() as db:
        token = sessions.start(db, ada, NOW)
        assert db.execute(select(desk_sessions.c.token)).scalar_one() != token
        found = sessions.find(db, token, NOW)
        assert found and (found.person, len(found.csrf)) == (ada, 43)
        assert sessions.find(db, token + "x", NOW) is None


def test_a_session_ends_when_idle_for_two_hours(store: Store, ada: str) -> None:
    with store.writing() as db:
        token = sessions.start(db, ada, NOW)
        assert sessions.find(db, token, NOW + timedelta(hours=1, minutes=59))
        sessions.note_use(db, token, NOW + timedelta(hours=1, minutes=59))
        assert sessions.find(db, token, NOW + timedelta(hours=3, minutes=58))
        assert sessions.find(db, token, NOW + timedelta(hours=3, minutes=59)) is None


def test_a_session_ends_after_twelve_hours_however_busy(store: Store, ada: str) -> None:
    with store.writing() as db:
        token = sessions.start(db, ada, NOW)
        sessions.note_use(db, token, NOW + timedelta(hours=11, minutes=59))
        assert sessions.find(db, token, NOW + timedelta(hours=11, minutes=59))
        assert sessions.find(db, token, NOW + timedelta(hours=12)) is None


def test_sessions_that_have_run_out_are_cleared_away(store: Store, ada: str) -> None:
    with store.writing() as db:
        sessions.start(db, ada, NOW)
        sessions.start(db, ada, NOW + timedelta(hours=5))
        assert len(db.execute(select(desk_sessions.c.token)).all()) == 1


def test_signing_in_and_out_is_on_record(store: Store, ada: str) -> None:
    with store.writing() as db:
        token = sessions.start(db, ada, NOW)
        sessions.end(db, token, ada, NOW)
        sessions.end(db, token, ada, NOW)
        assert sessions.find(db, token, NOW) is None
        done = db.execute(select(events.c.who, events.c.what).order_by(events.c.id)).all()
    assert [tuple(row) for row in done] == [("root", "added user"), ("ada", "signed in"), ("ada", "signed out")]
