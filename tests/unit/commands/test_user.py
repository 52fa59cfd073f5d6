"""`mailflow user`: who may sign in at the desk, from the command line."""

import json
import re
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from mailflow.commands.user import app
from mailflow.domain import Role
from mailflow.errors import UserError
from mailflow.store import people, subjects
from mailflow.store.database import Store

pytestmark = pytest.mark.usefixtures("store")

PASSWORD = "correct horse battery"


def _said(*words: str, typed: str = "") -> str:
    result = CliRunner().invoke(app, words, input=typed, catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def _refused(*words: str, typed: str = "") -> str:
    error = CliRunner().invoke(app, words, input=typed).exception
    assert isinstance(error, UserError)
    return str(error)


def _may_sign_in(store: Store, name: str, password: str) -> bool:
    with store.reading() as db:
        return people.verify(db, name, password) is not None


def test_a_user_is_added_changed_listed_and_removed(store: Store) -> None:
    assert _said("list") == "Nobody may sign in yet; write: mailflow user add NAME\n"
    assert _said("add", "Ada", "--password-stdin", typed=PASSWORD + "\n") == (
        "ada may sign in, as adviser.\n"
        "Nobody is administrator yet, to look after people at the desk: mailflow user role ada administrator\n"
    )
    assert _may_sign_in(store, "ada", PASSWORD)
    assert _said("password", "ada", "--password-stdin", typed=PASSWORD + " staple\n") == "ada has a new password.\n"
    assert _may_sign_in(store, "ada", PASSWORD + " staple")
    assert _said("list").startswith("ada  adviser, since 20")
    assert [(person["name"], person["role"]) for person in json.loads(_said("list", "--json"))] == [("ada", "adviser")]
    assert _said("remove", "ada") == "ada is signed out and may not sign in any more.\n"
    assert not _may_sign_in(store, "ada", PASSWORD + " staple")


def test_a_role_is_given_at_first_or_later_and_the_last_administrator_is_missed(store: Store) -> None:
    assert (
        _said("add", "ada", "--role", "administrator", "--password-stdin", typed=PASSWORD)
        == "ada may sign in, as administrator.\n"
    )
    assert _said("add", "bo", "--role", "reader", "--password-stdin", typed=PASSWORD) == "bo may sign in, as reader.\n"
    assert _said("role", "Bo", "reviewer") == "bo is reviewer.\n"
    assert _said("role", "ada", "reader") == "ada is reader.\nNobody is administrator any more.\n"
    with store.reading() as db:
        assert [person.role for person in people.everybody(db)] == [Role.READER, Role.REVIEWER]


def test_who_comes_by_university_account_is_listed_as_such(store: Store) -> None:
    with store.writing() as db:
        subjects.arrive(db, "https://issuer.example 7", "zoe@university.example", Role.ADVISER, datetime.now(UTC))
    assert _said("list").startswith("zoe  adviser, by university account, since 20")
    assert json.loads(_said("list", "--json"))[0]["password"] is False
    assert "comes with their university account" in _refused("role", "zoe", "reader")


def test_a_password_that_was_made_up_is_printed_once_and_works(store: Store) -> None:
    printed = re.search(r"Password: (\S{20})\n", _said("add", "ada", "--generate"))
    assert printed
    assert _may_sign_in(store, "ada", printed[1])


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["add", "ada"], "There is no terminal to ask for the password"),
        (["add", "ada", "--password-stdin"], "at least 12 characters"),
        (["add", "a b", "--generate"], "cannot be a user's name"),
        (["add", "ada", "--generate", "--password-stdin"], "not both"),
        (["remove", "ada"], "There is no user 'ada'"),
        (["password", "ada", "--generate"], "There is no user 'ada'"),
        (["role", "ada", "reader"], "There is no user 'ada'"),
    ],
)
def test_what_cannot_be_done_is_said(words: list[str], why: str) -> None:
    assert why in _refused(*words, typed="short\n")


@pytest.mark.parametrize("command", [[], ["add"], ["list"], ["remove"], ["password"], ["role"]])
def test_help_has_an_example(command: list[str]) -> None:
    assert "Example: mailflow user" in _said(*command, "--help")
