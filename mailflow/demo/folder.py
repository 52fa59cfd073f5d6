"""The demo's folder. It is emptied at every start, and so must be one that the demo itself has made; one demo at a time."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mailflow.errors import UserError

MARKER = ".mailflow-demo"
RULES = "rules.toml"  # its own, so that a change at the desk is no change of the team's file


@contextmanager
def emptied(folder: Path) -> Iterator[Path]:
    """The folder, fresh, and nobody else's until the block ends. Raises UserError where it is not the demo's, or is in use."""
    marker = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        marker = _locked(folder)
        _empty(folder)
    except OSError as error:
        raise UserError(f"--data: {folder} cannot be written to ({error.strerror}).") from None
    else:
        yield folder
    finally:
        if marker is not None:
            os.close(marker)


def _locked(folder: Path) -> int:
    """The marker, opened and locked until it is closed: the system closes it for a process that is killed."""
    if not (folder / MARKER).is_file() and any(folder.iterdir()):
        raise UserError(f"--data: {folder} holds files that are not the demo's, which empties its folder; name a new folder.")
    marker = os.open(folder / MARKER, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(marker, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(marker)
        raise UserError(f"--data: a demo is running in {folder}; end it, or name another folder.") from None
    return marker


def _empty(folder: Path) -> None:
    for ours in (*folder.glob("mailflow.db*"), *folder.glob(f"{RULES}*")):
        ours.unlink()
    if (sent := folder / "sent").exists():
        shutil.rmtree(sent)
