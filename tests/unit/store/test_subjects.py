"""People whom the university's own sign-in sends: known by their subject, under a name that is free."""

import pytest

from filed import NOW
from mailflow.domain import Role
from mailflow.store import people, sessions, subjects
from mailflow.store.database import Store, migrate


@pytest.fixture
def filled(store: Store) -> Store:
    migrate(store)
    return store


@pytest.mark.parametrize(
    ("wished", "name"),
    [
        ("Zoë.Ode@university.example", "zoe.ode"),
        ("UNIVERSITY\\zo1", "university-zo1"),
        ("O'Neil, Mia", "o-neil-mia"),
        ("李雷", "user"),
        ("", "user"),
        ("-._@x", "user"),
        ("x" * 500, "x" * subjects.LONGEST_NAME),
        ("<script>", "script"),
    ],
)
def test_a_name_is_made_of_what_can_be_one(wished: str, name: str) -> None:
    assert subjects.as_name(wished) == name


def test_a_name_that_is_taken_gets_a_number_and_a_subject_keeps_its_name(filled: Store) -> None:
    with filled.writing() as db:
        people.add(db, "zoe", "correct horse battery", "root", NOW)
        people.add(db, "zoe-3", "correct horse battery", "root", NOW)
        names = [subjects.arrive(db, f"issuer {number}", "zoe", Role.READER, NOW) for number in (1, 2, 1, 3)]
        assert names == ["zoe-2", "zoe-4", "zoe-2", "zoe-5"]
        assert people.person(db, "zoe").has_password
        assert not people.person(db, "zoe-2").has_password


def test_who_has_no_role_any_more_is_signed_out_and_others_are_not(filled: Store) -> None:
    with filled.writing() as db:
        zoe, mia = (
            sessions.start(db, subjects.arrive(db, f"issuer {name}", name, Role.READER, NOW), NOW) for name in ("zoe", "mia")
        )
        subjects.turn_away(db, "issuer zoe", NOW)
        subjects.turn_away(db, "issuer nobody", NOW)
        assert sessions.find(db, zoe, NOW) is None
        assert sessions.find(db, mia, NOW)
