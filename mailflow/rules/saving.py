"""rules.toml written back from the desk: checked first, whole or not at all, never over what somebody has changed meanwhile."""

import contextlib
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mailflow.errors import ConflictError, UserError
from mailflow.rules.reading import load, parse

_PACKAGE = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Written:
    """The file as it stands on disk: its text with plain line ends, and the fingerprint of its bytes."""

    text: str
    fingerprint: str  # who saves says by it what they have seen


def look(path: Path) -> Written:
    """The file as it is now. Raises UserError where it cannot be read; it may be full of mistakes."""
    try:
        raw = path.read_bytes()
        return Written(raw.decode("utf-8-sig").replace("\r\n", "\n"), _fingerprint(raw))
    except (OSError, UnicodeDecodeError):
        load(path)  # says it in a sentence
        raise UserError(f"{path}: cannot be read just now; try again.") from None


def before(path: Path) -> Path:
    """Where the file is kept as it was before it was last saved."""
    return path.resolve().with_name(f"{path.name}.before")


def why_not(path: Path) -> str | None:
    """Why the file cannot be saved here, in a sentence; None where it can."""
    place = path.resolve()
    if place.is_relative_to(_PACKAGE):
        return (
            f"{place} came with mailflow, and the next version would undo your change: "
            "copy it to a folder of yours, name the copy in MAILFLOW_RULES, and start mailflow again."
        )
    if not (os.access(place, os.W_OK) and os.access(place.parent, os.W_OK)):
        return f"{place} may only be read here: let mailflow write to the file and its folder, or edit it where it is."
    return None


def save(path: Path, text: str, seen: str) -> None:
    """Puts `text` in the place of the file, whose former text is kept beside it (`before`). The daemon takes it up by itself.

    `seen` is the fingerprint that `look` gave. Raises UserError, and nothing is changed, where the text has mistakes or
    cannot be written; ConflictError where the file is another by now.
    """
    text = text.replace("\r\n", "\n").rstrip() + "\n"
    parse(text, path)
    if reason := why_not(path):
        raise UserError(reason)
    place = path.resolve()
    with _alone(place):
        former = place.read_bytes()
        if _fingerprint(former) != seen:
            raise ConflictError(
                f"Somebody has changed {path.name} since you opened it. Nothing was saved: look at it as it is now."
            )
        lines = text.replace("\n", "\r\n") if b"\r\n" in former else text
        _replace(place, before(path), former)
        _replace(place, place, lines.encode())


def _fingerprint(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


@contextlib.contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Others that would save into the folder wait."""
    try:
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)
    except OSError as error:
        # A single file that a container mounts can be written to, but nothing can take its place.
        raise UserError(f"{place} cannot be replaced ({error.strerror}): let mailflow write to its whole folder.") from None


def _replace(like: Path, place: Path, content: bytes) -> None:
    """All of it or nothing, whatever happens meanwhile; whoever might read `like` may read it."""
    beside = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            shutil.copymode(like, beside)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)
