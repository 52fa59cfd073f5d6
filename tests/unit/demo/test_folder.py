"""The demo's folder: only what the demo made is ever deleted, and never under a demo that runs."""

import sqlite3
from pathlib import Path

import pytest

from mailflow.demo.folder import MARKER, emptied
from mailflow.errors import UserError


def refused(folder: Path) -> str:
    with pytest.raises(UserError) as raised, emptied(folder):
        pass
    assert len(raised.value.problems) == 1
    return raised.value.problems[0]


def test_a_new_folder_is_made_and_bears_the_marker(tmp_path: Path) -> None:
    with emptied(tmp_path / "a" / "demo") as folder:
        assert (folder / MARKER).is_file()


def test_the_next_demo_empties_what_the_last_one_left(tmp_path: Path) -> None:
    with emptied(tmp_path) as folder:
        (folder / "mailflow.db").touch()
        (folder / "mailflow.db-wal").touch()
        (folder / "rules.toml").touch()
        (folder / "rules.toml.before").touch()
        (folder / "sent").mkdir()
        (folder / "sent" / "0001-a@x.eml").touch()
        (folder / "notes.txt").touch()
    with emptied(tmp_path):
        assert {file.name for file in tmp_path.iterdir()} == {MARKER, "notes.txt"}


def test_a_folder_with_a_live_database_is_left_alone(tmp_path: Path) -> None:
    live = sqlite3.connect(tmp_path / "mailflow.db")
    live.execute("CREATE TABLE messages (id)")
    live.close()
    before = (tmp_path / "mailflow.db").read_bytes()
    assert "holds files that are not the demo's" in refused(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["mailflow.db"]
    assert (tmp_path / "mailflow.db").read_bytes() == before


def test_a_second_demo_in_the_same_folder_is_refused_and_deletes_nothing(tmp_path: Path) -> None:
    with emptied(tmp_path) as folder:
        (folder / "mailflow.db").touch()
        assert "a demo is running in" in refused(tmp_path)
        assert (folder / "mailflow.db").exists()
    with emptied(tmp_path):
        pass


def test_a_folder_that_cannot_be_made_is_told() -> None:
    assert refused(Path("/dev/null/demo")).startswith("--data: /dev/null/demo cannot be written to (")
