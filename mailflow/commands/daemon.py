"""`mailflow run` and `mailflow migrate`."""

import sys
from contextlib import suppress
from typing import TextIO

from mailflow import settings


def run() -> None:
    """Watch the mailbox, answer, and keep the desk open, until stopped (SIGTERM or Ctrl-C).

    Starts in rehearsal: reads only, sends and moves nothing, until MAILFLOW_MODE says drafts or live.

    Example: MAILFLOW_IMAP_HOST=imap.example.ac.uk MAILFLOW_IMAP_PASSWORD_FILE=secret mailflow run
    """
    # Imported here: half of the start-up time is SQLModel's, and --help needs none of it.
    from mailflow.daemon import Daemon

    chosen = settings.load()
    write_logs(chosen.log_format)
    warn_of_unknown_names()
    Daemon(chosen).run()


def warn_of_unknown_names() -> None:
    """One line about variables that look like settings and are none: a misspelt name is a setting that is not obeyed."""
    import structlog

    if unknown := settings.unknown_names():
        structlog.get_logger("mailflow").warning("settings that mean nothing", names=unknown)


def migrate() -> None:
    """Bring the database to this version's form; `mailflow run` does it by itself.

    Example: mailflow migrate
    """
    from mailflow.store.database import Store
    from mailflow.store.database import migrate as bring_up_to_date

    store = Store(settings.load().database)
    bring_up_to_date(store)
    store.close()
    print("The database is up to date.")


def write_logs(log_format: str) -> None:
    """One line a transition on standard error, as text or as JSON. Lines hold ids and reasons, never mail."""
    import structlog

    as_text = structlog.processors.LogfmtRenderer(key_order=["at", "level", "event"], drop_missing=True, bool_as_flag=False)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.JSONRenderer() if log_format == "json" else as_text,
        ],
        logger_factory=lambda *_: structlog.WriteLogger(_Unfailing(sys.stderr)),  # type: ignore[arg-type]
    )


class _Unfailing:
    """A log that cannot be written, on a full disk or to a reader that has gone, must not stop the mail."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> int:
        with suppress(OSError):
            return self._file.write(text)
        return 0

    def flush(self) -> None:
        with suppress(OSError):
            self._file.flush()
