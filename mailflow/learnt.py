"""What was learnt from corrections, at rest in MAILFLOW_DATA/learnt: the last three sets of weights, the newest of them in use.

A file named `in-use` names it; without that file the weights that mailflow comes with are used. So they are, too, where a set
is damaged, or was learnt with another version of mailflow, whose words may be counted differently. A file named `newest` holds
the newest number ever given, so that none is given twice; whoever changes the folder locks it meanwhile.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from mailflow.classify.judges import shipped_weights
from mailflow.domain import Kind
from mailflow.errors import UserError

KEPT = 3
_POINTER, _NEWEST = "in-use", "newest"
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


BY_WHAT_IT_CAME_WITH = InUse()


def pointer(folder: Path) -> Path:
    """The file that names the set in use: whoever keeps one open looks whether this has changed."""
    return folder / _POINTER


def in_use(folder: Path) -> InUse:
    """The set in use. Never fails: what cannot be used is told, and passed by."""
    try:
        name = pointer(folder).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return BY_WHAT_IT_CAME_WITH
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
    note = {
        "at": at.isoformat(),
        "by": by,
        "said": said,
        "figures": figures,
        "sha256": hashlib.sha256(weights).hexdigest(),
        "beside": _version(),
    }
    with _locked(folder) as numbers:
        older = [name for name in _names(folder) if int(name) <= _number_in_use(folder)]
        name = _next_name(numbers, folder)
        _write(folder / f"{name}.json.gz", weights)
        _write(folder / f"{name}.json", json.dumps(note, indent=1).encode())
        _write(pointer(folder), f"{name}\n".encode())
        stay = [*older, name][-KEPT:]
        _take_away(folder, [one for one in _names(folder) if one not in stay])
        return _read(folder, name)


def undo(folder: Path) -> InUse:
    """Takes the set in use away: the one before is in use, or else what mailflow comes with. Raises UserError where none is.

    What cannot be used, as all that was learnt with another version, is not gone back to.
    """
    with _locked(folder):
        last = _number_in_use(folder)
        if not last:
            raise UserError("There is nothing to undo: mailflow judges by what it came with.")
        before = next((one.name for one in all_kept(folder) if int(one.name) < last), None)
        if before:
            _write(pointer(folder), f"{before}\n".encode())
        else:
            pointer(folder).unlink(missing_ok=True)
        _take_away(folder, [name for name in _names(folder) if before is None or int(name) > int(before)])
        return in_use(folder)


def _number_in_use(folder: Path) -> int:
    """What the pointer names, be it there or not; 0 without a pointer. Of one that names none, the newest set is meant."""
    if not pointer(folder).exists():
        return 0
    with contextlib.suppress(OSError, ValueError):
        return int(pointer(folder).read_text(encoding="ascii"))
    return max(map(int, _names(folder)), default=0)


def _next_name(numbers: IO[str], folder: Path) -> str:
    """A number that no set has had."""
    given = numbers.read().strip()
    newest = max(_number_in_use(folder), *map(int, _names(folder)), int(given) if _NUMBER.fullmatch(given) else 0, 0)
    name = f"{newest + 1:04d}"
    numbers.truncate(0)
    numbers.write(f"{name}\n")
    numbers.flush()
    return name


def _read(folder: Path, name: str) -> KeptWeights:
    """Raises UserError where a set is damaged, or belongs to another version."""
    path = folder / f"{name}.json"
    try:
        weights = (folder / f"{name}.json.gz").read_bytes()
        note = json.loads(path.read_bytes())
        if note["beside"] != _version():
            raise UserError(_passed_by(path, "was learnt with another version of mailflow, which counted words otherwise"))
        if note["sha256"] != hashlib.sha256(weights).hexdigest():
            raise UserError(_passed_by(path, "does not fit its weights, which were changed"))
        at = datetime.fromisoformat(note["at"])
        said = tuple((message, Kind(kind), sensitive) for message, kind, sensitive in note["said"])
        return KeptWeights(name, at, note["by"], said, note["figures"], weights)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(_passed_by(path, f"cannot be read ({type(error).__name__})")) from None


def _passed_by(path: Path, why: str) -> str:
    otherwise = "messages are judged by what mailflow came with"
    return f"{path} {why}: {otherwise}. `mailflow learn` learns anew, `mailflow learn --undo` gives it up."


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
def _locked(folder: Path) -> Iterator[IO[str]]:
    """The file of the newest number, read from its beginning; others wait that would change the folder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / _NEWEST).open("a+", encoding="ascii", errors="replace") as numbers:
            fcntl.flock(numbers, fcntl.LOCK_EX)
            numbers.seek(0)
            yield numbers
    except OSError as error:
        raise UserError(f"MAILFLOW_DATA: {folder} cannot be written to ({error.strerror}).") from None
