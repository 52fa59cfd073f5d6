from datetime import timedelta

from filed import NOW
from mailflow.desk.people.throttle import TRIES_BY_ADDRESS, TRIES_BY_NAME, TRIES_BY_NAME_ALTOGETHER, WINDOW, Throttle


def test_a_name_may_be_tried_so_often_from_one_address() -> None:
    throttle = Throttle()
    assert [throttle.admits("Ada", "10.0.0.1", NOW) for _ in range(TRIES_BY_NAME + 1)] == [True] * TRIES_BY_NAME + [False]
    assert not throttle.admits("ada", "10.0.0.1", NOW)
    assert throttle.admits("ada", "10.0.0.2", NOW)


def test_a_household_has_one_address_however_many_it_writes() -> None:
    throttle = Throttle()
    tries = [throttle.admits("ada", f"2001:db8:1:2::{number:x}", NOW) for number in range(TRIES_BY_NAME + 1)]
    assert tries == [True] * TRIES_BY_NAME + [False]
    assert throttle.admits("ada", "2001:db8:1:3::1", NOW)


def test_many_names_may_be_tried_so_often_from_one_address() -> None:
    throttle = Throttle()
    tries = [throttle.admits(f"name{number}", "10.0.0.1", NOW) for number in range(TRIES_BY_ADDRESS + 1)]
    assert tries == [True] * TRIES_BY_ADDRESS + [False]


def test_one_name_may_be_tried_so_often_from_many_addresses() -> None:
    throttle = Throttle()
    tries = [throttle.admits("ada", f"10.0.0.{number}", NOW) for number in range(TRIES_BY_NAME_ALTOGETHER + 1)]
    assert tries == [True] * TRIES_BY_NAME_ALTOGETHER + [False]
    assert throttle.admits("bo", "10.0.0.99", NOW)
    assert throttle.admits("ada", "10.0.0.99", NOW + WINDOW)


def test_tries_are_forgotten_one_by_one() -> None:
    throttle = Throttle()
    for minute in range(TRIES_BY_NAME):
        assert throttle.admits("ada", "10.0.0.1", NOW + timedelta(minutes=minute))
    assert throttle.admits("ada", "10.0.0.1", NOW + WINDOW)
    assert not throttle.admits("ada", "10.0.0.1", NOW + WINDOW)


def test_who_signs_in_starts_anew() -> None:
    throttle = Throttle()
    for _ in range(3 * TRIES_BY_NAME):
        assert throttle.admits("ada", "10.0.0.1", NOW)
        throttle.forgive("ada", "10.0.0.1")
