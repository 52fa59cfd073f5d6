"""The command line over a database of its own, in a folder of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from mailflow.store.database import Store, migrate

ROOT = Path(__file__).parents[3]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The database that the commands find."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MAILFLOW_DATA", str(tmp_path))
    monkeypatch.setenv("MAILFLOW_RULES", str(ROOT / "rules.toml"))
    monkeypatch.setenv("MAILFLOW_TEMPLATES", str(ROOT / "templates"))
    opened = Store(f"sqlite:///{tmp_path / 'mailflow.db'}")
    migrate(opened)
    yield opened
    opened.close()


@pytest.fixture
def run(store: Store) -> Callable[..., Result]:
    """Runs one command: run(status, "--json")."""

    def run(command: Callable[..., None], *words: str) -> Result:
        app = typer.Typer(pretty_exceptions_enable=False)
        app.command()(command)
        return CliRunner().invoke(app, words)

    return run
