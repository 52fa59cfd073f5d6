"""What rests: one table a thing. The states and what they mean are in mailflow.domain.states."""

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, Column, Date, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, true
from sqlmodel import Field, SQLModel

from mailflow.domain import (
    AutomaticSort,
    CaseState,
    Consent,
    Kind,
    MessageState,
    OutgoingState,
    Purpose,
    StoryState,
    TrainingState,
)
from mailflow.domain.plain import Json
from mailflow.store.columns import Choice, moment


class Message(SQLModel, table=True):
    """An inbound message and what was decided about it."""

    __tablename__ = "message"

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


class Lease(SQLModel, table=True):
    """Who does a thing that only one process may do at a time."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    holder: str
    until: datetime = moment(nullable=False)


class Case(SQLModel, table=True):
    """The filed record: one concern of one requester."""

    __tablename__ = "cases"
    # A reference is never given twice, even after `forget`.
    __table_args__ = (Index("cases_by_urgency", "state", "due"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True)
    kind: Kind = Field(sa_column=Column(Choice(Kind), nullable=False))
    state: CaseState = Field(sa_column=Column(Choice(CaseState), nullable=False, index=True))
    sensitive: bool = False
    requester: str | None = Field(default=None, index=True)
    requester_name: str | None = None
    subject: str = Field(default="", sa_column=Column(Text, nullable=False))
    opened_at: datetime = moment(nullable=False, index=True)
    due: date | None = Field(default=None, sa_column=Column(Date))
    closed_at: datetime | None = moment()


class Training(SQLModel, table=True):
    """What is understood of a training request."""

    __tablename__ = "training"

    case_id: int = Field(sa_column=Column(ForeignKey("cases.id"), primary_key=True))
    state: TrainingState = Field(sa_column=Column(Choice(TrainingState), nullable=False))
    details: Json = Field(sa_column=Column(JSON, nullable=False))


class Story(SQLModel, table=True):
    """A story on its way through review. `shown` is what may be published: never what was sent."""

    __tablename__ = "story"

    case_id: int = Field(sa_column=Column(ForeignKey("cases.id"), primary_key=True))
    state: StoryState = Field(sa_column=Column(Choice(StoryState), nullable=False, index=True))
    consent: Consent = Field(sa_column=Column(Choice(Consent), nullable=False))
    identifiers: list[Json] = Field(sa_column=Column(JSON, nullable=False))
    shown: str | None = Field(default=None, sa_column=Column(Text))
    decided_by: str | None = None
    decided_at: datetime | None = moment()
    reason: str | None = Field(default=None, sa_column=Column(Text))


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


class Bounced(SQLModel, table=True):
    """An address that is not written to: a mail of ours to it came back. A person may take it off."""

    __tablename__ = "bounced"

    address: str = Field(primary_key=True)  # lower-case
    since: datetime = moment(nullable=False)
    outgoing_id: int = Field(sa_column=Column(ForeignKey("outgoing.id"), nullable=False, index=True))
    status: str | None = None  # RFC 3463


class Trouble(SQLModel, table=True):
    """A server that is not well (mailflow.domain.Trouble); the row goes once that is over and the team knows."""

    __tablename__ = "trouble"

    server: str = Field(primary_key=True)
    since: datetime = moment(nullable=False)
    why: str
    told_at: datetime | None = moment()
    over_at: datetime | None = moment()


class Attempt(SQLModel, table=True):
    """One try to send an outgoing mail, and what came of it."""

    __tablename__ = "attempt"

    id: int | None = Field(default=None, primary_key=True)
    outgoing_id: int = Field(sa_column=Column(ForeignKey("outgoing.id"), nullable=False, index=True))
    at: datetime = moment(nullable=False)
    outcome: OutgoingState = Field(sa_column=Column(Choice(OutgoingState), nullable=False))
    detail: str | None = None


class Event(SQLModel, table=True):
    """Who did what, when: the audit log. Never holds a message's text or an address."""

    __tablename__ = "event"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = moment(nullable=False, index=True)
    who: str
    what: str
    case_id: int | None = Field(default=None, sa_column=Column(ForeignKey("cases.id"), index=True))
    message: int | None = Field(default=None, sa_column=Column(ForeignKey("message.id")))
    detail: str | None = None


class Digest(SQLModel, table=True):
    """A digest that was made: one a day, each taking up where the last ended."""

    __tablename__ = "digest"

    day: date = Field(sa_column=Column(Date, primary_key=True))
    since: datetime = moment(nullable=False)
    until: datetime = moment(nullable=False)


class Person(SQLModel, table=True):
    """Somebody who may sign in at the desk."""

    __tablename__ = "person"

    name: str = Field(primary_key=True)
    password: str  # an argon2 hash
    created_at: datetime = moment(nullable=False)


class DeskSession(SQLModel, table=True):
    """A signed-in browser; only the hash of its token is kept."""

    __tablename__ = "desk_session"

    token: str = Field(primary_key=True)
    person: str = Field(sa_column=Column(ForeignKey("person.name"), nullable=False, index=True))
    csrf: str
    created_at: datetime = moment(nullable=False)
    seen_at: datetime = moment(nullable=False)


# The same tables as SQLAlchemy Core sees them: the queries are written on these.
_tables = SQLModel.metadata.tables
messages = _tables["message"]
raws = _tables["raw"]
places = _tables["place"]
cursors = _tables["cursor"]
leases = _tables["lease"]
cases = _tables["cases"]
trainings = _tables["training"]
stories = _tables["story"]
outgoings = _tables["outgoing"]
bounced = _tables["bounced"]
troubles = _tables["trouble"]
attempts = _tables["attempt"]
events = _tables["event"]
digests = _tables["digest"]
people = _tables["person"]
desk_sessions = _tables["desk_session"]
