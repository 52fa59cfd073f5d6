"""The folder that the website takes the stories from. Its content always equals what is published, or is about to."""

import contextlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

import structlog

from mailflow.errors import TemporaryError
from mailflow.publishing.documents import Website, documents
from mailflow.settings import Settings
from mailflow.store.database import Store
from mailflow.store.published import published

log = structlog.get_logger("mailflow.publishing")


def write_out(store: Store, settings: Settings) -> bool:
    """Brings the folder to what is published now, and says whether anything in it changed. Safe to repeat.

    Without MAILFLOW_STORIES_FOLDER nothing is written. Raises TemporaryError where the folder cannot be written to: what was
    taken down may then still be read there.
    """
    if settings.stories_folder is None:
        return False
    with store.reading() as db:
        told = published(db)
    return _bring(settings.stories_folder, documents(told, Website.of(settings)))


def why_not_written(store: Store, settings: Settings) -> str | None:
    """As `write_out`, after a decision of somebody who waits: a sentence for them where it is not in the folder yet."""
    try:
        write_out(store, settings)
    except TemporaryError as error:
        return f"It is done, but not in the folder of the website yet. {error} mailflow tries again every few seconds."
    return None


def why_behind(store: Store, settings: Settings) -> str | None:
    """A sentence where the folder does not say what is published now; nothing is written by asking."""
    if (folder := settings.stories_folder) is None:
        return None
    with store.reading() as db:
        wanted = documents(published(db), Website.of(settings))
    try:
        if all(_content(folder / name) == content for name, content in wanted.items()):
            return None
        why = "mailflow writes it within seconds, or says in its log why it cannot."
    except OSError as error:
        why = f"It cannot be read ({error.strerror})."
    return f"The folder of the website, {folder}, does not say what is published now. {why}"


class Folder:
    """The folder, looked after by the daemon: whatever came between a decision and its writing is mended here."""

    def __init__(self, store: Store, settings: Settings) -> None:
        """Writes nothing yet."""
        self._store, self._settings = store, settings
        self._told: str | None = None

    def bring_up_to_date(self) -> None:
        """As `write_out`; what is wrong is told in the log, once."""
        try:
            if write_out(self._store, self._settings):
                log.info("published stories written")
            self._told = None
        except TemporaryError as error:
            if str(error) != self._told:
                log.warning("published stories not written", error=str(error))
            self._told = str(error)


def _bring(folder: Path, wanted: Mapping[str, bytes]) -> bool:
    changed = False
    failed: OSError | None = None
    for name, content in wanted.items():
        # What is taken down leaves as many documents as it can, also where one of them cannot be written.
        try:
            folder.mkdir(parents=True, exist_ok=True)
            changed |= _write(folder / name, content)
        except OSError as error:
            failed = failed or error
    if failed:
        raise TemporaryError(
            f"MAILFLOW_STORIES_FOLDER: {folder} cannot be written to ({failed.strerror}); what was taken down may still be there."
        )
    return changed


def _write(file: Path, content: bytes) -> bool:
    """Whether the file said anything else before."""
    if _content(file) == content:
        return False
    _replace(file, content)
    return True


def _content(file: Path) -> bytes | None:
    with contextlib.suppress(FileNotFoundError):
        return file.read_bytes()
    return None


def _replace(file: Path, content: bytes) -> None:
    """Whole or not at all: the website reads while we write."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "wb") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
