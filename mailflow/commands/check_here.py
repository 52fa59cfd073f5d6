"""What `mailflow check` finds on this machine: rules, templates, the data folder, the database, and who is told."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile

from mailflow.commands.finding import Finding, tried
from mailflow.domain import Mode
from mailflow.errors import UserError
from mailflow.settings import Settings


def look_here(chosen: Settings, offline: bool) -> Iterator[Finding]:
    """Everything but the mail servers; with `offline`, no database on another machine either."""
    yield from tried("rules and templates", lambda: _rules_and_templates(chosen))
    yield from tried("data folder", lambda: _data_folder(chosen))
    yield from _learnt(chosen)
    if offline and not chosen.database.startswith("sqlite"):
        yield Finding("database", None, "not tried (--offline)")
    else:
        yield from tried("database", lambda: _database(chosen))
    yield _readers(chosen)
    if chosen.mode is not Mode.REHEARSAL and chosen.go_live is None:
        advice = "MAILFLOW_GO_LIVE is not set: every message in the folder may be answered, however old. Write a date."
        yield Finding("go-live date", None, advice)


def _rules_and_templates(chosen: Settings) -> Iterator[Finding]:
    from mailflow.deciding import House

    house = House.build(chosen)
    sound = f"{len(house.rules.rules)} rules and {len(house.templates.names)} templates are sound"
    yield Finding("rules and templates", True, f"{sound} ({chosen.rules}, {chosen.templates})")


def _data_folder(chosen: Settings) -> Iterator[Finding]:
    _write_into(chosen.data, "MAILFLOW_DATA")
    yield Finding("data folder", True, f"{chosen.data} can be written to")


def _learnt(chosen: Settings) -> Iterator[Finding]:
    """Nothing where nobody has ever had mailflow learn."""
    from mailflow.learnt import in_use

    found, what = in_use(chosen.learnt), "what was learnt"
    if found.problem:
        yield Finding(what, None, found.problem)
    if found.learnt:
        yield Finding(what, True, f"messages are judged by {found.learnt.name}, learnt from {len(found.learnt.said)} corrections")


def _write_into(folder: Path, setting: str) -> None:
    """Makes a file there and removes it; above it, where the folder is still to be made. No other test is to be believed."""
    try:
        existing = next(place for place in (folder, *folder.resolve().parents) if place.exists())
        with NamedTemporaryFile(dir=existing, prefix=".mailflow-check-"):
            pass
    except OSError as error:
        advice = "name a folder that the user mailflow runs as may write to"
        raise UserError(f"{setting}: {folder} cannot be written to ({error.strerror}); {advice}.") from None


def _database(chosen: Settings) -> Iterator[Finding]:
    from mailflow.store.database import Store, is_current, sqlite_file

    file = sqlite_file(chosen.database)
    if file and not file.exists():
        _write_into(file.parent, "MAILFLOW_DATABASE_URL" if chosen.database_url else "MAILFLOW_DATA")
        yield Finding("database", True, f"SQLite at {file}: not there yet, `mailflow run` makes it")
        return
    store = Store(chosen.database)
    try:
        state = "opens" if is_current(store) else "opens, and `mailflow run` brings it to this version's form"
        yield Finding("database", True, f"{store.title}: {state}")
    finally:
        store.close()


def _readers(chosen: Settings) -> Finding:
    what = "who is told"
    if chosen.team:
        return Finding(what, True, f"digest to {len(chosen.team)}, alerts to {len(chosen.alert_recipients)}")
    advice = "MAILFLOW_TEAM is empty: nobody gets the digest or the alerts; write addresses with commas between."
    return Finding(what, None if chosen.mode is Mode.REHEARSAL else False, advice)
