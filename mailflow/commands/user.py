"""`mailflow user`: who may sign in at the desk."""

import json
import secrets
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from mailflow.commands.opening import opened_store, who_asks
from mailflow.domain import Role
from mailflow.errors import UserError

if TYPE_CHECKING:
    from mailflow.store.people import Person

app = typer.Typer(no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Letters, digits, dots and dashes, such as j.smith.", show_default=False)]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]
Generate = Annotated[bool, typer.Option("--generate", help="Make a password up, and print it once.")]


ROLES = (
    "reader: look at cases and plain mail; adviser: also at sensitive mail, and answer; reviewer: also read stories and decide; "
    "administrator: also people, rules and the audit log."
)
RoleOf = Annotated[Role, typer.Option("--role", help=ROLES)]


@app.callback()
def user() -> None:
    """Say who may sign in at the desk.

    Example: mailflow user add j.smith
    """


@app.command()
def add(name: Name, role: RoleOf = Role.ADVISER, password_stdin: FromStdin = False, generate: Generate = False) -> None:
    """Let somebody sign in.

    Example: mailflow user add j.smith --role reviewer
    """
    from mailflow.store import people

    with opened_store() as store:
        password = _password(password_stdin, generate)
        with store.writing() as db:
            person = people.add(db, name, password, who_asks(), datetime.now(UTC), role)
            nobody = people.without_administrator(db)
    _tell(f"{person.name} may sign in, as {person.role}.", password if generate else None)
    if nobody:
        print(f"Nobody is administrator yet, to look after people at the desk: mailflow user role {person.name} administrator")


@app.command()
def role(name: Name, role: Annotated[Role, typer.Argument(help=ROLES, show_default=False)]) -> None:
    """Give somebody another role, from their next page on.

    Example: mailflow user role j.smith administrator
    """
    from mailflow.store import people

    with opened_store() as store, store.writing() as db:
        people.set_role(db, name, role, who_asks(), datetime.now(UTC))
        nobody = people.without_administrator(db)
    print(f"{name.lower()} is {role}.")
    if nobody:
        print("Nobody is administrator any more.")


@app.command("list")
def list_people(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List who may sign in.

    Example: mailflow user list
    """
    from mailflow.store import people

    with opened_store() as store, store.reading() as db:
        everybody = people.everybody(db)
    if as_json:
        print(json.dumps([_told(person) for person in everybody]))
        return
    for person in everybody:
        how = "" if person.has_password else ", by university account"
        print(f"{person.name}  {person.role}{how}, since {person.created_at:%Y-%m-%d}")
    if not everybody:
        print("Nobody may sign in yet; write: mailflow user add NAME")


@app.command()
def remove(name: Name) -> None:
    """Let somebody in no more. What they decided stays on record under their name.

    Example: mailflow user remove j.smith
    """
    from mailflow.store import people

    with opened_store() as store, store.writing() as db:
        people.remove(db, name, who_asks(), datetime.now(UTC))
    print(f"{name.lower()} is signed out and may not sign in any more.")


@app.command()
def password(name: Name, password_stdin: FromStdin = False, generate: Generate = False) -> None:
    """Give somebody a new password; they are signed out everywhere.

    Example: mailflow user password j.smith
    """
    from mailflow.store import people

    with opened_store() as store:
        new = _password(password_stdin, generate)
        with store.writing() as db:
            people.set_password(db, name, new, who_asks(), datetime.now(UTC))
    _tell(f"{name.lower()} has a new password.", new if generate else None)


def _password(from_stdin: bool, generate: bool) -> str:
    if from_stdin and generate:
        raise UserError("Write --password-stdin or --generate, not both.")
    if generate:
        return secrets.token_urlsafe(15)
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise UserError("There is no terminal to ask for the password; write --password-stdin or --generate.")
    asked: str = typer.prompt("Password (at least 12 characters)", hide_input=True, confirmation_prompt="The same again")
    return asked


def _told(person: "Person") -> dict[str, object]:
    since = person.created_at.isoformat()
    return {"name": person.name, "role": person.role, "password": person.has_password, "since": since}


def _tell(sentence: str, made_up: str | None) -> None:
    print(sentence)
    if made_up:
        print(f"Password: {made_up}")
