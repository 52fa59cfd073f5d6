"""What leaves: mails, the tries to send them, and the addresses that are not written to."""

from datetime import datetime

from sqlalchemy import JSON, Column, ForeignKey, Index, LargeBinary, String, Text
from sqlmodel import Field, SQLModel

from mailflow.domain import OutgoingState, Purpose
from mailflow.store.columns import Choice, moment


class Outgoing(SQLModel, table=True):
    """A mail that leaves, once: `once` is unique, and the bytes and the Message-ID are fixed when it is queued."""

    __tablename__ = "outgoing"
    __table_args__ = (Index("outgoing_due", "state", "next_attempt_at"),)

    id: int | None = Field(default=None, primary_key=True)
    once: str = Field(sa_column=Column(String, unique=True, nullable=False))
    case_id: int | None = Field(default=None, sa_column=Column(ForeignKey("cases.id"), index=True))
    answers: int | None = Field(default=None, sa_column=Column(ForeignKey("message.id"), index=True))
    purpose: Purpose = Field(sa_column=Column(Choice(Purpose), nullable=False))
    template: str | None = None
    message_id: str = Field(sa_column=Column(String, unique=True, nullable=False))
    recipients: list[str] = Field(sa_column=Column(JSON, nullable=False))
    recipient: str = Field(index=True)  # the first of them without its subaddress, for the caps
    subject: str = Field(sa_column=Column(Text, nullable=False))
    text: str = Field(sa_column=Column(Text, nullable=False))
    raw: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    state: OutgoingState = Field(sa_column=Column(Choice(OutgoingState), nullable=False))
    attempts: int = 0
    next_attempt_at: datetime | None = moment()
    claimed_by: str | None = None
    claimed_until: datetime | None = moment()
    begun_at: datetime | None = moment(index=True)  # from here on the server may have it, whatever we know
    remaining: list[str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))  # who has not got it; null: all
    created_at: datetime = moment(nullable=False, index=True)
    sent_at: datetime | None = moment(index=True)
    failure: str | None = None
    decided_by: str | None = None  # who let a draft go out, or took a mail back
    decided_at: datetime | None = moment()
    reason: str | None = Field(default=None, sa_column=Column(Text))


class Attempt(SQLModel, table=True):
    """One try to send an outgoing mail, and what came of it."""

    __tablename__ = "attempt"

    id: int | None = Field(default=None, primary_key=True)
    outgoing_id: int = Field(sa_column=Column(ForeignKey("outgoing.id"), nullable=False, index=True))
    at: datetime = moment(nullable=False)
    outcome: OutgoingState = Field(sa_column=Column(Choice(OutgoingState), nullable=False))
    detail: str | None = None


class Bounced(SQLModel, table=True):
    """An address that is not written to: a mail of ours to it came back. A person may take it off."""

    __tablename__ = "bounced"

    address: str = Field(primary_key=True)  # lower-case
    since: datetime = moment(nullable=False)
    outgoing_id: int = Field(sa_column=Column(ForeignKey("outgoing.id"), nullable=False, index=True))
    status: str | None = None  # RFC 3463
