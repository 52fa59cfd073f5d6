"""`mailflow learn` where there is nothing to learn, and what it tells of what is kept. It learns in test_relearning.py."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import insert

from filed import NOW, filed_message, raw_mail
from mailflow.commands.learn import learn
from mailflow.domain import Kind
from mailflow.errors import UserError
from mailflow.learnt import keep
from mailflow.store.database import Store
from mailflow.store.tables import corrections

Run = Callable[..., Result]


@pytest.fixture
def folder(store: Store, tmp_path: Path) -> Path:
    return tmp_path / "learnt"


def kept(folder: Path, said: tuple[tuple[int, Kind, bool], ...] = ((1, Kind.QUERY, False),)) -> None:
    keep(folder, b"weights", datetime(2026, 11, 25, 9, 0, tzinfo=UTC), "tom", said, {})


def test_where_nobody_has_corrected_anything_there_is_nothing_to_learn(run: Run) -> None:
    done = run(learn)
    assert (done.exit_code, done.output) == (
        0,
        "There is nothing to learn from: nobody has corrected a message yet (`mailflow correct --help`).\n",
    )
    assert json.loads(run(learn, "--json").output) == {"corrections": 0, "new": 0, "taken": None}


def test_what_is_learnt_already_is_not_learnt_again(run: Run, store: Store, folder: Path) -> None:
    with store.writing() as db:
        message = filed_message(db, None, raw_mail("Who waters the fern?"))
        said = {"was": Kind.OTHER, "was_sensitive": False, "kind": Kind.QUERY, "sensitive": False, "who": "tom", "at": NOW}
        db.execute(insert(corrections).values(message=message, **said))
    kept(folder, ((message, Kind.QUERY, False),))
    assert run(learn).output == "Nothing new: what people have said of 1 message is learnt already.\n"


def test_what_is_kept_is_listed_and_undone(run: Run, folder: Path) -> None:
    assert run(learn, "--list").output == "What mailflow comes with (in use)\n"
    kept(folder)
    kept(folder)
    assert run(learn, "--list").output.splitlines() == [
        "0002: learnt from 1 correction on 25 November 2026 09:00 by tom (in use)",
        "0001: learnt from 1 correction on 25 November 2026 09:00 by tom",
        "What mailflow comes with",
    ]
    assert run(learn, "--undo").output.splitlines()[0].endswith("(in use)")
    assert json.loads(run(learn, "--undo", "--json").output) == {"in_use": None, "problem": None, "kept": []}
    assert isinstance(run(learn, "--undo").exception, UserError)


def test_what_is_damaged_is_told(run: Run, folder: Path) -> None:
    kept(folder)
    (folder / "0001.json.gz").write_bytes(b"half")
    assert run(learn, "--list").output.splitlines()[0] == "What mailflow comes with (in use)"
    assert "were changed" in json.loads(run(learn, "--list", "--json").output)["problem"]


def test_only_one_thing_is_done_at_once(run: Run) -> None:
    assert str(run(learn, "--undo", "--list").exception) == "Write only one of --dry-run, --undo and --list."
