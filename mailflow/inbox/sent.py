"""The mailbox's folder for sent mail: a copy put there, or looked for, over a connection of its own."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from mailflow.errors import TemporaryError
from mailflow.inbox.mailbox import Mailbox
from mailflow.message.identity import message_id_of
from mailflow.settings import Settings

Found = TypeVar("Found")


class SentFolder:
    """The connection is opened when first needed, and kept; used by one thread. Every method may raise TemporaryError."""

    def __init__(self, settings: Settings) -> None:
        """Connects to nothing yet."""
        self._settings = settings
        self._mailbox: Mailbox | None = None
        self._tried: set[str] = set()

    def keep(self, raw: bytes) -> None:
        """Puts a mail into the folder: once, however often it is tried."""
        message_id = message_id_of(raw)

        def put(mailbox: Mailbox) -> None:
            # A try that failed may have put it there, and only the answer was lost.
            if message_id and message_id in self._tried and mailbox.has_sent(message_id):
                return
            self._tried.add(message_id or "")
            mailbox.keep_sent(raw)

        self._over_connection(put)
        self._tried.discard(message_id or "")

    def has(self, message_id: str) -> bool:
        """Whether a mail with this Message-ID lies there."""
        return self._over_connection(lambda mailbox: mailbox.has_sent(message_id))

    def close(self) -> None:
        """Says goodbye."""
        if self._mailbox:
            self._mailbox.close()
            self._mailbox = None

    def _over_connection(self, work: Callable[[Mailbox], Found]) -> Found:
        """Tries once more over a new connection, since the kept one may have died of idleness."""
        kept, self._mailbox = self._mailbox, None
        if kept:
            with suppress(TemporaryError):
                return self._over(kept, work)
        return self._over(Mailbox.connect(self._settings), work)

    def _over(self, mailbox: Mailbox, work: Callable[[Mailbox], Found]) -> Found:
        """The connection is kept where the work was done, and closed whatever else came of it."""
        try:
            found = work(mailbox)
        except BaseException:
            mailbox.close()
            raise
        self._mailbox = mailbox
        return found
