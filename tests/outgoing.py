"""Outgoing mails for tests."""

from datetime import UTC, datetime

from sqlalchemy import select, update

from mailflow.domain import OutgoingMail, OutgoingState, Purpose
from mailflow.settings import Settings, load
from mailflow.store import queueing
from mailflow.store.database import Store
from mailflow.store.tables import outgoings
from servers.starting import HOST

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
SENDER = "edi.centre@university.example"


class Clock:
    """Shows the time that a test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def settings_for(port: int, **others: object) -> Settings:
    """Settings to send live by the server at a loopback port."""
    plain = {"_env_file": None, "address": SENDER, "mode": "live", "smtp_host": HOST, "smtp_port": port, "smtp_security": "none"}
    return load(**{**plain, **others})


def outgoing_mail(
    number: int = 1, *recipients: str, body: str = "Thank you.\r\n", purpose: Purpose = Purpose.ACKNOWLEDGEMENT
) -> OutgoingMail:
    to = recipients or (f"person{number}@university.example",)
    message_id = f"<mailflow.{number}@university.example>"
    head = f"From: {SENDER}\r\nTo: {', '.join(to)}\r\nSubject: Mail {number}\r\nMessage-ID: {message_id}\r\n\r\n"
    return OutgoingMail(
        purpose=purpose,
        template=None,
        message_id=message_id,
        recipients=to,
        subject=f"Mail {number}",
        text=body,
        raw=(head + body).encode(),
        once=f"reply:{number}",
    )


def queue(store: Store, *mails: OutgoingMail, state: OutgoingState = OutgoingState.QUEUED, now: datetime = NOW) -> list[int]:
    """Puts mails into the outbox and returns their numbers."""
    with store.writing() as db:
        for mail in mails:
            assert queueing.enqueue(db, mail, state, now)
        onces = [mail.once for mail in mails]
        rows = db.execute(select(outgoings.c.id).where(outgoings.c.once.in_(onces)).order_by(outgoings.c.id))
        return list(rows.scalars())


def states(store: Store) -> dict[int, OutgoingState]:
    """Where each mail of the outbox stands."""
    with store.reading() as db:
        return {row.id: row.state for row in db.execute(select(outgoings.c.id, outgoings.c.state).order_by(outgoings.c.id))}


def row_of(store: Store, number: int) -> dict[str, object]:
    """Everything that the outbox knows of a mail."""
    with store.reading() as db:
        return dict(db.execute(select(outgoings).where(outgoings.c.id == number)).mappings().one())


def set_row(store: Store, number: int, **values: object) -> None:
    """Changes a mail behind everybody's back."""
    with store.writing() as db:
        db.execute(update(outgoings).where(outgoings.c.id == number).values(**values))
