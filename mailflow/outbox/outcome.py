"""What an attempt comes to: sent, tried again later, given up, in doubt, or as if it had never been made. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from mailflow.domain import OutgoingState
from mailflow.domain.backoff import pause
from mailflow.errors import InDoubtError, PermanentError, TemporaryError
from mailflow.outbox.answers import Answer
from mailflow.outbox.smtp import AwayError, BusyError
from mailflow.store.sending import ClaimedMail, Outcome

FIRST_PAUSE = 60.0
LONGEST_PAUSE = 4 * 3600.0
GIVE_UP = timedelta(days=3)

Result = Mapping[str, Answer] | Exception


def judge(mail: ClaimedMail, result: Result, since: datetime, now: datetime, chance: float) -> Outcome:
    """The outcome of one attempt. `result`: the refused recipients where it was sent, or what went wrong.

    `since`: the first attempt; a mail is given up `GIVE_UP` after it. `chance` (0 to 1) jitters the next pause.
    """
    match result:
        case Mapping():
            return _partly_sent(mail, result, since, now, chance) if result else Outcome(OutgoingState.SENT)
        case AwayError() if not isinstance(result, BusyError):
            return Outcome(OutgoingState.QUEUED, str(result))
        case TemporaryError():
            return _later(mail, str(result), since, now, chance)
        case PermanentError():
            return Outcome(OutgoingState.FAILED, str(result))
        case InDoubtError():
            return Outcome(OutgoingState.IN_DOUBT, str(result))
    # A fault of our own: how far the mail got is unknown, and unknown is not "not sent".
    return Outcome(OutgoingState.IN_DOUBT, f"Sending it failed with {type(result).__name__}.")


def _partly_sent(mail: ClaimedMail, refused: Mapping[str, Answer], since: datetime, now: datetime, chance: float) -> Outcome:
    """Some have got it: from now on it goes to the others only."""
    worst = min(refused.values(), key=lambda answer: answer.refuses_recipient)
    why = f"{len(refused)} of {len(mail.recipients)} recipients were refused: {worst}."
    outcome = Outcome(OutgoingState.FAILED, why) if worst.refuses_recipient else _later(mail, why, since, now, chance)
    return replace(outcome, remaining=tuple(refused), reached=True)


def _later(mail: ClaimedMail, why: str, since: datetime, now: datetime, chance: float) -> Outcome:
    if now - since >= GIVE_UP:
        return Outcome(OutgoingState.FAILED, f"Given up after {GIVE_UP.days} days. {why}")
    # At least half of it: a server that asks for patience is not asked again at once.
    seconds = pause(mail.attempts + 1, FIRST_PAUSE, LONGEST_PAUSE, (1 + chance) / 2)
    return Outcome(OutgoingState.DEFERRED, why, again_at=now + timedelta(seconds=seconds))
