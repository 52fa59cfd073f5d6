"""`mailflow check`: is everything as it must be? Settings, rules, templates, database, servers. Sends and changes nothing."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from mailflow import settings
from mailflow.domain import Mode
from mailflow.errors import MailflowError, UserError
from mailflow.settings import Settings


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `well` is None where it could not be looked at, or wants a thought."""

    what: str
    well: bool | None
    says: str


def check(
    offline: Annotated[bool, typer.Option("--offline", help="Only files: do not sign in anywhere.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON list.")] = False,
) -> None:
    """Read the settings, rules.toml and every template, open the database, and sign in to both servers. Sends nothing.

    Example: mailflow check --offline
    """
    chosen = settings.load()
    findings = list(_look(chosen, offline))
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        _print(findings)
    if any(finding.well is False for finding in findings):
        raise typer.Exit(2)


def _look(chosen: Settings, offline: bool) -> Iterator[Finding]:
    yield from (Finding("settings", None, phrase) for phrase in settings.unknown_names())
    yield from _try("rules and templates", lambda: _rules_and_templates(chosen))
    yield from _try("data folder", lambda: _data_folder(chosen))
    if offline and not chosen.database.startswith("sqlite"):
        yield Finding("database", None, "not tried (--offline)")
    else:
        yield from _try("database", lambda: _database(chosen))
    yield _readers(chosen)
    if chosen.mode is not Mode.REHEARSAL and chosen.go_live is None:
        advice = "MAILFLOW_GO_LIVE is not set: every message in the folder may be answered, however old. Write a date."
        yield Finding("go-live date", None, advice)
    for server, name, look in (("IMAP", "imap_host", _mailbox), ("SMTP", "smtp_host", _relay)):
        if offline or name not in chosen.model_fields_set:
            why = "not tried (--offline)" if offline else f"not tried: MAILFLOW_{name.upper()} is not set"
            yield Finding(server, None, why)
        else:
            yield from _try(server, lambda look=look: look(chosen))  # type: ignore[misc]


def _try(what: str, look: Callable[[], str]) -> Iterator[Finding]:
    try:
        yield Finding(what, True, look())
    except UserError as error:
        yield from (Finding(what, False, problem) for problem in error.problems)
    except MailflowError as error:
        yield Finding(what, False, str(error))


def _rules_and_templates(chosen: Settings) -> str:
    from mailflow.deciding import House

    house = House.build(chosen)
    sound = f"{len(house.rules.rules)} rules and {len(house.templates.names)} templates are sound"
    return f"{sound} ({chosen.rules}, {chosen.templates})"


def _data_folder(chosen: Settings) -> str:
    _write_into(chosen.data, "MAILFLOW_DATA")
    return f"{chosen.data} can be written to"


def _write_into(folder: Path, setting: str) -> None:
    """Makes a file there and removes it; above it, where the folder is still to be made. No other test is to be believed."""
    try:
        existing = next(place for place in (folder, *folder.resolve().parents) if place.exists())
        with NamedTemporaryFile(dir=existing, prefix=".mailflow-check-"):
            pass
    except OSError as error:
        advice = "name a folder that the user mailflow runs as may write to"
        raise UserError(f"{setting}: {folder} cannot be written to ({error.strerror}); {advice}.") from None


def _database(chosen: Settings) -> str:
    from mailflow.store.database import Store, is_current, sqlite_file

    file = sqlite_file(chosen.database)
    if file and not file.exists():
        _write_into(file.parent, "MAILFLOW_DATABASE_URL" if chosen.database_url else "MAILFLOW_DATA")
        return f"SQLite at {file}: not there yet, `mailflow run` makes it"
    store = Store(chosen.database)
    try:
        return f"{store.title}: " + (
            "opens" if is_current(store) else "opens, and `mailflow run` brings it to this version's form"
        )
    finally:
        store.close()


def _readers(chosen: Settings) -> Finding:
    what = "who is told"
    if chosen.team:
        return Finding(what, True, f"digest to {len(chosen.team)}, alerts to {len(chosen.alert_recipients)}")
    advice = "MAILFLOW_TEAM is empty: nobody gets the digest or the alerts; write addresses with commas between."
    return Finding(what, None if chosen.mode is Mode.REHEARSAL else False, advice)


def _mailbox(chosen: Settings) -> str:
    from mailflow.inbox.mailbox import Mailbox

    with Mailbox.connect(chosen) as mailbox:
        mailbox.open(chosen.imap_folder, readonly=True)
        waiting = len(mailbox.all_uids())
        extras = [name for name in ("IDLE", "MOVE", "UIDPLUS") if mailbox.can(name)]
    found = f"{waiting} messages in {chosen.imap_folder}; the server has {', '.join(extras) or 'no extras'}"
    return f"signed in as {chosen.imap_login}; {found}"


def _relay(chosen: Settings) -> str:
    from mailflow.outbox.smtp import Relay

    relay = Relay(chosen)
    relay.open()
    relay.close()
    return f"{chosen.smtp_host} lets us in; nothing was sent"


def _print(findings: list[Finding]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    marks = {True: "[green]✓[/]", False: "[red]✗[/]", None: "[yellow]–[/]"}
    for finding in findings:
        console.print(f"{marks[finding.well]} [bold]{finding.what}[/]: {escape(finding.says)}")
