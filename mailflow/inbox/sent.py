"""Copies of what we sent, put into the mailbox's folder for sent mail (MAILFLOW_SENT_COPY=append)."""

from mailflow.errors import TemporaryError
from mailflow.inbox.mailbox import Mailbox
from mailflow.settings import Settings


class SentFolder:
    """A connection of its own, opened with the first mail and kept; used by one thread."""

    def __init__(self, settings: Settings) -> None:
        """Connects to nothing yet."""
        self._settings = settings
        self._mailbox: Mailbox | None = None

    def keep(self, raw: bytes) -> None:
        """Puts a mail into the folder; tries once more over a new connection, since the kept one may have died of idleness."""
        kept, self._mailbox = self._mailbox, None
        if kept:
            try:
                kept.keep_sent(raw)
            except TemporaryError:
                kept.close()
            else:
                self._mailbox = kept
                return
        fresh = Mailbox.connect(self._settings)
        try:
            fresh.keep_sent(raw)
        except BaseException:
            fresh.close()
            raise
        self._mailbox = fresh

    def close(self) -> None:
        """Says goodbye."""
        if self._mailbox:
            self._mailbox.close()
