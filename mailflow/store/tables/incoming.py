"""What came: messages, their bytes and words, where they lie, and how far each folder was read."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, true
from sqlmodel import Field, SQLModel

from mailflow.domain import AutomaticSort, Kind, MessageState
from mailflow.domain.plain import Json
from mailflow.store.columns import Choice, moment


class Message(SQLModel, table=True):
    """An inbound message and what was decided about it."""

    __tablename__ = "message"
    # All that lists narrow down by, so that none has to look at the rows that it leaves out.
    __table_args__ = (Index("message_listed", "id", "state", "kind", "automatic", "sensitive", "arrived"),)

    id: int | None = Field(default=None, primary_key=True)
    message_id: str | None = Field(default=None, sa_column=Column(String, index=True))
    fingerprint: str = Field(sa_column=Column(String(64), unique=True, nullable=False))
    size: int = 0  # bytes, as the server counts them
    whole: bool = Field(default=True, sa_column_kwargs={"server_default": true()})  # false: only its header is kept
    arrived: datetime = moment(nullable=False, index=True)
    received_at: datetime = moment(nullable=False)
    state: MessageState = Field(sa_column=Column(Choice(MessageState), nullable=False, index=True))
    claimed_by: str | None = None
    claimed_until: datetime | None = moment()
    case_id: int | None = Field(default=None, sa_column=Column(ForeignKey("cases.id"), index=True))
    kind: Kind | None = Field(default=None, sa_column=Column(Choice(Kind)))
    automatic: AutomaticSort | None = Field(default=None, sa_column=Column(Choice(AutomaticSort)))
    confidence: float | None = None
    sensitive: bool = False
    reasons: list[Json] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    hold: Json | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    silence: Json | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    folder: str | None = None
    failure: str | None = None
    decided_at: datetime | None = moment(index=True)
    subject: str = Field(default="", sa_column=Column(Text, nullable=False))
    sender: str | None = None
    sender_name: str | None = None


class Raw(SQLModel, table=True):
    """The bytes of a message, apart, so that listing messages never reads them."""

    __tablename__ = "raw"

    message_id: int = Field(sa_column=Column(ForeignKey("message.id"), primary_key=True))
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class MessageText(SQLModel, table=True):
    """What a message says, to be searched; the index of its words is the database's own (migration 0005)."""

    __tablename__ = "message_text"

    message: int = Field(sa_column=Column(ForeignKey("message.id", ondelete="CASCADE"), primary_key=True))
    words: str = Field(sa_column=Column(Text, nullable=False))


class Place(SQLModel, table=True):
    """Where in the mailbox a message lies or lay; a UID is unique with its UIDVALIDITY only."""

    __tablename__ = "place"
    __table_args__ = (UniqueConstraint("mailbox", "folder", "uidvalidity", "uid"),)

    id: int | None = Field(default=None, primary_key=True)
    mailbox: str
    folder: str
    uidvalidity: int = Field(sa_column=Column(BigInteger, nullable=False))  # unsigned 32 bits, RFC 9051
    uid: int = Field(sa_column=Column(BigInteger, nullable=False))
    message: int = Field(sa_column=Column(ForeignKey("message.id"), nullable=False, index=True))
    settled: bool = Field(default=False, index=True)  # nothing is left to be moved here
    departed: bool = False  # moved away, and the server did not say where to


class Cursor(SQLModel, table=True):
    """How far a folder has been read, and when it was last looked at; what goes wrong there is a Trouble."""

    __tablename__ = "cursor"

    mailbox: str = Field(primary_key=True)
    folder: str = Field(primary_key=True)
    uidvalidity: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    last_uid: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    polled_at: datetime | None = moment()
    on_server: int | None = None
    known: int | None = None
    counted_at: datetime | None = moment()
