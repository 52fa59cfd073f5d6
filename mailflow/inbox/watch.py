"""Watches the folder on a connection of its own (IDLE, RFC 2177) and wakes the daemon when a message arrives.

It only saves time: the daemon polls besides, so whatever the watch misses is found at the next look.
"""

from collections.abc import Callable
from threading import Event, Thread
from time import monotonic

import structlog

from mailflow.errors import MailflowError
from mailflow.inbox.mailbox import Mailbox
from mailflow.settings import Settings
from mailflow.workers import LONGEST_PAUSE, pause_after

# RFC 2177 asks for less than 29 minutes; firewalls forget silent connections sooner.
IDLE_SECONDS = 9 * 60

log = structlog.get_logger()


def start_watching(settings: Settings, wake: Callable[[], object], stop: Event) -> Thread:
    """Starts the watch in a thread, which ends within a second when `stop` is set. `wake` is called from that thread."""
    thread = Thread(target=watch, args=(settings, wake, stop), name="watch", daemon=True)
    thread.start()
    return thread


def watch(settings: Settings, wake: Callable[[], object], stop: Event) -> None:
    """Calls `wake` whenever it begins to watch and a message has arrived, until `stop` is set; ends where there is no IDLE."""
    failures = 0
    while not stop.is_set():
        began = monotonic()
        try:
            with Mailbox.connect(settings) as mailbox:
                if not mailbox.can("IDLE"):
                    log.info("no watch: the server has no IDLE")
                    return
                mailbox.open(settings.imap_folder, readonly=True)
                log.info("watching", folder=settings.imap_folder)
                _wait(mailbox, wake, stop)
        except Exception as error:  # the thread's boundary: without the watch, mail would only be late
            # A server that lets us in and drops us at once is no better than one that is away.
            failures = 1 if monotonic() - began > LONGEST_PAUSE else failures + 1
            seconds = pause_after(error, failures)
            reason = str(error) if isinstance(error, MailflowError) else type(error).__name__
            log.warning("watch interrupted", reason=reason, again_in=round(seconds, 1))
            stop.wait(seconds)


def _wait(mailbox: Mailbox, wake: Callable[[], object], stop: Event) -> None:
    while not stop.is_set():
        # Woken at the beginning, too: what came while nobody listened is news.
        if mailbox.await_arrival(IDLE_SECONDS, stop.is_set, wake):
            wake()
