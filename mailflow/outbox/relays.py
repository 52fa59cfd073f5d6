"""The kept connections to the mail server, and the threads that send over them: only as many as there is work for."""

import time
from collections.abc import Collection
from concurrent.futures import FIRST_COMPLETED, Future, wait
from functools import partial
from threading import Event

from mailflow.domain.aside import in_thread
from mailflow.errors import MailflowError, TemporaryError, UserError
from mailflow.outbox.outcome import Result
from mailflow.outbox.smtp import AwayError, Relay
from mailflow.settings import SentCopy, Settings
from mailflow.store.sending import ClaimedMail

NEWS_SECONDS = 1.0  # how long one waits for attempts to end before one may look for more to send
LOOK_SECONDS = 0.2  # between two looks at `stop`
PATIENCE_SECONDS = 3.0  # how long a stop waits for the mails under way


class Relays:
    """Up to MAILFLOW_SMTP_CONNECTIONS connections, opened when first needed."""

    def __init__(self, settings: Settings) -> None:
        """Connects to nothing yet."""
        self._sender = settings.address
        self._blind_copy = settings.address if settings.sent_copy is SentCopy.BCC else None
        self._relays = [Relay(settings) for _ in range(settings.smtp_connections)]
        self._stopped_at: float | None = None

    def sign_in(self) -> None:
        """Opens one connection. Raises UserError for a wrong setting, TemporaryError where nobody answers now."""
        self._relays[0].open()

    def open(self, count: int, stop: Event, busy: Collection[Relay] = ()) -> list[Relay]:
        """Up to `count` open connections besides those that are busy; fewer where the server allows fewer.

        Raises AwayError where there is none.
        """
        free = [relay for relay in self._relays if relay not in busy]
        relays = sorted(free, key=lambda relay: not relay.is_open)[:count]
        opening = [in_thread(partial(_failure_to_open, relay), "outbox") for relay in relays if not relay.is_open]
        while wait(opening, timeout=LOOK_SECONDS).not_done:
            if stop.is_set():
                raise AwayError("mailflow is being stopped.")
        opened = [relay for relay in relays if relay.is_open]
        if not opened:
            raise AwayError(str(opening[0].result()))
        return opened

    def start(self, relay: Relay, mail: ClaimedMail) -> Future[Result]:
        """Sends a mail in a thread. Whatever goes wrong is a result, not an exception: one mail costs one row."""
        return in_thread(partial(self._attempt, relay, mail), "outbox")

    def ended(self, under_way: Collection[Future[Result]], stop: Event) -> Collection[Future[Result]]:
        """Waits for the next attempts to end, a second at most; once stopped, cuts the connections after a while."""
        until = time.monotonic() + NEWS_SECONDS
        while under_way and time.monotonic() < until:
            ended = wait(under_way, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED).done
            if ended:
                return ended
            if stop.is_set():
                self._stopped_at = self._stopped_at or time.monotonic()
                if time.monotonic() - self._stopped_at > PATIENCE_SECONDS:
                    for relay in self._relays:
                        relay.abort()
        return ()

    def rest(self) -> None:
        """There is nothing to send: closes the connections that have been idle for a while."""
        for relay in self._relays:
            relay.rest()

    def close(self) -> None:
        """Says goodbye to the server."""
        for relay in self._relays:
            relay.close()

    def _attempt(self, relay: Relay, mail: ClaimedMail) -> Result:
        try:
            return relay.send(self._sender, mail.recipients, mail.raw, self._blind_copy)
        except MailflowError as error:
            return error
        except Exception as error:  # a fault of our own: the connection is in no known state
            relay.drop()
            return error


def _failure_to_open(relay: Relay) -> MailflowError | None:
    try:
        relay.open()
    except (UserError, TemporaryError) as error:
        return error
    return None
