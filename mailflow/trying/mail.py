"""One mail under the rules in use: what would become of it, and the very reply that it would get."""

import re
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage

from mailflow.apart import Apart
from mailflow.deciding import House, consider
from mailflow.domain import Email, History, Ourselves, OutgoingMail, Plan
from mailflow.explaining import reply_to
from mailflow.store import recalling
from mailflow.store.database import Store
from mailflow.store.kept import KeptMessage

MESSAGE_SECONDS = 3.0  # of computing: a hundred times as long as a message takes
SOMEBODY = "somebody@writers.example"
# How a mail begins that was copied with its header; a sentence may begin with a word and a colon as well.
_HEADER = re.compile(
    r"(?i)\A(?:(?:from|to|cc|subject|date|sender|reply-to|received|return-path|delivered-to|message-id|mime-version|thread-[a-z]+"
    r"|content-[a-z-]+|dkim-[a-z-]+|arc-[a-z-]+|authentication-results|x-[a-z0-9-]+):|From )"
)
_SENDER = re.compile(r"(?im)^from:")


@dataclass(frozen=True, slots=True)
class Tried:
    """What would become of a mail, and the reply that it would get by itself; None where it would get none."""

    plan: Plan
    reply: OutgoingMail | None


def as_mail(written: str, ourselves: Ourselves) -> bytes:
    """What somebody pasted as a mail to us: its header as far as it has one, or its words alone. Without a sender, somebody's."""
    text = written.lstrip().replace("\r\n", "\n")
    if _HEADER.match(text):
        header = text.partition("\n\n")[0]
        sender = "" if _SENDER.search(header) else f"From: Somebody <{SOMEBODY}>\n"
        return (sender + text).encode("utf-8", "replace")
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"Somebody <{SOMEBODY}>", ourselves.address, ""
    mail.set_content(text.encode("utf-8", "replace").decode())
    return mail.as_bytes()


def try_mail(raw: bytes, house: House, now: datetime) -> Tried:
    """A mail of which nothing is known, as if it arrived now. Raises MailflowError where it cannot be decided or answered."""
    with closing(Apart(MESSAGE_SECONDS)) as apart:
        plan = consider(raw, apart.of(house), now)
    if not isinstance(plan, Plan):
        raise plan
    return Tried(plan, reply_to(plan, house, now))


def try_kept(store: Store, message: KeptMessage, house: House, now: datetime) -> Tried:
    """A kept message as if it arrived now, with what is known of its conversation. Raises as `try_mail` does."""
    with closing(Apart(MESSAGE_SECONDS)) as apart:
        rooms = apart.of(house)
        email = replace(rooms.read(message.raw), whole=message.whole)
        plan = rooms.decide(email, history(store, email, now), now, now)
    return Tried(plan, reply_to(plan, house, now))


def history(store: Store, email: Email, now: datetime) -> History:
    """What is known of a kept message's past, but for how often its sender was answered: that was after it, and not before."""
    with store.reading() as db:
        return replace(recalling.recall(db, [email], now).of(email), replies_to_sender=0)
