"""Copies of what we sent: put into the folder for sent mail where that is ours to do, and the proof of mails in doubt.

A step of its own beside the one that sends: a mailbox that is slow or away holds up no mail.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog

from mailflow.domain.backoff import pause
from mailflow.inbox.sent import SentFolder
from mailflow.settings import Settings
from mailflow.store import proving
from mailflow.store.database import Store
from mailflow.store.proving import Doubted

PATIENCE = timedelta(days=1)  # with a folder that takes no copy; and with a server that may yet show one
MOST_WAITING = 1000  # copies that are held in memory until the folder takes them
FIRST_PAUSE, LONGEST_PAUSE = 4.0, 3600.0  # seconds between two looks for the same mail

log = structlog.get_logger("mailflow.outbox")


@dataclass(frozen=True, slots=True)
class _Copy:
    raw: bytes = field(repr=False)
    since: datetime


@dataclass(frozen=True, slots=True)
class _Look:
    """How often a mail in doubt was looked for, and when it will be again."""

    times: int
    again_at: datetime


class SentCopies:
    """`take` may be called by any thread, `step` by one."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Connects to nothing yet."""
        self._store = store
        self._zone = settings.zone
        self._clock = clock
        self._folder = SentFolder(settings)
        self._waiting: deque[_Copy] = deque(maxlen=MOST_WAITING)
        self._looks: dict[int, _Look] = {}

    def take(self, raw: bytes) -> None:
        """A mail was sent, whose copy is ours to keep: the next steps do so."""
        self._await(_Copy(raw, self._clock()))

    def step(self) -> bool:
        """Looks for the proof of mails in doubt, and keeps a copy. Says whether there is more to do.

        Raises TemporaryError or UserError where the mailbox is away or refuses: what could not be done is done later, and
        neither of the two holds up the other.
        """
        try:
            self._look()
        finally:
            if self._waiting:
                self._keep(self._waiting.popleft())
        return bool(self._waiting)

    def close(self) -> None:
        """Keeps what still waits, as far as the mailbox takes it, and says goodbye."""
        try:
            while self._waiting:
                self._folder.keep(self._waiting.popleft().raw)
        finally:
            self._folder.close()

    def _await(self, copy: _Copy) -> None:
        if len(self._waiting) == self._waiting.maxlen:
            log.warning("no copy kept", error=f"more than {self._waiting.maxlen} wait; the oldest is dropped")
        self._waiting.append(copy)

    def _keep(self, copy: _Copy) -> None:
        try:
            self._folder.keep(copy.raw)
        except Exception as error:
            if self._clock() - copy.since < PATIENCE:
                # Behind the others, for it may be this one that the folder will not take.
                self._await(copy)
            else:
                log.warning("no copy kept", error=type(error).__name__)
            raise

    def _look(self) -> None:
        with self._store.reading() as db:
            doubted = proving.in_doubt(db)
        self._looks = {mail.id: self._looks[mail.id] for mail in doubted if mail.id in self._looks}
        if not doubted:
            return
        with self._store.writing() as db:
            self._tell(proving.settle_by_copies(db, self._clock()), "its blind copy came back")
        for mail in doubted:
            if self._is_due(mail):
                self._look_for(mail)

    def _look_for(self, mail: Doubted) -> None:
        found, now = self._folder.has(mail.message_id), self._clock()
        times = self._looks[mail.id].times + 1 if mail.id in self._looks else 1
        self._looks[mail.id] = _Look(times, now + timedelta(seconds=pause(times, FIRST_PAUSE, LONGEST_PAUSE, 1.0)))
        with self._store.writing() as db:
            if found:
                proven = proving.prove(db, mail.id, "Its copy lies in the folder for sent mail.", now)
                self._tell([mail.id] if proven else [], "its copy lies in the folder for sent mail")
            else:
                looked = f"{now.astimezone(self._zone):%Y-%m-%d %H:%M}"
                proving.note_nothing_found(db, [mail.id], f"No copy of it was in the folder for sent mail ({looked}).")

    def _is_due(self, mail: Doubted) -> bool:
        """Each once, however old, and then for a day."""
        look = self._looks.get(mail.id)
        return look is None or (look.again_at <= self._clock() <= mail.since + PATIENCE)

    def _tell(self, mails: list[int], proof: str) -> None:
        for number in mails:
            log.info("proven sent", mail=number, proof=proof)
