"""`mailflow user`: who may sign in at the desk, from the command line."""

import json
import re

import pytest
from typer.testing import CliRunner

from mailflow.commands.user import app
from mailflow.errors import UserError
from mailflow.store import people
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
    assert _said("add", "Ada", "--password-stdin", typed=PASSWORD + "\n") == "ada may sign in.\n"
    assert _may_sign_in(store, "ada", PASSWORD)
    assert _said("password", "ada", "--password-stdin", typed=PASSWORD + " staple\n") == "ada has a new password.\n"
    assert _may_sign_in(store, "ada", PASSWORD + " staple")
    assert _said("list").startswith("ada  since 20")
    assert [person["name"] for person in json.loads(_said("list", "--json"))] == ["ada"]
    assert _said("remove", "ada") == "ada is signed out and may not sign in any more.\n"
    assert not _may_sign_in(store, "ada", PASSWORD + " staple")


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
    ],
)
def test_what_cannot_be_done_is_said(words: list[str], why: str) -> None:
    assert why in _refused(*words, typed="short\n")


@pytest.mark.parametrize("command", [[], ["add"], ["list"], ["remove"], ["password"]])
def test_help_has_an_example(command: list[str]) -> None:
    assert "Example: mailflow user" in _said(*command, "--help")
