"""The mailbox over time: one kept connection, one daemon at a time, and a note of how each look at it went."""

from datetime import UTC, datetime, timedelta
from threading import Event

from mailflow.domain import Mode, imap
from mailflow.errors import MailflowError
from mailflow.inbox.mailbox import Mailbox
from mailflow.inbox.receive import receive, reconcile
from mailflow.inbox.tidy import tidy, tidy_elsewhere
from mailflow.settings import Settings
from mailflow.store import leases, receiving, troubles
from mailflow.store.database import Store

RECONCILE_EVERY = timedelta(minutes=1)
RENEW_LEASE_EVERY = timedelta(seconds=30)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Inbox:
    """The watched folder. `holder` names this process (store.leases.this_process); used by one thread at a time."""

    def __init__(self, store: Store, settings: Settings, holder: str) -> None:
        """Connects to nothing yet."""
        self._store = store
        self._settings = settings
        self._holder = holder
        self._name = settings.ourselves.address
        self._folder = settings.imap_folder
        self._mailbox: Mailbox | None = None
        self._lease_renewed = self._reconciled = _LONG_AGO

    def sign_in(self) -> None:
        """Opens the folder, where that is not done. Raises UserError for a wrong setting, TemporaryError otherwise."""
        self._opened()

    def look(self, stop: Event) -> tuple[int, int]:
        """One step: receives a batch; where nothing is new, compares with the server now and then, and tidies.

        Returns how many messages were received, and how many put into their folders; (0, 0) means that nothing is left to do,
        or that another daemon reads this mailbox. Raises TemporaryError or UserError, noted for `mailflow status`.
        """
        now = datetime.now(UTC)
        if not self._ours(now):
            return 0, 0
        try:
            mailbox = self._opened()
            received = receive(mailbox, self._store, self._folder, now)
            if not received and now - self._reconciled >= RECONCILE_EVERY:
                received = self._compare(mailbox, now, stop)
            tidied = 0 if received else tidy(mailbox, self._store, self._folder)
            if not received and not tidied:
                tidied = tidy_elsewhere(mailbox, self._store, self._folder)
        except Exception as error:  # whatever it is, the next look begins with a new connection
            self.close()
            why = str(error) if isinstance(error, MailflowError) else f"Looking into it failed with {type(error).__name__}."
            with self._store.writing() as db:
                troubles.note(db, imap(self._folder), why, now)
            raise
        with self._store.writing() as db:
            receiving.note_poll(db, self._name, self._folder, now)
        return received, tidied

    def close(self) -> None:
        """Says goodbye to the server."""
        mailbox, self._mailbox = self._mailbox, None
        if mailbox is not None:
            mailbox.close()

    def _ours(self, now: datetime) -> bool:
        """Of several daemons on one database only one reads the mailbox."""
        if now - self._lease_renewed < RENEW_LEASE_EVERY:
            return True
        with self._store.writing() as db:
            held = leases.hold(db, f"mailbox {self._name} {self._folder}", self._holder, now)
        if held:
            self._lease_renewed = now
        return held

    def _compare(self, mailbox: Mailbox, now: datetime, stop: Event) -> int:
        """Opens the folder afresh, since it may have been made anew under its old name, and compares it with what we have."""
        self._open(mailbox)
        if received := receive(mailbox, self._store, self._folder, now):
            return received
        self._reconciled = now
        return reconcile(mailbox, self._store, self._folder, now, stop)

    def _opened(self) -> Mailbox:
        if self._mailbox is None:
            mailbox = Mailbox.connect(self._settings)
            try:
                self._open(mailbox)
            except BaseException:
                mailbox.close()
                raise
            self._mailbox = mailbox
        return self._mailbox

    def _open(self, mailbox: Mailbox) -> None:
        mailbox.open(self._folder, readonly=self._settings.mode is Mode.REHEARSAL)
