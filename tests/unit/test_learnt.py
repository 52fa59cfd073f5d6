"""What was learnt, at rest: the newest of three is in use, undoing goes back to what mailflow comes with, damage stops nobody."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailflow import settings
from mailflow.classify.judges import shipped_weights
from mailflow.deciding import House
from mailflow.domain import Kind
from mailflow.errors import UserError
from mailflow.learnt import KEPT, KeptWeights, all_kept, in_use, keep, pointer, undo

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
Keep = Callable[..., KeptWeights]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "learnt"


@pytest.fixture
def kept(folder: Path) -> Keep:
    """Keeps a set of weights: kept(b"some")."""
    return lambda weights=b"weights": keep(folder, weights, NOW, "tom", [(17, Kind.QUERY, False)], {"after": {"macro_f1": 0.9}})


def test_without_a_pointer_what_mailflow_comes_with_is_in_use(folder: Path) -> None:
    assert in_use(folder).learnt is in_use(folder).problem is None
    assert all_kept(folder) == []


def test_what_is_kept_is_in_use_and_tells_what_it_has_learnt_from(folder: Path, kept: Keep) -> None:
    kept(b"first")
    second = kept(b"second")
    assert in_use(folder).learnt == second
    assert (second.weights, second.by, second.at, second.said) == (b"second", "tom", NOW, ((17, Kind.QUERY, False),))
    assert [one.name for one in all_kept(folder)] == ["0002", "0001"]


def test_the_last_three_are_kept_and_undone_one_by_one(folder: Path, kept: Keep) -> None:
    for number in range(5):
        kept(b"%d" % number)
    assert len(list(folder.iterdir())) == 2 * KEPT + 1
    assert [found.learnt.weights for found in (undo(folder), undo(folder)) if found.learnt] == [b"3", b"2"]
    assert undo(folder).learnt is None
    assert list(folder.iterdir()) == []
    with pytest.raises(UserError, match="nothing to undo"):
        undo(folder)
    assert kept(b"again").name == "0001"


def damage_weights(folder: Path) -> None:
    (folder / "0001.json.gz").write_bytes(b"half")


def lose_weights(folder: Path) -> None:
    (folder / "0001.json.gz").unlink()


def damage_note(folder: Path) -> None:
    (folder / "0001.json").write_text("{")


def empty_note(folder: Path) -> None:
    (folder / "0001.json").write_text("[]")


def come_from_another_version(folder: Path) -> None:
    note = folder / "0001.json"
    note.write_text(note.read_text().replace('"beside": "', '"beside": "f'))


def damage_pointer(folder: Path) -> None:
    pointer(folder).write_bytes(b"\xff\xfe")


def point_elsewhere(folder: Path) -> None:
    pointer(folder).write_text("../../etc/passwd")


def put_a_folder_there(folder: Path) -> None:
    pointer(folder).unlink()
    pointer(folder).mkdir()


@pytest.mark.parametrize(
    "harm",
    [
        damage_weights,
        lose_weights,
        damage_note,
        empty_note,
        come_from_another_version,
        damage_pointer,
        point_elsewhere,
        put_a_folder_there,
    ],
)
def test_what_cannot_be_used_is_passed_by_and_told(folder: Path, kept: Keep, harm: Callable[[Path], None]) -> None:
    kept()
    harm(folder)
    found = in_use(folder)
    assert found.learnt is None
    assert found.problem is not None
    assert found.problem.endswith("messages are judged by what mailflow came with. `mailflow learn` learns anew.")


def test_a_folder_that_takes_nothing_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(UserError, match="cannot be written to"):
        keep(tmp_path / "data" / "learnt", b"", NOW, "tom", [], {})


def test_a_house_judges_by_what_was_learnt_and_without_it_by_what_it_came_with(tmp_path: Path, kept: Keep) -> None:
    def classifier() -> object:
        files = {"rules": ROOT / "rules.toml", "templates": ROOT / "templates"}
        return House.build(settings.load(_env_file=None, data=tmp_path / "data", **files)).classifier._judge

    assert classifier() is None
    kept(shipped_weights())
    assert classifier() is not None
