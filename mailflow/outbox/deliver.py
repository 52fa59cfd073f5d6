"""The step that sends: claims what is due, sends it over a few kept connections at once, writes down what came of each.

The envelope's sender is our own address, though RFC 3834 (3.3) would like automatic replies to have none: a bounce must come
back to us, where somebody sees it. It starts no loop, because to what a machine sends we never answer.
"""

import random
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import islice
from threading import Event

import structlog
from sqlalchemy import Connection

from mailflow.domain import SMTP, Mode, OutgoingState, reference
from mailflow.domain.backoff import pause
from mailflow.domain.failpoints import Failpoint, reached
from mailflow.errors import TemporaryError
from mailflow.outbox.outcome import Result, judge
from mailflow.outbox.relays import Relays
from mailflow.outbox.smtp import AwayError, BusyError, Relay
from mailflow.settings import Settings
from mailflow.store import pacing, sending, troubles
from mailflow.store.database import Store
from mailflow.store.sending import ClaimedMail, Outcome

log = structlog.get_logger("mailflow.outbox")

MAILS_A_CONNECTION = 10  # claimed at once; the more, the more wait for nothing when we are stopped
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 300.0  # seconds without a try while the mail server is away


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Outbox:
    """Sends what is queued. One `deliver` at a time; `holder` names this process (store.leases.this_process)."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        holder: str,
        *,
        keep_copy: Callable[[bytes], None] | None = None,
        clock: Callable[[], datetime] = _utc_now,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Connects to nothing yet. `keep_copy` is given the bytes of each mail after it was sent; what it raises is logged."""
        self._store = store
        self._settings = settings
        self._holder = holder
        self._clock = clock
        self._keep_copy = keep_copy
        self._chance = chance
        self._relays = Relays(settings)
        self._results: list[tuple[ClaimedMail, Result]] = []  # what came of mails, until it is committed
        self._sent: list[bytes] = []  # committed as sent, and no copy kept yet
        self._taken_up = 0  # mails, by this `deliver`
        self._failures = 0
        self._known_well = False  # by the table of troubles, too
        self._away_until: datetime | None = None
        self._capped = False

    def sign_in(self) -> None:
        """Tries the connection. Raises UserError for a setting that cannot work, TemporaryError where nobody answers now."""
        try:
            self._relays.sign_in()
        except TemporaryError as error:
            self._note_trouble(str(error))
            raise
        self._note_well()

    def close(self) -> None:
        """Says goodbye to the mail server."""
        self._relays.close()

    def deliver(self, stop: Event, most_an_hour: int | None = None) -> int:
        """Sends one batch: `queued` or due `deferred` to `sent`, `deferred`, `failed` or `in_doubt`. Returns how many it took up.

        0 means that nothing is due, or that the mail server is away: that is logged, it is left alone for a while, longer each
        time, and nothing is written down as a mail's fault. Raises TemporaryError where the database is away: nothing is lost.
        After `stop` no mail is begun, and what is under way is given a few seconds. `most_an_hour` caps the automatic
        replies, to everybody together; those above it wait, and so does what is more than MAILFLOW_SMTP_A_MINUTE.
        """
        if self._settings.mode is Mode.REHEARSAL or (self._away_until and self._clock() < self._away_until):
            return 0
        waiting = deque(self._claim(most_an_hour))
        if not waiting:
            self._look_whether_it_is_back(stop)
            self._relays.rest()
            return 0
        reached(Failpoint.TAKEN_UP)
        self._taken_up = 0
        self._known_well = False  # another daemon may have noted trouble meanwhile
        try:
            self._send_all(waiting, self._relays.open(len(waiting), stop), stop, most_an_hour)
        except AwayError as error:
            if not stop.is_set():
                self._stay_away(error)
        finally:
            if waiting:
                with self._store.writing() as db:
                    sending.give_back(db, [mail.id for mail in waiting], self._holder)
        return self._taken_up

    def _claim(self, most_an_hour: int | None) -> list[ClaimedMail]:
        self._commit(deque(), 0)
        now, limit = self._clock(), self._settings.smtp_connections * MAILS_A_CONNECTION
        with self._store.writing() as db:
            doubtful = sending.recover(db, now)
            allowed = None if most_an_hour is None else pacing.replies_left(db, most_an_hour, now)
            if self._settings.smtp_a_minute is not None:
                limit = min(limit, pacing.mails_left(db, self._settings.smtp_a_minute, now))
            mails = sending.claim(db, self._holder, limit, now, replies=allowed)
        for number in doubtful:
            log.warning(OutgoingState.IN_DOUBT.value, mail=number)
        capped = allowed is not None and allowed <= 0
        if capped and not self._capped:
            log.warning("the cap on automatic replies is reached; they wait", most_an_hour=most_an_hour)
        self._capped = capped
        return mails

    def _send_all(self, waiting: deque[ClaimedMail], idle: list[Relay], stop: Event, most_an_hour: int | None) -> None:
        """Keeps every connection busy. One transaction settles what has ended and begins the next, so that a crash leaves
        no more mails in doubt than there are connections, and a mail costs one commit, not two. Where the server is slow
        over a mail, what was queued meanwhile leaves over the other connections: an alert waits for no other mail."""
        under_way: dict[Future[Result], tuple[ClaimedMail, Relay]] = {}
        away: AwayError | None = None
        try:
            while under_way or self._results or (waiting and idle and not stop.is_set()):
                for mail in self._commit(waiting, 0 if stop.is_set() else len(idle)):
                    reached(Failpoint.BEGUN)
                    relay = idle.pop()
                    under_way[self._relays.start(relay, mail)] = (mail, relay)
                self._keep_copies()
                ended = self._relays.ended(under_way, stop)
                if under_way and not (ended or waiting or away or stop.is_set()):
                    idle = self._take_up_more(waiting, idle, [relay for _, relay in under_way.values()], stop, most_an_hour)
                for future in ended:
                    mail, relay = under_way.pop(future)
                    result = future.result()
                    self._results.append((mail, result))
                    if isinstance(result, AwayError):
                        away = result
                    else:
                        self._failures = 0
                        idle.append(relay)
        finally:
            # Only where the database failed us: what has been sent is kept in mind until it can be written down.
            self._results.extend((mail, future.result()) for future, (mail, _) in under_way.items())
        if away and (not idle or isinstance(away, BusyError)):
            raise away

    def _take_up_more(
        self, waiting: deque[ClaimedMail], idle: list[Relay], busy: list[Relay], stop: Event, most_an_hour: int | None
    ) -> list[Relay]:
        """Claims more for the connections that are not busy, and returns those that are open."""
        if len(busy) == self._settings.smtp_connections:
            return idle
        # Where it fails, what is under way goes on; it tells how the database and the server are.
        with suppress(TemporaryError):
            waiting.extend(self._claim(most_an_hour))
            if waiting:
                return self._relays.open(len(waiting), stop, busy)
        return idle

    def _commit(self, waiting: deque[ClaimedMail], count: int) -> list[ClaimedMail]:
        """Writes down what came of the mails that ended, and begins the next `count`. Returns those that may be sent."""
        chosen = list(islice(waiting, count))
        if not (chosen or self._results):
            return []
        now = self._clock()
        with self._store.writing() as db:
            settled = [(mail, *self._settle(db, mail, result, now)) for mail, result in self._results]
            begun = sending.begin(db, [mail.id for mail in chosen], self._holder, now)
            if not self._known_well and any(not isinstance(result, AwayError) for _, result in self._results):
                troubles.over(db, SMTP, now)
                self._known_well = True
        self._results.clear()
        for _ in chosen:
            waiting.popleft()
        self._taken_up += len(chosen)
        for mail, outcome, ours in settled:
            _tell(mail, outcome, ours)
            if ours and (outcome.reached or outcome.state is OutgoingState.SENT):
                self._sent.append(mail.raw)
        return [mail for mail in chosen if mail.id in begun]

    def _settle(self, db: Connection, mail: ClaimedMail, result: Result, now: datetime) -> tuple[Outcome, bool]:
        since = sending.trying_since(db, mail) or now
        outcome = judge(mail, result, since, now, self._chance())
        return outcome, sending.settle(db, mail.id, self._holder, outcome, now)

    def _keep_copies(self) -> None:
        while self._sent:
            reached(Failpoint.SENT)
            raw = self._sent.pop(0)
            if self._keep_copy is None:
                continue
            try:
                self._keep_copy(raw)
            except Exception as error:  # it was sent, whether we have a copy or not
                log.warning("no copy kept", error=type(error).__name__)

    def _look_whether_it_is_back(self, stop: Event) -> None:
        """Where no mail waits that would show it, a server that was noted as away is tried."""
        with self._store.reading() as db:
            if not any(trouble.is_sending for trouble in troubles.standing(db)):
                return
        try:
            self._relays.open(1, stop)
        except AwayError as error:
            if not stop.is_set():
                self._stay_away(error)
        else:
            self._failures = 0
            self._note_well()

    def _note_well(self) -> None:
        with self._store.writing() as db:
            troubles.over(db, SMTP, self._clock())

    def _note_trouble(self, why: str) -> None:
        with self._store.writing() as db:
            troubles.note(db, SMTP, why, self._clock())

    def _stay_away(self, away: AwayError) -> None:
        self._note_trouble(str(away))
        self._failures += 1
        seconds = pause(self._failures, FIRST_PAUSE, LONGEST_PAUSE, (1 + self._chance()) / 2)
        self._away_until = self._clock() + timedelta(seconds=seconds)
        log.warning("the mail server is away", error=str(away), again_in=round(seconds, 1))


def _tell(mail: ClaimedMail, outcome: Outcome, ours: bool) -> None:
    if not ours:
        log.warning("not ours any more", mail=mail.id, was=outcome.state.value)
        return
    case = reference(mail.case_id) if mail.case_id is not None else None
    level = log.info if outcome.state in {OutgoingState.SENT, OutgoingState.QUEUED} else log.warning
    level(outcome.state.value, mail=mail.id, case=case, purpose=mail.purpose.value, why=outcome.detail)
