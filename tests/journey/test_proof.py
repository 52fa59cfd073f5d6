"""A crash leaves a mail in doubt: a copy of it proves that it was sent, whichever way the copy comes; nothing proves nothing."""

import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

import letters
from letters import opened
from mailflow.domain import MessageState, OutgoingState
from mailflow.domain.failpoints import Failpoint
from mailflow.settings import SentCopy
from mailflow.store.tables import cases, messages, outgoings
from running import Daemon, Installation
from servers.postfix import Postfix
from servers.starting import DOMAIN, eventually

pytestmark = pytest.mark.real

SENT, IN_DOUBT = OutgoingState.SENT, OutgoingState.IN_DOUBT


class Story:
    """One installation that keeps copies in one way, and dies once a mail has left; and before that once before one has."""

    def __init__(self, folder: Path, postfix: Postfix, way: SentCopy) -> None:
        self._mails, self._way = postfix, way
        self.centre = f"centre.{way}@{DOMAIN}"
        self.installation = Installation.at(folder / way.value, postfix, mode="live", address=self.centre, sent_copy=way.value)
        self.unsent, self.sent = postfix.user(), postfix.user()

    def states(self) -> list[tuple[OutgoingState, str]]:
        with self.installation.database() as db:
            return [tuple(row) for row in db.execute(select(outgoings.c.state, outgoings.c.failure).order_by(outgoings.c.id))]

    def await_proof(self) -> None:
        """Without a copy a mail is held, and says what was done to find one; with one it is sent, and all is as it should be."""
        if self._way is SentCopy.BCC:
            self._crash(self.unsent, Failpoint.BEGUN)
        self._crash(self.sent, Failpoint.ACCEPTED)
        (reply,) = self._mails.dovecot.await_mail(self.sent)
        daemon = self._start()
        if self._way is not SentCopy.BCC:
            # As Microsoft 365 and Google do by themselves; where copies are ours to keep, none was kept yet.
            assert self._looked_for() == [IN_DOUBT]
            self._is_held_and_listed()
            self._mails.dovecot.append(reply, self.centre, "Sent")
        daemon.await_event("proven sent", seconds=25)
        if self._way is SentCopy.BCC:
            assert self._looked_for() == [IN_DOUBT, SENT]
            self._is_held_and_listed()
            self._its_blind_copy_is_nobodys_message()
        assert self.states()[-1] == (SENT, None)
        self._nobody_got_anything_twice(daemon)
        assert daemon.stop() == 0

    def _crash(self, requester: str, point: Failpoint) -> None:
        daemon = self._start(failpoint=point.value)
        letter = letters.query(requester)
        self._mails.deliver(letter.raw, self.centre, sender=requester)
        assert daemon.await_end(seconds=30) == -signal.SIGKILL, daemon.log[-3000:]

    def _start(self, **changes: str) -> Daemon:
        daemon = Daemon(
            self.installation, self.installation.folder / f"log{len(list(self.installation.folder.iterdir()))}", **changes
        )
        daemon.await_event("started", seconds=30)
        return daemon

    def _looked_for(self) -> list[OutgoingState]:
        """The states of our mails, once one says that no copy was found."""

        def looked() -> list[OutgoingState]:
            said = self.states()
            missing = [why for _, why in said if why and "No copy of it was in the folder for sent mail (" in why]
            return [state for state, _ in said] if missing else []

        return eventually(looked, "a mail to be looked for in vain", seconds=15, pause=0.1)

    def _is_held_and_listed(self) -> None:
        code, said = self.installation.fails("status")
        assert code == 1
        assert "In doubt whether they were sent: EDI-0001." in said
        code, said = self.installation.fails("retry", "--all")
        assert code == 1
        assert "In doubt, and left alone: mail 1 (EDI-0001)." in said

    def _its_blind_copy_is_nobodys_message(self) -> None:
        (copy,) = self._mails.dovecot.await_mail(self.centre, 1, "Sent", seconds=15)
        assert opened(copy)["To"] == self.sent
        with self.installation.database() as db:
            assert db.execute(select(func.count()).select_from(cases)).scalar_one() == 2
            ignored = select(messages.c.case_id).where(messages.c.state == MessageState.IGNORED)
            assert db.execute(ignored).scalars().all() == [None]

    def _nobody_got_anything_twice(self, daemon: Daemon) -> None:
        assert self._mails.dovecot.messages(self.unsent) == []
        assert len(self._mails.dovecot.messages(self.sent)) == 1
        assert daemon.said("sent") == []


def test_a_copy_proves_that_a_mail_was_sent_and_without_one_it_is_held_and_never_sent_again(
    tmp_path: Path, postfix: Postfix
) -> None:
    stories = [Story(tmp_path, postfix, way) for way in SentCopy]
    # Beside each other: most of the time of each is that of starting.
    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(story.await_proof) for story in stories]:
            done.result()
