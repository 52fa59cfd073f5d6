"""The daemon: builds every object once, wakes the steps, and stops cleanly.

Three workers walk the corridor: `mail` (receive, tidy), `decide` and `post` (deliver). Beside them `copies` keeps copies of
what was sent and proves what is in doubt, and `house` does what comes with time: the digest, changed files, what dead
processes left. Each repeats its step while there is work, then sleeps until it is woken: by APScheduler's timers, by IDLE,
or by the worker before it.
"""

import contextlib
import gc
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import wait
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from mailflow.apart import Apart
from mailflow.catching_up import CatchingUp
from mailflow.deciding import House
from mailflow.desk.app import build as build_desk
from mailflow.desk.serving import DeskServer, serve
from mailflow.digest.alarm import tell_troubles
from mailflow.digest.send import send_digest
from mailflow.domain import Mode
from mailflow.domain.aside import in_thread
from mailflow.errors import MailflowError, TemporaryError, UserError
from mailflow.inbox.copies import SentCopies
from mailflow.inbox.inbox import Inbox
from mailflow.inbox.watch import start_watching
from mailflow.learnt import pointer
from mailflow.outbox.deliver import Outbox
from mailflow.pipeline import process
from mailflow.publishing import Folder
from mailflow.settings import SentCopy, Settings
from mailflow.stopping import signals_setting
from mailflow.store import claiming, leases
from mailflow.store.database import Store, migrate
from mailflow.workers import Worker

log = structlog.get_logger("mailflow.daemon")

GRACE_SECONDS, GOODBYE_SECONDS = 3.5, 0.8  # for the steps in hand, and then for servers to hear that we go
GLANCE_SECONDS = 0.1  # between two looks at `stop`
LOOK_EVERY_SECONDS = 5


class Daemon:
    """Everything that runs. The settings are read once; rules and templates again whenever their files change."""

    def __init__(self, settings: Settings) -> None:
        """Builds everything, connects to nothing. Raises UserError for what is wrong in settings, rules or templates."""
        self.settings = settings
        self.house = House.build(settings)
        self.store = Store(settings.database)
        migrate(self.store)
        self.stop = threading.Event()
        self.holder = leases.this_process()
        self.inbox = Inbox(self.store, settings, self.holder)
        self.copies = SentCopies(self.store, settings)
        copies = self.copies.take if settings.sent_copy is SentCopy.APPEND else None
        self.apart = Apart(settings.message_seconds)
        self.website = Folder(self.store, settings)
        self.outbox = Outbox(self.store, settings, self.holder, keep_copy=copies)
        self.old_mail = CatchingUp(self.store)
        self.mail = Worker("mail", self.mail_step, self.stop)
        self.decide = Worker("decide", self.decide_step, self.stop)
        self.post = Worker("post", self.post_step, self.stop)
        self.clerk = Worker("copies", self.copies.step, self.stop)
        self.keeper = Worker("house", self.house_step, self.stop)
        self.workers = (self.mail, self.decide, self.post, self.clerk, self.keeper)
        self.desk: DeskServer | None = None
        self._began = datetime.now(UTC)
        self._files = _stamp(settings)
        # Its jobs only wake workers: Python would wait for a job at the end, whatever that waits for.
        self._timers = BackgroundScheduler(timezone=settings.zone)

    def run(self, ready: Callable[[], object] = lambda: None) -> None:
        """Runs until SIGTERM or SIGINT, finishes the steps in hand, and returns within five seconds.

        Raises UserError where the mailbox's or the desk's settings are wrong. `ready` is called once all is started.
        """
        with signals_setting(self.stop):
            self.sign_in()
            if not self.stop.is_set():
                self.start()
            try:
                if not self.stop.is_set():
                    ready()
                self.stop.wait()
            finally:
                self.close()

    def sign_in(self) -> None:
        """Tries the servers, so that wrong settings are told at once (UserError); a stop does not wait for their answers."""
        for sign_in in (self.inbox.sign_in, *(() if self.settings.mode is Mode.REHEARSAL else (self.outbox.sign_in,))):
            trying = in_thread(sign_in, "sign-in")
            while wait([trying], GLANCE_SECONDS).not_done:
                if self.stop.is_set():
                    return
            with contextlib.suppress(TemporaryError):
                trying.result()

    def start(self) -> None:
        """Opens the desk; starts workers and timers."""
        self.desk = serve(
            build_desk(self.store, self.settings, lambda: self.house),
            self.settings.desk_host,
            self.settings.desk_port,
            self.settings.desk_proxies,
        )
        # What stands now stays until the end: searching it for garbage again and again takes a tenth of a batch's time.
        gc.freeze()
        for worker in self.workers:
            worker.start()
            worker.wake()
        start_watching(self.settings, self.mail.hurry, self.stop)
        for job, seconds in (
            (self.mail.wake, self.settings.poll_seconds),
            (self.decide.wake, LOOK_EVERY_SECONDS),
            (self.post.wake, LOOK_EVERY_SECONDS),
            (self.clerk.wake, LOOK_EVERY_SECONDS),
            (self.keeper.wake, LOOK_EVERY_SECONDS),
        ):
            self._timers.add_job(job, "interval", seconds=seconds, coalesce=True, max_instances=1)
        self._timers.start()
        mode, folder = self.settings.mode.value, self.settings.imap_folder
        log.info("started", mode=mode, folder=folder, desk=self.desk.url, desk_port=self.desk.port, **self._judged_by())

    def close(self) -> None:
        """Lets the steps in hand finish, for `GRACE_SECONDS` together, and gives back what we held, in `GOODBYE_SECONDS`."""
        self.stop.set()
        ends = time.monotonic() + GRACE_SECONDS
        if self._timers.running:
            self._timers.shutdown(wait=False)
        if self.desk:
            self.desk.begin_stopping()
        workers = [worker for worker in self.workers if worker.is_alive()]
        for worker in workers:
            worker.wake()
        for worker in workers:
            worker.join(max(0.0, ends - time.monotonic()))
        if self.desk:
            self.desk.stop(max(0.1, ends - time.monotonic()))
        goodbyes = [self.give_back]
        # A worker that still waits for a server keeps its connection: it ends with the process.
        if not self.mail.is_alive():
            goodbyes.append(self.inbox.close)
        if not self.decide.is_alive():
            goodbyes.append(self.apart.close)
        if not self.post.is_alive():
            goodbyes.append(self.outbox.close)
        if not self.clerk.is_alive():
            goodbyes.append(self.copies.close)
        wait([in_thread(goodbye, "goodbye") for goodbye in goodbyes], GOODBYE_SECONDS)
        self.store.close()
        log.info("stopped")

    def mail_step(self) -> bool:
        """Receives a batch, or tidies. Says whether there was work."""
        received, tidied = self.inbox.look(self.stop)
        if received:
            self.decide.wake()
        return received + tidied > 0

    def decide_step(self) -> bool:
        """Files a batch of received messages. Says whether there was work."""
        house = self.house
        rooms = self.apart.of(house)
        if process(self.store, house, self.holder, datetime.now(UTC), rooms) == 0:
            return False
        self.post.wake()
        self.mail.wake()
        return True

    def post_step(self) -> bool:
        """Sends what is due. Says whether there was work."""
        sent = self.outbox.deliver(self.stop, self._most_an_hour()) > 0
        self.clerk.wake()
        return sent

    def house_step(self) -> bool:
        """Takes up changed files, and what dead processes had claimed; tells the team; reads old mail for the search."""
        self.reload()
        self.look_after()
        self.website.bring_up_to_date()
        now = datetime.now(UTC)
        if tell_troubles(self.store, self.house.templates, self.settings, self._readers(), self._began, now):
            self.post.wake()
        self.report()
        return self.old_mail.step(self.house)

    def report(self, *, early: bool = False) -> None:
        """Makes the digest when its time has come; with `early`, if today has none yet."""
        now, folder = datetime.now(UTC), self.settings.imap_folder
        if send_digest(self.store, self.house, self._readers(), now, folder=folder, early=early):
            self.post.wake()

    def _readers(self) -> Sequence[str]:
        """Who is told how things stand."""
        return self.house.rules.digest.readers or self.settings.team

    def _most_an_hour(self) -> int:
        return self.house.rules.replies.total_an_hour

    def reload(self) -> None:
        """Reads rules, templates and what was learnt again once they have changed; a mistake changes nothing and is told."""
        stamp = _stamp(self.settings)
        if stamp == self._files:
            return
        self._files = stamp
        try:
            self.house = House.build(self.settings)
        except UserError as error:
            log.warning("the old rules and templates are kept", problems=list(error.problems))
        else:
            log.info("rules and templates read again", **self._judged_by())

    def _judged_by(self) -> dict[str, str]:
        """What the log tells of what was learnt from corrections: its name, or why it is passed by."""
        found = self.house.learnt
        if found.problem:
            log.warning("not judged by what was learnt", error=found.problem)
        return {"learnt": found.learnt.name} if found.learnt else {}

    def give_back(self) -> None:
        """Lets go of the leases, so that another daemon need not wait until they have run out."""
        with contextlib.suppress(MailflowError), self.store.writing() as db:
            leases.let_go(db, self.holder)

    def look_after(self) -> None:
        """Takes up what dead processes had claimed, and says that we live."""
        with self.store.writing() as db:
            claiming.release_dead(db)
            leases.note_running(db, self.holder, datetime.now(UTC))


def _stamp(settings: Settings) -> tuple[tuple[str, int], ...]:
    """When the files that the team may edit were last changed, and what was learnt."""
    files = (*settings.team_files, pointer(settings.learnt))
    stamps = []
    for file in files:
        with contextlib.suppress(FileNotFoundError):
            stamps.append((file.name, file.stat().st_mtime_ns))
    return tuple(stamps)
