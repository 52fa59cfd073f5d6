"""What was learnt, at rest: the newest of three is in use, undoing goes back to what mailflow comes with, damage stops nobody."""

import gzip
import json
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailflow import settings
from mailflow.classify.judges import Judges, shipped_weights
from mailflow.daemon import Daemon
from mailflow.deciding import House
from mailflow.domain import Kind
from mailflow.errors import UserError
from mailflow.learnt import KEPT, InUse, KeptWeights, all_kept, in_use, keep, pointer, undo

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
    assert len(list(folder.iterdir())) == 2 * KEPT + 2
    assert [found.learnt.weights for found in (undo(folder), undo(folder)) if found.learnt] == [b"3", b"2"]
    assert undo(folder).learnt is None
    assert [file.name for file in folder.iterdir()] == ["newest"]
    with pytest.raises(UserError, match="nothing to undo"):
        undo(folder)


def test_a_number_is_never_given_twice(folder: Path, kept: Keep) -> None:
    kept()
    kept()
    undo(folder)
    assert kept().name == "0003"
    (folder / "newest").write_text("half a n")
    assert kept().name == "0004"


def cut_off(folder: Path) -> None:
    """A set that was kept but for its pointer, at the end of which the machine lost its power."""
    for ending in ("json", "json.gz"):
        (folder / f"0004.{ending}").write_bytes((folder / f"0003.{ending}").read_bytes())


def test_undoing_goes_back_from_the_set_in_use_not_from_one_that_never_was(folder: Path, kept: Keep) -> None:
    for number in range(3):
        kept(b"%d" % number)
    cut_off(folder)
    assert in_use_name(folder) == "0003"
    assert undo(folder).learnt == all_kept(folder)[0]
    assert in_use_name(folder) == "0002"
    assert [one.name for one in all_kept(folder)] == ["0002", "0001"]


def test_a_set_that_never_was_in_use_is_not_gone_back_to(folder: Path, kept: Keep) -> None:
    for number in range(3):
        kept(b"%d" % number)
    cut_off(folder)
    assert kept(b"next").name == "0005"
    assert [one.name for one in all_kept(folder)] == ["0005", "0003", "0002"]


def test_what_another_version_had_learnt_is_given_up_at_once(folder: Path, kept: Keep) -> None:
    kept()
    kept()
    for note in folder.glob("*.json"):
        note.write_text(note.read_text().replace('"beside": "', '"beside": "f'))
    assert undo(folder) == InUse()
    assert [file.name for file in folder.iterdir()] == ["newest"]


def test_several_that_learn_at_once_get_a_number_each(folder: Path, kept: Keep) -> None:
    with ThreadPoolExecutor(8) as runs:
        done = list(runs.map(lambda number: kept(b"%d" % number), range(24)))
    assert sorted(one.name for one in done) == [f"{number:04d}" for number in range(1, 25)]
    assert {one.name: one.weights for one in done}[in_use_name(folder)] == in_use(folder).learnt.weights  # type: ignore[union-attr]


def in_use_name(folder: Path) -> str:
    return pointer(folder).read_text().strip()


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
    assert found.problem.endswith(
        "messages are judged by what mailflow came with. `mailflow learn` learns anew, `mailflow learn --undo` gives it up."
    )


def test_a_folder_that_takes_nothing_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(UserError, match="cannot be written to"):
        keep(tmp_path / "data" / "learnt", b"", NOW, "tom", [], {})


def test_a_house_judges_by_what_was_learnt_and_without_it_by_what_it_came_with(tmp_path: Path, kept: Keep) -> None:
    def judged() -> tuple[Kind, str | None]:
        files = {"rules": ROOT / "rules.toml", "templates": ROOT / "templates"}
        house = House.build(settings.load(_env_file=None, data=tmp_path / "data", **files))
        kind = house.classifier.classify(house.read(b"Subject: Hello\n\nMay I bring a friend to the course on Friday?\n")).kind
        return kind, house.learnt.learnt.name if house.learnt.learnt else None

    assert judged() == (Kind.QUERY, None)
    kept(that_take_all_for(Kind.STORY))
    assert judged() == (Kind.STORY, "0001")
    undo(tmp_path / "data" / "learnt")
    assert judged() == (Kind.QUERY, None)


def that_take_all_for(kind: Kind) -> bytes:
    weights = json.loads(gzip.decompress(shipped_weights()))
    weights["bias"][weights["kinds"].index(kind.value)] += 50
    return gzip.compress(json.dumps(weights).encode())


def test_the_log_names_the_set_that_the_house_judges_by(tmp_path: Path, kept: Keep) -> None:
    files = {"rules": ROOT / "rules.toml", "templates": ROOT / "templates"}
    kept(shipped_weights())
    daemon = Daemon(settings.load(_env_file=None, data=tmp_path / "data", **files))
    kept(shipped_weights())
    assert daemon._judged_by() == {"learnt": "0001"}
    daemon.reload()
    assert daemon._judged_by() == {"learnt": "0002"}
    daemon.store.close()


def test_judges_go_to_another_process_as_their_weights_alone() -> None:
    used = Judges(shipped_weights())
    assert used.judge("Hello", "May I come?") == pickle.loads(pickle.dumps(used)).judge("Hello", "May I come?")
    assert len(pickle.dumps(used)) < len(shipped_weights()) + 200
