"""What was learnt from corrections, at rest in MAILFLOW_DATA/learnt: the last three sets of weights, the newest of them in use.

A file named `in-use` names it; without that file the weights that mailflow comes with are used. So they are, too, where a set
is damaged, or was learnt with another version of mailflow, whose words may be counted differently.
"""

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from mailflow.classify.judges import shipped_weights
from mailflow.domain import Kind
from mailflow.errors import UserError

KEPT = 3
_POINTER = "in-use"
_NUMBER = re.compile(r"\d{4,9}")


@dataclass(frozen=True, slots=True)
class KeptWeights:
    """A set of weights, and how it came about."""

    name: str
    at: datetime
    by: str
    said: tuple[tuple[int, Kind, bool], ...]  # what it has learnt from: messages' numbers, their kind, whether sensitive
    figures: Mapping[str, Any]  # how it did, and what was in use before
    weights: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class InUse:
    """What messages are judged by: a learnt set, or None for what mailflow comes with; `problem` says why not the learnt one."""

    learnt: KeptWeights | None = None
    problem: str | None = None


def pointer(folder: Path) -> Path:
    """The file that names the set in use: whoever keeps one open looks whether this has changed."""
    return folder / _POINTER


def in_use(folder: Path) -> InUse:
    """The set in use. Never fails: what cannot be used is told, and passed by."""
    try:
        name = pointer(folder).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return InUse()
    except (OSError, UnicodeDecodeError) as error:
        return InUse(problem=_passed_by(pointer(folder), f"cannot be read ({type(error).__name__})"))
    if not _NUMBER.fullmatch(name):
        return InUse(problem=_passed_by(pointer(folder), "names no set of weights"))
    try:
        return InUse(_read(folder, name))
    except UserError as error:
        return InUse(problem=str(error))


def all_kept(folder: Path) -> list[KeptWeights]:
    """The sets that can be used, the newest first."""
    found = []
    for name in reversed(_names(folder)):
        with contextlib.suppress(UserError):
            found.append(_read(folder, name))
    return found


def keep(
    folder: Path, weights: bytes, at: datetime, by: str, said: Sequence[tuple[int, Kind, bool]], figures: Mapping[str, Any]
) -> KeptWeights:
    """Keeps a set and puts it into use; of older ones the last two stay. Raises UserError where the folder takes nothing."""
    names = _names(folder)
    name = f"{int(names[-1]) + 1 if names else 1:04d}"
    note = {
        "at": at.isoformat(),
        "by": by,
        "said": said,
        "figures": figures,
        "sha256": hashlib.sha256(weights).hexdigest(),
        "beside": _version(),
    }
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / f"{name}.json.gz", weights)
        _write(folder / f"{name}.json", json.dumps(note, indent=1).encode())
        _write(pointer(folder), f"{name}\n".encode())
        _take_away(folder, [*names, name][:-KEPT])
    return _read(folder, name)


def undo(folder: Path) -> InUse:
    """Takes the newest set away: the one before is in use, or else what mailflow comes with. Raises UserError where none is."""
    names = _names(folder)
    if not names:
        raise UserError("There is nothing to undo: mailflow judges by what it came with.")
    with _writing(folder):
        if names[:-1]:
            _write(pointer(folder), f"{names[-2]}\n".encode())
        else:
            pointer(folder).unlink(missing_ok=True)
        _take_away(folder, names[-1:])
    return in_use(folder)


def _read(folder: Path, name: str) -> KeptWeights:
    """Raises UserError where a set is damaged, or belongs to another version."""
    path = folder / f"{name}.json"
    try:
        weights = (folder / f"{name}.json.gz").read_bytes()
        note = json.loads(path.read_bytes())
        if note["beside"] != _version():
            raise UserError(_passed_by(path, "was learnt with another version of mailflow"))
        if note["sha256"] != hashlib.sha256(weights).hexdigest():
            raise UserError(_passed_by(path, "does not fit its weights, which were changed"))
        at = datetime.fromisoformat(note["at"])
        said = tuple((message, Kind(kind), sensitive) for message, kind, sensitive in note["said"])
        return KeptWeights(name, at, note["by"], said, note["figures"], weights)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(_passed_by(path, f"cannot be read ({type(error).__name__})")) from None


def _passed_by(path: Path, why: str) -> str:
    return f"{path} {why}: messages are judged by what mailflow came with. `mailflow learn` learns anew."


def _version() -> str:
    """What a set of weights belongs to: the weights that are shipped, which change where the counting of words does."""
    return hashlib.sha256(shipped_weights()).hexdigest()


def _names(folder: Path) -> list[str]:
    """The sets that are there, whole or not, the oldest first."""
    return sorted((path.stem for path in folder.glob("*.json") if _NUMBER.fullmatch(path.stem)), key=int)


def _take_away(folder: Path, names: Sequence[str]) -> None:
    for name in names:
        (folder / f"{name}.json").unlink(missing_ok=True)
        (folder / f"{name}.json.gz").unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    """All of it or nothing, whatever happens meanwhile."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


@contextlib.contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UserError(f"MAILFLOW_DATA: {folder} cannot be written to ({error.strerror}).") from None
