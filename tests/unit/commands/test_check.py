"""`mailflow check`: what would go wrong at the start is told before it, and nothing is changed by looking."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import text
from structlog.testing import capture_logs

from mailflow.commands.check import check
from mailflow.commands.daemon import warn_of_unknown_names
from mailflow.store.database import Store
from servers.starting import HOST, free_port

Run = Callable[..., Result]


def found(run: Run, what: str, *words: str) -> dict[str, Any]:
    """The one finding of this name."""
    findings = [one for one in json.loads(run(check, "--json", *words).output) if one["what"] == what]
    assert len(findings) == 1
    return findings[0]


def test_a_sound_installation_is_well(run: Run) -> None:
    shown = run(check, "--offline")
    assert shown.exit_code == 0
    assert "✓ database: SQLite at " in shown.output
    assert "mailflow.db: opens" in shown.output
    assert "settings:" not in shown.output


def test_a_misspelt_name_is_told_and_is_no_error(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILFLOW_MOED", "live")
    (tmp_path / ".env").write_text("MAILFLOW_IMAP_HOTS=imap.example\n")
    shown = run(check, "--offline")
    assert shown.exit_code == 0
    assert "settings: MAILFLOW_IMAP_HOTS is no setting; did you mean MAILFLOW_IMAP_HOST?" in shown.output
    assert "settings: MAILFLOW_MOED is no setting; did you mean MAILFLOW_MODE?" in shown.output


def test_a_misspelt_name_is_one_warning_at_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with capture_logs() as logs:
        warn_of_unknown_names()
        monkeypatch.setenv("MAILFLOW_MOED", "live")
        warn_of_unknown_names()
    assert [(line["log_level"], line["names"]) for line in logs] == [
        ("warning", ["MAILFLOW_MOED is no setting; did you mean MAILFLOW_MODE?"])
    ]


@pytest.mark.parametrize("folder", ["/proc/mailflow", "/dev/null/data"])
def test_a_folder_that_only_seems_writable_is_told(run: Run, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    monkeypatch.setenv("MAILFLOW_DATA", folder)
    told = found(run, "data folder", "--offline")
    assert told["well"] is False
    assert told["says"].startswith(f"MAILFLOW_DATA: {folder} cannot be written to (")


def test_looking_leaves_nothing_behind(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("MAILFLOW_DATA", str(empty / "data"))
    told = found(run, "database", "--offline")
    assert told == {
        "what": "database",
        "well": True,
        "says": f"SQLite at {empty / 'data/mailflow.db'}: not there yet, `mailflow run` makes it",
    }
    assert list(empty.iterdir()) == []


@pytest.mark.parametrize("url", ["postgres://u:hidden@db.example/mail", "sqlite+hidden:///x", "postgresql+hidden://db.example/x"])
def test_a_database_of_no_known_sort_is_told_without_its_url(run: Run, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("MAILFLOW_DATABASE_URL", url)
    told = found(run, "database")
    assert (told["well"], "hidden" in told["says"]) == (False, False)
    assert told["says"].startswith("MAILFLOW_DATABASE_URL: write sqlite:///path or postgresql://")


def test_a_postgresql_that_does_not_answer_is_told_and_with_offline_not_tried(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    monkeypatch.setenv("MAILFLOW_DATABASE_URL", f"postgresql://u:hidden@{HOST}:{port}/mail")
    told = found(run, "database")
    assert (told["well"], "hidden" in told["says"]) == (False, False)
    assert f"PostgreSQL at {HOST}:{port} does not answer" in told["says"]
    assert found(run, "database", "--offline")["says"] == "not tried (--offline)"


def test_a_database_of_a_newer_mailflow_is_told(run: Run, store: Store) -> None:
    with store.writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    told = found(run, "database", "--offline")
    assert told["well"] is False
    assert "made by a newer mailflow" in told["says"]


def test_a_file_that_is_no_database_is_told(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "notes.txt").write_text("Nothing of the sort. " * 100)
    monkeypatch.setenv("MAILFLOW_DATABASE_URL", f"sqlite:///{tmp_path / 'notes.txt'}")
    assert found(run, "database", "--offline")["well"] is False
